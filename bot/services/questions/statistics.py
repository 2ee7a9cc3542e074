"""Counts what readers asked and what became of it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from bot.clock import Clock, now
from bot.errors import DeskError
from bot.services.rights import Actor, looking
from db import story
from db.answers import statistics
from db.engine import Database
from db.facts import facts
from db.records import Outcome, Story
from db.records.desk import Role
from db.subscriptions import subscriptions

UNANSWERED: Final = 5
MOST_BARS: Final = 31


class Period(StrEnum):
    """Since when is counted."""

    TODAY = "today"
    WEEK = "week"  # today and the six days before
    ALL = "all"


Counts: TypeAlias = Mapping[Outcome, int]
"""How many questions had which outcome; small talk is no question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """The questions of one hour, one day or some days."""

    label: str
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What readers asked in a period."""

    period: Period
    counts: Counts
    bars: tuple[Bar, ...]  # in order of time, those without questions included
    waiting: int  # readers who wait now
    wrong: int  # times that a reader said that a fact was not what they had asked
    unanswered: tuple[tuple[str, int], ...]  # question and readers, most readers first
    story: Story
    at: datetime

    @property
    def asked(self) -> int:
        """How many questions there were."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What the bot did in a day, in numbers alone."""

    facts: int
    subscribers: int
    asked: int
    answered: int
    waiting: int  # readers
    alerts: int  # that reached a chat


class Statistics:
    """Figures of the desk, and signs of life for its operator."""

    def __init__(self, database: Database, *, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock

    async def life(self) -> Life:
        """Return what the bot did in the last day."""
        since = self._clock() - timedelta(days=1)
        async with self._database.reading() as session:
            counts: Counter[Outcome] = Counter()
            for _, outcome, count in await statistics.outcomes(session, since):
                counts[outcome] += count
            return Life(
                facts=await facts.count(session),
                subscribers=await subscriptions.count(session),
                asked=counts.total() - counts[Outcome.SMALLTALK],
                answered=counts[Outcome.ANSWER],
                waiting=await statistics.waiting(session),
                alerts=await statistics.alerted(session, since),
            )

    async def figures(self, actor: Actor, period: Period | None) -> Figures:
        """Return the figures of a period; None stands for one that was not understood.

        Raises:
            NotAllowed: only editors see the figures.
            DeskError: the period is not understood.
        """
        at = self._clock()
        async with looking(self._database, actor, Role.EDITOR, "stats.read", at=at) as session:
            if period is None:
                raise DeskError("Write /stats, /stats week or /stats all.")
            current = await story.get(session) or story.UNNAMED
            zone = ZoneInfo(current.time_zone)
            since = _since(period, at.astimezone(zone))
            offset = at.astimezone(zone).utcoffset() or timedelta(0)
            counted = await statistics.outcomes(
                session, since, by_minute=bool(offset % timedelta(hours=1))
            )
            asked = [
                (when.astimezone(zone), outcome, count)
                for when, outcome, count in counted
                if outcome is not Outcome.SMALLTALK
            ]
            return Figures(
                period=period,
                counts=_sum((outcome, count) for _, outcome, count in asked),
                bars=_bars(period, asked, at.astimezone(zone)),
                waiting=await statistics.waiting(session),
                wrong=await statistics.wrong(session, since),
                unanswered=tuple(await statistics.unanswered(session, since, limit=UNANSWERED)),
                story=current,
                at=at,
            )


_Asked: TypeAlias = Sequence[tuple[datetime, Outcome, int]]


def _since(period: Period, there: datetime) -> datetime | None:
    if period is Period.ALL:
        return None
    days = 0 if period is Period.TODAY else 6
    return datetime.combine(there.date() - timedelta(days=days), time(), there.tzinfo)


def _bars(period: Period, asked: _Asked, there: datetime) -> tuple[Bar, ...]:
    if period is Period.TODAY:
        return tuple(
            Bar(
                label=f"{hour:02}",
                counts=_sum((outcome, n) for when, outcome, n in asked if when.hour == hour),
            )
            for hour in range(24)
        )
    today = there.date()
    first = today - timedelta(days=6)
    if period is Period.ALL:
        first = min((when.date() for when, _, _ in asked), default=today)
    return _by_days(asked, first, today)


def _by_days(asked: _Asked, first: date, last: date) -> tuple[Bar, ...]:
    """Return a bar for each day, or for so many days that the bars are not too many."""
    days = (last - first).days + 1
    width = -(-days // MOST_BARS)
    those: list[Counter[Outcome]] = [Counter() for _ in range(-(-days // width))]
    for when, outcome, count in asked:
        # A question dated tomorrow, by a clock set back since, counts as today's.
        number = min((when.date() - first).days // width, len(those) - 1)
        those[number][outcome] += count
    starts = [first + timedelta(days=number * width) for number in range(len(those))]
    return tuple(
        Bar(label=f"{start.day} {start:%b}", counts=dict(counts))
        for start, counts in zip(starts, those, strict=True)
    )


def _sum(pairs: Iterable[tuple[Outcome, int]]) -> Counts:
    total: Counter[Outcome] = Counter()
    for outcome, count in pairs:
        total[outcome] += count
    return dict(total)
