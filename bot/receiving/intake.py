"""Takes updates in, whichever way they come: stored first, then handed to the application."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from telegram import Bot, Update

from bot.services.updates import Body, Updates

logger = logging.getLogger(__name__)


class Intake:
    """Stores updates and hands on those that are new, in Telegram's order."""

    def __init__(
        self, updates: Updates, bot: Bot, hand_on: Callable[[Update], Awaitable[None]]
    ) -> None:
        self._updates = updates
        self._bot = bot
        self._hand_on = hand_on

    async def room(self) -> None:
        """Wait until more updates can be taken in."""
        await self._updates.room()

    async def take(self, bodies: Sequence[Any]) -> None:
        """Take updates in. When this returns they are safe, and may be confirmed to Telegram."""
        readable = [each for each in bodies if isinstance(each, dict) and _number(each) is not None]
        if len(readable) < len(bodies):
            logger.error(
                "%d updates without a number were passed over", len(bodies) - len(readable)
            )
        if readable:
            await self.hand_on(await self._updates.receive(readable))

    async def hand_on(self, bodies: Sequence[Body]) -> None:
        """Let stored updates be worked on; one that cannot be read is set aside."""
        for body in bodies:
            try:
                update = Update.de_json(dict(body), self._bot)
            except Exception as error:  # noqa: BLE001 - whatever the server left out raises anything
                logger.error("an update cannot be read: %s", type(error).__name__)
                await self._updates.set_aside(int(body["update_id"]))
            else:
                await self._hand_on(update)


def _number(body: dict[str, Any]) -> int | None:
    number = body.get("update_id")
    return number if isinstance(number, int) and not isinstance(number, bool) else None
