"""Summaries: subscribers who hear once a day, and up to when they have heard everything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import ColumnElement, Text, and_, cast, func, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.bulk import execute_each
from db.records.alerts import Level
from db.tables.alerts import SubscriptionRow, SummedFactRow


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


async def told(session: AsyncSession, alert_id: int, versions: Sequence[tuple[int, int]]) -> None:
    """Note which (fact, version) an alert about many facts has told."""
    row = SummedFactRow
    known = await session.execute(select(row.fact_id, row.version).where(row.alert_id == alert_id))
    before = {(fact, version) for fact, version in known}
    await execute_each(
        session,
        insert(row),
        [
            {"alert_id": alert_id, "fact_id": fact, "version": version}
            for fact, version in versions
            if (fact, version) not in before
        ],
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
