"""Feedback: readers who said that a fact was not what they had asked."""

from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.records.desk import Feedback
from db.tables.desk import FeedbackRow
from db.types import storable

WORDS_LIMIT = 1000


async def give(session: AsyncSession, feedback: Feedback) -> None:
    """Keep what a reader said; one feedback on each exchange."""
    known = select(FeedbackRow.exchange_id).where(FeedbackRow.exchange_id == feedback.exchange_id)
    if (await session.execute(known)).scalar_one_or_none() is not None:
        return
    await session.execute(
        insert(FeedbackRow).values(
            exchange_id=feedback.exchange_id,
            fact_id=feedback.fact_id,
            words=storable(feedback.words, WORDS_LIMIT),
            at=feedback.at,
        )
    )


async def unsettled(session: AsyncSession, *, limit: int) -> list[Feedback]:
    """Return what no editor has settled yet, the oldest first."""
    rows = await session.execute(
        select(FeedbackRow)
        .where(FeedbackRow.settled_at.is_(None))
        .order_by(FeedbackRow.exchange_id)
        .limit(limit)
    )
    return [
        Feedback(exchange_id=row.exchange_id, fact_id=row.fact_id, words=row.words, at=row.at)
        for row in rows.scalars()
    ]


async def count(session: AsyncSession) -> int:
    """Return how much no editor has settled yet."""
    query = select(func.count()).select_from(FeedbackRow).where(FeedbackRow.settled_at.is_(None))
    return (await session.execute(query)).scalar_one()


async def settle(session: AsyncSession, *, first: int, last: int, at: datetime, by: int) -> int:
    """Settle what came with exchanges `first` to `last`; return how much that was."""
    settled = await session.execute(
        update(FeedbackRow)
        .where(
            FeedbackRow.exchange_id.between(first, last),
            FeedbackRow.settled_at.is_(None),
        )
        .values(settled_at=at, settled_by=by)
        .returning(FeedbackRow.exchange_id)
    )
    return len(settled.all())
