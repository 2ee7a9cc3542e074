"""Readers who wait for an answer of the desk, and what they still have to hear."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.questions import questions
from db.records import Exchange
from db.records.desk import DeskQuestion, Wait, WaitingReader
from db.tables.desk import DeskQuestionRow, WaitingReaderRow
from db.tables.story import ExchangeRow
from db.types import storable

_ENDED: Final = (Wait.ANSWERED, Wait.GIVEN_UP, Wait.EXPIRED)
"""How a wait ends that its reader must hear of."""


async def wordings(session: AsyncSession, *, limit: int) -> Mapping[int, list[str]]:
    """Return the words in which each waiting question was asked, each once, the first first.

    The newest `limit` questions; those that wait for a known unknown are left out, since that
    fact groups them.
    """
    newest = (
        select(DeskQuestionRow.id)
        .where(DeskQuestionRow.state == Wait.WAITING, DeskQuestionRow.fact_id.is_(None))
        .order_by(DeskQuestionRow.id.desc())
        .limit(limit)
    )
    return await _words(session, WaitingReaderRow.question_id.in_(newest))


async def words(session: AsyncSession, question_id: int, *, limit: int) -> list[str]:
    """Return the words in which a question was asked, each once; the first first."""
    found = await _words(session, WaitingReaderRow.question_id == question_id)
    return found[question_id][:limit]


async def voices(session: AsyncSession, question_id: int) -> list[tuple[int, str]]:
    """Return who waits for a question, by chat, and in which words they asked, the first first.

    Only those whose words are understood without the question before them.
    """
    rows = await session.execute(
        select(WaitingReaderRow.chat_id, WaitingReaderRow.words)
        .join(ExchangeRow, ExchangeRow.id == WaitingReaderRow.exchange_id)
        .where(
            WaitingReaderRow.question_id == question_id,
            WaitingReaderRow.state == Wait.WAITING,
            ExchangeRow.self_contained,
        )
        .order_by(WaitingReaderRow.id)
    )
    return [(chat_id, words) for chat_id, words in rows.all()]


async def join(
    session: AsyncSession, question_id: int, exchange: Exchange, words: str, *, at: datetime
) -> int:
    """Let the reader of an exchange wait for a question and return the number of their wait.

    One who waited before for the same exchange, and no longer does, waits again.
    """
    values = {
        "question_id": question_id,
        "words": storable(words, questions.WORDS_LIMIT),
        "state": Wait.WAITING,
        "since": at,
        "told_at": None,
    }
    again = await session.execute(
        update(WaitingReaderRow)
        .where(WaitingReaderRow.exchange_id == exchange.id)
        .values(**values)
        .returning(WaitingReaderRow.id)
    )
    number = again.scalar_one_or_none()
    if number is not None:
        return number
    return (
        await session.execute(
            insert(WaitingReaderRow)
            .values(
                exchange_id=exchange.id,
                chat_id=exchange.chat_id,
                thread_id=exchange.thread_id,
                question_message_id=exchange.question_message_id,
                **values,
            )
            .returning(WaitingReaderRow.id)
        )
    ).scalar_one()


async def reader_of(session: AsyncSession, exchange_id: int) -> WaitingReader | None:
    """Return the reader who waits, or waited, for the answer to an exchange."""
    query = select(WaitingReaderRow).where(WaitingReaderRow.exchange_id == exchange_id)
    found = await _readers(session, query)
    return found[0] if found else None


async def leave(session: AsyncSession, reader: WaitingReader, *, at: datetime) -> None:
    """Let a reader wait no longer; a question that nobody waits for is closed with them."""
    await session.execute(
        update(WaitingReaderRow)
        .where(WaitingReaderRow.id == reader.id, WaitingReaderRow.state == Wait.WAITING)
        .values(state=Wait.NEVER_MIND)
    )
    await questions.close_unwanted(session, Wait.NEVER_MIND, at, [reader.question_id])


async def in_chat(session: AsyncSession, chat_id: int, *, since: datetime) -> tuple[int, int]:
    """Return how many questions of a chat wait for the desk, and how many wait since `since`.

    Those that wait for a known unknown, perhaps for weeks, count as passed on alone.
    """
    rows = await session.execute(
        select(
            (WaitingReaderRow.state == Wait.WAITING) & DeskQuestionRow.fact_id.is_(None),
            WaitingReaderRow.since >= since,
        )
        .join(DeskQuestionRow, DeskQuestionRow.id == WaitingReaderRow.question_id)
        .where(WaitingReaderRow.chat_id == chat_id)
    )
    found = rows.all()
    return sum(waits for waits, _ in found), sum(recent for _, recent in found)


async def expire(session: AsyncSession, *, before: datetime, at: datetime) -> int:
    """End the waits that began at or before `before`; return how many.

    Who waits for a known unknown goes on waiting: that nobody knows is what they were told.
    """
    unknown = select(DeskQuestionRow.id).where(DeskQuestionRow.fact_id.is_not(None))
    ended = await session.execute(
        update(WaitingReaderRow)
        .where(
            WaitingReaderRow.state == Wait.WAITING,
            WaitingReaderRow.since <= before,
            WaitingReaderRow.question_id.not_in(unknown),
        )
        .values(state=Wait.EXPIRED)
        .returning(WaitingReaderRow.question_id)
    )
    numbers = list(ended.scalars())
    if numbers:
        await questions.close_unwanted(session, Wait.EXPIRED, at, set(numbers))
    return len(numbers)


async def due(
    session: AsyncSession, *, limit: int, without: Collection[int] = ()
) -> list[tuple[WaitingReader, DeskQuestion]]:
    """Return readers who have not heard yet how their wait ended, the longest wait first.

    At most one of each chat: nobody gets several messages at once. Not those in `without`.
    """
    first = (
        select(func.min(WaitingReaderRow.id))
        .where(
            WaitingReaderRow.state.in_(_ENDED),
            WaitingReaderRow.told_at.is_(None),
            WaitingReaderRow.id.not_in(without),
        )
        .group_by(WaitingReaderRow.chat_id)
    )
    query = select(WaitingReaderRow).where(WaitingReaderRow.id.in_(first))
    readers = await _readers(session, query.order_by(WaitingReaderRow.id).limit(limit))
    asked = await questions.by_numbers(session, {each.question_id for each in readers})
    return [(each, asked[each.question_id]) for each in readers]


async def told(session: AsyncSession, reader_id: int, *, at: datetime) -> bool:
    """Note that a reader heard how their wait ended; False if that was noted already."""
    noted = await session.execute(
        update(WaitingReaderRow)
        .where(WaitingReaderRow.id == reader_id, WaitingReaderRow.told_at.is_(None))
        .values(told_at=at)
        .returning(WaitingReaderRow.id)
    )
    return noted.scalar_one_or_none() is not None


async def _words(session: AsyncSession, which: Any) -> Mapping[int, list[str]]:
    found = defaultdict[int, dict[str, None]](dict)
    for number, text in await session.execute(
        select(WaitingReaderRow.question_id, WaitingReaderRow.words)
        .where(which)
        .order_by(WaitingReaderRow.id)
    ):
        found[number].setdefault(text)
    return defaultdict(list, {number: list(texts) for number, texts in found.items()})


async def _readers(session: AsyncSession, query: Select[WaitingReaderRow]) -> list[WaitingReader]:
    rows = await session.execute(query.execution_options(populate_existing=True))
    return [
        WaitingReader(
            id=row.id,
            question_id=row.question_id,
            exchange_id=row.exchange_id,
            chat_id=row.chat_id,
            thread_id=row.thread_id,
            question_message_id=row.question_message_id,
            words=row.words,
            state=row.state,
            since=row.since,
            told_at=row.told_at,
        )
        for row in rows.scalars()
    ]
