"""Questions that wait for the desk, what readers' words teach, and those that editors saved."""
