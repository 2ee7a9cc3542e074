"""People, chats and messages, and their identifiers: the state that the bot's methods work on."""

import itertools
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from bot.rehearsal.world.entities import Entity

Json: TypeAlias = dict[str, Any]
ChatType: TypeAlias = Literal["private", "group", "supergroup", "channel"]

PEOPLE: Final = 5_000_000_000
"""The ids of people are above this."""

LONG_AGO: Final = 1_700_000_000
"""Seconds since 1970 at which the numbers of messages in a world that goes on begin."""

SUPERGROUP: Final = -1_000_000_000_000
"""Supergroups and channels are numbered downwards from here."""

ADMINISTRATORS: Final = ("creator", "administrator")
ABSENT: Final = ("left", "kicked")


@dataclass(kw_only=True, eq=False)
class Person:
    """An account: a reader, an editor, or the bot itself."""

    id: int
    first_name: str
    username: str | None = None
    language_code: str | None = "en"
    is_bot: bool = False
    is_deactivated: bool = False
    has_started: bool = False
    """Whether this person has ever written to the bot; before that the bot may not begin."""
    has_blocked: bool = False

    def json(self) -> Json:
        """Return it as a `User`."""
        body: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.username:
            body["username"] = self.username
        if self.language_code and not self.is_bot:
            body["language_code"] = self.language_code
        return body


@dataclass(kw_only=True, eq=False)
class Chat:
    """A private chat with the bot, a group, a supergroup (perhaps a forum) or a channel."""

    id: int
    type: ChatType
    title: str | None = None
    username: str | None = None
    """Of a channel that everybody can find."""
    person: Person | None = None
    """The other side of a private chat."""
    is_forum: bool = False
    members: dict[int, str] = field(default_factory=dict)
    """Person → creator, administrator, member, restricted, left or kicked."""
    topics: dict[int, str] = field(default_factory=dict)
    """Thread → its name; the thread is the identifier of the message that opened the topic."""
    bot_may_write: bool = True
    migrated_to: int | None = None
    pinned: list[int] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What a person would call it."""
        return self.title or (self.person.first_name if self.person else str(self.id))

    def json(self) -> Json:
        """Return it as a `Chat`."""
        body: Json = {"id": self.id, "type": self.type}
        if self.title:
            body["title"] = self.title
        if self.username:
            body["username"] = self.username
        if self.person:
            body["first_name"] = self.person.first_name
            if self.person.username:
                body["username"] = self.person.username
        if self.is_forum:
            body["is_forum"] = True
        return body


@dataclass(kw_only=True, eq=False)
class Message:
    """One message as everybody in the chat sees it."""

    id: int
    chat: Chat
    sender: Person | None
    """None for a channel's own posts."""
    date: int
    text: str = ""
    """Visible text, or the caption of a photo or document."""
    entities: list[Entity] = field(default_factory=list)
    source: str = ""
    """The text as the bot sent it, markup included."""
    markup: Json | None = None
    """The inline keyboard."""
    reply_to: "Message | None" = None
    thread: int | None = None
    media: Json = field(default_factory=dict)
    """`photo` or `document`, as the Bot API shows it."""
    service: Json = field(default_factory=dict)
    """What a service message tells, e.g. `migrate_to_chat_id`."""
    link_preview: Json | None = None
    is_silent: bool = False
    edit_date: int | None = None
    via_bot: Person | None = None
    inline_id: str | None = None
    is_deleted: bool = False
    is_seen_by_bot: bool = True
    """False for what privacy mode keeps from the bot."""

    @property
    def buttons(self) -> list[Json]:
        """The buttons of the inline keyboard, in reading order."""
        return [button for row in (self.markup or {}).get("inline_keyboard", []) for button in row]

    @property
    def labels(self) -> list[str]:
        """The words on the buttons, in reading order."""
        return [button["text"] for button in self.buttons]

    def json(self, *, with_reply: bool = True) -> Json:
        """Return it as a `Message`; a replied message inside does not hold another."""
        body: Json = {"message_id": self.id, "date": self.date, "chat": self.chat.json()}
        if self.sender:
            body["from"] = self.sender.json()
        else:
            body["sender_chat"] = self.chat.json()
        body |= self.media | self.service
        caption = "caption" if self.media else ""
        if self.text:
            body[caption or "text"] = self.text
        if self.entities:
            marked = [entity.json() for entity in self.entities]
            body[f"{caption}_entities" if caption else "entities"] = marked
        if self.thread is not None:
            body["message_thread_id"] = self.thread
            body["is_topic_message"] = True
        if with_reply and self.reply_to and not self.reply_to.is_deleted:
            body["reply_to_message"] = self.reply_to.json(with_reply=False)
        optional = {
            "reply_markup": self.markup,
            "link_preview_options": self.link_preview,
            "edit_date": self.edit_date,
            "via_bot": self.via_bot.json() if self.via_bot else None,
        }
        return body | {key: value for key, value in optional.items() if value}


class World:
    """Everything that exists. Pure state: it sends nothing and knows no HTTP."""

    def __init__(self, bot: Person, *, now: Callable[[], float] = time.time) -> None:
        """Begin with the bot alone; `now` gives the server's time in seconds since 1970."""
        self.bot = bot
        self.now = now
        self.people: dict[str, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.messages: dict[tuple[int, int], Message] = {}
        self.inline: dict[str, Message] = {}
        """Messages sent through inline queries, by `inline_message_id`."""
        self._ids = itertools.count(1)
        self._first_message = 1
        self._goes_on = False
        self._shared_ids = itertools.count(1)
        self._own_ids: dict[int, itertools.count[int]] = {}

    def go_on(self) -> None:
        """Let this be the world of an earlier time: its people and groups are there still.

        Who they are is known once they are named; messages have higher numbers than those before.
        """
        self._goes_on = True
        self._first_message = int(self.now()) - LONG_AGO
        self._shared_ids = itertools.count(self._first_message)

    def person(
        self, name: str, *, username: str | None = None, number: int | None = None
    ) -> Person:
        """Return the person called `name`; the first call brings them into being.

        `number` makes their id, if it is to be the same another time.
        """
        if name not in self.people:
            own = PEOPLE + (next(self._ids) if number is None else number)
            found = self.people.pop(_unnamed(own), None) or Person(id=own, first_name=name)
            found.first_name, found.username = name, username
            self.people[name] = found
        return self.people[name]

    def met(self, chat_id: int) -> Chat | None:
        """Return a chat that the bot knows; one of an earlier time is there as it was."""
        if chat_id in self.chats or not self._goes_on:
            return self.chats.get(chat_id)
        if chat_id > PEOPLE:
            person = self.person(_unnamed(chat_id), number=chat_id - PEOPLE)
            person.has_started = True
            return self.private(person)
        if chat_id < 0:
            kind: ChatType = "supergroup" if chat_id < SUPERGROUP else "group"
            return self._gathering(kind, chat_id, "group", ())
        return None

    def somebody(self, user_id: int) -> Person | None:
        """Return the person or bot with this id."""
        everybody = [self.bot, *self.people.values()]
        return next((person for person in everybody if person.id == user_id), None)

    def public(self, name: str) -> Chat | None:
        """Return the chat that everybody finds as `@name`, whether the bot is in it or not."""
        wanted = name.removeprefix("@").lower()
        return next(
            (chat for chat in self.chats.values() if (chat.username or "").lower() == wanted), None
        )

    def private(self, person: Person) -> Chat:
        """Return the private chat of `person` with the bot."""
        if person.id not in self.chats:
            self.chats[person.id] = Chat(id=person.id, type="private", person=person)
        return self.chats[person.id]

    def group(self, title: str, *people: Person, number: int | None = None) -> Chat:
        """Return a new basic group; the first of `people` created it, the bot is a member."""
        return self._gathering("group", -(number or next(self._ids)), title, people)

    def supergroup(
        self, title: str, *people: Person, is_forum: bool = False, number: int | None = None
    ) -> Chat:
        """Return a new supergroup; the first of `people` created it, the bot is a member."""
        chat_id = SUPERGROUP - (number or next(self._ids))
        chat = self._gathering("supergroup", chat_id, title, people)
        chat.is_forum = is_forum
        return chat

    def channel(self, title: str, *people: Person, username: str | None = None) -> Chat:
        """Return a new channel; the first of `people` created it, the bot may post."""
        chat = self._gathering("channel", SUPERGROUP - next(self._ids), title, people)
        chat.username = username
        chat.members[self.bot.id] = "administrator"
        return chat

    def topic(self, chat: Chat, name: str, *, by: Person) -> int:
        """Return the thread of the topic called `name`, opened by `by` if it is new."""
        for thread, known in chat.topics.items():
            if known == name:
                return thread
        opened = self.add(
            chat, by, service={"forum_topic_created": {"name": name, "icon_color": 0}}
        )
        opened.thread = opened.id
        chat.topics[opened.id] = name
        return opened.id

    def add(self, chat: Chat, sender: Person | None, **parts: Any) -> Message:
        """Return a new message in `chat`; `parts` are further fields of Message."""
        message = Message(
            id=self._next_id(chat), chat=chat, sender=sender, date=int(self.now()), **parts
        )
        self.messages[chat.id, message.id] = message
        return message

    def find(self, chat: Chat, message_id: int) -> Message | None:
        """Return the message, None if it never was or was deleted."""
        message = self.messages.get((chat.id, message_id))
        return None if message is None or message.is_deleted else message

    def history(self, chat: Chat) -> list[Message]:
        """Return the messages of `chat` that are still there, oldest first."""
        return [
            message
            for (chat_id, _), message in self.messages.items()
            if chat_id == chat.id and not message.is_deleted
        ]

    def _gathering(self, kind: ChatType, chat_id: int, title: str, people: Any) -> Chat:
        members = {person.id: "member" for person in people} | {self.bot.id: "member"}
        if people:
            members[people[0].id] = "creator"
        self.chats[chat_id] = Chat(id=chat_id, type=kind, title=title, members=members)
        return self.chats[chat_id]

    def _next_id(self, chat: Chat) -> int:
        """Private chats and groups share one row of numbers, every other chat has its own."""
        if chat.type in ("private", "group"):
            return next(self._shared_ids)
        own = self._own_ids.setdefault(chat.id, itertools.count(self._first_message))
        return next(own)


def number_of(name: str) -> int:
    """Return the number of whoever or whatever is called so, the same at any time."""
    return 1_000_000 + zlib.crc32(name.encode()) % 900_000_000


def _unnamed(person_id: int) -> str:
    return f"person {person_id}"
