"""Facts as the desk sees them: cards, additions, changes, reminders."""
