"""Chats that were told an error: each gets the correction once.

Told by an answer, by an alert, or by an alert that summed many facts up; of the fact itself or of
another that said the same error. The statements work in portions, like those of
`db.alerts.recipients`.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    exists,
    false,
    func,
    insert,
    null,
    or_,
    select,
    union,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from db.alerts.recipients import PORTION, give
from db.records.alerts import Alert, AlertKind, DeliveryState, Wrong
from db.tables.alerts import AlertRow, CorrectedFactRow, DeliveryRow, SummedFactRow
from db.tables.story import ChatRow, ExchangeRow, ToldRow


async def add_wrong(session: AsyncSession, alert_id: int, wrong: Sequence[Wrong]) -> None:
    """Let a correction reach those too who were told the same error by other facts."""
    if not wrong:
        return
    rows = [
        {
            "alert_id": alert_id,
            "fact_id": each.fact_id,
            "was_version": each.until,
            "wrong_since": each.since,
        }
        for each in wrong
    ]
    await session.execute(insert(CorrectedFactRow), rows)


async def wrong_of(session: AsyncSession, alert: Alert) -> list[Wrong]:
    """Return what told the error that `alert` replaces, the fact that it is about first."""
    if alert.fact_id is None or alert.was_version is None:
        return []
    since = alert.wrong_since or alert.was_version
    row = CorrectedFactRow
    query = (
        select(row.fact_id, row.wrong_since, row.was_version)
        .where(row.alert_id == alert.id)
        .order_by(row.fact_id)
    )
    others = [
        Wrong(fact_id=fact_id, since=first, until=last)
        for fact_id, first, last in await session.execute(query)
    ]
    return [Wrong(fact_id=alert.fact_id, since=since, until=alert.was_version), *others]


async def to_askers(
    session: AsyncSession,
    alert: Alert,
    wrong: Sequence[Wrong],
    *,
    due_at: datetime,
    before: int | None,
) -> int | None:
    """Give a correction to a portion of those whose question got the error.

    As a reply to the newest of their own questions, so the newest portion comes first. Returns
    where the next one begins; None when there is no further one.
    """
    told = select(ToldRow.exchange_id).where(_told(wrong))
    if before is not None:
        told = told.where(ToldRow.exchange_id < before)
    portion = told.order_by(ToldRow.exchange_id.desc()).limit(PORTION).subquery()
    last = (await session.execute(select(func.min(portion.c.exchange_id)))).scalar_one()
    if last is None:
        return None
    mine = [_told(wrong), ToldRow.exchange_id >= last]
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


async def alerts_that_told(session: AsyncSession, alert: Alert, wrong: Wrong) -> list[int]:
    """Return the numbers of the alerts that may have told the error, the newest first."""
    rows = await session.execute(_alerts_that_told(alert.id, wrong))
    return sorted(rows.scalars(), reverse=True)


async def to_alerted(
    session: AsyncSession,
    alert: Alert,
    wrong: Wrong,
    by: int,
    *,
    due_at: datetime,
    after: int | None,
) -> int | None:
    """Give a correction to a portion of those whom the alert `by` told the error.

    As a reply to that alert. Returns where the next portion begins; None at the end.
    """
    row = DeliveryRow
    mine = [_heard(wrong), row.alert_id == by]
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
    return await count_told(session, await wrong_of(session, alert), apart=alert.id)


async def count_told(
    session: AsyncSession, wrong: Sequence[Wrong], *, apart: int | None = None
) -> int:
    """Return how many chats were told one of these versions, and can be reached.

    By an answer or by an alert; the alert `apart` is left out.
    """
    asked: Select[int] = (
        select(ExchangeRow.chat_id)
        .join(ToldRow, ToldRow.exchange_id == ExchangeRow.id)
        .where(_told(wrong))
    )
    heard = [
        select(DeliveryRow.chat_id).where(
            _heard(each),
            DeliveryRow.alert_id.in_(select(_alerts_that_told(apart, each).subquery().c.alert_id)),
        )
        for each in wrong
    ]
    chats = union(asked, *heard).subquery()
    reached = (
        select(func.count())
        .select_from(ChatRow)
        .where(ChatRow.id.in_(select(chats.c.chat_id)), ChatRow.gone_at.is_(None))
    )
    return (await session.execute(reached)).scalar_one()


def _told(wrong: Sequence[Wrong]) -> ColumnElement[bool]:
    return or_(
        false(),
        *(
            and_(ToldRow.fact_id == each.fact_id, ToldRow.version.in_(each.versions))
            for each in wrong
        ),
    )


def _heard(wrong: Wrong) -> ColumnElement[bool]:
    """Return the condition that a delivery told the error: by itself, or in a sum of many."""
    row = DeliveryRow
    return and_(
        row.message_id.is_not(None),
        or_(
            row.version.is_(None),
            row.version.in_(wrong.versions),
            row.alert_id.in_(_corrections_that_told(wrong)),
        ),
    )


def _alerts_that_told(apart: int | None, wrong: Wrong) -> Select[int]:
    about = select(AlertRow.id.label("alert_id")).where(
        AlertRow.fact_id == wrong.fact_id, AlertRow.id != (apart or 0)
    )
    summed = select(SummedFactRow.alert_id).where(
        SummedFactRow.fact_id == wrong.fact_id,
        SummedFactRow.version.in_(wrong.versions),
    )
    with_it = _corrections_that_told(wrong).where(CorrectedFactRow.alert_id != (apart or 0))
    found: Select[int] = select(union(about, summed, with_it).subquery().c.alert_id)
    return found


def _corrections_that_told(wrong: Wrong) -> Select[int]:
    """Return the corrections of other facts that told one of these versions with theirs."""
    return select(CorrectedFactRow.alert_id).where(
        CorrectedFactRow.fact_id == wrong.fact_id,
        CorrectedFactRow.was_version + 1 == wrong.until,
    )


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
