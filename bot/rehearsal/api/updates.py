"""The queue of updates that a bot fetches with getUpdates."""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from bot.rehearsal.api.refusals import Refused, bad

DAY: Final = 24 * 60 * 60
LIFETIMES: Final = {"callback_query": 150, "inline_query": 30, "chosen_inline_result": 600}
"""Seconds after which an update that nobody fetched is dropped; a day for every other kind."""

KINDS: Final = frozenset(
    [
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "my_chat_member",
        "chat_member",
        "message_reaction",
        "message_reaction_count",
        "poll",
        "poll_answer",
        "shipping_query",
        "pre_checkout_query",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "purchased_paid_media",
        "managed_bot",
    ]
)
ON_REQUEST: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Kinds that a bot gets only if it names them in `allowed_updates`."""

LONGEST_POLL: Final = 50.0
CONFLICT_PAUSE: Final = 3.0
"""Seconds for which the server holds back a second conflict after the first."""

OTHER_POLL: Final = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)


@dataclass(kw_only=True, eq=False)
class Update:
    """One update that waits to be confirmed."""

    id: int
    kind: str
    payload: dict[str, Any]
    expires: float
    is_fetched: bool = False
    is_repeated: bool = False
    """It comes once more, whatever offset is asked for."""

    def json(self) -> dict[str, Any]:
        """Return it as an `Update`."""
        return {"update_id": self.id, self.kind: self.payload}


class UpdateQueue:
    """Updates in order; forgotten only when a later offset passes them or they are too old."""

    def __init__(self, *, now: Callable[[], float]) -> None:
        """Start empty; `now` gives the server's time in seconds since 1970."""
        self._now = now
        self._ids = itertools.count(100_000_001)
        self._waiting: list[Update] = []
        self._confirmed: list[Update] = []
        self._allowed = KINDS - ON_REQUEST
        self._poll: asyncio.Future[bool] | None = None
        self._next_conflict = 0.0
        self._last_offset: int | None = None
        self._last_start = 0.0
        self.repeat_pause = 0.0
        """Seconds that a poll waits at least if it repeats the offset of a recent one.

        The real server takes 3; at 0 a bot under test stops at once.
        """
        self.is_closed = False
        self.fetches = 0

    def put(self, kind: str, payload: dict[str, Any]) -> Update | None:
        """Add an update and wake the poll; None if the bot does not want this kind."""
        if kind not in self._allowed:
            return None
        expires = self._now() + LIFETIMES.get(kind, DAY)
        update = Update(id=next(self._ids), kind=kind, payload=payload, expires=expires)
        self._waiting.append(update)
        self._wake()
        return update

    @property
    def pending(self) -> list[Update]:
        """The updates that were not confirmed yet, oldest first."""
        self._drop_old()
        return list(self._waiting)

    @property
    def unfetched(self) -> int:
        """How many updates no poll has carried away yet."""
        return sum(not update.is_fetched for update in self.pending)

    def clear(self) -> None:
        """Forget everything that waits."""
        self._waiting.clear()

    def repeat(self, *ids: int) -> None:
        """Deliver confirmed updates once more: those named, else the one confirmed last."""
        again = [update for update in self._confirmed if update.id in ids] or self._confirmed[-1:]
        for update in again:
            update.is_fetched, update.is_repeated = False, True
        self._waiting = again + [update for update in self._waiting if update not in again]
        self._wake()

    def deliver_twice(self, ids: list[int]) -> None:
        """Let updates that were just handed out come once more after they are confirmed."""
        for update in self._waiting:
            if update.id in ids:
                update.is_fetched, update.is_repeated = False, True

    def reverse(self) -> None:
        """Put what waits into the opposite order."""
        self._waiting.reverse()

    def close(self) -> None:
        """End the poll that waits; later polls return at once."""
        self.is_closed = True
        self._wake()

    async def fetch(
        self, *, offset: int, limit: int, timeout_s: float, allowed: list[str] | None
    ) -> list[dict[str, Any]]:
        """Return up to `limit` updates, waiting up to `timeout_s` seconds for the first.

        Raises:
            Refused: 409, another poll began meanwhile.
        """
        self._end_other_poll()
        self._allow(allowed)
        self._confirm(offset)
        limit = min(limit, 100) if limit > 0 else 100
        timeout_s = min(max(timeout_s, 0.0), LONGEST_POLL)
        loop = asyncio.get_running_loop()
        if offset == self._last_offset:
            since = loop.time() - self._last_start
            if since < self.repeat_pause:
                timeout_s = max(timeout_s, self.repeat_pause)
            if since < 0.5:
                limit = 1
        self._last_offset, self._last_start = offset, loop.time()
        if not self.pending and timeout_s > 0 and not self.is_closed:
            await self._wait(timeout_s)
        batch = self.pending[:limit]
        for update in batch:
            update.is_fetched, update.is_repeated = True, False
        self.fetches += 1
        return [update.json() for update in batch]

    async def _wait(self, seconds: float) -> None:
        poll: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._poll = poll
        try:
            async with asyncio.timeout(seconds):
                is_mine = await poll
        except TimeoutError:
            return
        finally:
            if self._poll is poll:
                self._poll = None
        if not is_mine:
            await self._conflict()

    async def _conflict(self) -> None:
        now = asyncio.get_running_loop().time()
        if now < self._next_conflict:
            await asyncio.sleep(CONFLICT_PAUSE)
        else:
            self._next_conflict = now + CONFLICT_PAUSE
        raise Refused(409, OTHER_POLL)

    def _end_other_poll(self) -> None:
        if self._poll and not self._poll.done():
            self._poll.set_result(False)

    def _wake(self) -> None:
        if self._poll and not self._poll.done():
            self._poll.set_result(True)

    def _allow(self, allowed: list[str] | None) -> None:
        """Remember which kinds the bot wants; an empty list means the default again."""
        if allowed is None:
            return
        if not all(isinstance(kind, str) for kind in allowed):
            raise bad("can't parse allowed_updates: expected an Array of String")
        self._allowed = frozenset(allowed) & KINDS or KINDS - ON_REQUEST

    def _confirm(self, offset: int) -> None:
        """Forget what lies before `offset`; a negative one keeps as many from the end."""
        waiting = self.pending
        first = waiting[offset].id if -len(waiting) <= offset < 0 else max(offset, 0)
        kept = [update for update in waiting if update.id >= first or update.is_repeated]
        self._confirmed += [
            update for update in waiting if update.id < first and not update.is_repeated
        ]
        self._waiting = kept

    def _drop_old(self) -> None:
        now = self._now()
        self._waiting = [update for update in self._waiting if update.expires > now]
