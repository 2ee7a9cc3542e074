"""Alerts as subscribers see them, and as editors see them before they go and on their way."""
