"""Tells waiting readers how their wait ended: from the database, so that a crash loses nothing."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Final

from bot.services.questions.escalations import Ending, Escalations
from bot.telegram.messenger import Messenger
from bot.telegram.outcomes import Delivery
from bot.views.questions import escalations

logger = logging.getLogger(__name__)

PAUSE_SECONDS: Final = 0.05
"""Between two messages: 20 a second leave the answers of other readers their share of Telegram's
30."""

AT_ONCE: Final = 50
"""Readers looked up at a time."""

LONGEST_PAUSE_SECONDS: Final = 3600.0
FIRST_PAUSE_SECONDS: Final = 30.0
"""How long a reader is left alone whom no message reached, twice as long each time."""

FAILURES_IN_A_ROW: Final = 3
"""After so many the network is taken to be down, and the round ends."""


_UNTOLD: Final = (Delivery.FAILED, Delivery.UNSURE, Delivery.LATER)


class Telling:
    """Tells each waiting reader once; one message in flight at a crash is sent again."""

    def __init__(
        self,
        passing_on: Escalations,
        messenger: Messenger,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Prepare; `clock` and `sleep` count in seconds."""
        self._passing_on = passing_on
        self._messenger = messenger
        self._clock = clock
        self._sleep = sleep
        self._running = asyncio.Lock()
        self._wanted = False
        self._stopped = False
        self._put_off: dict[int, tuple[float, float]] = {}  # reader: (until, pause), s

    async def run(self) -> None:
        """Tell everybody who is due; a call during a round makes that round look once more."""
        self._wanted = True
        if self._running.locked():
            return
        async with self._running:
            while self._wanted and not self._stopped:
                self._wanted = False
                await self._passing_on.end_waits()
                await self._round()

    def stop(self) -> None:
        """End the round after the message in flight, and begin no other."""
        self._stopped = True

    async def _round(self) -> None:
        failures = 0
        while endings := await self._passing_on.due(limit=AT_ONCE, without=self._left_alone()):
            for ending in endings:
                if self._stopped:
                    return
                failures = 0 if await self._tell(ending) else failures + 1
                if failures >= FAILURES_IN_A_ROW:
                    logger.warning("waiting readers cannot be reached, tried again later")
                    return
                await self._sleep(PAUSE_SECONDS)

    async def _tell(self, ending: Ending) -> bool:
        """Send one message and note it; False where it has to be tried again."""
        sent = await self._messenger.send(
            escalations.ending(ending, bot=self._messenger.username),
            chat_id=ending.chat_id,
            thread_id=ending.thread_id,
            reply_to=ending.reply_to,
            patient=False,
        )
        if sent.delivery in _UNTOLD:
            _, pause = self._put_off.get(ending.reader_id, (0.0, FIRST_PAUSE_SECONDS / 2))
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
            self._put_off[ending.reader_id] = (self._clock() + pause, pause)
            return False
        # Who has left or blocked the bot counts as told: there is nobody to wait for.
        await self._passing_on.told(ending, message_id=sent.message_id)
        self._put_off.pop(ending.reader_id, None)
        return True

    def _left_alone(self) -> list[int]:
        now = self._clock()
        return [reader for reader, (until, _) in self._put_off.items() if until > now]
