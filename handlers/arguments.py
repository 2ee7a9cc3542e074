"""Texts from people become typed values here, once."""

import re
from dataclasses import dataclass
from typing import Final, TypeAlias

from telegram import Chat, MaybeInaccessibleMessage, Message, Update, User

from bot.services.answers.results import Place
from bot.services.rights import Actor
from db.records import ChatKind
from handlers.filters import mentions_of_bot

_FACT: Final = re.compile(r"fact_(\d{1,18})", re.ASCII)
_VERSION: Final = re.compile(r"v_(\d{1,18})_(\d{1,9})", re.ASCII)
_JOIN: Final = re.compile(r"join_([\w-]{1,59})", re.ASCII)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinLink:
    """A link that lets one person in to the desk."""

    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscribeLink:
    """A link that gets alerts."""


Link: TypeAlias = FactLink | VersionLink | JoinLink | SubscribeLink


def link(message: Message) -> Link | None:
    """Return what the deep link behind a /start names; None without one that is understood."""
    payload = after_command(message).strip()
    if found := _FACT.fullmatch(payload):
        return FactLink(fact_id=int(found[1]))
    if found := _VERSION.fullmatch(payload):
        return VersionLink(fact_id=int(found[1]), version=int(found[2]))
    if found := _JOIN.fullmatch(payload):
        return JoinLink(secret=found[1])
    return SubscribeLink() if payload == "subscribe" else None


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


def unaddressed(message: Message) -> str:
    """Return what was written, line by line, without the bot's name where it only calls the bot."""
    text = words(message)
    for mention in mentions_of_bot(message):
        text = text.replace(mention, "", 1)
    return text


def without_mention(message: Message) -> str:
    """Return what was written, without the bot's name where it only calls the bot."""
    text = words(message)
    for mention in mentions_of_bot(message):
        text = text.replace(mention, " ", 1)
    return " ".join(text.split())


def place(message: MaybeInaccessibleMessage) -> Place:
    """Return where `message` was written; its topic only while it can be read."""
    topic = message if isinstance(message, Message) and message.is_topic_message else None
    return Place(
        chat_id=message.chat.id,
        kind=ChatKind(message.chat.type),
        title=None if message.chat.type == Chat.PRIVATE else message.chat.title,
        thread_id=None if topic is None else topic.message_thread_id,
    )


def actor(update: Update) -> Actor:
    """Return who wrote or pressed, and where; person 0, who is on no desk, for nobody by name."""
    query, person = update.callback_query, update.effective_user
    message = update.effective_message if query is None else query.message
    assert message is not None  # noqa: S101 - the routes take messages and their buttons only
    return _acting(person, place(message))


def author(message: Message) -> Actor:
    """Return who wrote a message, and where; person 0 as in `actor`."""
    return _acting(message.from_user, place(message))


def _acting(person: User | None, here: Place) -> Actor:
    if person is None or person.is_bot:  # a channel, or an administrator who hides their name
        return Actor(person_id=0, name="", place=here)
    return Actor(person_id=person.id, name=person.full_name, place=here)


def writer(message: Message) -> Actor:
    """Return who a private chat belongs to: whoever writes there, or presses a button there."""
    return Actor(person_id=message.chat.id, name="", place=place(message))


def reply_to(message: Message) -> int | None:
    """Return the message that an answer hangs on: in groups the question, else none."""
    return None if message.chat.type == Chat.PRIVATE else message.message_id
