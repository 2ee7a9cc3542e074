"""Updates of one chat in order, of different chats at once, and bounded for everyone."""

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Final

from telegram import Update
from telegram.ext import BaseUpdateProcessor

logger = logging.getLogger(__name__)

AT_ONCE: Final = 64
"""Updates that are worked on at the same time, each of another chat."""

WAITING: Final = 100
"""Updates of one chat that may wait for their turn; what comes on top is dropped."""

_NEVER_FULL: Final = 1_000_000
"""PTB's own limit counts those that merely wait, so one chat could shut out all others."""


@dataclass(slots=True)
class _Lane:
    """One chat's turn, and how many of its updates hold or await it."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)  # first come, first served
    inside: int = 0


class InOrder(BaseUpdateProcessor):
    """Works on each chat's updates one after another and on many chats side by side."""

    __slots__ = ("_at_once", "_dropped", "_is_stopping", "_lanes", "_waiting", "_working")

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

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Await `coroutine` when its chat's turn has come; drop it if too many wait already."""
        key = lane_of(update)
        lane = self._lanes.setdefault(key, _Lane())
        if lane.inside > self._waiting:
            logger.warning("an update was dropped: its chat has %d waiting", self._waiting)
            _close(coroutine)
            if self._dropped is not None:
                await self._dropped(update)
            return
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
