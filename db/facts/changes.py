"""Changes: which facts changed in a while, and who was told them or follows them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Subquery, and_, exists, func, null, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.bulk import ROWS_AT_ONCE
from db.facts import first_wrong
from db.records import ChangeKind, Status, Weight
from db.records.alerts import Alert, AlertKind, AlertState
from db.tables.alerts import AlertRow, DeliveryRow, FollowRow, SummedFactRow
from db.tables.story import ExchangeRow, FactRow, ToldRow, VersionRow

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
    was: Status | None  # of the version before this; None: a new fact


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
    wrong_since: int | None = None  # withdrawn: the first version that told the error


async def between(session: AsyncSession, after: datetime, until: datetime) -> list[Made]:
    """Return the versions made after one moment and up to another, the newest first.

    Those of one moment are in the order of their facts.
    """
    return await _made(session, VersionRow.at > after, VersionRow.at <= until)


async def of_import(session: AsyncSession, batch_id: int) -> list[Made]:
    """Return the versions that an import made, in the order of their facts."""
    return await _made(session, VersionRow.batch_id == batch_id)


async def _made(session: AsyncSession, *which: ColumnElement[bool]) -> list[Made]:
    row, stands, before = VersionRow, aliased(VersionRow), aliased(VersionRow)
    query = (
        select(
            row.fact_id,
            row.version,
            row.kind,
            FactRow.topics,
            stands.status,
            before.status.label("was"),
        )
        .join(FactRow, FactRow.id == row.fact_id)
        .join(stands, (stands.fact_id == FactRow.id) & (stands.version == FactRow.version))
        .outerjoin(before, (before.fact_id == row.fact_id) & (before.version == row.version - 1))
        .where(*which)
        .order_by(row.at.desc(), row.fact_id, row.version.desc())
    )
    found: list[Made] = []
    rows = (await session.stream(query)).mappings()
    async for part in rows.partitions(ROWS_AT_ONCE):  # the event loop gets its turn in between
        found += [Made(**each) for each in part]
    return found


async def first_at(session: AsyncSession) -> datetime | None:
    """Return when the story's first facts came; None while it has none."""
    return (await session.execute(select(func.min(VersionRow.at)))).scalar_one()


async def themes(session: AsyncSession, after: datetime, until: datetime) -> list[Theme]:
    """Return the different themes of the facts that changed after one moment and up to another."""
    return await _themes(session, VersionRow.at > after, VersionRow.at <= until)


async def themes_of_import(session: AsyncSession, batch_id: int) -> list[Theme]:
    """Return the different themes of the facts that an import changed."""
    return await _themes(session, VersionRow.batch_id == batch_id)


async def _themes(session: AsyncSession, *which: ColumnElement[bool]) -> list[Theme]:
    query = (
        select(FactRow.weight, FactRow.topics)
        .join(VersionRow, VersionRow.fact_id == FactRow.id)
        .where(*which)
        .distinct()
    )
    rows = await session.execute(query)
    return [Theme(weight=weight, topics=topics) for weight, topics in rows]


async def underway(session: AsyncSession, batch_id: int) -> list[Revised]:
    """Return the facts that an import revised whose earlier news has not reached everyone yet."""
    going = exists().where(
        AlertRow.fact_id == FactRow.id,
        AlertRow.state.in_(_UNDERWAY),
        AlertRow.kind != AlertKind.FOLLOWED,
    )
    return await _revised(session, batch_id, going)


async def followed(session: AsyncSession, batch_id: int) -> list[Revised]:
    """Return the facts that an import revised and that at least one chat follows."""
    return await _revised(session, batch_id, exists().where(FollowRow.fact_id == FactRow.id))


async def told(session: AsyncSession, batch_id: int) -> list[Revised]:
    """Return the facts that an import withdrew and that at least one chat had received."""
    row, newer = VersionRow, aliased(VersionRow)
    first = first_wrong.of_versions(
        exists().where(
            newer.batch_id == batch_id,
            newer.fact_id == row.fact_id,
            newer.version == row.version + 1,
        )
    )
    wrong_since = first.c.since
    before = FactRow.version - 1
    asked = exists().where(
        ToldRow.fact_id == FactRow.id, ToldRow.version.between(wrong_since, before)
    )
    heard = exists().where(
        AlertRow.fact_id == FactRow.id,
        DeliveryRow.alert_id == AlertRow.id,
        DeliveryRow.version.between(wrong_since, before),
    )
    summed = exists().where(
        SummedFactRow.fact_id == FactRow.id, SummedFactRow.version.between(wrong_since, before)
    )
    withdrawn = VersionRow.kind == ChangeKind.WITHDRAWAL
    those = and_(withdrawn, or_(asked, heard, summed))
    return await _revised(session, batch_id, those, first=first)


async def count_listeners(session: AsyncSession, alert: Alert) -> tuple[int, int]:
    """Return how many chats hear of single facts beside an import's alert.

    Those who follow one, and those who asked and were told one that is withdrawn.
    """
    beside = (AlertRow.batch_id == alert.batch_id, AlertRow.id != alert.id)
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
            (AlertRow.fact_id == ToldRow.fact_id)
            & ToldRow.version.between(AlertRow.wrong_since, AlertRow.was_version),
        )
        .where(*beside, AlertRow.kind == AlertKind.CORRECTION)
    )
    follow = (await session.execute(followers)).scalar_one()
    return follow, (await session.execute(asked)).scalar_one()


async def _revised(
    session: AsyncSession,
    batch_id: int,
    which: ColumnElement[bool],
    *,
    first: Subquery | None = None,
) -> list[Revised]:
    query = select(
        FactRow.id,
        VersionRow.version,
        VersionRow.kind,
        null() if first is None else first.c.since,
    ).join(VersionRow, (VersionRow.fact_id == FactRow.id) & (VersionRow.version == FactRow.version))
    if first is not None:
        query = query.join(first, first.c.fact_id == FactRow.id)
    query = query.where(
        VersionRow.batch_id == batch_id,
        VersionRow.kind.in_(_TOLD_KINDS),
        which,
    ).order_by(FactRow.id)
    return [
        Revised(fact_id=number, version=version, kind=kind, wrong_since=wrong)
        for number, version, kind, wrong in await session.execute(query)
    ]


def numbers(these: Collection[Revised]) -> set[int]:
    """Return the numbers of these facts."""
    return {each.fact_id for each in these}
