"""Saved questions: each with the fact that it should get."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.bulk import execute_each
from db.records import Outcome
from db.records.desk import SavedQuestion
from db.tables.desk import SavedQuestionRow


async def everything(session: AsyncSession) -> list[SavedQuestion]:
    """Return every saved question, the oldest first."""
    return await _questions(session, select(SavedQuestionRow).order_by(SavedQuestionRow.id))


async def by_id(session: AsyncSession, number: int) -> SavedQuestion | None:
    """Return the saved question with this number; None if there is none."""
    found = await _questions(session, select(SavedQuestionRow).where(SavedQuestionRow.id == number))
    return found[0] if found else None


async def by_question(session: AsyncSession, question: str) -> SavedQuestion | None:
    """Return the saved question with these very words; None if there is none."""
    query = select(SavedQuestionRow).where(SavedQuestionRow.question == question)
    found = await _questions(session, query)
    return found[0] if found else None


async def save(
    session: AsyncSession,
    question: str,
    fact_id: int | None,
    *,
    editor: int | None,
    at: datetime,
) -> SavedQuestion:
    """Save a question with the fact that it should get (None: it should be declined).

    One that was saved in the same words gets the new fact, and what it got before is forgotten.
    """
    values = {"fact_id": fact_id, "saved_by": editor, "saved_at": at}
    changed = await session.execute(
        update(SavedQuestionRow)
        .where(SavedQuestionRow.question == question)
        .values(**values, last_outcome=None, last_fact_id=None, last_run_at=None)
        .returning(SavedQuestionRow.id)
    )
    if changed.scalar_one_or_none() is None:
        await session.execute(insert(SavedQuestionRow).values(question=question, **values))
    stored = await by_question(session, question)
    assert stored is not None  # noqa: S101 - written above, in this transaction
    return stored


async def forget(session: AsyncSession, number: int) -> None:
    """Remove a saved question."""
    await session.execute(delete(SavedQuestionRow).where(SavedQuestionRow.id == number))


async def ran(
    session: AsyncSession,
    results: Sequence[tuple[int, Outcome, int | None]],
    *,
    at: datetime,
) -> None:
    """Note what questions got: (number of the question, outcome, fact told first or None)."""
    await execute_each(
        session,
        update(SavedQuestionRow)
        .where(SavedQuestionRow.id == bindparam("number"))
        .values(last_outcome=bindparam("outcome"), last_fact_id=bindparam("told"), last_run_at=at),
        [{"number": number, "outcome": each, "told": told} for number, each, told in results],
    )


async def _questions(session: AsyncSession, query: Select[Any]) -> list[SavedQuestion]:
    # populate_existing: updates above went past the session's own copies.
    rows = await session.execute(query.execution_options(populate_existing=True))
    return [
        SavedQuestion(
            id=row.id,
            question=row.question,
            fact_id=row.fact_id,
            saved_by=row.saved_by,
            saved_at=row.saved_at,
            last_outcome=row.last_outcome,
            last_fact_id=row.last_fact_id,
            last_run_at=row.last_run_at,
        )
        for row in rows.scalars()
    ]
