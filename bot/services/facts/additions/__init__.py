"""New facts: from one message, from a conversation, or out of an article."""
