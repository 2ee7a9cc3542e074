"""Updates of one chat in order, of different chats at once, and bounded for everyone."""

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from telegram import Update
from telegram.ext import BaseUpdateProcessor

logger = logging.getLogger(__name__)

AT_ONCE: Final = 256
"""Updates that are worked on at the same time, each of another chat."""

WAITING: Final = 100
"""Updates of one chat that may wait for their turn; what comes on top is not worked on."""

_NEVER_FULL: Final = 1_000_000
"""PTB's own limit counts those that merely wait, so one chat could shut out all others."""


@dataclass(slots=True)
class _Lane:
    """One chat's turn, and how many of its updates hold or await it."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)  # first come, first served
    inside: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An update is not worked on; what is said of it is said in its chat's turn."""

    say: Callable[[], Awaitable[None]] | None = None


class Guard(Protocol):
    """Decides which updates are worked on."""

    async def judge(self, update: object) -> Refusal | None:
        """Return why an update is not worked on as it arrives; None where it is, at once."""

    async def overflow(self, update: object) -> Refusal:
        """Return what becomes of one for which its chat has no room."""


class InOrder(BaseUpdateProcessor):
    """Works on each chat's updates one after another and on many chats side by side."""

    __slots__ = ("_at_once", "_dropped", "_is_stopping", "_lanes", "_waiting", "_working", "guard")

    def __init__(
        self,
        *,
        at_once: int = AT_ONCE,
        waiting: int = WAITING,
        working: Callable[[object], AbstractAsyncContextManager[None]] | None = None,
        dropped: Callable[[object], Awaitable[None]] | None = None,
    ) -> None:
        """Prepare; `working` is entered while an update is worked on.

        `dropped` is called with one that is not.
        """
        super().__init__(_NEVER_FULL)
        self._working = working or _unwatched
        self._dropped = dropped
        self._at_once = asyncio.Semaphore(at_once)
        self._waiting = waiting
        self._lanes: dict[int | None, _Lane] = {}
        self._is_stopping = False
        self.guard: Guard | None = None

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Await `coroutine` when its chat's turn has come, if the guard lets it."""
        refusal = None if self.guard is None else await self.guard.judge(update)
        key = lane_of(update)
        lane = self._lanes.get(key)
        if refusal is None and lane is not None and lane.inside > self._waiting:
            logger.warning("an update was dropped: its chat has %d waiting", self._waiting)
            refusal = Refusal() if self.guard is None else await self.guard.overflow(update)
        if refusal is not None:
            _close(coroutine)
            if refusal.say is None:
                if self._dropped is not None:
                    await self._dropped(update)
                return
            coroutine = refusal.say()
        lane = self._lanes.setdefault(key, _Lane())
        lane.inside += 1
        try:
            async with lane.turn, self._at_once:
                if self._is_stopping:
                    _close(coroutine)
                    return
                async with self._working(update):
                    await coroutine
        finally:
            lane.inside -= 1
            if not lane.inside:
                del self._lanes[key]

    def stop(self) -> None:
        """Begin the work on no more updates: what waits is left to the next process."""
        self._is_stopping = True

    async def initialize(self) -> None:
        """Have nothing to prepare."""

    async def shutdown(self) -> None:
        """Have nothing to close."""


def _close(coroutine: Awaitable[Any]) -> None:
    if inspect.iscoroutine(coroutine):
        coroutine.close()


def _unwatched(_: object) -> AbstractAsyncContextManager[None]:
    return nullcontext()


def lane_of(update: object) -> int | None:
    """Return whose turn `update` must await: its chat's, else its user's, else everybody's."""
    if not isinstance(update, Update):
        return None
    if update.effective_chat is not None:
        return update.effective_chat.id
    return update.effective_user.id if update.effective_user is not None else None
