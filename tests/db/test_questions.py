"""Waiting questions in the database: settled once, whoever is faster."""

import asyncio

from db.answers import feedback
from db.engine import Database
from db.facts import facts
from db.questions import questions, waiting
from db.records.desk import Feedback, Wait
from db.subscriptions import chats
from tests.desk import exchanged, waiting_for
from tests.factories import draft
from tests.samples import AT


async def test_a_question_is_settled_once_whoever_is_faster(database: Database) -> None:
    number = await waiting_for(database, "How many ships?", range(500, 520))

    async def settle(by: int) -> int | None:
        async with database.writing() as session:
            return await questions.settle(session, number, Wait.GIVEN_UP, at=AT, by=by)

    told = await asyncio.gather(*(settle(person) for person in range(1, 9)))
    assert sorted(each for each in told if each is not None) == [20]
    async with database.reading() as session:
        question = await questions.by_id(session, number)
        assert question is not None
        assert (question.state, question.waiting) == (Wait.GIVEN_UP, 0)
        assert len(await waiting.due(session, limit=100)) == 20
        assert len(await waiting.due(session, limit=7)) == 7


async def test_a_reader_is_told_once(database: Database) -> None:
    number = await waiting_for(database, "How many ships?", [500])
    async with database.writing() as session:
        await questions.settle(session, number, Wait.GIVEN_UP, at=AT, by=1)
        ((reader, _),) = await waiting.due(session, limit=2)
        assert await waiting.told(session, reader.id, at=AT)
        assert not await waiting.told(session, reader.id, at=AT)
        assert await waiting.due(session, limit=2) == []


async def test_most_readers_come_first_and_then_the_longest_wait(database: Database) -> None:
    first = await waiting_for(database, "Who painted it?", [500])
    second = await waiting_for(database, "Who owns it?", [500])
    third = await waiting_for(database, "How many ships?", [500, 501])
    async with database.reading() as session:
        ranked = await questions.waiting(session, limit=10)
        assert [each.id for each in ranked] == [third, first, second]
        assert [each.id for each in await questions.waiting(session, limit=1)] == [third]


async def test_the_newest_questions_are_compared_each_with_all_its_wordings(
    database: Database,
) -> None:
    old = await waiting_for(database, "Who painted it?", [500])
    number = await waiting_for(database, "How many ships?", [500, 501])
    await waiting_for(database, "number of ships", [502], question_id=number)
    async with database.reading() as session:
        assert dict(await waiting.wordings(session, limit=1)) == {
            number: ["How many ships?", "number of ships"]
        }
        assert list(await waiting.wordings(session, limit=9)) == [old, number]


async def questions_in(database: Database, chat: int) -> int:
    exchange = await exchanged(database, "How many ships?", chat=chat)
    async with database.writing() as session:
        number = await questions.ask(session, "How many ships?", at=AT)
        await waiting.join(session, number, exchange, "How many ships?", at=AT)
    return number


async def test_a_group_that_becomes_a_supergroup_waits_on(database: Database) -> None:
    number = await questions_in(database, -5)
    async with database.writing() as session:
        await chats.move(session, -5, -1005)
        await questions.settle(session, number, Wait.GIVEN_UP, at=AT, by=1)
        ((reader, _),) = await waiting.due(session, limit=2)
    # The old number of their message may be another message there.
    assert (reader.chat_id, reader.question_message_id) == (-1005, None)


async def test_an_exchange_has_one_feedback(database: Database) -> None:
    exchange = await exchanged(database, "how long")
    async with database.writing() as session:
        fact = await facts.add(session, draft(), editor=None, at=AT)
        said = Feedback(exchange_id=exchange.id, fact_id=fact.id, words="how long", at=AT)
        await feedback.give(session, said)
        await feedback.give(session, said)
        assert await feedback.count(session) == 1
        assert await feedback.unsettled(session, limit=9) == [said]
        assert await feedback.settle(session, first=0, last=exchange.id, at=AT, by=7) == 1
        assert await feedback.settle(session, first=0, last=exchange.id, at=AT, by=7) == 0
        assert await feedback.count(session) == 0
