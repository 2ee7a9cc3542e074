"""How the work of a running bot stands, for metrics and incidents. By indexes alone."""

from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db import story, updates
from db.alerts import deliveries, pending_sends
from db.records.alerts import AlertState, DeliveryState
from db.records.desk import Wait
from db.records.updates import UpdateState
from db.records.vitals import Vitals
from db.subscriptions import subscriptions
from db.tables.alerts import AlertRow, DeliveryRow
from db.tables.desk import WaitingReaderRow
from db.tables.story import ExchangeRow
from db.tables.updates import UpdateRow


async def newest_exchange(session: AsyncSession) -> int:
    """Return the number of the newest exchange; 0 where there is none."""
    return (await session.execute(select(func.max(ExchangeRow.id)))).scalar_one() or 0


async def read(session: AsyncSession, *, asked_after: int, at: datetime) -> Vitals:
    """Return how the work stands at `at`; questions are counted after an exchange's number."""
    asked = await session.execute(
        select(ExchangeRow.outcome, func.count())
        .where(ExchangeRow.id > asked_after)
        .group_by(ExchangeRow.outcome)
    )
    row = DeliveryRow
    sending = exists().where(AlertRow.id == row.alert_id, AlertRow.state == AlertState.SENDING)
    outbox, outbox_since = (
        await session.execute(
            select(func.count(), func.min(row.due_at)).where(
                deliveries.in_state(DeliveryState.WAITING), row.due_at <= at, sending
            )
        )
    ).one()
    inbox, inbox_since = (
        await session.execute(
            select(func.count(), func.min(UpdateRow.received_at)).where(
                UpdateRow.state.in_(updates.OPEN)
            )
        )
    ).one()
    set_aside = select(func.count()).where(UpdateRow.state == UpdateState.SET_ASIDE)
    waiting = select(func.count()).where(WaitingReaderRow.state == Wait.WAITING)
    return Vitals(
        at=at,
        revision=await story.revision(session),
        last_exchange=await newest_exchange(session),
        asked=dict(asked.all()),
        outbox=outbox,
        outbox_since=outbox_since,
        under_review=(await pending_sends.pending(session)).alerts,
        inbox=inbox,
        inbox_since=inbox_since,
        set_aside=(await session.execute(set_aside)).scalar_one(),
        subscribers=await subscriptions.count(session),
        waiting_readers=(await session.execute(waiting)).scalar_one(),
    )
