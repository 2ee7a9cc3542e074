"""Figures count what readers asked, on the story's clock, for editors alone."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import DeskError, NotAllowed
from bot.services.questions.statistics import MOST_BARS, Period, Statistics
from db import story
from db.answers import exchanges
from db.desk import audit
from db.engine import Database
from db.facts import facts
from db.records import ChatKind, Lexicon, Outcome
from db.records.desk import Role, Wait
from db.subscriptions import chats
from db.tables.desk import DeskQuestionRow, FeedbackRow, WaitingReaderRow
from tests.factories import actor, draft, seat

ADA = 77
NOON = datetime(2025, 5, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def counting(database: Database) -> Statistics:
    return Statistics(database, clock=lambda: NOON)


async def in_zone(database: Database, zone: str) -> None:
    async with database.writing() as session:
        await story.save(
            session, title="x", about="x", time_zone=zone, language="en", lexicon=Lexicon()
        )


async def ask(database: Database, *asked: tuple[datetime, Outcome]) -> list[int]:
    async with database.writing() as session:
        await chats.remember(session, chat_id=5, kind=ChatKind.PRIVATE, title=None, at=NOON)
        return [
            await exchanges.record(
                session, chat_id=5, thread_id=None, question="?", outcome=outcome, asked_at=at
            )
            for at, outcome in asked
        ]


def ago(hours: float) -> datetime:
    return NOON - timedelta(hours=hours)


async def test_questions_are_counted_by_outcome_and_by_hour(
    database: Database, counting: Statistics
) -> None:
    ada = await seat(database, ADA)
    await in_zone(database, "Europe/Kyiv")  # three hours ahead: 15:00 there
    await ask(
        database,
        (ago(0), Outcome.ANSWER),
        (ago(0.5), Outcome.ANSWER),
        (ago(0.5), Outcome.SMALLTALK),
        (ago(14.9), Outcome.MISSING),  # 00:06 there, yesterday in UTC
        (ago(15.1), Outcome.OFF_TOPIC),  # yesterday there
    )
    figures = await counting.figures(ada, Period.TODAY)
    assert figures.counts == {Outcome.ANSWER: 2, Outcome.MISSING: 1}
    assert figures.asked == 3
    assert [bar.label for bar in figures.bars] == [f"{hour:02}" for hour in range(24)]
    there = {number: bar.counts for number, bar in enumerate(figures.bars) if bar.counts}
    assert there == {
        0: {Outcome.MISSING: 1},
        14: {Outcome.ANSWER: 1},
        15: {Outcome.ANSWER: 1},
    }


async def test_zones_that_are_no_whole_hours_away_are_counted_right(
    database: Database, counting: Statistics
) -> None:
    ada = await seat(database, ADA)
    await in_zone(database, "Asia/Kathmandu")  # 5:45 ahead: 17:45 there
    await ask(database, (ago(0), Outcome.ANSWER), (NOON + timedelta(minutes=14), Outcome.ANSWER))
    await ask(database, (NOON + timedelta(minutes=15), Outcome.MISSING))
    bars = (await counting.figures(ada, Period.TODAY)).bars
    assert bars[17].counts == {Outcome.ANSWER: 2}
    assert bars[18].counts == {Outcome.MISSING: 1}


async def test_a_week_has_seven_days_and_everything_not_too_many(
    database: Database, counting: Statistics
) -> None:
    ada = await seat(database, ADA)
    await ask(
        database,
        (ago(24 * 400), Outcome.ANSWER),
        (ago(24 * 7), Outcome.ANSWER),
        (ago(24 * 6), Outcome.UNKNOWN),
        (ago(1), Outcome.CHOOSE),
        (NOON + timedelta(days=2), Outcome.ANSWER),  # by a clock that was set back since
    )
    week = await counting.figures(ada, Period.WEEK)
    assert [bar.label for bar in week.bars] == [f"{day} May" for day in range(14, 21)]
    assert week.bars[0].counts == {Outcome.UNKNOWN: 1}
    assert week.bars[6].counts == {Outcome.CHOOSE: 1, Outcome.ANSWER: 1}
    everything = await counting.figures(ada, Period.ALL)
    assert everything.asked == 5
    assert sum(sum(bar.counts.values()) for bar in everything.bars) == 5
    assert len(everything.bars) <= MOST_BARS
    assert everything.bars[0].label == "15 Apr"


@pytest.mark.parametrize("period", list(Period))
async def test_nothing_asked_is_no_fault(
    database: Database, counting: Statistics, period: Period
) -> None:
    figures = await counting.figures(await seat(database, ADA), period)
    assert (figures.asked, figures.waiting, figures.wrong, figures.unanswered) == (0, 0, 0, ())
    assert figures.bars


async def test_readers_who_wait_and_complain_are_counted(
    database: Database, counting: Statistics
) -> None:
    ada = await seat(database, ADA)
    numbers = await ask(database, *[(ago(n), Outcome.MISSING) for n in range(9)])
    async with database.writing() as session:
        fact = await facts.add(session, draft(), editor=None, at=NOON)
        states = (Wait.WAITING, Wait.ANSWERED, Wait.GIVEN_UP)
        for number, state in enumerate(states, start=1):
            session.add(
                DeskQuestionRow(id=number, question=f"why {number}", state=state, opened_at=NOON)
            )
        await session.flush()
        waits = [
            (1, Wait.WAITING),
            (2, Wait.ANSWERED),
            (3, Wait.GIVEN_UP),
            (3, Wait.GIVEN_UP),
            (1, Wait.NEVER_MIND),
        ]
        for exchange, (question, wait) in zip(numbers, waits, strict=False):
            session.add(
                WaitingReaderRow(
                    question_id=question,
                    exchange_id=exchange,
                    chat_id=5,
                    words="why",
                    state=wait,
                    since=NOON,
                )
            )
        for exchange, hours in zip(numbers, (1, 2, 100), strict=False):
            session.add(
                FeedbackRow(exchange_id=exchange, fact_id=fact.id, words="?", at=ago(hours))
            )
    figures = await counting.figures(ada, Period.TODAY)
    assert (figures.waiting, figures.wrong) == (1, 2)
    assert figures.unanswered == (("why 3", 2), ("why 1", 1))
    assert (await counting.figures(ada, Period.ALL)).wrong == 3


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, None])
async def test_only_editors_see_the_figures(
    database: Database, counting: Statistics, role: Role | None
) -> None:
    ada = actor(ADA) if role is None else await seat(database, ADA, role)
    for period in (Period.TODAY, None):
        with pytest.raises(NotAllowed):
            await counting.figures(ada, period)
    async with database.reading() as session:
        entries = await audit.newest(session, limit=9)
    assert [(each.action, each.refused) for each in entries] == [("stats.read", True)] * 2


async def test_a_period_that_is_not_understood_is_told(
    database: Database, counting: Statistics
) -> None:
    with pytest.raises(DeskError, match="/stats week or /stats all"):
        await counting.figures(await seat(database, ADA), None)
