"""Keeps polling alive, and tells when it has ended for good."""

import asyncio
import json
import logging
import time
from collections.abc import Callable
from typing import Any, Final

from telegram.request import BaseRequest

logger = logging.getLogger(__name__)

REFUSALS: Final = 3
"""Refusals in a row after which the token is taken to be revoked; one may be a hiccup."""

SILENCE_SECONDS: Final = 180.0
"""Polling that asked for nothing in so long has ended, whatever its flags say."""

_REFUSED: Final = (401, 404)
_OPTIONAL: Final = b'{"ok":true,"result":true}'


class Watched(BaseRequest):
    """A request that keeps PTB from giving up where a bot should go on.

    One 401 or 404 to getUpdates ends PTB's polling without a word, and one to deleteWebhook keeps
    it from starting. Here the first is asked again until it was refused three times in a row
    (then `given_up` is called), and the second passes: a server without webhooks has none set.
    """

    def __init__(self, inner: BaseRequest, *, given_up: Callable[[], None]) -> None:
        self._inner = inner
        self._given_up = given_up
        self._refused = 0
        self.polled_at = time.monotonic()

    @property
    def read_timeout(self) -> float | None:
        """The read time-out of the request inside, in seconds."""
        return self._inner.read_timeout

    async def initialize(self) -> None:
        """Prepare the request inside."""
        await self._inner.initialize()

    async def shutdown(self) -> None:
        """Close the request inside."""
        await self._inner.shutdown()

    async def do_request(self, url: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Return status and body, as PTB is to see them."""
        method = url.rpartition("/")[2].lower()
        if method == "getupdates":
            self.polled_at = time.monotonic()
        status, body = await self._inner.do_request(url, *args, **kwargs)
        if method == "deletewebhook" and (status in (*_REFUSED, 501) or _garbled(status, body)):
            return 200, _OPTIONAL
        if method == "getupdates":
            self.polled_at = time.monotonic()
            return self._poll(status, body)
        return status, body

    def _poll(self, status: int, body: bytes) -> tuple[int, bytes]:
        if status not in _REFUSED:
            self._refused = 0
            return status, body
        self._refused += 1
        logger.warning("the server refused to give updates (%d), time %d", status, self._refused)
        if self._refused >= REFUSALS:
            self._given_up()
        return 502, json.dumps({"ok": False, "description": "Refused"}).encode()


def _garbled(status: int, body: bytes) -> bool:
    if not 200 <= status <= 299:
        return False
    try:
        return "result" not in json.loads(body)
    except (ValueError, TypeError):
        return True


async def silence(request: Watched, *, seconds: float = SILENCE_SECONDS) -> None:
    """Return when nothing has been polled through `request` for `seconds`."""
    left = seconds
    while left > 0:
        await asyncio.sleep(left)
        left = request.polled_at + seconds - time.monotonic()
