"""Chats that were told an error: each gets the correction once.

Told by an answer, by an alert, or by an alert that summed many facts up. The statements work in
portions, like those of `db.recipients`.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, null, or_, select, union
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from db.alert_tables import AlertRow, DeliveryRow, SummedFactRow
from db.recipients import PORTION, give
from db.records.alerts import Alert, AlertKind, DeliveryState
from db.tables import ChatRow, ExchangeRow, ToldRow


def wrong_versions(alert: Alert) -> range:
    """Return the versions of its fact that told the error which `alert` replaces."""
    if alert.was_version is None:
        return range(0)
    return range(alert.wrong_since or alert.was_version, alert.was_version + 1)


async def to_askers(
    session: AsyncSession, alert: Alert, *, due_at: datetime, before: int | None
) -> int | None:
    """Give a correction to a portion of those whose question got the error.

    As a reply to the newest of their own questions, so the newest portion comes first. Returns
    where the next one begins; None when there is no further one.
    """
    told = select(ToldRow.exchange_id).where(_told(alert))
    if before is not None:
        told = told.where(ToldRow.exchange_id < before)
    portion = told.order_by(ToldRow.exchange_id.desc()).limit(PORTION).subquery()
    last = (await session.execute(select(func.min(portion.c.exchange_id)))).scalar_one()
    if last is None:
        return None
    mine = [_told(alert), ToldRow.exchange_id >= last]
    if before is not None:
        mine.append(ToldRow.exchange_id < before)
    newest = (
        select(func.max(ExchangeRow.id).label("id"))
        .join(ToldRow, ToldRow.exchange_id == ExchangeRow.id)
        .where(*mine)
        .group_by(ExchangeRow.chat_id)
        .subquery()
    )
    asked = (
        select(ExchangeRow.chat_id, ExchangeRow.thread_id, ExchangeRow.question_message_id)
        .join(newest, newest.c.id == ExchangeRow.id)
        .where(~_hears_anyway(alert, ExchangeRow.chat_id))
    )
    await give(session, alert, asked, due_at=due_at)
    return int(last)


async def alerts_that_told(session: AsyncSession, alert: Alert) -> list[int]:
    """Return the numbers of the alerts that may have told the error, the newest first."""
    rows = await session.execute(_alerts_that_told(alert))
    return sorted(rows.scalars(), reverse=True)


async def to_alerted(
    session: AsyncSession, alert: Alert, by: int, *, due_at: datetime, after: int | None
) -> int | None:
    """Give a correction to a portion of those whom the alert `by` told the error.

    As a reply to that alert. Returns where the next portion begins; None at the end.
    """
    row = DeliveryRow
    mine = [_heard(alert), row.alert_id == by]
    if after is not None:
        mine.append(row.chat_id > after)
    portion = select(row.chat_id).where(*mine).order_by(row.chat_id).limit(PORTION).subquery()
    last = (await session.execute(select(func.max(portion.c.chat_id)))).scalar_one()
    if last is None:
        return None
    heard = select(row.chat_id, row.thread_id, row.message_id).where(
        *mine, row.chat_id <= last, ~_hears_anyway(alert, row.chat_id)
    )
    await give(session, alert, heard, due_at=due_at)
    return int(last)


async def count(session: AsyncSession, alert: Alert) -> int:
    """Return how many chats were told what `alert` replaces, and can be reached."""
    asked: Select[int] = (
        select(ExchangeRow.chat_id)
        .join(ToldRow, ToldRow.exchange_id == ExchangeRow.id)
        .where(_told(alert))
    )
    by = select(_alerts_that_told(alert).subquery().c.alert_id)
    heard = select(DeliveryRow.chat_id).where(_heard(alert), DeliveryRow.alert_id.in_(by))
    chats = union(asked, heard).subquery()
    reached = (
        select(func.count())
        .select_from(ChatRow)
        .where(ChatRow.id.in_(select(chats.c.chat_id)), ChatRow.gone_at.is_(None))
    )
    return (await session.execute(reached)).scalar_one()


def _told(alert: Alert) -> ColumnElement[bool]:
    return and_(ToldRow.fact_id == alert.fact_id, ToldRow.version.in_(wrong_versions(alert)))


def _heard(alert: Alert) -> ColumnElement[bool]:
    """Return the condition that a delivery told the error: by itself, or in a sum of many."""
    row = DeliveryRow
    return and_(
        row.message_id.is_not(None),
        or_(row.version.is_(None), row.version.in_(wrong_versions(alert))),
    )


def _alerts_that_told(alert: Alert) -> Select[int]:
    about = select(AlertRow.id.label("alert_id")).where(
        AlertRow.fact_id == alert.fact_id, AlertRow.id != alert.id
    )
    summed = select(SummedFactRow.alert_id).where(
        SummedFactRow.fact_id == alert.fact_id,
        SummedFactRow.version.in_(wrong_versions(alert)),
    )
    found: Select[int] = select(union(about, summed).subquery().c.alert_id)
    return found


def _hears_anyway(alert: Alert, chat_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Return the condition that an older correction is still to be told there: it tells all."""
    waits, earlier = aliased(DeliveryRow), aliased(AlertRow)
    return exists(
        select(null())
        .select_from(waits)
        .join(earlier, earlier.id == waits.alert_id)
        .where(
            waits.chat_id == chat_id,
            waits.state == DeliveryState.WAITING,
            waits.message_id.is_(None),
            earlier.kind == AlertKind.CORRECTION,
            earlier.fact_id == alert.fact_id,
            earlier.id != alert.id,
        )
    )
