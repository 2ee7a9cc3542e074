"""What texts say, what two of them share, and where they differ."""
