"""Answers as readers see them, the story as a whole, and why a question was answered as it was."""
