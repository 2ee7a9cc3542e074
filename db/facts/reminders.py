"""Reminders: facts that the desk was asked to look at again, each once for each time it was due."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.records import Status
from db.tables.alerts import ReminderRow
from db.tables.story import FactRow, VersionRow


async def count_due(session: AsyncSession, at: datetime) -> int:
    """Return how many facts are past their check-by at `at` without a reminder of it."""
    return int((await session.execute(_due(at, func.count()))).scalar_one())


async def due(session: AsyncSession, at: datetime, *, limit: int) -> list[int]:
    """Return the numbers of these facts, those due longest first."""
    query = _due(at, FactRow.id).order_by(FactRow.check_by, FactRow.id).limit(limit)
    return list((await session.execute(query)).scalars())


async def note(session: AsyncSession, *, due_by: datetime, revision: int, at: datetime) -> None:
    """Note that the desk was reminded of what was due at `due_by`, as the story stood then.

    What changed after that `revision` of the story is left out: the reminder did not count it.
    """
    these = _due(due_by, FactRow.id, FactRow.check_by, literal(at, ReminderRow.at.type))
    await session.execute(
        insert(ReminderRow).from_select(
            ["fact_id", "check_by", "at"], these.where(FactRow.revision <= revision)
        )
    )


def _due(at: datetime, *what: Any) -> Select[Any]:
    reminded = exists().where(
        ReminderRow.fact_id == FactRow.id, ReminderRow.check_by == FactRow.check_by
    )
    return (
        select(*what)
        .select_from(FactRow)
        .join(
            VersionRow, (VersionRow.fact_id == FactRow.id) & (VersionRow.version == FactRow.version)
        )
        .where(FactRow.check_by <= at, VersionRow.status != Status.WITHDRAWN, ~reminded)
    )
