"""How a test or a terminal watches the bot: what it sent, what it asked, whether it rests."""

import asyncio
import math
from collections.abc import Awaitable, Callable
from typing import Final

from bot.rehearsal.api.backend import Backend, Event, Request
from bot.rehearsal.api.faults import Faults
from bot.rehearsal.api.updates import UpdateQueue
from bot.rehearsal.world.world import Chat, Message, World

PATIENCE_S: Final = 60.0
"""How long things may take that people and tests wait for, unless they say otherwise."""

STEP_S: Final = 0.02


class Watching:
    """The record of one backend, and ways to wait for it to change."""

    def __init__(self, backend: Backend) -> None:
        """Watch `backend`."""
        self.backend = backend
        self.patience_s = PATIENCE_S
        """Seconds after which a wait ends that was given no time of its own."""
        self.rested: Callable[[], Awaitable[object]] | None = None
        """Waits until the bot has done with what it fetched; None where it cannot be asked."""
        self._told: dict[int, int] = {}

    @property
    def world(self) -> World:
        """People, chats and messages."""
        return self.backend.world

    @property
    def updates(self) -> UpdateQueue:
        """The updates that wait for the bot."""
        return self.backend.updates

    @property
    def faults(self) -> Faults:
        """What shall go wrong."""
        return self.backend.faults

    @property
    def requests(self) -> list[Request]:
        """Every request so far, polls included."""
        return self.backend.requests

    @property
    def violations(self) -> list[str]:
        """Requests that broke the Bot API's rules, one sentence each."""
        return self.backend.violations

    @property
    def events(self) -> list[Event]:
        """What the bot did that somebody can see, in order."""
        return self.backend.events

    def calls(self, method: str) -> list[Request]:
        """Return the requests to `method` so far."""
        return [request for request in self.requests if request.method == method]

    def sent(self, chat: Chat) -> list[Message]:
        """Return the bot's messages that stand in `chat`, oldest first."""
        return [
            message
            for message in self.world.history(chat)
            if message.sender in (self.world.bot, None) and not message.service
        ]

    async def next_message(self, chat: Chat, *, timeout_s: float | None = None) -> Message:
        """Return the bot's next message in `chat` that this has not returned before.

        Raises:
            TimeoutError: none came in time.
        """
        position = self._told.get(chat.id, 0)
        await self.until(
            lambda: len(self._sent_ever(chat)) > position,
            timeout_s=timeout_s,
            what=f"a message of the bot in {chat.name}",
        )
        self._told[chat.id] = position + 1
        return self._sent_ever(chat)[position]

    async def until(
        self, predicate: Callable[[], object], *, timeout_s: float | None = None, what: str = "it"
    ) -> None:
        """Wait until `predicate()` is true; it is looked at whenever something happens.

        Raises:
            TimeoutError: it is still false after `timeout_s` seconds; names `what`.
        """
        timeout_s = self.patience_s if timeout_s is None else timeout_s
        end = asyncio.get_running_loop().time() + timeout_s
        while not predicate():
            left = end - asyncio.get_running_loop().time()
            if left <= 0:
                raise TimeoutError(f"{what} did not happen in {timeout_s:g} s")
            # Not everything that a predicate may look at wakes us, hence the short step.
            await self.backend.change(timeout_s=min(left, 0.1))

    async def quiet(self, *, seconds: float = 0.2, timeout_s: float | None = None) -> bool:
        """Wait until the bot has fetched every update, done with it, and asked nothing for a while.

        That is `seconds` in which this looked often: a machine that stood still proves nothing.
        Returns False if it was not quiet within `timeout_s`.
        """
        looks = max(1, math.ceil(seconds / STEP_S))
        left, seen = looks, self.backend.ended
        try:
            async with asyncio.timeout(self.patience_s if timeout_s is None else timeout_s):
                while left:
                    if self.rested is not None:
                        await self.rested()
                    await asyncio.sleep(STEP_S)
                    stirs = self.updates.unfetched or self.backend.busy or self.backend.ended > seen
                    left, seen = looks if stirs else left - 1, self.backend.ended
        except TimeoutError:
            return False
        return True

    def _sent_ever(self, chat: Chat) -> list[Message]:
        """Return what the bot sent to `chat`, messages deleted since included."""
        return [
            event.message
            for event in self.events
            if event.kind == "sent" and event.message and event.message.chat is chat
        ]
