"""The gate: one place decides when a request may start.

Two lanes pass through it, readers' answers before alerts. A start waits for the pace of the whole
bot, of its chat and of its group, and for the end of every flood wait that covers it. Limits:
<https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this>.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

CATCH_UP_SECONDS: Final = 0.02
"""How late a start may be and the next still keep its own time: timers are not exact. At 30 a
second this is less than one start, so nothing bunches."""

FLOODED_OF_LAST: Final = 8
"""When half of so many last requests were told to wait, the wait is everybody's, not one chat's."""

FORGOTTEN_AFTER_SECONDS: Final = 60.0
SWEEP_FROM: Final = 4096
"""Chats that are remembered before those are forgotten whose pace and waits are over."""


class Lane(IntEnum):
    """Who goes first."""

    ANSWER = 0  # somebody waits for it
    ALERT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast requests may start; Telegram's free limits by default."""

    per_second: float = 30.0  # of the whole bot
    chat_seconds: float = 1.0  # between two alerts to one chat
    group_per_minute: int = 20  # to one group, answers included


@dataclass(slots=True, eq=False)
class _Waiter:
    chat_id: int
    lane: Lane
    turn: asyncio.Future[None]


@dataclass(slots=True)
class _Chat:
    """What the gate remembers of a chat; times are the gate's clock."""

    free_at: float = 0.0  # from when an alert may start
    flooded_until: float = 0.0
    minute: deque[float] = field(default_factory=deque)  # starts to a group, of the last minute


class Gate:
    """Gives turns. A turn is taken directly before the request leaves, and never given back."""

    def __init__(self, pace: Pace | None = None, *, clock: Callable[[], float] = time.monotonic):
        self._pace = pace or Pace()
        self._clock = clock
        self._chats: dict[int, _Chat] = {}
        self._free_at = 0.0
        self._flooded_until = 0.0
        self._second: deque[float] = deque()  # starts of the last second
        self._lately: deque[bool] = deque(maxlen=FLOODED_OF_LAST)  # which were flooded
        self._waiting: dict[Lane, deque[_Waiter]] = {lane: deque() for lane in Lane}
        self._woken = asyncio.Event()
        self._pump: asyncio.Task[None] | None = None

    @property
    def pace(self) -> Pace:
        """How fast requests may start."""
        return self._pace

    async def turn(self, chat_id: int, lane: Lane = Lane.ANSWER) -> None:
        """Wait until a request to `chat_id` may start; it must start at once when this returns."""
        while True:
            waiter = _Waiter(chat_id, lane, asyncio.get_running_loop().create_future())
            self._waiting[lane].append(waiter)
            self._wake()
            try:
                await waiter.turn
            except asyncio.CancelledError:
                if waiter in self._waiting[lane]:
                    self._waiting[lane].remove(waiter)
                raise
            # Between the grant and now another request may have been told to wait.
            if self._flood_ends(chat_id) <= self._clock():
                return

    def flooded(self, chat_id: int, seconds: float) -> None:
        """Let nothing start to this chat for `seconds`; to no chat, when most are told to wait."""
        until = self._clock() + seconds
        chat = self._chat(chat_id)
        chat.flooded_until = max(chat.flooded_until, until)
        self._lately.append(True)
        if sum(self._lately) * 2 >= FLOODED_OF_LAST:
            self._flooded_until = max(self._flooded_until, until)

    def passed(self) -> None:
        """Note that a request was not told to wait."""
        self._lately.append(False)

    def _wake(self) -> None:
        self._woken.set()
        if self._pump is None or self._pump.done():
            self._pump = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        """Give turns until nobody waits."""
        while any(self._waiting.values()):
            self._woken.clear()
            now = self._clock()
            earliest = self._grant(now)
            if earliest > now:
                try:
                    await asyncio.wait_for(self._woken.wait(), earliest - now)
                except TimeoutError:
                    continue

    def _grant(self, now: float) -> float:
        """Give the next turn if anybody may have it now; return when to look again."""
        soonest = self._open_at(now)
        if soonest > now:
            return soonest
        soonest = now + FORGOTTEN_AFTER_SECONDS
        for lane, queue in self._waiting.items():
            for waiter in queue:
                if waiter.turn.done():  # given up
                    continue
                at = self._chat_open_at(waiter.chat_id, lane, now)
                if at <= now:
                    queue.remove(waiter)
                    self._start(waiter, now)
                    return now
                soonest = min(soonest, at)
        return soonest

    def _start(self, waiter: _Waiter, now: float) -> None:
        interval = 1.0 / self._pace.per_second
        self._free_at = max(self._free_at, now - CATCH_UP_SECONDS) + interval
        self._second.append(now)
        chat = self._chat(waiter.chat_id)
        chat.free_at = now + self._pace.chat_seconds
        if waiter.chat_id < 0:
            chat.minute.append(now)
        waiter.turn.set_result(None)

    def _open_at(self, now: float) -> float:
        """Return when the whole bot may start its next request."""
        while self._second and self._second[0] <= now - 1.0:
            self._second.popleft()
        at = max(self._free_at, self._flooded_until)
        if len(self._second) >= max(1, round(self._pace.per_second)):
            at = max(at, self._second[0] + 1.0)
        return at

    def _chat_open_at(self, chat_id: int, lane: Lane, now: float) -> float:
        chat = self._chats.get(chat_id)
        if chat is None:
            return now
        while chat.minute and chat.minute[0] <= now - 60.0:
            chat.minute.popleft()
        at = chat.flooded_until
        if lane is Lane.ALERT:  # a reader who asks quickly is answered quickly: bursts pass
            at = max(at, chat.free_at)
        if len(chat.minute) >= self._pace.group_per_minute:
            at = max(at, chat.minute[0] + 60.0)
        return at

    def _flood_ends(self, chat_id: int) -> float:
        chat = self._chats.get(chat_id)
        return max(self._flooded_until, chat.flooded_until if chat else 0.0)

    def _chat(self, chat_id: int) -> _Chat:
        chat = self._chats.get(chat_id)
        if chat is None:
            if len(self._chats) >= SWEEP_FROM:
                self._sweep()
            chat = self._chats[chat_id] = _Chat()
        return chat

    def _sweep(self) -> None:
        now = self._clock()
        self._chats = {
            number: chat
            for number, chat in self._chats.items()
            if max(chat.free_at, chat.flooded_until) > now
            or (chat.minute and chat.minute[-1] > now - 60.0)
        }
