"""`storydesk evaluate`: how often the search is right, on questions with known answers."""
