"""Deliveries: each alert for each chat, once; leased before it is sent, settled after.

A lease is committed before anything leaves, so that a killed process leaves behind at most as many
sent but unsettled deliveries as it had in flight.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
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

from db.bulk import execute_each
from db.records.alerts import (
    AlertKind,
    AlertState,
    Delivery,
    DeliveryState,
    Hours,
    Settled,
)
from db.subscriptions import chats
from db.subscriptions.subscriptions import DEFAULT_HOURS
from db.tables.alerts import AlertRow, DeliveryRow, SubscriptionRow
from db.tables.story import ChatRow

PORTION: Final = 20_000
"""Rows that one statement may write while others wait for the writer: about 50 ms."""

# Written into the statements rather than bound: SQLite looks into an index of some of the rows only
# where the condition can be seen to be its own.
WAITING: Final[ColumnClause[Any]] = literal_column("'waiting'")
LEASED: Final[ColumnClause[Any]] = literal_column("'leased'")
OPEN: Final = (WAITING, LEASED)
LOST: Final[tuple[ColumnClause[Any], ...]] = tuple(
    literal_column(f"'{state}'")
    for state in (DeliveryState.GONE, DeliveryState.REFUSED, DeliveryState.DROPPED)
)


def in_state(state: DeliveryState) -> ColumnElement[bool]:
    """Return the condition of one state but SENT, so that the index of such rows serves it."""
    indexed = OPEN if state in (DeliveryState.WAITING, DeliveryState.LEASED) else LOST
    return DeliveryRow.state.in_(indexed) & (DeliveryRow.state == literal_column(f"'{state}'"))


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
            "as_told": each.version,
            "edits": each.edited,
            "with_others": each.together,
            "more_unsure": each.unsure,
            "settled": None if each.state is DeliveryState.WAITING else at,
        }
        for each in ended
    ]
    await execute_each(session, _SETTLE, done)
    await execute_each(
        session,
        _PUT_OFF,
        [
            {"number": each.delivery_id, "again": each.retry_at, "untried": each.put_off}
            for each in ended
            if each.retry_at is not None
        ],
    )


async def postpone(session: AsyncSession, until: Sequence[tuple[int, datetime]]) -> None:
    """Give leased deliveries back, untried, until the morning."""
    await execute_each(
        session,
        update(DeliveryRow)
        .where(DeliveryRow.id == bindparam("number"))
        .values(
            state=DeliveryState.WAITING,
            together=True,
            due_at=bindparam("until"),
            attempts=DeliveryRow.attempts - 1,
        ),
        [{"number": number, "until": later} for number, later in until],
    )


async def lose_chat_of(session: AsyncSession, delivery_id: int, *, at: datetime) -> None:
    """Note that nobody reads in the chat of a delivery any more, and drop what waits for it."""
    chat_id = (
        await session.execute(select(DeliveryRow.chat_id).where(DeliveryRow.id == delivery_id))
    ).scalar_one()
    await lose_chat(session, chat_id, at=at)


async def lose_chat(session: AsyncSession, chat_id: int, *, at: datetime) -> None:
    """Note that nobody reads in a chat any more, and drop what waits for it."""
    await chats.lose(session, chat_id, at=at)
    await end_waiting(session, chat_id, becomes=DeliveryState.GONE, at=at)


async def drop_waiting(session: AsyncSession, chat_id: int, *, at: datetime) -> None:
    """Drop what waits for a chat that wishes to hear nothing more; corrections still come."""
    wished = DeliveryRow.rank != AlertKind.CORRECTION.rank
    await end_waiting(session, chat_id, wished, becomes=DeliveryState.DROPPED, at=at)


async def end_waiting(
    session: AsyncSession,
    chat_id: int,
    *which: ColumnElement[bool],
    becomes: DeliveryState,
    at: datetime,
) -> None:
    """Settle what waits for a chat, or `which` of it, without sending it."""
    await session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.chat_id == chat_id, in_state(DeliveryState.WAITING), *which)
        .values(state=becomes, settled_at=at)
    )


async def void_leases(session: AsyncSession) -> int:
    """Let what a former process was sending be sent again; return how many. At start only."""
    voided = await session.execute(
        update(DeliveryRow)
        .where(in_state(DeliveryState.LEASED))
        .values(state=DeliveryState.WAITING, unsure=DeliveryRow.unsure + 1)
        .returning(DeliveryRow.id)
    )
    return len(voided.scalars().all())


async def bring_forward(session: AsyncSession, at: datetime) -> int:
    """Let what waits to be tried again, or is of an alert made after `at`, be due at `at`.

    For a clock that was set back. What comes into quiet hours by it is put off before it is sent.
    Returns how many deliveries that was.
    """
    row = DeliveryRow
    ahead = exists().where(AlertRow.id == row.alert_id, AlertRow.made_at > at)
    moved = await session.execute(
        update(row)
        .where(in_state(DeliveryState.WAITING), row.due_at > at, (row.attempts > 0) | ahead)
        .values(due_at=at)
        .returning(row.id)
        .execution_options(synchronize_session=False)
    )
    return len(moved.scalars().all())


async def turn_all(
    session: AsyncSession, alert_id: int, *, was: DeliveryState, becomes: DeliveryState
) -> int:
    """Change the state of a portion of an alert's deliveries; return how many it was."""
    these = (
        select(DeliveryRow.id).where(DeliveryRow.alert_id == alert_id, in_state(was)).limit(PORTION)
    )
    turned = await session.execute(
        update(DeliveryRow).where(DeliveryRow.id.in_(these)).values(state=becomes)
    )
    return int(getattr(turned, "rowcount", 0))


async def claim_together(
    session: AsyncSession, chat_ids: Collection[int], *, at: datetime
) -> list[Delivery]:
    """Lease what else waited for the morning in these chats and return it, the oldest first."""
    if not chat_ids:
        return []
    row = DeliveryRow
    theirs = exists().where(AlertRow.id == row.alert_id, AlertRow.state == AlertState.SENDING)
    leased = await session.execute(
        update(row)
        .where(
            row.chat_id.in_(chat_ids),
            in_state(DeliveryState.WAITING),
            row.together,
            row.rank == AlertKind.NEWS.rank,
            row.due_at <= at,
            theirs,
        )
        .values(state=DeliveryState.LEASED, attempts=row.attempts + 1)
        .returning(row.id)
        .execution_options(synchronize_session=False)
    )
    return await _leased(session, list(leased.scalars()))


async def _claim(session: AsyncSession, rank: int, at: datetime, limit: int) -> list[Delivery]:
    asked = {"of_rank": rank, "now": at, "most": limit}
    leased = list((await session.execute(_LEASE, asked)).scalars())
    return await _leased(session, leased)


async def _leased(session: AsyncSession, numbers: Sequence[int]) -> list[Delivery]:
    if not numbers:
        return []
    return [
        Delivery(
            id=each.id,
            alert_id=each.alert_id,
            chat_id=each.chat_id,
            thread_id=each.thread_id,
            reply_to=each.reply_to,
            amends=each.amends,
            arrived=each.message_id,
            edited=each.edited,
            attempts=each.attempts,
            together=each.together,
            hours=Hours(zone=each.zone, quiet_from=each.quiet_from, quiet_to=each.quiet_to)
            if each.subscribed is not None
            else DEFAULT_HOURS,
            kind=each.kind,
        )
        for each in await session.execute(_LEASED, {"numbers": numbers})
    ]


def _lease() -> ReturningUpdate[int]:
    row, earlier = DeliveryRow, aliased(DeliveryRow)
    rank, at = bindparam("of_rank", type_=row.rank.type), bindparam("now", type_=row.due_at.type)
    in_the_way = exists().where(
        earlier.chat_id == row.chat_id,
        earlier.state.in_(OPEN),
        # One that merely waits for the morning is in nobody's way; one to be repeated is.
        (earlier.state == LEASED)
        | ~earlier.together
        | (earlier.attempts > 0)
        | (earlier.due_at <= at),
        (earlier.rank < rank) | ((earlier.rank == rank) & (earlier.id < row.id)),
    )
    theirs = exists().where(AlertRow.id == row.alert_id, AlertRow.state == AlertState.SENDING)
    these = (
        select(row.id)
        .where(
            row.state == WAITING,
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
        DeliveryRow.message_id,
        DeliveryRow.edited,
        DeliveryRow.attempts,
        DeliveryRow.together,
        SubscriptionRow.chat_id.label("subscribed"),
        SubscriptionRow.zone,
        SubscriptionRow.quiet_from,
        SubscriptionRow.quiet_to,
        ChatRow.kind,
    )
    .join(ChatRow, ChatRow.id == DeliveryRow.chat_id)
    .outerjoin(SubscriptionRow, SubscriptionRow.chat_id == DeliveryRow.chat_id)
    .where(DeliveryRow.id.in_(bindparam("numbers", expanding=True)))
    .order_by(DeliveryRow.id)
)
_SETTLE: Final = (
    update(DeliveryRow)
    .where(DeliveryRow.id == bindparam("number"))
    .values(
        state=bindparam("to"),
        # One that has arrived and still has edits to make stays what it was when it arrived.
        message_id=func.coalesce(DeliveryRow.message_id, bindparam("sent_as")),
        version=func.coalesce(DeliveryRow.version, bindparam("as_told")),
        edited=bindparam("edits"),
        together=bindparam("with_others"),
        unsure=DeliveryRow.unsure + bindparam("more_unsure", type_=Integer()),
        settled_at=bindparam("settled"),
    )
)
_PUT_OFF: Final = (
    update(DeliveryRow)
    .where(DeliveryRow.id == bindparam("number"))
    .values(
        due_at=bindparam("again"),
        attempts=DeliveryRow.attempts - bindparam("untried", type_=Integer()),
    )
)
