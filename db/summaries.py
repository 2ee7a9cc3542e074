"""Summaries: subscribers who hear once a day, and up to when they have heard everything."""

from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import ColumnElement, Text, and_, cast, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.alert_tables import SubscriptionRow
from db.records.alerts import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Readership:
    """Subscribers whose summary comes at the same moment and says the same."""

    zone: str | None  # IANA; None: the story's
    summary_at: time  # on that zone's clock
    topics: tuple[str, ...]
    told_until: datetime  # up to when they have heard everything


async def readerships(session: AsyncSession) -> list[Readership]:
    """Return the standing subscribers to summaries, by what theirs is."""
    row = SubscriptionRow
    groups = await session.execute(
        select(func.min(row.chat_id))
        .where(row.ended_at.is_(None), row.level == Level.SUMMARY)
        .group_by(row.zone, row.summary_at, cast(row.topics, Text), row.summed_at)
    )
    samples = select(row.zone, row.summary_at, row.topics, row.summed_at, row.since).where(
        row.chat_id.in_(groups.scalars().all())
    )
    return [
        Readership(
            zone=each.zone,
            summary_at=each.summary_at,
            topics=each.topics,
            told_until=each.summed_at or each.since,
        )
        for each in await session.execute(samples)
    ]


async def told(session: AsyncSession, readers: Readership, until: datetime) -> None:
    """Note that these have heard everything up to `until`."""
    await session.execute(
        update(SubscriptionRow)
        .where(these(readers))
        .values(summed_at=until)
        .execution_options(synchronize_session=False)
    )


def these(readers: Readership) -> ColumnElement[bool]:
    """Return the condition that a subscription belongs to `readers`."""
    row = SubscriptionRow
    return and_(
        row.ended_at.is_(None),
        row.level == Level.SUMMARY,
        row.zone.is_not_distinct_from(readers.zone),
        row.summary_at == readers.summary_at,
        cast(row.topics, Text) == cast(literal(readers.topics, row.topics.type), Text),
        func.coalesce(row.summed_at, row.since) == readers.told_until,
    )
