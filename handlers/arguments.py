"""Texts from people become typed values here, once."""

import re
from dataclasses import dataclass
from typing import Final, TypeAlias

from telegram import Chat, Message

from bot.services.answers import Place
from db.records import ChatKind
from handlers.filters import mentions_of_bot

_FACT: Final = re.compile(r"fact_(\d{1,18})", re.ASCII)
_VERSION: Final = re.compile(r"v_(\d{1,18})_(\d{1,9})", re.ASCII)
_COMMAND: Final = re.compile(r"/\w+(?:@\w+)?\s*", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactLink:
    """A link to a fact as it stands."""

    fact_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLink:
    """A link to the version that somebody was told."""

    fact_id: int
    version: int


Link: TypeAlias = FactLink | VersionLink


def link(message: Message) -> Link | None:
    """Return what the deep link behind a /start names; None without one that is understood."""
    payload = after_command(message).strip()
    if found := _FACT.fullmatch(payload):
        return FactLink(fact_id=int(found[1]))
    if found := _VERSION.fullmatch(payload):
        return VersionLink(fact_id=int(found[1]), version=int(found[2]))
    return None


def after_command(message: Message) -> str:
    """Return what stands behind the command of `message`."""
    return _COMMAND.sub("", words(message), count=1)


def asked(message: Message) -> str:
    """Return the question of an /ask: behind the command, else in the message replied to."""
    question = after_command(message).strip()
    if not question and message.reply_to_message is not None:
        question = words(message.reply_to_message)
    return question


def words(message: Message) -> str:
    """Return what was written: the text, else the words under a picture."""
    return message.text or message.caption or ""


def without_mention(message: Message) -> str:
    """Return what was written, without the bot's name where it only calls the bot."""
    text = words(message)
    for mention in mentions_of_bot(message):
        text = text.replace(mention, " ", 1)
    return " ".join(text.split())


def place(message: Message) -> Place:
    """Return where `message` was written."""
    return Place(
        chat_id=message.chat.id,
        kind=ChatKind(message.chat.type),
        title=None if message.chat.type == Chat.PRIVATE else message.chat.title,
        thread_id=message.message_thread_id if message.is_topic_message else None,
    )


def reply_to(message: Message) -> int | None:
    """Return the message that an answer hangs on: in groups the question, else none."""
    return None if message.chat.type == Chat.PRIVATE else message.message_id
