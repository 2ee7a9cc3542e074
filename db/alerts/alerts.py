"""Alerts: what is to be told to many, one row each, written in the transaction of the change."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.records import ChangeKind
from db.records.alerts import Alert, AlertKind, AlertState
from db.tables.alerts import AlertRow

UNSENT: Final = (AlertState.HELD, AlertState.DUE)
ON_THEIR_WAY: Final = (*UNSENT, AlertState.SENDING)

AT_ONCE = 100
"""Alerts that are looked up to be fanned out."""


async def add(
    session: AsyncSession,
    *,
    kind: AlertKind,
    change: ChangeKind | None,
    fact_id: int | None,
    version: int | None,
    was_version: int | None,
    wrong_since: int | None = None,
    urgent: bool,
    made_by: int | None,
    at: datetime,
    hold_until: datetime,
    since: datetime | None = None,
    topics: tuple[str, ...] = (),
    batch_id: int | None = None,
) -> Alert:
    """Store an alert that may be held back until `hold_until`, and return it."""
    number = (
        await session.execute(
            insert(AlertRow)
            .values(
                kind=kind,
                state=AlertState.HELD,
                change=change,
                fact_id=fact_id,
                version=version,
                was_version=was_version,
                wrong_since=wrong_since,
                batch_id=batch_id,
                urgent=urgent,
                since=since,
                topics=topics,
                made_by=made_by,
                made_at=at,
                hold_until=hold_until,
                desk_saw_end=False,
            )
            .returning(AlertRow.id)
        )
    ).scalar_one()
    return await _known(session, number)


async def add_of_many(
    session: AsyncSession,
    kind: AlertKind,
    *,
    since: datetime | None = None,
    batch_id: int | None = None,
    at: datetime,
    hold_until: datetime,
    topics: tuple[str, ...] = (),
    made_by: int | None = None,
) -> Alert:
    """Store an alert of many facts and return it.

    It tells everything that changed after `since` and up to `at`, or what an import changed.
    """
    return await add(
        session,
        kind=kind,
        change=None,
        fact_id=None,
        version=None,
        was_version=None,
        urgent=False,
        made_by=made_by,
        at=at,
        hold_until=hold_until,
        since=since,
        topics=topics,
        batch_id=batch_id,
    )


async def tell_newer(
    session: AsyncSession,
    alert_id: int,
    *,
    change: ChangeKind,
    version: int,
    urgent: bool | None = None,
    hold_until: datetime | None = None,
) -> Alert:
    """Let an alert tell a newer version; with `hold_until`, it may be held back anew."""
    changes: dict[str, Any] = {"change": change, "version": version}
    if urgent is not None:
        changes["urgent"] = urgent
    if hold_until is not None:
        changes |= {"hold_until": hold_until, "state": AlertState.HELD}
    await session.execute(update(AlertRow).where(AlertRow.id == alert_id).values(**changes))
    return await _known(session, alert_id)


async def by_id(session: AsyncSession, alert_id: int) -> Alert | None:
    """Return the alert; None if there is none with this number."""
    found = await _alerts(session, select(AlertRow).where(AlertRow.id == alert_id))
    return found[0] if found else None


async def by_ids(session: AsyncSession, numbers: Collection[int]) -> dict[int, Alert]:
    """Return alerts by their numbers."""
    found = await _alerts(session, select(AlertRow).where(AlertRow.id.in_(numbers)))
    return {alert.id: alert for alert in found}


async def bring_forward(session: AsyncSession, at: datetime, *, until: datetime) -> int:
    """Hold alerts that were made after `at` until `until` at the longest; return how many.

    No alert is made in the future, but where the clock was set back since.
    """
    moved = await session.execute(
        update(AlertRow)
        .where(AlertRow.state.in_(UNSENT), AlertRow.made_at > at, AlertRow.hold_until > until)
        .values(hold_until=until)
        .returning(AlertRow.id)
    )
    return len(moved.scalars().all())


async def due(session: AsyncSession, at: datetime) -> list[Alert]:
    """Return the alerts that are to be fanned out at `at`, the most pressing first.

    If there are very many, those that have waited longest, and what followers hear of an import
    after all else: the others are due at the next look.
    """
    query = select(AlertRow).where(AlertRow.state.in_(UNSENT), AlertRow.hold_until <= at)
    first = (AlertRow.kind == AlertKind.FOLLOWED, AlertRow.hold_until, AlertRow.id)
    found = await _alerts(session, query.order_by(*first).limit(AT_ONCE))
    return sorted(found, key=lambda alert: (alert.kind.rank, alert.id))


async def of_fact(
    session: AsyncSession, fact_id: int, kind: AlertKind, states: Collection[AlertState]
) -> list[Alert]:
    """Return the alerts of a kind about a fact that are in one of `states`, the oldest first."""
    query = select(AlertRow).where(
        AlertRow.fact_id == fact_id, AlertRow.kind == kind, AlertRow.state.in_(states)
    )
    return await _alerts(session, query.order_by(AlertRow.id))


async def corrections_of(session: AsyncSession, alert: Alert) -> list[Alert]:
    """Return the corrections that tell what `alert` tells to those who were told an error.

    None for one that is a correction itself: it stands alone.
    """
    if alert.kind is AlertKind.CORRECTION or alert.fact_id is None:
        return []
    query = select(AlertRow).where(
        AlertRow.kind == AlertKind.CORRECTION,
        AlertRow.fact_id == alert.fact_id,
        AlertRow.version == alert.version,
    )
    return await _alerts(session, query.order_by(AlertRow.id))


async def in_state(session: AsyncSession, states: Collection[AlertState]) -> list[Alert]:
    """Return the alerts in one of `states`, the oldest first."""
    query = select(AlertRow).where(AlertRow.state.in_(states))
    return await _alerts(session, query.order_by(AlertRow.id))


async def move(
    session: AsyncSession,
    alert_id: int,
    *,
    was: Collection[AlertState],
    becomes: AlertState,
    hold_until: datetime | None = None,
) -> bool:
    """Change how far an alert has come; False, and nothing changed, if it is past `was`."""
    changes = (
        {"state": becomes}
        if hold_until is None
        else {
            "state": becomes,
            "hold_until": hold_until,
        }
    )
    moved = await session.execute(
        update(AlertRow)
        .where(AlertRow.id == alert_id, AlertRow.state.in_(was))
        .values(**changes)
        .returning(AlertRow.id)
    )
    return moved.scalar_one_or_none() is not None


async def watch(session: AsyncSession, alert_id: int, chat_id: int, message_id: int) -> None:
    """Note which message shows the desk how far an alert has come."""
    await session.execute(
        update(AlertRow)
        .where(AlertRow.id == alert_id)
        .values(desk_chat_id=chat_id, desk_message_id=message_id, desk_saw_end=False)
    )


async def watched(session: AsyncSession) -> list[Alert]:
    """Return the alerts whose end the desk has not been shown, the oldest first."""
    query = select(AlertRow).where(
        AlertRow.desk_message_id.is_not(None), AlertRow.desk_saw_end.is_(False)
    )
    return await _alerts(session, query.order_by(AlertRow.id))


async def seen_to_end(session: AsyncSession, numbers: Collection[int]) -> None:
    """Note that the desk was shown how these alerts ended."""
    await session.execute(
        update(AlertRow).where(AlertRow.id.in_(numbers)).values(desk_saw_end=True)
    )


async def _known(session: AsyncSession, alert_id: int) -> Alert:
    found = await by_id(session, alert_id)
    assert found is not None  # noqa: S101 - written in this same transaction
    return found


async def _alerts(session: AsyncSession, query: Select[AlertRow]) -> list[Alert]:
    # populate_existing: updates above went past the session's own copies.
    rows = await session.execute(query.execution_options(populate_existing=True))
    return [
        Alert(
            id=row.id,
            kind=row.kind,
            state=row.state,
            change=row.change,
            fact_id=row.fact_id,
            version=row.version,
            was_version=row.was_version,
            wrong_since=row.wrong_since,
            urgent=row.urgent,
            since=row.since,
            topics=row.topics,
            made_by=row.made_by,
            made_at=row.made_at,
            hold_until=row.hold_until,
            desk_chat_id=row.desk_chat_id,
            desk_message_id=row.desk_message_id,
            batch_id=row.batch_id,
        )
        for row in rows.scalars()
    ]
