"""Changes: which facts changed in a while, and who was told them or follows them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.alert_tables import AlertRow, DeliveryRow, FollowRow
from db.bulk import ROWS_AT_ONCE
from db.records import ChangeKind, Status, Weight
from db.records.alerts import Alert, AlertKind, AlertState, DeliveryState
from db.tables import ExchangeRow, FactRow, ToldRow, VersionRow

_TOLD_KINDS = (ChangeKind.UPDATE, ChangeKind.WITHDRAWAL)
"""What an import does to a fact that somebody may have been told."""

_UNDERWAY = (AlertState.HELD, AlertState.DUE, AlertState.SENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A version that was made, in short, and how its fact stands now."""

    fact_id: int
    version: int
    kind: ChangeKind
    topics: tuple[str, ...]
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """What decides who hears of a fact; many facts share one."""

    weight: Weight
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """A fact that an import gave a new version."""

    fact_id: int
    version: int
    kind: ChangeKind


async def between(session: AsyncSession, after: datetime, until: datetime) -> list[Made]:
    """Return the versions made after one moment and up to another, the oldest first."""
    row, stands = VersionRow, aliased(VersionRow)
    query = (
        select(row.fact_id, row.version, row.kind, FactRow.topics, stands.status)
        .join(FactRow, FactRow.id == row.fact_id)
        .join(stands, (stands.fact_id == FactRow.id) & (stands.version == FactRow.version))
        .where(row.at > after, row.at <= until)
        .order_by(row.at, row.fact_id, row.version)
    )
    found: list[Made] = []
    rows = (await session.stream(query)).mappings()
    async for part in rows.partitions(ROWS_AT_ONCE):  # the event loop gets its turn in between
        found += [Made(**each) for each in part]
    return found


async def themes(session: AsyncSession, after: datetime, until: datetime) -> list[Theme]:
    """Return the different themes of the facts that changed after one moment and up to another."""
    query = (
        select(FactRow.weight, FactRow.topics)
        .join(VersionRow, VersionRow.fact_id == FactRow.id)
        .where(VersionRow.at > after, VersionRow.at <= until)
        .distinct()
    )
    rows = await session.execute(query)
    return [Theme(weight=weight, topics=topics) for weight, topics in rows]


async def underway(session: AsyncSession, *, since: int, at: datetime) -> list[Revised]:
    """Return the facts revised at `at` whose earlier news has not reached everybody yet.

    Here and below `since` is the story's revision before.
    """
    going = exists().where(
        AlertRow.fact_id == FactRow.id,
        AlertRow.state.in_(_UNDERWAY),
        AlertRow.kind != AlertKind.FOLLOWED,
    )
    return await _revised(session, since, at, going)


async def followed(session: AsyncSession, *, since: int, at: datetime) -> list[Revised]:
    """Return the facts revised at `at` that somebody follows."""
    return await _revised(session, since, at, exists().where(FollowRow.fact_id == FactRow.id))


async def told(session: AsyncSession, *, since: int, at: datetime) -> list[Revised]:
    """Return the facts withdrawn at `at` that somebody was told as they stood before."""
    before = FactRow.version - 1
    asked = exists().where(ToldRow.fact_id == FactRow.id, ToldRow.version == before)
    heard = exists().where(
        AlertRow.fact_id == FactRow.id,
        AlertRow.version == before,
        DeliveryRow.alert_id == AlertRow.id,
        DeliveryRow.state == DeliveryState.SENT,
    )
    withdrawn = VersionRow.kind == ChangeKind.WITHDRAWAL
    return await _revised(session, since, at, and_(withdrawn, or_(asked, heard)))


async def count_listeners(session: AsyncSession, alert: Alert) -> tuple[int, int]:
    """Return how many chats hear of single facts beside an import's alert.

    Those who follow one, and those who asked and were told one that is withdrawn.
    """
    beside = (AlertRow.id > alert.id, AlertRow.made_at == alert.made_at)
    followers = (
        select(func.count(func.distinct(FollowRow.chat_id)))
        .join(AlertRow, AlertRow.fact_id == FollowRow.fact_id)
        .where(*beside, AlertRow.kind == AlertKind.FOLLOWED)
    )
    asked = (
        select(func.count(func.distinct(ExchangeRow.chat_id)))
        .join(ToldRow, ToldRow.exchange_id == ExchangeRow.id)
        .join(
            AlertRow,
            (AlertRow.fact_id == ToldRow.fact_id) & (AlertRow.was_version == ToldRow.version),
        )
        .where(*beside, AlertRow.kind == AlertKind.CORRECTION)
    )
    follow = (await session.execute(followers)).scalar_one()
    return follow, (await session.execute(asked)).scalar_one()


async def _revised(
    session: AsyncSession, since: int, at: datetime, which: ColumnElement[bool]
) -> list[Revised]:
    query = (
        select(FactRow.id, VersionRow.version, VersionRow.kind)
        .join(
            VersionRow, (VersionRow.fact_id == FactRow.id) & (VersionRow.version == FactRow.version)
        )
        .where(
            FactRow.revision > since,
            VersionRow.at == at,
            VersionRow.kind.in_(_TOLD_KINDS),
            which,
        )
        .order_by(FactRow.id)
    )
    return [
        Revised(fact_id=number, version=version, kind=kind)
        for number, version, kind in await session.execute(query)
    ]


def numbers(these: Collection[Revised]) -> set[int]:
    """Return the numbers of these facts."""
    return {each.fact_id for each in these}
