"""Deliveries: each alert for each chat, once; leased before it is sent, settled after.

A lease is committed before anything leaves, so that a killed process leaves behind at most as many
sent but unsettled deliveries as it had in flight.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnClause,
    Integer,
    bindparam,
    exists,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import ReturningUpdate

from db import chats
from db.alert_tables import AlertRow, DeliveryRow, SubscriptionRow
from db.bulk import execute_each
from db.records.alerts import (
    AlertKind,
    AlertState,
    Delivery,
    DeliveryState,
    Hours,
    Settled,
    Tally,
)
from db.subscriptions import DEFAULT_HOURS

PORTION: Final = 20_000
"""Rows that one statement may write while others wait for the writer: about 50 ms."""

# Written into the statements rather than bound: SQLite looks into an index of some of the rows only
# where the condition can be seen to be its own.
_WAITING: Final[ColumnClause[Any]] = literal_column("'waiting'")
_LEASED_STATE: Final[ColumnClause[Any]] = literal_column("'leased'")
_OPEN: Final = (_WAITING, _LEASED_STATE)
_LEFT: Final = exists().where(DeliveryRow.alert_id == AlertRow.id, DeliveryRow.state.in_(_OPEN))


async def claim(session: AsyncSession, *, at: datetime, limit: int) -> list[Delivery]:
    """Lease up to `limit` due deliveries and return them, the most pressing first.

    At most one for a chat, and none while an older one of the same rank or a more pressing one is
    open there: their order is kept, whatever has to be repeated.
    """
    claimed: list[Delivery] = []
    for kind in AlertKind:
        if len(claimed) >= limit:
            break
        claimed += await _claim(session, kind.rank, at, limit - len(claimed))
    return claimed


async def settle(session: AsyncSession, ended: Sequence[Settled], *, at: datetime) -> None:
    """Note how deliveries ended."""
    done = [
        {
            "number": each.delivery_id,
            "to": each.state,
            "sent_as": each.message_id,
            "settled": None if each.state is DeliveryState.WAITING else at,
        }
        for each in ended
    ]
    await execute_each(session, _SETTLE, done)
    await execute_each(
        session,
        _PUT_OFF,
        [
            {"number": each.delivery_id, "again": each.retry_at}
            for each in ended
            if each.retry_at is not None
        ],
    )


async def postpone(session: AsyncSession, until: Sequence[tuple[int, datetime]]) -> None:
    """Give leased deliveries back, untried, until later."""
    await execute_each(
        session,
        update(DeliveryRow)
        .where(DeliveryRow.id == bindparam("number"))
        .values(
            state=DeliveryState.WAITING,
            due_at=bindparam("until"),
            attempts=DeliveryRow.attempts - 1,
        ),
        [{"number": number, "until": later} for number, later in until],
    )


async def lose_chat(session: AsyncSession, delivery_id: int, *, at: datetime) -> None:
    """Note that nobody reads in the chat of a delivery any more, and drop what waits for it."""
    chat_id = (
        await session.execute(select(DeliveryRow.chat_id).where(DeliveryRow.id == delivery_id))
    ).scalar_one()
    await chats.lose(session, chat_id, at=at)
    await session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.chat_id == chat_id, DeliveryRow.state == DeliveryState.WAITING)
        .values(state=DeliveryState.GONE, settled_at=at)
    )


async def void_leases(session: AsyncSession) -> int:
    """Let what a former process was sending be sent again; return how many. At start only."""
    voided = await session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.state == DeliveryState.LEASED)
        .values(state=DeliveryState.WAITING)
        .returning(DeliveryRow.id)
    )
    return len(voided.scalars().all())


async def turn_all(
    session: AsyncSession, alert_id: int, *, was: DeliveryState, becomes: DeliveryState
) -> int:
    """Change the state of a portion of an alert's deliveries; return how many it was."""
    these = (
        select(DeliveryRow.id)
        .where(DeliveryRow.alert_id == alert_id, DeliveryRow.state == was)
        .limit(PORTION)
    )
    turned = await session.execute(
        update(DeliveryRow).where(DeliveryRow.id.in_(these)).values(state=becomes)
    )
    return int(getattr(turned, "rowcount", 0))


async def tally(session: AsyncSession, numbers: Collection[int]) -> Tally:
    """Return how far the sending of these alerts has come, together."""
    rows = await session.execute(
        select(DeliveryRow.state, func.count())
        .where(DeliveryRow.alert_id.in_(numbers))
        .group_by(DeliveryRow.state)
    )
    counts: dict[DeliveryState, int] = dict(rows.all())
    return Tally(
        total=sum(counts.values()),
        sent=counts.get(DeliveryState.SENT, 0),
        gone=counts.get(DeliveryState.GONE, 0),
        refused=counts.get(DeliveryState.REFUSED, 0),
        dropped=counts.get(DeliveryState.DROPPED, 0),
    )


async def settled_alerts(session: AsyncSession) -> list[int]:
    """Return the alerts on their way that have nothing left to send."""
    rows = await session.execute(
        select(AlertRow.id).where(AlertRow.state == AlertState.SENDING, ~_LEFT)
    )
    return list(rows.scalars())


async def open_alerts(session: AsyncSession, states: Collection[AlertState]) -> list[int]:
    """Return the alerts in one of `states` that have something left to send."""
    rows = await session.execute(select(AlertRow.id).where(AlertRow.state.in_(states), _LEFT))
    return list(rows.scalars())


async def _claim(session: AsyncSession, rank: int, at: datetime, limit: int) -> list[Delivery]:
    asked = {"of_rank": rank, "now": at, "most": limit}
    leased = list((await session.execute(_LEASE, asked)).scalars())
    if not leased:
        return []
    return [
        Delivery(
            id=each.id,
            alert_id=each.alert_id,
            chat_id=each.chat_id,
            thread_id=each.thread_id,
            reply_to=each.reply_to,
            amends=each.amends,
            attempts=each.attempts,
            hours=Hours(zone=each.zone, quiet_from=each.quiet_from, quiet_to=each.quiet_to)
            if each.subscribed is not None
            else DEFAULT_HOURS,
        )
        for each in await session.execute(_LEASED, {"numbers": leased})
    ]


def _lease() -> ReturningUpdate[int]:
    row, earlier = DeliveryRow, aliased(DeliveryRow)
    rank, at = bindparam("of_rank", type_=row.rank.type), bindparam("now", type_=row.due_at.type)
    in_the_way = exists().where(
        earlier.chat_id == row.chat_id,
        earlier.state.in_(_OPEN),
        # One that merely waits for the morning is in nobody's way; one to be repeated is.
        (earlier.state == _LEASED_STATE) | (earlier.attempts > 0) | (earlier.due_at <= at),
        (earlier.rank < rank) | ((earlier.rank == rank) & (earlier.id < row.id)),
    )
    theirs = exists().where(AlertRow.id == row.alert_id, AlertRow.state == AlertState.SENDING)
    these = (
        select(row.id)
        .where(
            row.state == _WAITING,
            row.rank == rank,
            row.due_at <= at,
            theirs,
            ~in_the_way,
        )
        .order_by(row.due_at, row.id)
        .limit(bindparam("most", type_=Integer()))
    )
    return (
        update(row)
        .where(row.id.in_(these))
        .values(state=DeliveryState.LEASED, attempts=row.attempts + 1)
        .returning(row.id)
        .execution_options(synchronize_session=False)
    )


# Built once: these run many times a second during a broadcast, and building them costs more than
# running them.
_LEASE: Final = _lease()
_LEASED: Final = (
    select(
        DeliveryRow.id,
        DeliveryRow.alert_id,
        DeliveryRow.chat_id,
        DeliveryRow.thread_id,
        DeliveryRow.reply_to,
        DeliveryRow.amends,
        DeliveryRow.attempts,
        SubscriptionRow.chat_id.label("subscribed"),
        SubscriptionRow.zone,
        SubscriptionRow.quiet_from,
        SubscriptionRow.quiet_to,
    )
    .outerjoin(SubscriptionRow, SubscriptionRow.chat_id == DeliveryRow.chat_id)
    .where(DeliveryRow.id.in_(bindparam("numbers", expanding=True)))
    .order_by(DeliveryRow.id)
)
_SETTLE: Final = (
    update(DeliveryRow)
    .where(DeliveryRow.id == bindparam("number"))
    .values(state=bindparam("to"), message_id=bindparam("sent_as"), settled_at=bindparam("settled"))
)
_PUT_OFF: Final = (
    update(DeliveryRow)
    .where(DeliveryRow.id == bindparam("number"))
    .values(due_at=bindparam("again"))
)
