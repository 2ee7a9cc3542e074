"""Versions of facts by the time they were made: what changed in a while, and what stood before."""

from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.facts import VERSIONS
from db.records import FactVersion
from db.tables import VersionRow


async def between(session: AsyncSession, after: datetime, until: datetime) -> list[FactVersion]:
    """Return the versions made after one moment and up to another, the oldest first."""
    rows = await session.execute(
        VERSIONS.where(VersionRow.at > after, VersionRow.at <= until).order_by(
            VersionRow.at, VersionRow.fact_id, VersionRow.version
        )
    )
    return [FactVersion(**row) for row in rows.mappings()]


async def replaced(
    session: AsyncSession, after: datetime, until: datetime
) -> dict[int, FactVersion]:
    """Return what stood at one moment of each fact that changed up to another, by its number."""
    later = aliased(VersionRow)
    gave_way = exists().where(
        later.fact_id == VersionRow.fact_id,
        later.version == VersionRow.version + 1,
        later.at > after,
        later.at <= until,
    )
    rows = await session.execute(VERSIONS.where(VersionRow.at <= after, gave_way))
    return {row["fact_id"]: FactVersion(**row) for row in rows.mappings()}


async def first_at(session: AsyncSession) -> datetime | None:
    """Return when the story's first facts came; None while it has none."""
    return (await session.execute(select(func.min(VersionRow.at)))).scalar_one()
