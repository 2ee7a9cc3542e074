"""The desk's screens, people and records."""
