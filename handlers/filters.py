"""Which messages are meant for the bot."""

from typing import Final

from telegram import Message, MessageEntity, Update
from telegram.ext import filters

MENTIONS: Final = (MessageEntity.MENTION, MessageEntity.TEXT_MENTION)


def asked_of_bot(message: Message) -> bool:
    """Tell whether a group message is a reply to this bot or mentions it."""
    replied = message.reply_to_message
    bot = message.get_bot().id
    if replied is not None and replied.from_user is not None and replied.from_user.id == bot:
        return True
    return bool(mentions_of_bot(message))


def mentions_of_bot(message: Message) -> list[str]:
    """Return the pieces of `message` that mention this bot, as written."""
    bot = message.get_bot()
    name = f"@{bot.username}".lower()
    found = {**message.parse_entities([*MENTIONS]), **message.parse_caption_entities([*MENTIONS])}
    return [
        words
        for entity, words in found.items()
        if words.lower() == name or (entity.user is not None and entity.user.id == bot.id)
    ]


class _FromPerson(filters.MessageFilter):
    """Leaves out other bots, and what this bot itself wrote by way of somebody's inline query."""

    def filter(self, message: Message) -> bool:
        if message.via_bot is not None:
            return False
        # An administrator who hides their name writes as a bot, on behalf of the group.
        sender = message.from_user
        return sender is None or not sender.is_bot or message.sender_chat is not None


class _AskedOfBot(filters.MessageFilter):
    def filter(self, message: Message) -> bool:
        return asked_of_bot(message)


WORDS: Final = filters.TEXT | filters.CAPTION
FRESH: Final = filters.UpdateType.MESSAGE & _FromPerson(name="a person's new message")
"""New messages of people; edits are left alone, since the answer stands below the old words."""

COMMAND: Final = FRESH & ~filters.FORWARDED
"""Commands that people give themselves: one that they pass on is somebody else's."""

FORWARDED_COMMAND: Final = FRESH & filters.FORWARDED & filters.ChatType.PRIVATE

PRIVATE: Final = filters.ChatType.PRIVATE
PRIVATE_WORDS: Final = FRESH & filters.ChatType.PRIVATE & WORDS & ~filters.COMMAND
PRIVATE_COMMAND: Final = FRESH & filters.ChatType.PRIVATE & filters.COMMAND
PRIVATE_WORDLESS: Final = FRESH & filters.ChatType.PRIVATE & ~WORDS & ~filters.StatusUpdate.ALL
GROUP_WORDS: Final = (
    FRESH & filters.ChatType.GROUPS & WORDS & ~filters.COMMAND & _AskedOfBot(name="asked of us")
)
DESK: Final = FRESH & ~filters.FORWARDED & (filters.ChatType.PRIVATE | filters.ChatType.GROUPS)
"""Where editors may work; whether this one may, the service decides. Words that somebody else
wrote and an editor passes on are never an editor's orders."""
DESK_WORDS: Final = DESK & (WORDS | filters.Document.ALL) & ~filters.COMMAND
MIGRATED: Final = filters.StatusUpdate.MIGRATE


def chat_of(update: object) -> int | None:
    """Return the number of the chat that `update` comes from; None where it has none."""
    if isinstance(update, Update) and update.effective_chat is not None:
        return update.effective_chat.id
    return None
