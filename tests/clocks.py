"""Time as tests see it: clocks that they move, and how long they wait before they call it a hang.

No test judges by the clock on the wall, which goes on while a busy machine does something else.
What is about time runs on a clock of the test's own; what is about an order waits for it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Final
from unittest.mock import patch

from tests.samples import AT

HANG_SECONDS: Final = 240.0
"""How long a test waits for what must come. It ends a hang; no result depends on it."""


class Clock:
    """A clock that shows one moment until the test moves it."""

    def __init__(self, at: datetime = AT) -> None:
        self.at = at

    def __call__(self) -> datetime:
        """Return what time it is here."""
        return self.at

    def seconds(self) -> float:
        """Return the same in seconds since 1970."""
        return self.at.timestamp()

    def pass_(self, seconds: float) -> None:
        """Let so many seconds pass."""
        self.at += timedelta(seconds=seconds)


class Hour:
    """A clock that runs like any other from the hour that it is set to."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def __call__(self) -> datetime:
        """Return what time it is here."""
        return datetime.now(UTC) + self._ahead

    def set(self, text: str) -> None:
        """Let it be that moment, given in UTC, from now on."""
        self._ahead = datetime.fromisoformat(text).replace(tzinfo=UTC) - datetime.now(UTC)


@contextmanager
def leaping() -> Iterator[Callable[[], float]]:
    """Let the running loop's time stand still while there is work, and leap to what is due next.

    Gives that time, in seconds from 0. Pauses take none of the machine's time, and end exactly when
    they should; a wait for what nothing will bring fails at once. For tests without sockets,
    threads and processes: what those are at looks like nothing to do.
    """
    loop = asyncio.get_running_loop()
    selector = vars(loop)["_selector"]
    look = selector.select
    now = 0.0

    def leap(wait: float | None = None) -> object:
        nonlocal now
        if wait is None:
            raise AssertionError("everybody waits, and nothing is going to happen")
        now += max(0.0, wait)
        return look(0)

    with patch.object(loop, "time", lambda: now), patch.object(selector, "select", leap):
        yield loop.time


async def until(is_so: Callable[[], Awaitable[object]], what: str = "it") -> None:
    """Wait until `await is_so()` is true, which nobody tells.

    Raises:
        TimeoutError: it never is; names `what`.
    """
    try:
        async with asyncio.timeout(HANG_SECONDS):
            while not await is_so():  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise TimeoutError(f"{what} did not happen in {HANG_SECONDS:g} s") from None
