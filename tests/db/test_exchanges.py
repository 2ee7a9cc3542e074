"""Chats, and what was told in them."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from db.answers import exchanges
from db.engine import Database, Session
from db.facts import facts
from db.records import ChatKind, Exchange, Outcome
from db.subscriptions import chats
from tests.factories import draft

CHAT = 10**12  # wider than 32 bits, as Telegram's are


async def known_chat(session: Session, at: datetime, chat_id: int = CHAT) -> None:
    await chats.remember(session, chat_id=chat_id, kind=ChatKind.PRIVATE, title=None, at=at)


async def asked(session: Session, at: datetime, **fields: object) -> int:
    values: dict[str, object] = {
        "chat_id": CHAT,
        "thread_id": None,
        "question": "how long?",
        "outcome": Outcome.ANSWER,
        "asked_at": at,
        **fields,
    }
    return await exchanges.record(session, **values)


async def test_chat_is_remembered_with_its_newest_title(database: Database, at: datetime) -> None:
    later = at + timedelta(minutes=5)
    async with database.writing() as session:
        first = await chats.remember(
            session, chat_id=-100, kind=ChatKind.GROUP, title="Desk", at=later
        )
        assert (first.first_seen, first.last_seen) == (later, later)
        second = await chats.remember(
            session, chat_id=-100, kind=ChatKind.SUPERGROUP, title="Night desk", at=at
        )
    async with database.reading() as session:
        assert await chats.by_id(session, -100) == second
        assert await chats.by_id(session, 1) is None
        assert await chats.count(session) == 1
    assert (second.kind, second.title, second.last_seen) == (
        ChatKind.SUPERGROUP,
        "Night desk",
        later,
    )


async def test_exchange_comes_back_with_what_was_told(database: Database, at: datetime) -> None:
    async with database.writing() as session:
        await known_chat(session, at)
        numbers = await facts.add_all(session, [draft(key="a"), draft(key="b")], editor=None, at=at)
        told = [(numbers["b"], 1), (numbers["a"], 1)]
        number = await asked(
            session, at, told=told, offered=[2, 1], thread_id=4, question_message_id=50
        )
    async with database.writing() as session:
        assert await exchanges.by_reply(session, CHAT, 51) is None
        await exchanges.delivered(session, number, 51)
        expected = Exchange(
            id=number,
            chat_id=CHAT,
            thread_id=4,
            question="how long?",
            outcome=Outcome.ANSWER,
            told=tuple(told),
            offered=(2, 1),
            question_message_id=50,
            reply_message_id=51,
            asked_at=at,
        )
        assert await exchanges.by_id(session, number) == expected
        assert await exchanges.by_reply(session, CHAT, 51) == expected
        assert await exchanges.by_id(session, 99) is None


async def test_last_exchange_is_of_this_chat_this_topic_and_recent(
    database: Database, at: datetime
) -> None:
    async with database.writing() as session:
        await known_chat(session, at)
        await known_chat(session, at, 2)
        old = await asked(session, at - timedelta(minutes=11))
        recent = await asked(session, at - timedelta(minutes=2))
        thanks = await asked(session, at, outcome=Outcome.SMALLTALK)
        topic = await asked(session, at, thread_id=9)
        await asked(session, at, chat_id=2)
    since = at - timedelta(minutes=10)

    async with database.reading() as session:

        async def last(thread: int | None, since: datetime = since, **only: object) -> int | None:
            found = await exchanges.last(session, CHAT, thread, since, **only)  # type: ignore[arg-type]
            return found.id if found else None

        assert await last(None) == thanks
        assert await last(None, outcomes=[Outcome.ANSWER]) == recent
        assert await last(9) == topic
        assert await last(8) is None
        assert await last(None, outcomes=[Outcome.UNKNOWN]) is None
        assert await last(None, before=thanks) == recent
        assert await last(None, at + timedelta(seconds=1)) is None
        assert await last(None, at - timedelta(hours=1)) != old


async def test_tap_turns_a_choice_into_an_answer_once(database: Database, at: datetime) -> None:
    async with database.writing() as session:
        await known_chat(session, at)
        fact = await facts.add(session, draft(), editor=None, at=at)
        number = await asked(session, at, outcome=Outcome.CHOOSE, offered=[fact.id, 8])
    taps = []
    for _ in range(2):
        async with database.writing() as session:
            taps.append(
                await exchanges.change_outcome(
                    session,
                    number,
                    was=Outcome.CHOOSE,
                    becomes=Outcome.ANSWER,
                    told=[(fact.id, 1)],
                )
            )
    first, second = taps
    assert first is not None
    assert (first.outcome, first.told, first.offered) == (
        Outcome.ANSWER,
        ((fact.id, 1),),
        (fact.id, 8),
    )
    assert second is None
    async with database.reading() as session:
        assert await exchanges.by_id(session, number) == first


async def test_second_telling_stands_after_the_first(database: Database, at: datetime) -> None:
    async with database.writing() as session:
        await known_chat(session, at)
        fact = await facts.add(session, draft(), editor=None, at=at)
        other = await facts.add(session, draft(key="other"), editor=None, at=at)
        number = await asked(session, at, told=[(fact.id, 1)])
        changed = await exchanges.change_outcome(
            session, number, was=Outcome.ANSWER, becomes=Outcome.ANSWER, told=[(other.id, 1)]
        )
    assert changed is not None
    assert changed.told == ((fact.id, 1), (other.id, 1))


async def test_who_was_told_a_version(database: Database, at: datetime) -> None:
    async with database.writing() as session:
        await known_chat(session, at)
        fact = await facts.add(session, draft(), editor=None, at=at)
        early = await asked(session, at - timedelta(days=1), told=[(fact.id, 1)])
        late = await asked(session, at, told=[(fact.id, 1)])
        await asked(session, at, outcome=Outcome.MISSING)
    async with database.reading() as session:
        told = await exchanges.told(session, fact.id)
        assert [each.id for each in told] == [early, late]
        assert [each.told for each in told] == [((fact.id, 1),), ((fact.id, 1),)]
        assert [each.id for each in await exchanges.told(session, fact.id, 1, since=at)] == [late]
        assert await exchanges.told(session, fact.id, 2) == []
        assert await exchanges.count(session) == 3
        assert await exchanges.count(session, Outcome.MISSING) == 1


@pytest.mark.parametrize("told", [[(1, 1)], [(1, 2)]])
async def test_a_version_that_is_not_there_cannot_have_been_told(
    database: Database, at: datetime, told: list[tuple[int, int]]
) -> None:
    with pytest.raises(IntegrityError):  # noqa: PT012 - the whole transaction
        async with database.writing() as session:
            await known_chat(session, at)
            await asked(session, at, told=told)


async def test_whatever_is_typed_can_be_stored(database: Database, at: datetime) -> None:
    typed = "a\0b\ud800 🕊 ' \" ; --" + "x" * 5_000
    async with database.writing() as session:
        await known_chat(session, at)
        number = await asked(session, at, question=typed)
    async with database.reading() as session:
        exchange = await exchanges.by_id(session, number)
    assert exchange is not None
    assert exchange.question.startswith("ab? 🕊 ' \" ; --x")
    assert len(exchange.question) <= exchanges.QUESTION_LIMIT
