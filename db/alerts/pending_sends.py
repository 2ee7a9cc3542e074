"""Sends that a restored backup holds: they may have gone out since, so that the desk decides."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import updates
from db.alerts import alerts, deliveries
from db.records.alerts import Alert, AlertState, Level, PendingSends
from db.records.desk import Wait
from db.tables.alerts import AlertRow, DeliveryRow, SubscriptionRow
from db.tables.desk import DeskQuestionRow, WaitingReaderRow

_ENDED: Final = (Wait.ANSWERED, Wait.GIVEN_UP, Wait.EXPIRED)


async def hold(session: AsyncSession, *, at: datetime) -> PendingSends:
    """Let nothing go out that was under way when a backup was made, and return what that is.

    Daily summaries begin anew at `at`: what changed before may have been told.
    """
    await deliveries.void_leases(session)
    await session.execute(
        update(AlertRow)
        .where(AlertRow.state.in_(alerts.ON_THEIR_WAY))
        .values(state=AlertState.REVIEW, desk_chat_id=None, desk_message_id=None)
    )
    reader = WaitingReaderRow
    await session.execute(
        update(reader)
        .where(reader.state.in_(_ENDED), reader.told_at.is_(None))
        .values(state=Wait.REVIEW)
    )
    await session.execute(
        update(SubscriptionRow)
        .where(SubscriptionRow.ended_at.is_(None), SubscriptionRow.level == Level.SUMMARY)
        .values(summed_at=at)
    )
    open_updates = [each.id for each in await updates.unfinished(session)]
    await updates.set_aside(session, open_updates)
    held = await pending(session)
    return PendingSends(
        alerts=held.alerts, chats=held.chats, readers=held.readers, updates=len(open_updates)
    )


async def pending(session: AsyncSession) -> PendingSends:
    """Return what waits for a decision of the desk."""
    under_review = select(AlertRow.id).where(AlertRow.state == AlertState.REVIEW)
    chats = select(func.count(DeliveryRow.chat_id.distinct())).where(
        DeliveryRow.alert_id.in_(under_review), DeliveryRow.state.in_(deliveries.OPEN)
    )
    readers = select(func.count()).where(WaitingReaderRow.state == Wait.REVIEW)
    return PendingSends(
        alerts=len((await session.execute(under_review)).scalars().all()),
        chats=(await session.execute(chats)).scalar_one(),
        readers=(await session.execute(readers)).scalar_one(),
    )


async def alerts_under_review(session: AsyncSession) -> Sequence[Alert]:
    """Return the alerts that wait for a decision, the oldest first."""
    return await alerts.in_state(session, (AlertState.REVIEW,))


async def release(session: AsyncSession, *, at: datetime) -> None:
    """Let everything go out to those who have not got it, as far as the backup knows."""
    await session.execute(
        update(AlertRow)
        .where(AlertRow.state == AlertState.REVIEW)
        .values(state=AlertState.DUE, hold_until=at)  # due: not everybody may have been found
    )
    await _end_review_of_readers(session, told_at=None)


async def drop(session: AsyncSession, *, at: datetime) -> None:
    """Let nothing of it go out; whoever has not got it never will."""
    await session.execute(
        update(AlertRow)
        .where(AlertRow.state == AlertState.REVIEW)
        .values(state=AlertState.STOPPED, desk_saw_end=True)
    )
    await _end_review_of_readers(session, told_at=at)


async def _end_review_of_readers(session: AsyncSession, *, told_at: datetime | None) -> None:
    """Give readers under review the state of their question, which they share."""
    reader, question = WaitingReaderRow, DeskQuestionRow
    theirs = select(question.state).where(question.id == reader.question_id).scalar_subquery()
    await session.execute(
        update(reader).where(reader.state == Wait.REVIEW).values(state=theirs, told_at=told_at)
    )
