"""The records of the desk: who did what, when, and what was there before."""

from datetime import datetime

from sqlalchemy import Select, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.records.desk import AuditEntry
from db.tables.desk import AuditRow
from db.types import storable

TEXT_LIMIT = 4096
"""Characters of what was there before or after; a fact's text is shorter, a file is not kept."""


async def record(
    session: AsyncSession,
    *,
    at: datetime,
    person: int | None,
    name: str,
    action: str,
    fact_id: int | None = None,
    before: str | None = None,
    after: str | None = None,
    refused: bool = False,
) -> int:
    """Keep one action for ever, in the transaction that carries it out; return its number."""
    recorded = await session.execute(
        insert(AuditRow)
        .values(
            at=at,
            person=person,
            name=storable(name, TEXT_LIMIT),
            action=action,
            fact_id=fact_id,
            before=None if before is None else storable(before, TEXT_LIMIT),
            after=None if after is None else storable(after, TEXT_LIMIT),
            refused=refused,
        )
        .returning(AuditRow.id)
    )
    return recorded.scalar_one()


async def by_id(session: AsyncSession, number: int) -> AuditEntry | None:
    """Return the entry with this number; None if there is none."""
    found = await _entries(session, select(AuditRow).where(AuditRow.id == number), 1)
    return found[0] if found else None


async def last_of(
    session: AsyncSession, action: str, *, fact_id: int | None = None
) -> AuditEntry | None:
    """Return when an action was last carried out (on one fact), not refused; None if never."""
    query = select(AuditRow).where(AuditRow.action == action, AuditRow.refused.is_(False))
    if fact_id is not None:
        query = query.where(AuditRow.fact_id == fact_id)
    found = await _entries(session, query, 1)
    return found[0] if found else None


async def of_fact(session: AsyncSession, fact_id: int, *, limit: int) -> list[AuditEntry]:
    """Return what was done to a fact, the newest first."""
    query = select(AuditRow).where(AuditRow.fact_id == fact_id)
    return await _entries(session, query, limit)


async def newest(
    session: AsyncSession, *, limit: int, before: int | None = None
) -> list[AuditEntry]:
    """Return the newest entries, the newest first; older than entry number `before` if given."""
    query = select(AuditRow)
    if before is not None:
        query = query.where(AuditRow.id < before)
    return await _entries(session, query, limit)


async def refusals(
    session: AsyncSession, person: int, *, since: datetime, action: str | None = None
) -> int:
    """Return how often a person was refused at or after `since`; one action alone if given."""
    query = select(func.count()).where(
        AuditRow.person == person, AuditRow.refused, AuditRow.at >= since
    )
    if action is not None:
        query = query.where(AuditRow.action == action)
    return (await session.execute(query)).scalar_one()


async def _entries(session: AsyncSession, query: Select[AuditRow], limit: int) -> list[AuditEntry]:
    rows = await session.execute(query.order_by(AuditRow.id.desc()).limit(limit))
    return [
        AuditEntry(
            id=row.id,
            at=row.at,
            person=row.person,
            name=row.name,
            action=row.action,
            fact_id=row.fact_id,
            before=row.before,
            after=row.after,
            refused=row.refused,
        )
        for row in rows.scalars()
    ]
