"""What the methods and the people share: the world, the queue, the record of what happened."""

import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from bot.rehearsal.api.contract import Upload
from bot.rehearsal.api.faults import Faults
from bot.rehearsal.api.updates import UpdateQueue
from bot.rehearsal.world.world import Message, Person, World

EventKind: TypeAlias = Literal["sent", "edited", "deleted", "answered", "typing"]
"""What the bot did that somebody can see."""

TAP_SECONDS: Final = 150
"""How long a tap on a button may be answered."""

INLINE_SECONDS: Final = 30


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that became visible in a chat."""

    kind: EventKind
    message: Message | None = None
    toast: "Toast | None" = None


@dataclass(frozen=True, kw_only=True)
class Toast:
    """The bot's answer to a tap, as the person sees it."""

    person: Person
    text: str = ""
    is_alert: bool = False
    url: str | None = None


@dataclass(kw_only=True)
class Tap:
    """A tap on a button that waits for its answer."""

    person: Person
    expires: float
    answer: "asyncio.Future[Toast]"


@dataclass(frozen=True, kw_only=True)
class InlineAnswer:
    """What the bot offers to an inline query."""

    results: list[dict[str, Any]]
    cache_s: int
    is_personal: bool
    next_offset: str
    button: dict[str, Any] | None


@dataclass(kw_only=True)
class InlineQuery:
    """An inline query that waits for its answer."""

    person: Person
    expires: float
    answer: "asyncio.Future[InlineAnswer]"


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request as it came: the method in its proper spelling, the parameters, when."""

    method: str
    parameters: dict[str, Any]
    at: float
    """Seconds of a monotonic clock."""


@dataclass(kw_only=True)
class Profile:
    """What the bot has told about itself."""

    commands: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    """Scope and language as one text → commands."""
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    """Kind of text (name, description, short_description) and language → the text."""


class Backend:
    """Everything behind the HTTP server."""

    def __init__(self, bot: Person, *, now: Callable[[], float] = time.time) -> None:
        """Begin with an empty world around `bot`."""
        self.world = World(bot, now=now)
        self.updates = UpdateQueue(now=now)
        self.faults = Faults()
        self.profile = Profile()
        self.events: list[Event] = []
        self.requests: list[Request] = []
        self.violations: list[str] = []
        """Requests that no state of the chats could have made right, one sentence each."""
        self.taps: dict[str, Tap] = {}
        self.inline_queries: dict[str, InlineQuery] = {}
        self.files: dict[str, Upload] = {}
        """File identifier → the file."""
        self.busy = 0
        """Requests in work, polls not counted."""
        self.ended = 0
        """Requests that have ended, polls not counted."""
        self._ids = itertools.count(1)
        self._waiting: list[asyncio.Future[None]] = []

    def new_id(self) -> str:
        """Return an identifier that was not used before."""
        return str(8_000_000_000_000_000_000 + next(self._ids))

    def record(self, event: Event) -> None:
        """Keep the event and wake all who wait for something to happen."""
        self.events.append(event)
        self.changed()

    def changed(self) -> None:
        """Wake all who wait for something to happen."""
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)
        self._waiting.clear()

    async def change(self, *, timeout_s: float) -> bool:
        """Wait until something happens; return False if nothing did in `timeout_s` seconds."""
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        try:
            # Not `wait_for`: before Python 3.12 it lets a cancellation be lost.
            async with asyncio.timeout(timeout_s):
                await waiting
        except TimeoutError:
            return False
        return True
