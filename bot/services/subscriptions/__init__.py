"""What a chat wants to hear, and when it wants to be left alone."""
