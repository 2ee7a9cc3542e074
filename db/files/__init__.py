"""Files that were sent, and stories that were put away."""
