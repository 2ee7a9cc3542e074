"""Readers and their waits, made as the bot makes them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from db.answers import exchanges
from db.engine import Database, Session
from db.questions import questions, waiting
from db.records import ChatKind, Exchange, Outcome
from db.subscriptions import chats
from tests.samples import AT


async def exchanged(
    database: Database,
    question: str,
    *,
    chat: int = 500,
    outcome: Outcome = Outcome.MISSING,
    told: tuple[tuple[int, int], ...] = (),
    offered: tuple[int, ...] = (),
    message_id: int | None = 9,
    thread_id: int | None = None,
    at: datetime = AT,
    **fields: Any,
) -> Exchange:
    """Return an exchange of a reader who got `outcome`."""
    async with database.writing() as session:
        return await _exchanged(
            session,
            question,
            chat,
            at,
            outcome=outcome,
            told=told,
            offered=offered,
            question_message_id=message_id,
            thread_id=thread_id,
            **fields,
        )


async def waiting_for(
    database: Database,
    question: str,
    rooms: Iterable[int],
    *,
    question_id: int | None = None,
    since: datetime = AT,
    **fields: Any,
) -> int:
    """Let a reader in each of these chats wait for `question`; return the desk's number of it."""
    async with database.writing() as session:
        number = question_id
        if number is None:
            number = await questions.ask(session, question, at=AT)
        for chat in rooms:
            exchange = await _exchanged(session, question, chat, AT, **fields)
            await waiting.join(session, number, exchange, question, at=since)
    return number


async def _exchanged(
    session: Session, question: str, chat: int, at: datetime, **fields: Any
) -> Exchange:
    kind = ChatKind.PRIVATE if chat > 0 else ChatKind.SUPERGROUP
    await chats.remember(session, chat_id=chat, kind=kind, title=None, at=at)
    usual = {"outcome": Outcome.MISSING, "thread_id": None}
    number = await exchanges.record(
        session, chat_id=chat, question=question, asked_at=at, **{**usual, **fields}
    )
    found = await exchanges.by_id(session, number)
    assert found is not None
    return found
