"""What the terminal's own commands do. Everything else that is typed goes to the bot.

Each command works as `:name`; all but those that a bot has as well work as `/name` too.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from bot.rehearsal.api import faults
from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.console.screen import Screen
from bot.rehearsal.world.world import Chat, Message, Person, number_of

READER: Final = "reader"
CHANNEL: Final = "channel"

HELP: Final = """\
  any text            goes to the bot, its own commands too (/help, /now …)
  text \\              goes on in the next line, as the same message
  /start fact_7       what a link that ends in ?start=fact_7 does
  1                   presses button 1 of the last message; also /press 1
  /as NAME            plays another person; /as reader goes back
  /in private         the person's own chat with the bot
  /in group           a group; the bot sees /commands, replies and its name only
  /in channel         a channel, @channel, in which the bot may post
  /in forum/Topic     a topic of a forum; /in NAME opens a further group
  /chats              who and what there is
  :reply text         answers the bot's last message
  /file PATH          sends the bot a file of this machine
  /commands           the menu that the bot has registered
  /block, /unblock    this person blocks the bot, or no longer
  /fault 429 [n]      n sends fail: 429, 403, 400, 500, 502, slow or cut
  :help, :quit        this list; the end (Ctrl-D, Ctrl-C)
  //text              sends /text to the bot, whatever it is"""

PRESS: Final = re.compile(r"\d{1,3}")
ONLY_WITH_COLON: Final = frozenset({"help", "reply", "start"})


class Session:
    """Who is played, in which chat, and what was said there last."""

    def __init__(self, server: RehearsalServer) -> None:
        """Begin as the reader, in their private chat."""
        self.server = server
        self.person = server.world.person(READER)
        self.chat = server.world.private(self.person)
        self.thread: int | None = None
        self.is_over = False
        self._last: dict[int, Message] = {}
        self._gatherings: dict[str, Chat] = {}

    @property
    def who(self) -> str:
        """The name before the prompt: the person, and the chat unless it is private."""
        if self.chat.person:
            return self.person.first_name
        topic = f"/{self.chat.topics[self.thread]}" if self.thread else ""
        return f"{self.person.first_name} in {self.chat.name}{topic}"

    @property
    def gatherings(self) -> dict[str, Chat]:
        """The groups that were opened so far, by name."""
        return self._gatherings

    def become(self, person: Person) -> None:
        """Play `person`: in their own chat if the present one is private."""
        self.person = person
        if self.chat.person:
            self.chat = self.server.world.private(person)

    def enter(self, name: str) -> None:
        """Go to the chat called `name`, or to the topic after a stroke; new ones are opened."""
        title, _, topic = name.partition("/")
        self.thread = None
        if title == "private":
            self.chat = self.server.world.private(self.person)
            return
        if title not in self._gatherings:
            self._gatherings[title] = self._opened(title, is_forum=bool(topic))
        self.chat = self._gatherings[title]
        if topic and not self.chat.is_forum:
            raise ValueError(f"{title} is no forum and has no topics; try /in forum/{topic}")
        if topic:
            self.thread = self.server.world.topic(self.chat, topic, by=self.person)

    def _opened(self, title: str, *, is_forum: bool) -> Chat:
        world = self.server.world
        if title == CHANNEL:
            return world.channel(title, self.person, username=CHANNEL)
        if is_forum or title == "forum":
            return world.supergroup(title, self.person, is_forum=True, number=number_of(title))
        return world.group(title, self.person, number=number_of(title))

    def remember(self, message: Message) -> None:
        """Keep the bot's last message of a chat, for presses and replies."""
        self._last[message.chat.id] = message

    def last(self, *, with_buttons: bool = False) -> Message:
        """Return the bot's newest message here.

        Raises:
            ValueError: there is none.
        """
        messages = self.server.sent(self.chat)
        newest = self._last.get(self.chat.id)
        if newest and not newest.is_deleted:
            messages = [*messages, newest]
        for message in reversed(messages):
            if message.thread == self.thread and (message.buttons or not with_buttons):
                return message
        raise ValueError("there is no message with buttons here" if with_buttons else "no message")

    def elsewhere(self, message: Message) -> str:
        """Return the name of the message's place unless it is where we are."""
        topic = message.chat.topics.get(message.thread or 0, "")
        if message.chat is self.chat and message.thread == self.thread:
            return ""
        return f"to {message.chat.name}{f'/{topic}' if topic else ''}"


class Commands:
    """The commands by name."""

    def __init__(self, session: Session, screen: Screen) -> None:
        """Act on `session` and answer on `screen`."""
        self._session = session
        self._server = session.server
        self._screen = screen
        self._table: dict[str, Callable[[str], Awaitable[bool]]] = {
            "as": self._as,
            "in": self._in,
            "chats": self._chats,
            "file": self._file,
            "inline": self._inline,
            "commands": self._menu,
            "press": self._press,
            "reply": self._reply,
            "block": self._block,
            "unblock": self._unblock,
            "fault": self._fault,
            "help": self._help,
            "quit": self._quit,
        }

    async def obey(self, line: str) -> bool:
        """Do what `line` says; return whether the bot is expected to answer.

        Raises:
            ValueError: it cannot be done; says why.
            TimeoutError: the bot left a tap or an inline query without an answer.
        """
        if not line:
            return False
        if PRESS.fullmatch(line) and self._has_button(int(line)):
            return await self._press(line)
        word, _, rest = line[1:].partition(" ")
        is_own = line[0] == ":" or (line[0] == "/" and word not in ONLY_WITH_COLON)
        if is_own and word in self._table:
            return await self._table[word](rest.strip())
        return await self._say(line[1:] if line.startswith("//") else line)

    def _has_button(self, number: int) -> bool:
        """Tell whether a bare number can mean a button; otherwise it is a message."""
        try:
            return number <= len(self._session.last(with_buttons=True).buttons)
        except ValueError:
            return False

    async def _say(self, text: str, *, reply_to: Message | None = None) -> bool:
        session = self._session
        message = await self._server.say(
            session.person, session.chat, text, reply_to=reply_to, thread=session.thread
        )
        if message.is_seen_by_bot:
            return True
        if session.person.has_blocked:
            self._screen.note(f"{session.person.first_name} has blocked the bot, see /unblock")
        else:
            self._screen.note("unseen: in a group the bot gets only /commands, replies and @name")
        return False

    async def _reply(self, text: str) -> bool:
        return await self._say(text, reply_to=self._session.last())

    async def _press(self, number: str) -> bool:
        if not number.isdigit():
            raise ValueError("which button? e.g. /press 1")
        message = self._session.last(with_buttons=True)
        if not 1 <= int(number) <= len(message.buttons):
            raise ValueError(f"there is no button {number}; the last is {len(message.buttons)}")
        toast = await self._server.press(self._session.person, message, int(number) - 1)
        if toast.url:
            self._screen.toast(toast)
            return False
        await self._server.quiet(seconds=0.25)
        return False

    async def _as(self, name: str) -> bool:
        if not name:
            raise ValueError("who? e.g. /as another-reader")
        self._session.become(self._server.world.person(name, number=number_of(name)))
        return False

    async def _in(self, name: str) -> bool:
        if not name:
            raise ValueError("where? e.g. /in private, /in group, /in forum/Questions")
        self._session.enter(name)
        return False

    async def _chats(self, _: str) -> bool:
        people = ", ".join(self._server.world.people)
        self._screen.line(f"  people: {people}")
        self._screen.line(f"  chats:  {', '.join(['private', *self._places()])}")
        self._screen.line(f"  now:    {self._session.who}\n")
        return False

    def _places(self) -> list[str]:
        gatherings = self._session.gatherings.items()
        topics = [f"{name}/{topic}" for name, chat in gatherings for topic in chat.topics.values()]
        return [name for name, chat in gatherings if not chat.topics] + topics

    async def _file(self, name: str) -> bool:
        if not name:
            raise ValueError("which file? e.g. /file bridge.toml")
        path = Path(name)
        try:
            content = await asyncio.to_thread(path.read_bytes)
        except OSError as error:
            raise ValueError(f"{name}: {error.strerror}") from None
        session = self._session
        message = await self._server.send_document(session.person, session.chat, path.name, content)
        if not message.is_seen_by_bot:
            self._screen.note("unseen: in a group the bot gets no files")
        return message.is_seen_by_bot

    async def _inline(self, words: str) -> bool:
        self._screen.inline(await self._server.inline(self._session.person, words))
        return False

    async def _menu(self, _: str) -> bool:
        menus = self._server.backend.profile.commands
        if not any(menus.values()):
            self._screen.note("the bot has registered no commands")
        for place, commands in menus.items():
            self._screen.line(f"  {_scope(place)}")
            for command in commands:
                name = f"/{command['command']}"
                self._screen.line(f"    {name:<14} {command['description']}")
        self._screen.line()
        return False

    async def _block(self, _: str) -> bool:
        await self._server.block(self._session.person)
        self._screen.note(f"{self._session.person.first_name} has blocked the bot")
        return False

    async def _unblock(self, _: str) -> bool:
        await self._server.unblock(self._session.person)
        self._screen.note(f"the bot may write to {self._session.person.first_name} again")
        return False

    async def _fault(self, words: str) -> bool:
        kind, _, times = words.partition(" ")
        known = {
            "429": faults.flood(3),
            "403": faults.blocked(),
            "400": faults.refusal(400, "Bad Request: chat not found"),
            "500": faults.broken(),
            "502": faults.page(),
            "slow": faults.slow(5.0),
            "cut": faults.cut(),
        }
        if kind not in known or (times and not times.isdigit()):
            raise ValueError(f"which fault? {', '.join(known)}, and how often; e.g. /fault 429 2")
        self._server.faults.add(known[kind], times=int(times or 1))
        self._screen.note(f"the next {times or 1} sendMessage will fail: {kind}")
        return False

    async def _help(self, _: str) -> bool:
        self._screen.line(f"{HELP}\n")
        return False

    async def _quit(self, _: str) -> bool:
        self._session.is_over = True
        return False


def _scope(place: str) -> str:
    """Return for whom a menu is, in words: the API says so as JSON, or as nothing for all."""
    try:
        scope = json.loads(place.strip() or "{}")
    except ValueError:
        return place.strip()
    kind = str(scope.get("type", "default")).replace("_", " ")
    chat, member = scope.get("chat_id"), scope.get("user_id")
    return " ".join(
        part
        for part in (kind, f"{chat}" if chat else "", f"for {member}" if member else "")
        if part
    )
