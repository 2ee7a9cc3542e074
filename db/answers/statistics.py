"""Figures about what readers asked; reading alone."""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import String, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.records import Outcome
from db.records.alerts import DeliveryState
from db.records.desk import Wait
from db.tables.alerts import DeliveryRow
from db.tables.desk import DeskQuestionRow, FeedbackRow, WaitingReaderRow
from db.tables.story import ExchangeRow

HOUR = len("2025-05-20 14")
MINUTE = len("2025-05-20 14:30")


async def outcomes(
    session: AsyncSession, since: datetime | None, *, by_minute: bool = False
) -> list[tuple[datetime, Outcome, int]]:
    """Return how many messages had which outcome in each hour in UTC that had any.

    From `since` on, and by minutes for story zones that are not whole hours from UTC.
    """
    digits = MINUTE if by_minute else HOUR
    # Times are stored as text that begins so, which every database can cut.
    when = func.substr(cast(ExchangeRow.asked_at, String), 1, digits)
    query = (
        select(when, ExchangeRow.outcome, func.count())
        .group_by(when, ExchangeRow.outcome)
        .order_by(when)
    )
    if since is not None:
        query = query.where(ExchangeRow.asked_at >= since)
    rows = await session.execute(query)
    return [(_time(text), outcome, count) for text, outcome, count in rows]


async def alerted(session: AsyncSession, since: datetime) -> int:
    """Return how many alerts reached a chat since then."""
    row = DeliveryRow
    query = select(func.count()).where(
        row.state == DeliveryState.SENT, row.settled_at >= since, row.message_id.is_not(None)
    )
    return (await session.execute(query)).scalar_one()


async def wrong(session: AsyncSession, since: datetime | None) -> int:
    """Return how often readers said that a fact was not what they had asked."""
    query = select(func.count()).select_from(FeedbackRow)
    if since is not None:
        query = query.where(FeedbackRow.at >= since)
    return (await session.execute(query)).scalar_one()


async def waiting(session: AsyncSession) -> int:
    """Return how many readers wait for an answer of the desk."""
    query = select(func.count()).where(WaitingReaderRow.state == Wait.WAITING)
    return (await session.execute(query)).scalar_one()


async def unanswered(
    session: AsyncSession,
    since: datetime | None,
    *,
    states: Collection[Wait] = (Wait.WAITING, Wait.GIVEN_UP, Wait.EXPIRED),
    limit: int,
) -> list[tuple[str, int]]:
    """Return the passed-on questions that most readers asked in vain, and how many they were.

    Their words are without personal data: they are stored so.
    """
    readers = func.count(WaitingReaderRow.id)
    query = (
        select(DeskQuestionRow.question, readers)
        .join(WaitingReaderRow, WaitingReaderRow.question_id == DeskQuestionRow.id)
        .where(DeskQuestionRow.state.in_(states), WaitingReaderRow.state.in_(states))
        .group_by(DeskQuestionRow.id, DeskQuestionRow.question)
        .order_by(readers.desc(), DeskQuestionRow.id)
        .limit(limit)
    )
    if since is not None:
        query = query.where(WaitingReaderRow.since >= since)
    rows = await session.execute(query)
    return [(question, count) for question, count in rows]


def _time(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00" if len(text) == HOUR else text).replace(tzinfo=UTC)
