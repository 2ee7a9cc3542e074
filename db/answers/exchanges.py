"""Exchanges: what readers asked and what they were told."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, and_, bindparam, case, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.records import Exchange, Outcome
from db.tables.desk import FeedbackRow
from db.tables.story import ExchangeRow, ToldRow
from db.types import storable

QUESTION_LIMIT = 4096
"""Characters of the longest message that Telegram delivers."""

LOOKED_AT: Final = 5_000
"""Exchanges among which those without a good answer are looked for: the newest."""

_IN_VAIN: Final = (Outcome.MISSING, Outcome.NOT_COVERED, Outcome.OFF_TOPIC, Outcome.CHOOSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A question, and what became of it, to be stored."""

    chat_id: int
    thread_id: int | None
    question: str
    outcome: Outcome
    told: Sequence[tuple[int, int]] = ()  # (fact number, version) in the order told
    offered: Sequence[int] = ()  # numbers of the candidates
    question_message_id: int | None = None
    asked_at: datetime
    confidence: float | None = None
    self_contained: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """The newest exchanges of a place."""

    any: Exchange | None = None
    leaned_on: Exchange | None = None  # of those that a question may lean on


async def record_all(session: AsyncSession, recordings: Sequence[Recording]) -> list[int]:
    """Store exchanges, and return their numbers, which grow in this order.

    Their chats must be known to `db.subscriptions.chats`.
    """
    if not recordings:
        return []
    rows = [
        {
            "chat_id": each.chat_id,
            "thread_id": each.thread_id,
            "question": storable(each.question, QUESTION_LIMIT),
            "outcome": each.outcome,
            "offered": tuple(each.offered),
            "question_message_id": each.question_message_id,
            "asked_at": each.asked_at,
            "confidence": each.confidence,
            "self_contained": each.self_contained,
        }
        for each in recordings
    ]
    row = ExchangeRow
    query = insert(row).returning(row.id, sort_by_parameter_order=True)
    connection = await session.connection()
    numbers = list((await connection.execute(query, rows)).scalars())
    told = [
        {"exchange_id": number, "position": position, "fact_id": fact_id, "version": version}
        for number, each in zip(numbers, recordings, strict=True)
        for position, (fact_id, version) in enumerate(each.told)
    ]
    if told:
        await connection.execute(insert(ToldRow), told)
    return numbers


async def record(session: AsyncSession, **fields: Any) -> int:
    """Store one exchange, by the fields of `Recording`, and return its number."""
    (number,) = await record_all(session, [Recording(**fields)])
    return number


async def delivered(session: AsyncSession, exchange_id: int, reply_message_id: int) -> None:
    """Note which message carries the reply, for edits and corrections later."""
    await session.execute(
        update(ExchangeRow)
        .where(ExchangeRow.id == exchange_id)
        .values(reply_message_id=reply_message_id)
    )


async def delivered_all(session: AsyncSession, replies: Mapping[int, int]) -> None:
    """Note which messages carry the replies, by the numbers of their exchanges."""
    row = ExchangeRow
    query = (
        update(row).where(row.id == bindparam("number")).values(reply_message_id=bindparam("reply"))
    )
    rows = [{"number": number, "reply": reply} for number, reply in replies.items()]
    await (await session.connection()).execute(query, rows)


async def change_outcome(
    session: AsyncSession,
    exchange_id: int,
    *,
    was: Outcome,
    becomes: Outcome,
    told: Sequence[tuple[int, int]] = (),
) -> Exchange | None:
    """Change what became of a question, add what was told by it, and return the exchange.

    A tap on "Which one?" makes CHOOSE an ANSWER. None, and nothing changed, when the outcome is
    not `was`: a second tap on the same button, or no such exchange.
    """
    changed = await session.execute(
        update(ExchangeRow)
        .where(ExchangeRow.id == exchange_id, ExchangeRow.outcome == was)
        .values(outcome=becomes)
        .returning(ExchangeRow.id)
    )
    if changed.scalar_one_or_none() is None:
        return None
    so_far = select(func.count()).where(ToldRow.exchange_id == exchange_id)
    await _tell(session, exchange_id, told, after=(await session.execute(so_far)).scalar_one())
    return await by_id(session, exchange_id)


async def by_id(session: AsyncSession, exchange_id: int) -> Exchange | None:
    """Return the exchange with this number; None if there is none (or no longer)."""
    return await _one(session, select(ExchangeRow).where(ExchangeRow.id == exchange_id))


async def by_reply(session: AsyncSession, chat_id: int, reply_message_id: int) -> Exchange | None:
    """Return the exchange whose reply is this message; None if it is none of ours."""
    return await _one(
        session,
        select(ExchangeRow)
        .where(ExchangeRow.chat_id == chat_id, ExchangeRow.reply_message_id == reply_message_id)
        .order_by(ExchangeRow.id.desc())
        .limit(1),
    )


async def last(
    session: AsyncSession,
    chat_id: int,
    thread_id: int | None,
    since: datetime,
    *,
    outcomes: Collection[Outcome] = tuple(Outcome),
    before: int | None = None,
) -> Exchange | None:
    """Return the newest exchange of a chat (in its forum topic, if any) asked at or after `since`.

    With `outcomes`, only such ones count: small talk in between need not end a conversation. With
    `before`, only exchanges older than the one of that number.
    """
    older = () if before is None else (ExchangeRow.id < before,)
    return await _one(
        session,
        select(ExchangeRow)
        .where(
            ExchangeRow.chat_id == chat_id,
            ExchangeRow.thread_id.is_not_distinct_from(thread_id),
            ExchangeRow.asked_at >= since,
            ExchangeRow.outcome.in_(outcomes),
            *older,
        )
        .order_by(ExchangeRow.asked_at.desc(), ExchangeRow.id.desc())
        .limit(1),
    )


async def newest(
    session: AsyncSession,
    places: Collection[tuple[int, int | None]],
    since: datetime,
    *,
    leaned_on: Collection[Outcome],
) -> dict[tuple[int, int | None], Newest]:
    """Return the newest exchanges of places (chat and forum topic) asked at or after `since`."""
    row = ExchangeRow
    is_leaned_on = row.outcome.in_(leaned_on)
    rank = func.row_number().over(
        partition_by=(row.chat_id, row.thread_id, case((is_leaned_on, 1), else_=0)),
        order_by=(row.asked_at.desc(), row.id.desc()),
    )
    ranked = (
        select(row.id, rank.label("rank"))
        .where(row.chat_id.in_({chat for chat, _ in places}), row.asked_at >= since)
        .subquery()
    )
    query = (
        select(row)
        .where(row.id.in_(select(ranked.c.id).where(ranked.c.rank == 1)))
        .order_by(row.asked_at, row.id)
    )
    last: dict[tuple[int, int | None], Exchange] = {}
    leaned: dict[tuple[int, int | None], Exchange] = {}
    for each in await _exchanges(session, query):
        last[each.chat_id, each.thread_id] = each
        if each.outcome in leaned_on:
            leaned[each.chat_id, each.thread_id] = each
    return {place: Newest(any=last.get(place), leaned_on=leaned.get(place)) for place in places}


async def told(
    session: AsyncSession,
    fact_id: int,
    version: int | None = None,
    *,
    since: datetime | None = None,
) -> list[Exchange]:
    """Return the exchanges that told a fact (in this `version`; asked at or after `since`).

    The oldest first. These are the readers whom a correction must reach.
    """
    those = select(ToldRow.exchange_id).where(ToldRow.fact_id == fact_id)
    if version is not None:
        those = those.where(ToldRow.version == version)
    query = select(ExchangeRow).where(ExchangeRow.id.in_(those)).order_by(ExchangeRow.id)
    if since is not None:
        query = query.where(ExchangeRow.asked_at >= since)
    return await _exchanges(session, query)


async def most_asked(session: AsyncSession, *, limit: int) -> list[int]:
    """Return the numbers of the facts that most chats were told, the most first.

    One chat decides nothing, and what was not what its reader asked does not count.
    """
    chats = func.count(func.distinct(ExchangeRow.chat_id))
    refused = exists().where(
        FeedbackRow.exchange_id == ToldRow.exchange_id, FeedbackRow.fact_id == ToldRow.fact_id
    )
    rows = await session.execute(
        select(ToldRow.fact_id)
        .join(ExchangeRow, ExchangeRow.id == ToldRow.exchange_id)
        .where(~refused)
        .group_by(ToldRow.fact_id)
        .having(chats > 1)
        .order_by(chats.desc(), ToldRow.fact_id)
        .limit(limit)
    )
    return list(rows.scalars())


async def ill_answered(
    session: AsyncSession, *, since: datetime, below: float, limit: int
) -> list[Exchange]:
    """Return questions asked at or after `since` that got no answer or a doubtful one, the newest.

    Only such as stand by themselves; doubtful is an answer of a confidence `below` this. No more
    than the newest few thousand exchanges are looked at.
    """
    newest = select(func.max(ExchangeRow.id)).scalar_subquery()
    query = (
        select(ExchangeRow)
        .where(
            ExchangeRow.id > newest - LOOKED_AT,
            ExchangeRow.asked_at >= since,
            ExchangeRow.self_contained,
            or_(
                ExchangeRow.outcome.in_(_IN_VAIN),
                and_(ExchangeRow.outcome == Outcome.ANSWER, ExchangeRow.confidence < below),
            ),
        )
        .order_by(ExchangeRow.id.desc())
    )
    return await _exchanges(session, query.limit(limit))


async def count(session: AsyncSession, outcome: Outcome | None = None) -> int:
    """Return how many questions were asked, or had this outcome."""
    query = select(func.count()).select_from(ExchangeRow)
    if outcome is not None:
        query = query.where(ExchangeRow.outcome == outcome)
    return (await session.execute(query)).scalar_one()


async def outcomes_since(session: AsyncSession, since: datetime) -> dict[Outcome, int]:
    """Return how many questions asked at or after `since` had each outcome; none is left out."""
    rows = await session.execute(
        select(ExchangeRow.outcome, func.count())
        .where(ExchangeRow.asked_at >= since)
        .group_by(ExchangeRow.outcome)
    )
    return dict.fromkeys(Outcome, 0) | dict(rows.all())


async def _one(session: AsyncSession, query: Select[ExchangeRow]) -> Exchange | None:
    found = await _exchanges(session, query)
    return found[0] if found else None


async def _exchanges(session: AsyncSession, query: Select[ExchangeRow]) -> list[Exchange]:
    # populate_existing: updates above went past the session's own copies.
    rows = (await session.execute(query.execution_options(populate_existing=True))).scalars().all()
    numbers = query.with_only_columns(ExchangeRow.id).subquery()
    told: dict[int, list[tuple[int, int]]] = {row.id: [] for row in rows}
    for number, fact_id, version in await session.execute(
        select(ToldRow.exchange_id, ToldRow.fact_id, ToldRow.version)
        .where(ToldRow.exchange_id.in_(select(numbers.c.id)))
        .order_by(ToldRow.exchange_id, ToldRow.position)
    ):
        told[number].append((fact_id, version))
    return [_record(row, tuple(told[row.id])) for row in rows]


def _record(row: ExchangeRow, told: tuple[tuple[int, int], ...]) -> Exchange:
    return Exchange(
        id=row.id,
        chat_id=row.chat_id,
        thread_id=row.thread_id,
        question=row.question,
        outcome=row.outcome,
        told=told,
        offered=row.offered,
        question_message_id=row.question_message_id,
        reply_message_id=row.reply_message_id,
        asked_at=row.asked_at,
        confidence=row.confidence,
        self_contained=row.self_contained,
    )


async def _tell(
    session: AsyncSession, exchange_id: int, told: Sequence[tuple[int, int]], *, after: int
) -> None:
    rows: list[dict[str, Any]] = [
        {
            "exchange_id": exchange_id,
            "position": after + position,
            "fact_id": fact_id,
            "version": version,
        }
        for position, (fact_id, version) in enumerate(told)
    ]
    if rows:
        await session.execute(insert(ToldRow), rows)
