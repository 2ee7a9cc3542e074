"""Files that editors send, and another story."""
