"""Summarises: one message a day for those who wish no more, only when something changed."""

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.clock import Clock, now
from bot.services.alerts import content
from db import story
from db.alerts import alerts, recipients, summaries
from db.alerts.summaries import Readership
from db.engine import Database
from db.records.alerts import Alert, AlertKind, AlertState

GRACE: Final = timedelta(hours=12)
"""A summary that is later than this is left to the next one, which tells everything."""


class Summaries:
    """Writes the outbox rows of summaries. Stateless: what was missed is made up for, once."""

    def __init__(self, database: Database, *, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock

    async def tick(self) -> None:
        """Write the summaries whose hour has come."""
        at = self._clock()
        async with self._database.reading() as session:
            zone = (await story.get(session) or story.UNNAMED).time_zone
            everybody = await summaries.readerships(session)
        for readers in everybody:
            moment = last_moment(readers, at, zone=zone)
            if moment > readers.told_until and at - moment <= GRACE:
                await self._write(readers, moment)

    async def _write(self, readers: Readership, moment: datetime) -> None:
        """Store one summary, and give it to its readers a portion at a time.

        Each portion is noted to have heard everything, so that whatever ends this half-way leaves
        the others to the next tick.
        """
        async with self._database.writing() as session:
            alert: Alert | None = await alerts.add_of_many(
                session,
                AlertKind.SUMMARY,
                since=readers.told_until,
                at=moment,
                hold_until=moment,
                topics=readers.topics,
            )
            assert alert is not None  # noqa: S101 - it was just stored
            changed = bool(await content.read(session, [alert.id]))
            becomes = AlertState.SENDING if changed else AlertState.SUPERSEDED
            await alerts.move(session, alert.id, was=alerts.UNSENT, becomes=becomes)
            alert = alert if changed else None  # nothing changed: nobody hears anything
            given = await recipients.to_readers(session, alert, readers, until=moment)
        while given == recipients.PORTION:
            async with self._database.writing() as session:
                given = await recipients.to_readers(session, alert, readers, until=moment)


def last_moment(readers: Readership, at: datetime, *, zone: str) -> datetime:
    """Return when the hour of these readers last struck, in UTC; never after `at`."""
    there = ZoneInfo(readers.zone or zone)
    day = at.astimezone(there).date()
    moment = datetime.combine(day, readers.summary_at, tzinfo=there).astimezone(UTC)
    if moment > at:
        before = datetime.combine(day - timedelta(days=1), readers.summary_at, tzinfo=there)
        moment = before.astimezone(UTC)
    return moment
