"""Delivers alerts: lease, commit, send outside any transaction, settle in small commits.

Telegram has no key against doubles. So none is lost, and a crash doubles at most as many as were
in flight: leased and not yet settled. That is never more than `window`.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock, now
from bot.services.alerts.parcel_assembly import ParcelAssembly
from bot.services.alerts.parcels import Parcel, Post, Posted
from db.alerts import deliveries
from db.engine import Database
from db.records.alerts import DeliveryState, Settled

SETTLE_AFTER_SECONDS: Final = 0.25
"""How long an ended delivery waits, at most, for others to be settled with."""

RETRIES: Final = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=5))
"""After how long a delivery that failed is tried again; the last of them over and over."""

GIVEN_UP_AFTER: Final = 75
"""Attempts after which a delivery counts as refused: six hours, longer than servers are down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """What one transaction leased, and what of it may leave now."""

    claimed: int
    parcels: list[Parcel]


class Deliveries:
    """Sends what is due, until nothing is."""

    def __init__(
        self, database: Database, post: Post, *, window: int = 8, clock: Clock = now
    ) -> None:
        self._database = database
        self._post = post
        self._window = window
        self._clock = clock
        self._busy = asyncio.Lock()
        self._packing = ParcelAssembly()
        self._is_stopping = False
        self._failed_in_a_row = 0  # a whole window of them: the other side is down

    @property
    def window(self) -> int:
        """How many may be in flight: those that a crash may double."""
        return self._window

    async def begin(self) -> int:
        """Take over what a former process left in flight; return how many may come twice."""
        async with self._database.writing() as session:
            return await deliveries.void_leases(session)

    def stop(self) -> None:
        """Lease no more: what is in flight lands and is settled, the next process goes on."""
        self._is_stopping = True

    async def tick(self) -> None:
        """Send everything that is due; nothing where another tick is at it already.

        While nothing gets through, a tick tries one.
        """
        if self._busy.locked() or self._post.closed or self._is_stopping:
            return
        async with self._busy:
            await self._work()

    async def _work(self) -> None:
        flying: dict[asyncio.Task[Posted], Parcel] = {}
        try:
            ended: list[Settled] = []
            room = self._window if self._failed_in_a_row < self._window else 1
            while True:
                turn = await self._turn(ended, room=room)
                for parcel in turn.parcels:
                    flying[asyncio.create_task(self._post.carry(parcel))] = parcel
                if not flying and not turn.claimed:
                    return
                ended = await self._landed(flying) if flying else []
                room = self._room(len(flying))
        finally:
            for task in flying:
                task.cancel()

    def _room(self, flying: int) -> int:
        """Return how many more may leave in this tick: none while nothing gets through."""
        if self._post.closed or self._is_stopping or self._failed_in_a_row >= self._window:
            return 0
        return self._window - flying

    async def _landed(self, flying: dict["asyncio.Task[Posted]", Parcel]) -> list[Settled]:
        """Wait until half the window has landed, or a moment after the first has."""
        enough = max(1, min(len(flying), self._window // 2))
        done, _ = await asyncio.wait(flying, return_when=asyncio.FIRST_COMPLETED)
        loop = asyncio.get_running_loop()
        until = loop.time() + SETTLE_AFTER_SECONDS
        while len(done) < enough and loop.time() < until:
            more, _ = await asyncio.wait(
                set(flying) - done,
                timeout=until - loop.time(),
                return_when=asyncio.FIRST_COMPLETED,
            )
            done |= more
        at = self._clock()
        ended: list[Settled] = []
        for task in done:
            posted = task.result()
            failed = posted.state is DeliveryState.WAITING and posted.after is None
            self._failed_in_a_row = self._failed_in_a_row + 1 if failed else 0
            ended += _settled(flying.pop(task), posted, at)
        return ended

    async def _turn(self, ended: Sequence[Settled], *, room: int) -> "_Turn":
        """Settle what has ended and lease what comes next, in one transaction."""
        at = self._clock()
        async with self._database.writing() as session:
            await deliveries.settle(session, ended, at=at)
            for each in ended:
                if each.state is DeliveryState.GONE:
                    await deliveries.lose_chat_of(session, each.delivery_id, at=at)
            claimed = await deliveries.claim(session, at=at, limit=room)
            parcels = await self._packing.pack(session, claimed, at)
        return _Turn(claimed=len(claimed), parcels=parcels)


def _settled(parcel: Parcel, posted: Posted, at: datetime) -> list[Settled]:
    """Return how the deliveries of a parcel ended: all of them alike."""
    state, again = posted.state, None
    arrived = posted.message_id is not None
    attempts = parcel.delivery.attempts
    if state is DeliveryState.WAITING:
        put_off = posted.after is not None and not arrived
        if put_off or attempts < GIVEN_UP_AFTER:
            again = at + (posted.after or RETRIES[min(attempts, len(RETRIES)) - 1])
        else:
            state = DeliveryState.SENT if arrived else DeliveryState.REFUSED
    all_of_it = (parcel.delivery, *parcel.also)
    return [
        Settled(
            delivery_id=each.id,
            state=state,
            message_id=posted.message_id,
            version=parcel.versions[each.id] if arrived else None,
            edited=posted.edited,
            unsure=posted.unsure,
            # What has arrived and is still to be mended is not tried for ever.
            put_off=posted.after is not None and not arrived,
            together=len(all_of_it) > 1 or (again is not None and each.together),
            retry_at=again,
        )
        for each in all_of_it
    ]
