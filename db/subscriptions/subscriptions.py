"""Subscriptions: which chats hear what, and when they wish to be left alone."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any, Final

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.records.alerts import Hours, Level, Subscription
from db.tables.alerts import DeliveryRow, FollowRow, SubscriptionRow

SUMMARY_AT: Final = time(18)
DEFAULT_HOURS: Final = Hours(zone=None, quiet_from=time(22), quiet_to=time(7))
"""What holds for a chat that has not said otherwise."""


async def of_chat(session: AsyncSession, chat_id: int) -> Subscription | None:
    """Return what a chat is subscribed to; None if it is not."""
    row = await _row(session, chat_id)
    return None if row is None or row.ended_at is not None else _record(row)


async def has_ended(session: AsyncSession, chat_id: int) -> bool:
    """Return whether a chat was subscribed once and is no more: its settings are kept."""
    row = await _row(session, chat_id)
    return row is not None and row.ended_at is not None


async def begin(
    session: AsyncSession,
    chat_id: int,
    *,
    thread_id: int | None,
    level: Level,
    at: datetime,
    asks_zone: bool = False,
) -> Subscription:
    """Subscribe a chat, which `db.subscriptions.chats` must know, and return its subscription.

    One that ended comes back with its hours, zone and topics. One that stands keeps its level.
    With `asks_zone`, a first subscription is noted as asking by which clock the chat lives.
    """
    row = await _row(session, chat_id)
    if row is None:
        await session.execute(
            insert(SubscriptionRow).values(
                chat_id=chat_id,
                thread_id=thread_id,
                level=level,
                summary_at=SUMMARY_AT,
                topics=(),
                quiet_from=DEFAULT_HOURS.quiet_from,
                quiet_to=DEFAULT_HOURS.quiet_to,
                since=at,
                summed_at=at,
                asked_zone_at=at if asks_zone else None,
            )
        )
    elif row.ended_at is not None:
        await session.execute(
            update(SubscriptionRow)
            .where(SubscriptionRow.chat_id == chat_id)
            .values(thread_id=thread_id, level=level, since=at, summed_at=at, ended_at=None)
        )
    found = await of_chat(session, chat_id)
    assert found is not None  # noqa: S101 - written in this same transaction
    return found


async def change(
    session: AsyncSession, chat_id: int, changes: Mapping[str, Any]
) -> Subscription | None:
    """Change fields of a standing subscription and return it; None if there is none."""
    if await of_chat(session, chat_id) is None:
        return None
    await session.execute(
        update(SubscriptionRow).where(SubscriptionRow.chat_id == chat_id).values(**changes)
    )
    return await of_chat(session, chat_id)


async def end(session: AsyncSession, chat_id: int, *, at: datetime) -> bool:
    """End a subscription; False if there was none."""
    ended = await session.execute(
        update(SubscriptionRow)
        .where(SubscriptionRow.chat_id == chat_id, SubscriptionRow.ended_at.is_(None))
        .values(ended_at=at)
        .returning(SubscriptionRow.chat_id)
    )
    return ended.scalar_one_or_none() is not None


async def count(session: AsyncSession) -> int:
    """Return how many chats are subscribed."""
    query = select(func.count()).where(SubscriptionRow.ended_at.is_(None))
    return (await session.execute(query)).scalar_one()


async def follow(
    session: AsyncSession, chat_id: int, fact_id: int, *, thread_id: int | None, at: datetime
) -> bool:
    """Tell a chat when this fact changes; False if it is told already."""
    known = select(FollowRow.fact_id).where(
        FollowRow.chat_id == chat_id, FollowRow.fact_id == fact_id
    )
    if (await session.execute(known)).scalar_one_or_none() is not None:
        return False
    await session.execute(
        insert(FollowRow).values(chat_id=chat_id, fact_id=fact_id, thread_id=thread_id, since=at)
    )
    return True


async def unfollow(session: AsyncSession, chat_id: int, fact_id: int | None = None) -> int:
    """End the following of one fact, or of all; return how many ended."""
    query = delete(FollowRow).where(FollowRow.chat_id == chat_id)
    if fact_id is not None:
        query = query.where(FollowRow.fact_id == fact_id)
    ended = await session.execute(query.returning(FollowRow.fact_id))
    return len(ended.scalars().all())


async def followed(session: AsyncSession, chat_id: int) -> list[int]:
    """Return the numbers of the facts that a chat follows, the first followed first."""
    rows = await session.execute(
        select(FollowRow.fact_id)
        .where(FollowRow.chat_id == chat_id)
        .order_by(FollowRow.since, FollowRow.fact_id)
    )
    return list(rows.scalars())


async def leave_topic(session: AsyncSession, chat_id: int, thread_id: int) -> None:
    """Let what a chat hears in a topic, and what waits for it there, come to no topic."""
    for table in (SubscriptionRow, FollowRow, DeliveryRow):
        await session.execute(
            update(table)
            .where(table.chat_id == chat_id, table.thread_id == thread_id)
            .values(thread_id=None)
        )


async def _row(session: AsyncSession, chat_id: int) -> SubscriptionRow | None:
    query = select(SubscriptionRow).where(SubscriptionRow.chat_id == chat_id)
    # populate_existing: updates above went past the session's own copies.
    rows = await session.execute(query.execution_options(populate_existing=True))
    return rows.scalar_one_or_none()


def _record(row: SubscriptionRow) -> Subscription:
    return Subscription(
        chat_id=row.chat_id,
        thread_id=row.thread_id,
        level=row.level,
        summary_at=row.summary_at,
        topics=row.topics,
        hours=Hours(zone=row.zone, quiet_from=row.quiet_from, quiet_to=row.quiet_to),
        since=row.since,
        asked_zone_at=row.asked_zone_at,
    )
