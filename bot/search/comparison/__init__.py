"""Whether two texts say or ask the same, for what readers never see scored."""
