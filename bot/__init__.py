"""Storydesk: a Telegram bot that answers questions about one news story from checked facts."""
