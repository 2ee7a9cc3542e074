"""Alerts that an import makes beside its own: of single facts, to those whom they concern."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, insert, or_, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.alerts.alerts import ON_THEIR_WAY
from db.bulk import execute_each
from db.facts.changes import Revised
from db.records import ChangeKind
from db.records.alerts import Alert, AlertKind, AlertState
from db.tables.alerts import AlertRow


async def announce_each(
    session: AsyncSession,
    kind: AlertKind,
    of: Sequence[tuple[Revised, datetime]],
    *,
    batch_id: int,
    made_by: int | None,
    at: datetime,
) -> None:
    """Store an alert for each of many facts, none of which has one, held until its own moment."""
    await execute_each(
        session,
        insert(AlertRow),
        (
            {
                "kind": kind,
                "state": AlertState.HELD,
                "change": fact.kind,
                "fact_id": fact.fact_id,
                "version": fact.version,
                "was_version": fact.version - 1,
                "wrong_since": fact.wrong_since,
                "batch_id": batch_id,
                "urgent": fact.kind is ChangeKind.WITHDRAWAL,
                "topics": (),
                "made_by": made_by,
                "made_at": at,
                "hold_until": hold_until,
                "desk_saw_end": False,
            }
            for fact, hold_until in of
        ),
    )


async def move_beside(
    session: AsyncSession, alert: Alert, *, was: Collection[AlertState], becomes: AlertState
) -> None:
    """Change how far the alerts of single facts have come that an import made beside its own."""
    await session.execute(
        update(AlertRow).where(*_beside(alert), AlertRow.state.in_(was)).values(state=becomes)
    )


async def send_beside(session: AsyncSession, alert: Alert) -> None:
    """Let those of them go out at once that are held no longer than the import's own."""
    first = AlertRow.hold_until <= alert.hold_until
    held = AlertRow.state == AlertState.HELD
    await session.execute(
        update(AlertRow)
        .where(*_beside(alert), first, held)
        .values(state=AlertState.DUE, hold_until=alert.made_at)
    )


async def overtake_followed(session: AsyncSession, facts: Collection[int]) -> None:
    """Drop what the followers of these facts still wait to hear of an import: newer news comes."""
    row = AlertRow
    await execute_each(
        session,
        update(row)
        .where(
            row.fact_id == bindparam("number"),
            row.kind == AlertKind.FOLLOWED,
            # Not `in_`: a statement that is executed with many rows cannot expand it.
            or_(*(row.state == state for state in ON_THEIR_WAY)),
        )
        .values(state=AlertState.SUPERSEDED),
        ({"number": number} for number in facts),
    )


def _beside(alert: Alert) -> tuple[ColumnElement[bool], ...]:
    """Return the condition of the other alerts that the same import made."""
    return AlertRow.batch_id == alert.batch_id, AlertRow.id != alert.id
