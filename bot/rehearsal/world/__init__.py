"""People, chats and messages, and what the bot's methods do to them."""
