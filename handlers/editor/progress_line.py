"""One message of the bot that changes while a long piece of work goes on."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from bot.services.answers.results import Place
from bot.telegram.messenger import Messenger
from bot.telegram.outcomes import Delivery
from bot.views.message import Message

SECONDS_BETWEEN: Final = 1.0
"""Between two changes while the work goes on; what takes less shows its end only."""

PATIENCE_SECONDS: Final = 5.0
"""For how long the end waits for a change that is under way, so that it is the last word."""


class Line:
    """A message in one place: sent when there is first something to show, changed from then on."""

    def __init__(
        self, messenger: Messenger, place: Place, *, message_id: int | None = None
    ) -> None:
        self._messenger = messenger
        self._place = place
        self._shown: Message | None = None
        self.message_id = message_id

    async def show(self, message: Message) -> int | None:
        """Let the message say this and return its number; None where it could not be sent."""
        if message == self._shown:
            return self.message_id
        self._shown = message
        chat_id = self._place.chat_id
        if self.message_id is not None:
            sent = await self._messenger.edit(message, chat_id=chat_id, message_id=self.message_id)
            if sent.delivery is not Delivery.REFUSED:
                return self.message_id
        sent = await self._messenger.send(message, chat_id=chat_id, thread_id=self._place.thread_id)
        self.message_id = sent.message_id or self.message_id
        return self.message_id


@asynccontextmanager
async def telling(line: Line, so_far: Callable[[], Message]) -> AsyncIterator[None]:
    """Show `so_far()` on `line` once a second while the block runs."""
    ended = asyncio.Event()
    ticking = asyncio.create_task(_tick(line, so_far, ended))
    try:
        yield
    finally:
        ended.set()
        await asyncio.wait((ticking,), timeout=PATIENCE_SECONDS)
        ticking.cancel()


async def _tick(line: Line, so_far: Callable[[], Message], ended: asyncio.Event) -> None:
    while not ended.is_set():
        try:
            async with asyncio.timeout(SECONDS_BETWEEN):
                await ended.wait()
        except TimeoutError:
            await line.show(so_far())
