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
from bot.services import tidings
from bot.services.parcels import Parcel, Post, Posted, Tidings
from bot.services.quiet import quiet_until
from db import deliveries, exchanges, story
from db.channels import HOURS as CHANNEL_HOURS
from db.engine import Database, Session
from db.records import ChatKind
from db.records.alerts import Alert, AlertKind, Delivery, DeliveryState, Settled

SETTLE_AFTER_SECONDS: Final = 0.25
"""How long an ended delivery waits, at most, for others to be settled with."""

RETRIES: Final = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=5))
"""After how long a delivery that failed is tried again; then it counts as refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """What one transaction leased, and what of it may leave now."""

    claimed: int
    parcels: list[Parcel]


class Delivering:
    """Sends what is due, until nothing is."""

    def __init__(
        self, database: Database, post: Post, *, window: int = 8, clock: Clock = now
    ) -> None:
        self._database = database
        self._post = post
        self._window = window
        self._clock = clock
        self._busy = asyncio.Lock()
        self._told: dict[int, tuple[Alert, Tidings]] = {}
        self._story = story.UNNAMED  # of the revision at which that was read

    async def begin(self) -> int:
        """Take over what a former process left in flight; return how many may come twice."""
        async with self._database.writing() as session:
            return await deliveries.void_leases(session)

    async def tick(self) -> None:
        """Send everything that is due; at once where another tick is at it already."""
        if self._busy.locked():
            return
        async with self._busy:
            await self._work()

    async def _work(self) -> None:
        flying: dict[asyncio.Task[Posted], Parcel] = {}
        try:
            ended: list[Settled] = []
            while True:
                turn = await self._turn(ended, room=self._window - len(flying))
                for parcel in turn.parcels:
                    flying[asyncio.create_task(self._post.carry(parcel))] = parcel
                if not flying and not turn.claimed:
                    return
                ended = await self._landed(flying) if flying else []
        finally:
            for task in flying:
                task.cancel()

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
        return [_settled(flying.pop(task), task.result(), at) for task in done]

    async def _turn(self, ended: Sequence[Settled], *, room: int) -> "_Turn":
        """Settle what has ended and lease what comes next, in one transaction."""
        at = self._clock()
        async with self._database.writing() as session:
            await deliveries.settle(session, ended, at=at)
            for each in ended:
                if each.state is DeliveryState.GONE:
                    await deliveries.lose_chat(session, each.delivery_id, at=at)
            claimed = await deliveries.claim(session, at=at, limit=room)
            parcels = await self._packed(session, claimed, at)
        return _Turn(claimed=len(claimed), parcels=parcels)

    async def _packed(
        self, session: Session, claimed: Sequence[Delivery], at: datetime
    ) -> list[Parcel]:
        if not claimed:
            return []
        told = await self._tellings(session, {each.alert_id for each in claimed})
        current = self._story
        parcels, unsent, postponed = [], [], []
        for delivery in claimed:
            if delivery.alert_id not in told:
                unsent.append(Settled(delivery_id=delivery.id, state=DeliveryState.DROPPED))
                continue
            alert, tells = told[delivery.alert_id]
            quiet = quiet_until(delivery.hours, at, zone=current.time_zone)
            if quiet is not None and not alert.urgent:
                postponed.append((delivery.id, quiet))
                continue
            parcels.append(
                Parcel(
                    delivery=delivery,
                    alert=alert,
                    tells=tells,
                    story=current,
                    silent=quiet is not None or _night(delivery, at, current.time_zone),
                    edits=await _edits(session, alert, delivery.chat_id),
                    at=at,
                )
            )
        await deliveries.settle(session, unsent, at=at)
        await deliveries.postpone(session, postponed)
        return parcels

    async def _tellings(
        self, session: Session, numbers: set[int]
    ) -> dict[int, tuple[Alert, Tidings]]:
        """Return what alerts tell, read again only when the story has moved on."""
        if self._story.revision != await story.revision(session):
            self._story, self._told = await story.get(session) or story.UNNAMED, {}
        if missing := numbers - self._told.keys():
            self._told |= await tidings.read(session, missing)
        return self._told


def _night(delivery: Delivery, at: datetime, zone: str) -> bool:
    """Return whether a channel is posted to without a sound: it has no hours of its own."""
    in_channel = delivery.kind is ChatKind.CHANNEL
    return in_channel and quiet_until(CHANNEL_HOURS, at, zone=zone) is not None


async def _edits(session: Session, alert: Alert, chat_id: int) -> tuple[int, ...]:
    """Return the messages in a chat that told the error which `alert` corrects."""
    if alert.kind is not AlertKind.CORRECTION or alert.fact_id is None:
        return ()
    return await exchanges.told_in(session, chat_id, alert.fact_id, alert.was_version)


def _settled(parcel: Parcel, posted: Posted, at: datetime) -> Settled:
    number = parcel.delivery.id
    if posted.state is not DeliveryState.WAITING:
        return Settled(delivery_id=number, state=posted.state, message_id=posted.message_id)
    if posted.after is not None:
        return Settled(delivery_id=number, state=DeliveryState.WAITING, retry_at=at + posted.after)
    if parcel.delivery.attempts > len(RETRIES):
        return Settled(delivery_id=number, state=DeliveryState.REFUSED)
    pause = RETRIES[parcel.delivery.attempts - 1]
    return Settled(delivery_id=number, state=DeliveryState.WAITING, retry_at=at + pause)
