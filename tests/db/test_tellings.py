"""How often a fact was told, and to how many."""

from datetime import timedelta

from db.answers import exchanges, tellings, told_chats
from db.engine import Database
from db.facts import facts
from db.records import ChatKind, Outcome
from db.records.alerts import Wrong
from db.subscriptions import chats
from tests.factories import draft
from tests.samples import AT


async def test_tellings_are_counted_by_fact_and_by_chat(database: Database) -> None:
    async with database.writing() as session:
        await facts.add(session, draft(), editor=None, at=AT)
        await facts.add(session, draft(key="other"), editor=None, at=AT)
        for hour, chat in enumerate((1, 1, 2)):
            at = AT + timedelta(hours=hour)
            await chats.remember(session, chat_id=chat, kind=ChatKind.PRIVATE, title=None, at=at)
            await exchanges.record(
                session,
                chat_id=chat,
                thread_id=None,
                question="how long",
                outcome=Outcome.ANSWER,
                told=[(1, 1)],
                asked_at=at,
            )
        assert await tellings.count(session, 1) == 3
        assert await tellings.count(session, 2) == 0
        told = Wrong(fact_id=1, since=1, until=1)
        assert await told_chats.count_told(session, [told]) == 2
        assert await told_chats.count_told(session, [Wrong(fact_id=1, since=2, until=2)]) == 0
