"""Facts and what belongs to them: versions, ways of asking, reminders."""
