"""What readers wait for: the desk's questions. `waiting` has the readers who wait for each."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.records import Status
from db.records.desk import DeskQuestion, Wait
from db.tables.desk import DeskQuestionRow, WaitingReaderRow
from db.tables.story import FactRow, VersionRow
from db.types import storable

WORDS_LIMIT: Final = 1000
"""Characters of a reader's words that are kept; the answering reads no more."""


async def ask(
    session: AsyncSession, question: str, *, at: datetime, fact_id: int | None = None
) -> int:
    """Store a new question of the desk and return its number.

    With `fact_id` it waits until that known unknown is known.
    """
    return (
        await session.execute(
            insert(DeskQuestionRow)
            .values(
                question=storable(question, WORDS_LIMIT),
                state=Wait.WAITING,
                fact_id=fact_id,
                opened_at=at,
            )
            .returning(DeskQuestionRow.id)
        )
    ).scalar_one()


async def by_id(session: AsyncSession, question_id: int) -> DeskQuestion | None:
    """Return the question; None if there is none with this number."""
    found = await _questions(session, _ALL.where(DeskQuestionRow.id == question_id))
    return found[0] if found else None


async def by_numbers(session: AsyncSession, numbers: Collection[int]) -> dict[int, DeskQuestion]:
    """Return those of these questions that there are, by number."""
    found = await _questions(session, _ALL.where(DeskQuestionRow.id.in_(numbers)))
    return {each.id: each for each in found}


async def waiting(session: AsyncSession, *, limit: int) -> list[DeskQuestion]:
    """Return what readers wait for: the most readers first, then the longest wait."""
    query = _ALL.where(DeskQuestionRow.state == Wait.WAITING)
    ranked = query.order_by(_WAITING.desc(), DeskQuestionRow.opened_at, DeskQuestionRow.id)
    return await _questions(session, ranked.limit(limit))


async def count_waiting(session: AsyncSession) -> tuple[int, int]:
    """Return how many questions wait, and how many readers."""
    rows = await session.execute(
        select(
            select(func.count())
            .where(DeskQuestionRow.state == Wait.WAITING)
            .select_from(DeskQuestionRow)
            .scalar_subquery(),
            select(func.count())
            .where(WaitingReaderRow.state == Wait.WAITING)
            .select_from(WaitingReaderRow)
            .scalar_subquery(),
        )
    )
    questions, readers = rows.one()
    return questions, readers


async def awaiting(session: AsyncSession, fact_id: int) -> int | None:
    """Return the question that waits for this known unknown; None if nobody asked yet."""
    query = select(DeskQuestionRow.id).where(
        DeskQuestionRow.state == Wait.WAITING, DeskQuestionRow.fact_id == fact_id
    )
    return (await session.execute(query.limit(1))).scalar_one_or_none()


async def settle(
    session: AsyncSession,
    question_id: int,
    state: Wait,
    *,
    at: datetime,
    by: int | None,
    fact_id: int | None = None,
) -> int | None:
    """End a question and the wait of its readers; return how many there are.

    None, and nothing changed, when it does not wait any more: somebody else was faster.
    """
    ended = await session.execute(
        update(DeskQuestionRow)
        .where(DeskQuestionRow.id == question_id, DeskQuestionRow.state == Wait.WAITING)
        .values(state=state, fact_id=fact_id, settled_at=at, settled_by=by)
        .returning(DeskQuestionRow.id)
    )
    if ended.scalar_one_or_none() is None:
        return None
    readers = await session.execute(
        update(WaitingReaderRow)
        .where(WaitingReaderRow.question_id == question_id, WaitingReaderRow.state == Wait.WAITING)
        .values(state=state)
        .returning(WaitingReaderRow.id)
    )
    return len(readers.all())


async def reopen(session: AsyncSession, question_id: int) -> None:
    """Let a question wait again whose answer was taken back; readers told already stay told."""
    await session.execute(
        update(DeskQuestionRow)
        .where(DeskQuestionRow.id == question_id, DeskQuestionRow.state == Wait.ANSWERED)
        .values(state=Wait.WAITING, fact_id=None, settled_at=None, settled_by=None)
    )
    await session.execute(
        update(WaitingReaderRow)
        .where(
            WaitingReaderRow.question_id == question_id,
            WaitingReaderRow.state == Wait.ANSWERED,
            WaitingReaderRow.told_at.is_(None),
        )
        .values(state=Wait.WAITING)
    )


async def known_now(session: AsyncSession) -> list[tuple[DeskQuestion, Status]]:
    """Return the questions whose known unknown has another status now, with that status."""
    query = (
        select(DeskQuestionRow.id, VersionRow.status)
        .join(FactRow, FactRow.id == DeskQuestionRow.fact_id)
        .join(
            VersionRow, (VersionRow.fact_id == FactRow.id) & (VersionRow.version == FactRow.version)
        )
        .where(DeskQuestionRow.state == Wait.WAITING, VersionRow.status != Status.UNKNOWN)
    )
    statuses: dict[int, Status] = dict((await session.execute(query)).all())
    found = await _questions(session, _ALL.where(DeskQuestionRow.id.in_(statuses)))
    return [(each, statuses[each.id]) for each in found]


_WAITING: Final = (
    select(func.count())
    .where(
        WaitingReaderRow.question_id == DeskQuestionRow.id,
        WaitingReaderRow.state == Wait.WAITING,
    )
    .correlate(DeskQuestionRow)
    .scalar_subquery()
)
_ALL: Final = select(DeskQuestionRow, _WAITING)


async def close_unwanted(
    session: AsyncSession, state: Wait, at: datetime, numbers: Collection[int]
) -> None:
    """End those of these questions that nobody waits for any more."""
    await session.execute(
        update(DeskQuestionRow)
        .where(
            DeskQuestionRow.id.in_(numbers), DeskQuestionRow.state == Wait.WAITING, _WAITING == 0
        )
        .values(state=state, settled_at=at)
    )


async def _questions(session: AsyncSession, query: Select[Any]) -> list[DeskQuestion]:
    # populate_existing: updates above went past the session's own copies.
    rows = await session.execute(query.execution_options(populate_existing=True))
    return [
        DeskQuestion(
            id=row.id,
            question=row.question,
            state=row.state,
            fact_id=row.fact_id,
            opened_at=row.opened_at,
            settled_at=row.settled_at,
            settled_by=row.settled_by,
            waiting=count,
        )
        for row, count in rows.all()
    ]
