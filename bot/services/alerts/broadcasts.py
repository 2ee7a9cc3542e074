"""Broadcasts alerts: decides when one goes out, and gives it to everybody who shall hear it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from bot.clock import Clock, now
from bot.services.alerts.announcements import HOLD
from bot.services.subscriptions.quiet_hours import quiet_until
from db import story
from db.alerts import alerts, deliveries, recipients, tallies
from db.answers import told_chats
from db.engine import Database, Session
from db.facts import changes, facts
from db.records import Fact, Weight
from db.records.alerts import (
    Alert,
    AlertKind,
    AlertState,
    Audience,
    DeliveryState,
    Level,
    Wrong,
)

Portion: TypeAlias = Callable[[Session, int | None], Awaitable[int | None]]
"""Gives an alert to those after a number; returns where to go on, None at the end."""

PATIENCE: Final = timedelta(minutes=1)
"""For how long news waits for somebody who is to hear the correction of an error first."""


class Broadcasts:
    """Fans alerts out. Everything is stateless over the database: whatever stops, goes on."""

    def __init__(self, database: Database, *, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock
        self._busy = asyncio.Lock()

    async def tick(self) -> None:
        """Fan out what is due, drop what was stopped, and finish what has been sent.

        At once where another tick is at it already, as after the import of thousands.
        """
        if self._busy.locked():
            return
        async with self._busy:
            await self._work()

    async def bring_forward(self) -> int:
        """Let what was made before the clock was set back go out in time; return how much it is."""
        at = self._clock()
        async with self._database.writing() as session:
            held = await alerts.bring_forward(session, at, until=at + HOLD)
            return held + await deliveries.bring_forward(session, at)

    async def _work(self) -> None:
        at = self._clock()
        async with self._database.reading() as session:
            due = await alerts.due(session, at)
            dropped = await tallies.to_drop(session)
            finished = await tallies.settled_alerts(session)
        for number in dropped:
            await turn_all(self._database, number, DeliveryState.WAITING, DeliveryState.DROPPED)
        for number in finished:
            await self._moved(number, [AlertState.SENDING], AlertState.DONE)
        for alert in due:
            if alert.kind is AlertKind.CORRECTION:
                await self._correct(alert, at)
            elif not await self._waits_for_correction(alert, at):
                await self._fan_out(alert, at)

    async def _correct(self, alert: Alert, at: datetime) -> None:
        """Give a correction to everybody who was told the error."""
        async with self._database.reading() as session:
            wrong = await told_chats.wrong_of(session, alert)
            told_by = [
                (each, number)
                for each in wrong
                for number in await told_chats.alerts_that_told(session, alert, each)
            ]
        await self._portions(_to_askers(alert, wrong, at))
        for each, number in told_by:
            await self._portions(_to_alerted(alert, each, number, at))
        await self._moved(alert.id, alerts.UNSENT, AlertState.SENDING)

    async def _waits_for_correction(self, alert: Alert, at: datetime) -> bool:
        """Return whether somebody who was told the error has not heard that it was one.

        They come first, except those who cannot be reached just now.
        """
        if alert.fact_id is None:
            return False
        async with self._database.reading() as session:
            for open_one in await alerts.of_fact(
                session, alert.fact_id, AlertKind.CORRECTION, alerts.ON_THEIR_WAY
            ):
                if open_one.state is not AlertState.SENDING:
                    return True
                if await tallies.is_any_left(session, open_one.id, due_by=at + PATIENCE):
                    return True
        return False

    async def _fan_out(self, alert: Alert, at: datetime) -> None:
        async with self._database.reading() as session:
            fact = None if alert.fact_id is None else await facts.by_id(session, alert.fact_id)
            zone = (await story.get(session) or story.UNNAMED).time_zone
            themes = await themes_of(session, alert, fact)
            wishes = await recipients.audiences(session) if themes else []
            for wish in wishes:
                if any(hears(wish, theme) for theme in themes):
                    due = _due(wish, alert, at, zone)
                    await self._portions(_to_subscribers(alert, wish, at, due))
        if fact is not None:
            await self._portions(_to_followers(alert, at))
        await self._moved(alert.id, alerts.UNSENT, AlertState.SENDING)

    async def _portions(self, give: Portion) -> None:
        after: int | None = None
        while True:
            async with self._database.writing() as session:
                after = await give(session, after)
            if after is None:
                return

    async def _moved(
        self, alert_id: int, was: "list[AlertState] | tuple[AlertState, ...]", becomes: AlertState
    ) -> bool:
        async with self._database.writing() as session:
            return await alerts.move(session, alert_id, was=was, becomes=becomes)


async def turn_all(
    database: Database, alert_id: int, was: DeliveryState, becomes: DeliveryState
) -> None:
    """Change the state of all deliveries of an alert, a portion at a time."""
    turned = deliveries.PORTION
    while turned >= deliveries.PORTION:
        async with database.writing() as session:
            turned = await deliveries.turn_all(session, alert_id, was=was, becomes=becomes)


async def themes_of(
    session: Session, alert: Alert, fact: Fact | None
) -> Sequence[Fact | changes.Theme]:
    """Return what decides which subscribers hear an alert; nothing where none does."""
    if alert.kind in (AlertKind.CORRECTION, AlertKind.FOLLOWED):
        return []
    if alert.batch_id is not None and alert.is_import:
        return await changes.themes_of_import(session, alert.batch_id)
    if alert.since is not None:
        return await changes.themes(session, alert.since, alert.made_at)
    return [] if fact is None else [fact]


def hears(wish: Audience, fact: Fact | changes.Theme) -> bool:
    """Return whether those of this wish hear of `fact` at once."""
    loud_enough = wish.level is Level.EVERY or (
        wish.level is Level.BIG and fact.weight is Weight.BIG
    )
    return loud_enough and (not wish.topics or bool(set(wish.topics) & set(fact.topics)))


def _due(wish: Audience, alert: Alert, at: datetime, zone: str) -> datetime:
    """Return when those of this wish may hear an alert: in the morning, unless it is urgent."""
    until = None if alert.urgent else quiet_until(wish.hours, at, zone=zone)
    return until or at


def _to_subscribers(alert: Alert, wish: Audience, at: datetime, due_at: datetime) -> Portion:
    async def give(session: Session, after: int | None) -> int | None:
        return await recipients.to_subscribers(
            session, alert, wish, at=at, due_at=due_at, after=after
        )

    return give


def _to_followers(alert: Alert, at: datetime) -> Portion:
    async def give(session: Session, after: int | None) -> int | None:
        return await recipients.to_followers(session, alert, at=at, after=after)

    return give


def _to_askers(alert: Alert, wrong: Sequence[Wrong], at: datetime) -> Portion:
    async def give(session: Session, before: int | None) -> int | None:
        return await told_chats.to_askers(session, alert, wrong, due_at=at, before=before)

    return give


def _to_alerted(alert: Alert, wrong: Wrong, by: int, at: datetime) -> Portion:
    async def give(session: Session, after: int | None) -> int | None:
        return await told_chats.to_alerted(session, alert, wrong, by, due_at=at, after=after)

    return give
