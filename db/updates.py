"""Updates: what Telegram sent, stored before it is confirmed and kept until it is done with.

What is done for an update is noted in the very transaction that does it. The functions that note
it know the update by the task that works on it, so that services need not hand it on.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import and_, bindparam, delete, or_, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.records.updates import StoredUpdate, UpdateState
from db.tables.story import ExchangeRow
from db.tables.updates import UpdateRow

OPEN: Final = (UpdateState.WAITING, UpdateState.ACTED)


@dataclass(slots=True)
class Work:
    """The work on one update."""

    update_id: int
    is_settled: bool = False  # done already, in the transaction that noted its reply
    has_failed: bool = False


_WORK: ContextVar[Work | None] = ContextVar("work on an update", default=None)


@contextmanager
def working_on(update_id: int) -> Iterator[Work]:
    """Let what this task does count as done for an update."""
    work = Work(update_id)
    before = _WORK.set(work)
    try:
        yield work
    finally:
        _WORK.reset(before)


def work() -> Work | None:
    """Return the work that the current task is part of; None outside of any."""
    return _WORK.get()


async def store(session: AsyncSession, bodies: Mapping[int, str], at: datetime) -> frozenset[int]:
    """Store updates by their numbers, and return those that had not been stored before."""
    fresh = bodies.keys() - await known(session, bodies)
    if fresh:
        rows = [
            {"id": number, "body": bodies[number], "state": UpdateState.WAITING, "received_at": at}
            for number in sorted(fresh)
        ]
        await session.execute(insert(UpdateRow), rows)
    return frozenset(fresh)


async def known(session: AsyncSession, numbers: Collection[int]) -> set[int]:
    """Return which of some updates have been stored before."""
    found = await session.execute(select(UpdateRow.id).where(UpdateRow.id.in_(numbers)))
    return set(found.scalars())


async def unfinished(session: AsyncSession) -> list[StoredUpdate]:
    """Return what no process is done with, in Telegram's order."""
    row = UpdateRow
    look = select(row).where(row.state.in_(OPEN)).order_by(row.id)
    return [
        StoredUpdate(
            id=each.id,
            body=each.body,
            state=each.state,
            exchange_id=each.exchange_id,
            attempts=each.attempts,
        )
        for each in (await session.execute(look)).scalars()
    ]


async def begin_again(session: AsyncSession, numbers: Collection[int]) -> None:
    """Count that the work on some updates is begun once more."""
    await session.execute(
        update(UpdateRow)
        .where(UpdateRow.id.in_(numbers))
        .values(attempts=UpdateRow.attempts + 1, exchange_id=None)
    )


async def take_back(session: AsyncSession, exchange_id: int) -> bool:
    """Drop an answer that reached nobody, and what was recorded with it; tell whether it was so."""
    row = ExchangeRow
    look = select(row.chat_id, row.question_message_id, row.reply_message_id)
    found = (await session.execute(look.where(row.id == exchange_id))).one_or_none()
    if found is None or found.reply_message_id is not None:
        return False
    beside = and_(
        row.chat_id == found.chat_id,
        row.question_message_id == found.question_message_id,
        row.reply_message_id.is_(None),
    )
    await session.execute(delete(row).where(or_(row.id == exchange_id, beside)))
    return True


async def note_answers(session: AsyncSession, answers: Mapping[int, int]) -> None:
    """Note which answers were recorded for updates: numbers of exchanges by those of updates."""
    if not answers:
        return
    row = UpdateRow
    query = (
        update(row).where(row.id == bindparam("number")).values(exchange_id=bindparam("exchange"))
    )
    rows = [{"number": number, "exchange": exchange} for number, exchange in answers.items()]
    await (await session.connection()).execute(query, rows)


async def note_action(session: AsyncSession) -> None:
    """Note that a member of the desk does something by the update at work."""
    if (current := work()) is not None:
        await session.execute(
            update(UpdateRow)
            .where(UpdateRow.id == current.update_id, UpdateRow.state == UpdateState.WAITING)
            .values(state=UpdateState.ACTED)
        )


async def note_reply(session: AsyncSession) -> None:
    """Note that the update at work is done: its reply was sent."""
    if (current := work()) is not None:
        await finish(session, [current.update_id])


def settled() -> None:
    """Note that the transaction that noted the reply of the update at work was committed."""
    if (current := work()) is not None:
        current.is_settled = True


async def finish(session: AsyncSession, numbers: Collection[int]) -> None:
    """Note that updates are done with; of what they held nothing stays."""
    await session.execute(
        update(UpdateRow).where(UpdateRow.id.in_(numbers)).values(state=UpdateState.DONE, body="")
    )


async def set_aside(session: AsyncSession, numbers: Collection[int]) -> None:
    """Note that nobody tries to work on these again."""
    await session.execute(
        update(UpdateRow).where(UpdateRow.id.in_(numbers)).values(state=UpdateState.SET_ASIDE)
    )


async def forget(session: AsyncSession, *, done: datetime, set_aside: datetime) -> None:
    """Drop what was received before a moment: what is done, and what was set aside."""
    row = UpdateRow
    await session.execute(
        delete(row).where(
            or_(
                and_(row.state == UpdateState.DONE, row.received_at < done),
                and_(row.state == UpdateState.SET_ASIDE, row.received_at < set_aside),
            )
        )
    )
