"""Chats, and what they want to hear."""
