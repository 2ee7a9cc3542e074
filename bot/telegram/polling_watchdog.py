"""Keeps polling alive, and tells when it has ended for good."""

import asyncio
import json
import logging
import time
from collections.abc import Callable
from typing import Any, Final

from telegram import Update
from telegram.request import BaseRequest

logger = logging.getLogger(__name__)

REFUSALS: Final = 3
"""Refusals in a row after which the token is taken to be revoked; one may be a hiccup."""

SILENCE_SECONDS: Final = 180.0
"""Polling that asked for nothing in so long has ended, whatever its flags say."""

_REFUSED: Final = (401, 404)
_OPTIONAL: Final = b'{"ok":true,"result":true}'
_LATER: Final = (502, b'{"ok":false,"description":"Bad Gateway"}')
"""What makes PTB wait and ask again."""


class Watched(BaseRequest):
    """A request that keeps PTB from giving up where a bot should go on.

    One 401 or 404 to getUpdates ends PTB's polling without a word, and one to deleteWebhook keeps
    it from starting. Here the first is asked again until it was refused three times in a row
    (then `given_up` is called), and the second passes: a server without webhooks has none set.
    """

    def __init__(
        self,
        inner: BaseRequest,
        *,
        given_up: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._inner = inner
        self._given_up = given_up
        self._clock = clock
        self._refused = 0
        self._first: object = None  # update number of the last poll's first
        self._polled_at = self._clock()

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
            self._polled_at = self._clock()
        status, body = await self._inner.do_request(url, *args, **kwargs)
        if method == "deletewebhook" and (
            status in (*_REFUSED, 501) or (status < 300 and _result(body) is None)
        ):
            return 200, _OPTIONAL
        if method == "getupdates":
            self._polled_at = self._clock()
            return self._poll(status, body)
        return status, body

    async def silence(self, *, seconds: float = SILENCE_SECONDS) -> None:
        """Return when nothing has been polled for `seconds`."""
        while (left := self._polled_at + seconds - self._clock()) > 0:  # noqa: ASYNC110 - polls put it off
            await asyncio.sleep(left)

    def _poll(self, status: int, body: bytes) -> tuple[int, bytes]:
        if status in _REFUSED:
            self._refused += 1
            logger.warning("the server refused to give updates, time %d", self._refused)
            if self._refused >= REFUSALS:
                self._given_up()
            return _LATER
        self._refused = 0
        return self._readable(body) if 200 <= status <= 299 else (status, body)

    def _readable(self, body: bytes) -> tuple[int, bytes]:
        """Keep PTB from asking without a pause for what it cannot read."""
        updates = _result(body)
        if not isinstance(updates, list) or not all(isinstance(each, dict) for each in updates):
            logger.warning("the server gave something else than updates")
            return _LATER
        first = updates[0].get("update_id") if updates else None
        if first is not None and first == self._first:
            # The same again: one of them cannot be read, so none was confirmed.
            updates = [each if _is_update(each) else _blank(each) for each in updates]
            body = json.dumps({"ok": True, "result": updates}).encode()
        self._first = first
        return 200, body


def _is_update(item: dict[str, Any]) -> bool:
    try:
        Update.de_json(item, None)
    except Exception as error:  # noqa: BLE001 - whatever the server left out raises anything
        logger.error("an update cannot be read and is passed over: %s", type(error).__name__)
        return False
    return True


def _blank(item: dict[str, Any]) -> dict[str, Any]:
    """Return an update of no kind in its place: PTB confirms it and does nothing."""
    return {"update_id": item.get("update_id", 0)}


def _result(body: bytes) -> object:
    """Return the result of an answer; None where there is none."""
    try:
        answer = json.loads(body)
    except ValueError:
        return None
    return answer.get("result") if isinstance(answer, dict) else None
