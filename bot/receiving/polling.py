"""Long polling: asks Telegram for updates, and confirms them once they are stored."""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from telegram.error import TelegramError, TimedOut

from bot.receiving.intake import Intake
from bot.telegram.http import AiohttpRequest, cause_of

logger = logging.getLogger(__name__)

POLL_SECONDS: Final = 30
"""How long the server may hold a poll that has nothing to give."""

REFUSALS: Final = 3
"""Refusals in a row after which the token is taken to be revoked; one may be a hiccup."""

SILENCE_SECONDS: Final = 180.0
"""Polling that asked for nothing in so long has ended, whatever became of its task."""

FIRST_PAUSE_SECONDS: Final = 1.0
LONGEST_PAUSE_SECONDS: Final = 30.0
"""Between two polls that failed, half as long again each time."""

_REFUSED: Final = (401, 404)
_CONFLICT: Final = 409
_TOO_MANY: Final = 429


class Polling:
    """Asks for updates until it is cancelled, or the token was refused too often."""

    def __init__(
        self,
        request: AiohttpRequest,
        address: str,
        intake: Intake,
        *,
        kinds: Sequence[str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare; `address` is the bot's own, token and all, `kinds` the updates to ask for."""
        self._request = request
        self._address = address
        self._intake = intake
        self._kinds = json.dumps(list(kinds))
        self._clock = clock
        self._polled_at = clock()
        self._offset: int | None = None

    async def run(self) -> None:
        """Poll; returns when the server has refused the token too often."""
        await self._take_down_webhook()
        refused, pause = 0, FIRST_PAUSE_SECONDS
        while refused < REFUSALS:
            await self._intake.room()
            self._polled_at = self._clock()
            wait: float | None = None
            try:
                status, answer = await self._ask()
            except TelegramError as error:
                if not isinstance(error, TimedOut):
                    logger.warning("polling failed, tried again: %s", cause_of(error))
                status, answer = 0, {}
            self._polled_at = self._clock()
            refused = refused + 1 if status in _REFUSED else 0
            if status in _REFUSED:
                logger.warning("the server refused to give updates, time %d", refused)
            elif status == _CONFLICT:
                logger.error("another bot polls with the same token: stop that one")
            elif status == _TOO_MANY:
                wait = _seconds(answer)
            elif 200 <= status <= 299:
                if await self._took(answer):
                    pause = FIRST_PAUSE_SECONDS
                    continue
            elif status:
                logger.warning("polling failed, tried again: status %d", status)
            await asyncio.sleep(pause if wait is None else wait)
            pause = min(LONGEST_PAUSE_SECONDS, pause * 1.5)

    async def silence(self, *, seconds: float = SILENCE_SECONDS) -> None:
        """Return when nothing has been polled for `seconds`."""
        while (left := self._polled_at + seconds - self._clock()) > 0:  # noqa: ASYNC110 - polls put it off
            await asyncio.sleep(left)

    async def _ask(self) -> tuple[int, dict[str, Any]]:
        fields = {"timeout": str(POLL_SECONDS), "allowed_updates": self._kinds}
        if self._offset is not None:
            fields["offset"] = str(self._offset)
        return _read(await self._request.post_form(f"{self._address}/getUpdates", fields))

    async def _took(self, answer: dict[str, Any]) -> bool:
        """Take in what an answer holds; tell whether it was a list of updates."""
        bodies = answer.get("result")
        if not isinstance(bodies, list):
            logger.warning("the server gave something else than updates")
            return False
        try:
            await self._intake.take(bodies)
        except Exception:
            # Not confirmed, they come again.
            logger.exception("updates were not stored, asked for again")
            return False
        numbers = [each["update_id"] for each in bodies if _has_number(each)]
        if numbers:
            self._offset = max(numbers) + 1
        return bool(numbers) or not bodies

    async def _take_down_webhook(self) -> None:
        """Tell Telegram that updates are asked for; a server without webhooks has none set."""
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                address = f"{self._address}/deleteWebhook"
                status, _ = _read(await self._request.post_form(address, {}))
            except TelegramError as error:
                logger.warning("the webhook was not taken down: %s", cause_of(error))
                status = 0
            if 200 <= status <= 299 or status in (*_REFUSED, 501):
                return
            self._polled_at = self._clock()
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE_SECONDS, pause * 1.5)


def _read(answer: tuple[int, bytes]) -> tuple[int, dict[str, Any]]:
    """Return a status, and the object that came with it, empty where it was none."""
    status, body = answer
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        read = None
    return status, read if isinstance(read, dict) else {}


def _has_number(body: object) -> bool:
    return isinstance(body, dict) and isinstance(body.get("update_id"), int)


def _seconds(answer: dict[str, Any]) -> float | None:
    parameters = answer.get("parameters")
    asked = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return float(asked) if isinstance(asked, int | float) else None
