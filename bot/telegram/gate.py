"""The gate: one place decides when a request may start.

Two lanes pass through it, readers' answers before alerts. A start waits for the pace of the whole
bot, of its chat and of its group, and for the end of every flood wait that covers it. Limits:
<https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this>.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

CATCH_UP_SECONDS: Final = 0.02
"""How late a start may be and the next still keep its own time: timers are not exact. At 30 a
second this is less than one start, so nothing bunches."""

FLOODED_IN_A_ROW: Final = 5
"""When the last so many requests, each to another chat that has hardly been written to, were told
to wait, the wait is everybody's. Chats that flood the bot keep nobody else waiting, however many
they are and however often they are refused."""

SIGN_SECONDS: Final = 10.0
"""How long a refusal counts as a sign of that."""

HARDLY: Final = 5
"""Starts to a chat, beyond one for each interval of its pace, that are no flood."""

SAT_OUT_SECONDS: Final = 2.0
"""The longest wait at whose end an alert still says and does what it was made up for."""

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
    chat_seconds: float = 1.0  # between two alerts to one chat; edits are no new messages
    group_per_minute: int = 20  # to one group, answers included
    burst: int = 20  # answers to one chat that may go at once; the next are as far apart as alerts


CROWDED_FROM: Final = 100.0
"""Starts a second from which alerts leave an answer that is being made up no room to run in."""

LET_PASS_SECONDS: Final = 0.5
LET_PASS_SHARE: Final = 0.75
"""For how long alerts stand aside at a time, and for what share of a time full of questions."""


@dataclass(slots=True, eq=False)
class _Waiter:
    chat_id: int
    lane: Lane
    turn: asyncio.Future[float]  # 0, or why not: seconds of a wait
    is_edit: bool = False


@dataclass(slots=True)
class _Chat:
    """What the gate remembers of a chat; times are the gate's clock."""

    free_at: float = 0.0  # from when an alert may start
    even_at: float = 0.0  # when its starts are as far apart again as its pace asks for
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
        self._signs: dict[int, float] = {}  # chats told to wait since a request passed, and when
        self._waiting: dict[Lane, deque[_Waiter]] = {lane: deque() for lane in Lane}
        self._making_up = 0  # answers
        self._patience = LET_PASS_SECONDS  # for how long alerts stand aside for them yet
        self._counted_at = self._clock()
        self._next: asyncio.Handle | None = None  # when it is looked at who may start

    @property
    def pace(self) -> Pace:
        """How fast requests may start."""
        return self._pace

    @property
    def closed(self) -> bool:
        """Whether nothing may start just now because everybody was told to wait."""
        return self._flooded_until > self._clock()

    async def turn(self, chat_id: int, lane: Lane = Lane.ANSWER, *, is_edit: bool = False) -> float:
        """Wait until a request to `chat_id` may start; it must start at once when this returns 0.

        An alert does not sit out a long wait of its chat, for floods or for a group's minute: then
        it must not start, and the seconds that are left of the wait are returned. An edit need not
        be a second apart from what was sent.
        """
        while True:
            waiter = _Waiter(
                chat_id, lane, asyncio.get_running_loop().create_future(), is_edit=is_edit
            )
            if lane is Lane.ALERT and (left := self._closed_for(waiter)) > SAT_OUT_SECONDS:
                return left
            self._waiting[lane].append(waiter)
            self._wake()
            try:
                left = await waiter.turn
            except asyncio.CancelledError:
                if waiter in self._waiting[lane]:
                    self._waiting[lane].remove(waiter)
                raise
            # Between the grant and now another request may have been told to wait.
            if left or self._flood_left(chat_id) <= 0.0:
                return left

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Let alerts stand aside while an answer is being made up, if only for a moment.

        They would take the processor from it at the paces that are paid for.
        """
        self._count_aside()
        self._making_up += 1
        try:
            yield
        finally:
            self._count_aside()
            self._making_up -= 1
            if not self._making_up:
                self._wake()

    def flooded(self, chat_id: int, seconds: float) -> None:
        """Let nothing start to this chat for `seconds`; to no chat, when all are told to wait."""
        now = self._clock()
        until = now + seconds
        chat = self._chat(chat_id)
        chat.flooded_until = max(chat.flooded_until, until)
        if chat.even_at - now <= HARDLY * self._pace.chat_seconds:
            self._signs = {n: at for n, at in self._signs.items() if at > now - SIGN_SECONDS}
            self._signs[chat_id] = now
            if len(self._signs) >= FLOODED_IN_A_ROW:
                self._flooded_until = max(self._flooded_until, until)
        self._send_back()

    def _send_back(self) -> None:
        """Let no alert wait here for the end of a long flood wait: it may be old news by then."""
        queue = self._waiting[Lane.ALERT]
        for waiter in list(queue):
            left = self._flood_left(waiter.chat_id)
            if left > SAT_OUT_SECONDS and not waiter.turn.done():
                queue.remove(waiter)
                waiter.turn.set_result(left)

    def passed(self) -> None:
        """Note that a request was not told to wait."""
        self._signs.clear()

    def _wake(self) -> None:
        """Look at once who may start; without a task, since this runs for every request."""
        if self._next is not None:
            self._next.cancel()
        self._next = asyncio.get_running_loop().call_soon(self._look)

    def _look(self) -> None:
        """Give the next turn if it may be had now, and look again when another may be.

        One turn at a time, so that whatever else the loop has to do comes in between.
        """
        self._next = None
        if any(self._waiting.values()):
            now = self._clock()
            wait = self._grant(now) - now
            loop = asyncio.get_running_loop()
            self._next = (
                loop.call_later(wait, self._look) if wait > 0 else loop.call_soon(self._look)
            )

    def _grant(self, now: float) -> float:
        """Give the next turn if anybody may have it now; return when to look again."""
        soonest = self._open_at(now)
        if soonest > now:
            return soonest
        soonest = now + FORGOTTEN_AFTER_SECONDS
        for lane, queue in self._waiting.items():
            if lane is Lane.ALERT and (passed := self._aside_until(now)) > now:
                return min(soonest, passed)
            for waiter in queue:
                if waiter.turn.done():  # given up
                    continue
                at = self._chat_open_at(waiter, now)
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
        if not waiter.is_edit:
            chat.even_at = max(chat.even_at, now) + self._pace.chat_seconds
        if waiter.chat_id < 0:
            chat.minute.append(now)
        waiter.turn.set_result(0.0)

    def _open_at(self, now: float) -> float:
        """Return when the whole bot may start its next request."""
        while self._second and self._second[0] <= now - 1.0:
            self._second.popleft()
        at = max(self._free_at, self._flooded_until)
        if len(self._second) >= max(1, round(self._pace.per_second)):
            at = max(at, self._second[0] + 1.0)
        return at

    def _aside_until(self, now: float) -> float:
        """Return until when alerts stand aside for answers."""
        if not self._making_up or self._pace.per_second < CROWDED_FROM:
            return now
        self._count_aside()
        return now + self._patience

    def _count_aside(self) -> None:
        """Take off how long alerts have stood aside since the last count, or add new patience."""
        now = self._clock()
        passed, self._counted_at = now - self._counted_at, now
        if self._making_up and self._patience > 0:
            self._patience = max(0.0, self._patience - passed)
        else:
            earned = passed * LET_PASS_SHARE / (1 - LET_PASS_SHARE)
            self._patience = min(LET_PASS_SECONDS, self._patience + earned)

    def _chat_open_at(self, waiter: _Waiter, now: float) -> float:
        chat = self._chats.get(waiter.chat_id)
        if chat is None:
            return now
        while chat.minute and chat.minute[0] <= now - 60.0:
            chat.minute.popleft()
        at = chat.flooded_until
        if waiter.is_edit:
            pass
        elif waiter.lane is Lane.ALERT:
            at = max(at, chat.free_at)
        else:
            # A reader who asks quickly is answered quickly: bursts pass.
            at = max(at, chat.even_at - (self._pace.burst - 1) * self._pace.chat_seconds)
        if len(chat.minute) >= self._pace.group_per_minute:
            at = max(at, chat.minute[0] + 60.0)
        return at

    def _closed_for(self, waiter: _Waiter) -> float:
        now = self._clock()
        return max(self._flood_left(waiter.chat_id), self._chat_open_at(waiter, now) - now)

    def _flood_left(self, chat_id: int) -> float:
        chat = self._chats.get(chat_id)
        ends = max(self._flooded_until, chat.flooded_until if chat else 0.0)
        return ends - self._clock()

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
            if max(chat.free_at, chat.even_at, chat.flooded_until) > now
            or (chat.minute and chat.minute[-1] > now - 60.0)
        }
