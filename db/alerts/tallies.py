"""Tallies: how far the sending of alerts has come. By indexes alone: they are asked for often."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnClause, exists, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.alerts.deliveries import LEASED, LOST, OPEN, in_state
from db.records.alerts import AlertState, DeliveryState, Tally
from db.tables.alerts import AlertRow, DeliveryRow

_NONE: Final[ColumnClause[Any]] = literal_column("0")


async def tally(session: AsyncSession, numbers: Collection[int]) -> Tally:
    """Return how far the sending of these alerts has come, together."""
    row = DeliveryRow
    of_these = row.alert_id.in_(numbers)
    total = (await session.execute(select(func.count()).where(of_these))).scalar_one()
    still = select(func.count()).where(of_these, row.state.in_(OPEN))
    left = (await session.execute(still)).scalar_one()
    lost = await session.execute(
        select(row.state, func.count()).where(of_these, row.state.in_(LOST)).group_by(row.state)
    )
    counts: dict[DeliveryState, int] = dict(lost.all())
    unsure = select(func.count()).where(of_these, row.unsure > _NONE)
    edited = select(func.coalesce(func.sum(row.edited), 0)).where(of_these, row.edited > _NONE)
    return Tally(
        total=total,
        sent=total - left - sum(counts.values()),
        gone=counts.get(DeliveryState.GONE, 0),
        refused=counts.get(DeliveryState.REFUSED, 0),
        dropped=counts.get(DeliveryState.DROPPED, 0),
        edited=(await session.execute(edited)).scalar_one(),
        unsure=(await session.execute(unsure)).scalar_one(),
    )


async def is_any_left(
    session: AsyncSession, alert_id: int, *, due_by: datetime | None = None
) -> bool:
    """Return whether anybody is still to be told an alert; with `due_by`, by then."""
    row = DeliveryRow
    left = exists().where(row.alert_id == alert_id, row.state.in_(OPEN))
    if due_by is not None:
        left = left.where((row.state == LEASED) | (row.due_at <= due_by))
    return bool((await session.execute(select(left))).scalar())


async def waits(
    session: AsyncSession, numbers: Collection[int], *, after: datetime
) -> tuple[int, datetime | None]:
    """Return how many are told these alerts only after a moment, and when the first of them is.

    They sleep, or could not be reached just now.
    """
    row = DeliveryRow
    query = select(func.count(), func.min(row.due_at)).where(
        row.alert_id.in_(numbers), in_state(DeliveryState.WAITING), row.due_at > after
    )
    count, first = (await session.execute(query)).one()
    return count, first


async def to_drop(session: AsyncSession) -> list[int]:
    """Return the alerts that were stopped or superseded and still have deliveries waiting."""
    waiting = exists().where(
        DeliveryRow.alert_id == AlertRow.id,
        in_state(DeliveryState.WAITING),
    )
    ended = (AlertState.STOPPED, AlertState.SUPERSEDED)
    rows = await session.execute(select(AlertRow.id).where(AlertRow.state.in_(ended), waiting))
    return list(rows.scalars())


async def settled_alerts(session: AsyncSession) -> list[int]:
    """Return the alerts on their way that have nothing left to send."""
    left = exists().where(DeliveryRow.alert_id == AlertRow.id, DeliveryRow.state.in_(OPEN))
    rows = await session.execute(
        select(AlertRow.id).where(AlertRow.state == AlertState.SENDING, ~left)
    )
    return list(rows.scalars())
