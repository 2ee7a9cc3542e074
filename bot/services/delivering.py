"""Delivers alerts: lease, commit, send outside any transaction, settle in small commits.

Telegram has no key against doubles. So none is lost, and a crash doubles at most as many as were
in flight: leased and not yet settled. That is never more than `window`.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.clock import Clock, now
from bot.services.quiet import quiet_until
from db import alerts, deliveries, exchanges, facts, story
from db.engine import Database, Session
from db.records import Fact, FactVersion, Story
from db.records.alerts import Alert, AlertKind, Delivery, DeliveryState, Settled

SETTLE_EVERY_SECONDS: Final = 0.05
"""How long an ended delivery waits for others to be settled with."""

RETRIES: Final = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=5))
"""After how long a delivery that failed is tried again; then it counts as refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """All that is needed to tell one alert in one chat."""

    delivery: Delivery
    alert: Alert
    fact: Fact  # at the version that the alert tells, or as it stands now where that is newer
    was: FactVersion | None  # what it replaces
    story: Story
    silent: bool
    edits: tuple[int, ...]  # a correction: messages of ours that told the error
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What became of a parcel."""

    state: DeliveryState  # WAITING: not sent, try again later
    message_id: int | None = None
    after: timedelta | None = None  # WAITING: told to wait so long; None: it failed


class Post(Protocol):
    """What carries parcels to their chats, at the pace that is allowed; never raises."""

    async def carry(self, parcel: Parcel) -> Posted:
        """Send one parcel and return what became of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Telling:
    """What an alert tells, read once for all its parcels of one claim."""

    alert: Alert
    fact: Fact
    was: FactVersion | None


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
        """Wait until some have landed, and a moment more for others to share their commit."""
        done, _ = await asyncio.wait(flying, return_when=asyncio.FIRST_COMPLETED)
        if len(done) < len(flying):
            more, _ = await asyncio.wait(
                set(flying) - done, timeout=SETTLE_EVERY_SECONDS, return_when=asyncio.ALL_COMPLETED
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
        current = await story.get(session) or story.UNNAMED
        told = await _tellings(session, {each.alert_id for each in claimed})
        parcels, unsent, postponed = [], [], []
        for delivery in claimed:
            telling = told.get(delivery.alert_id)
            if telling is None:
                unsent.append(Settled(delivery_id=delivery.id, state=DeliveryState.DROPPED))
                continue
            quiet = quiet_until(delivery.hours, at, zone=current.time_zone)
            if quiet is not None and not telling.alert.urgent:
                postponed.append((delivery.id, quiet))
                continue
            parcels.append(
                Parcel(
                    delivery=delivery,
                    alert=telling.alert,
                    fact=telling.fact,
                    was=telling.was,
                    story=current,
                    silent=quiet is not None,
                    edits=await _edits(session, telling.alert, delivery.chat_id),
                    at=at,
                )
            )
        await deliveries.settle(session, unsent, at=at)
        await deliveries.postpone(session, postponed)
        return parcels


async def _tellings(session: Session, numbers: set[int]) -> dict[int, _Telling]:
    found = {}
    for number, alert in (await alerts.by_ids(session, numbers)).items():
        fact = None if alert.fact_id is None else await facts.by_id(session, alert.fact_id)
        if fact is None:
            continue
        was = None
        if alert.was_version is not None:
            was = await facts.version(session, fact.id, alert.was_version)
        found[number] = _Telling(alert=alert, fact=fact, was=was)
    return found


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
