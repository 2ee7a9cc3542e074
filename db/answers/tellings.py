"""Tellings: how often a fact was told, in what messages, and in answer to what."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.records.alerts import DeliveryState
from db.tables.alerts import AlertRow, DeliveryRow
from db.tables.story import ExchangeRow, ToldRow

MESSAGES: Final = 20
"""Messages in one chat that a correction edits, the newest; each costs a second of its chat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingMessage:
    """A message of ours that told a version of a fact."""

    message_id: int
    beside: tuple[int, ...] = ()  # numbers of the other facts that it told
    exchange_id: int | None = None  # whose answer it is; None: an alert
    has_more: bool = False  # facts that were found for that question and not told


async def count(session: AsyncSession, fact_id: int) -> int:
    """Return how often a fact was told, in any version."""
    query = select(func.count()).where(ToldRow.fact_id == fact_id)
    return (await session.execute(query)).scalar_one()


async def messages_in(
    session: AsyncSession, chat_id: int, fact_id: int, versions: Collection[int]
) -> list[TellingMessage]:
    """Return the messages that told one of these versions in a chat, the newest first.

    Answers and alerts; not those that sum many facts up, which cannot be told anew by one.
    """
    theirs = (ToldRow.fact_id == fact_id, ToldRow.version.in_(versions))
    answers = await session.execute(
        select(ExchangeRow.id, ExchangeRow.reply_message_id, ExchangeRow.offered)
        .where(
            ExchangeRow.chat_id == chat_id,
            ExchangeRow.reply_message_id.is_not(None),
            ExchangeRow.id.in_(select(ToldRow.exchange_id).where(*theirs)),
        )
        .order_by(ExchangeRow.id.desc())
        .limit(MESSAGES)
    )
    replies = {row.id: row for row in answers}
    told = await _facts_of(session, replies)
    found = {
        row.reply_message_id: TellingMessage(
            message_id=row.reply_message_id,
            beside=tuple(each for each in told[number] if each != fact_id),
            exchange_id=number,
            has_more=not set(row.offered) <= set(told[number]),
        )
        for number, row in replies.items()
    }
    alerted = await session.execute(
        select(DeliveryRow.message_id)
        .where(
            DeliveryRow.alert_id.in_(select(AlertRow.id).where(AlertRow.fact_id == fact_id)),
            DeliveryRow.chat_id == chat_id,
            DeliveryRow.state == DeliveryState.SENT,
            DeliveryRow.version.in_(versions),
            DeliveryRow.message_id.is_not(None),
            ~DeliveryRow.together,
        )
        .order_by(DeliveryRow.message_id.desc())
        .limit(MESSAGES)
    )
    for message in alerted.scalars():
        if message is not None:
            found.setdefault(message, TellingMessage(message_id=message))
    return sorted(found.values(), key=lambda each: each.message_id, reverse=True)[:MESSAGES]


async def questions(
    session: AsyncSession, fact_id: int, version: int, *, limit: int
) -> list[tuple[str, int]]:
    """Return what readers asked that got this version, with how many asked it: the most first."""
    often = func.count(func.distinct(ExchangeRow.chat_id))
    rows = await session.execute(
        select(func.min(ExchangeRow.question), often)
        .join(ToldRow, ToldRow.exchange_id == ExchangeRow.id)
        .where(ToldRow.fact_id == fact_id, ToldRow.version == version)
        .group_by(func.lower(ExchangeRow.question))
        .order_by(often.desc(), func.min(ExchangeRow.id))
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows]


async def _facts_of(session: AsyncSession, exchanges: Collection[int]) -> dict[int, list[int]]:
    """Return the numbers of the facts that exchanges told, in the order told."""
    rows = await session.execute(
        select(ToldRow.exchange_id, ToldRow.fact_id)
        .where(ToldRow.exchange_id.in_(exchanges))
        .order_by(ToldRow.exchange_id, ToldRow.position)
    )
    found: dict[int, list[int]] = {}
    for number, fact in rows:
        found.setdefault(number, []).append(fact)
    return found
