"""Passing on: who waits for what, without whose data, and who hears how it ended."""

import asyncio
from datetime import timedelta

import pytest
import pytest_asyncio

from bot.services.answers.index_cache import IndexCache
from bot.services.answers.results import Outcome
from bot.services.questions.escalations import (
    A_DAY,
    AT_ONCE,
    PATIENCE,
    Escalation,
    Escalations,
    Refusal,
)
from db import story
from db.answers import exchanges
from db.engine import Database
from db.facts import facts
from db.questions import questions, waiting
from db.records import ChangeKind, FactDraft, Status
from db.records.desk import DeskQuestion, Wait
from tests import bridge
from tests.clocks import Clock
from tests.desk import exchanged
from tests.samples import AT

SHIPS = "How many ships passed under it?"
UNKNOWN = 5


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture
async def passing(database: Database, clock: Clock) -> Escalations:
    await bridge.name(database)
    await bridge.fill(database)
    return Escalations(database, IndexCache(database), clock=clock)


async def passed(
    passing: Escalations, database: Database, question: str, *, chat: int = 500
) -> Escalation:
    exchange = await exchanged(database, question, chat=chat)
    given = await passing.pass_on(exchange.id, chat_id=chat)
    assert isinstance(given, Escalation)
    return given


async def open_questions(database: Database) -> list[DeskQuestion]:
    async with database.reading() as session:
        return await questions.waiting(session, limit=100)


async def settled(
    database: Database, question_id: int, state: Wait, fact_id: int | None = None
) -> None:
    async with database.writing() as session:
        await questions.settle(session, question_id, state, at=AT, by=77, fact_id=fact_id)


async def test_the_same_question_waits_once_with_all_its_readers(
    passing: Escalations, database: Database
) -> None:
    assert (await passed(passing, database, SHIPS)).others == 0
    again = await passed(passing, database, "how many ships passed under it", chat=501)
    assert again.others == 1
    assert (await passed(passing, database, "Who painted the railing?", chat=502)).others == 0
    first, second = await open_questions(database)
    assert (first.question, first.waiting) == (SHIPS, 2)
    assert second.waiting == 1
    async with database.reading() as session:
        assert await waiting.words(session, first.id, limit=5) == [
            SHIPS,
            "how many ships passed under it",
        ]
        assert await questions.count_waiting(session) == (2, 3)


async def test_two_who_ask_the_same_at_once_are_one_question(
    passing: Escalations, database: Database
) -> None:
    made = [await exchanged(database, SHIPS, chat=chat) for chat in range(500, 510)]
    given = await asyncio.gather(*(passing.pass_on(each.id, chat_id=each.chat_id) for each in made))
    assert sorted(each.others for each in given if isinstance(each, Escalation)) == list(range(10))
    assert [each.waiting for each in await open_questions(database)] == [10]


async def test_personal_data_never_reaches_the_desk(
    passing: Escalations, database: Database
) -> None:
    await passed(
        passing, database, "My name is Anna, +380671234567: how many ships passed under it?"
    )
    (question,) = await open_questions(database)
    assert question.question == "My name is [removed], [removed]: how many ships passed under it?"
    nothing = await exchanged(database, "+380671234567", chat=501)
    assert await passing.pass_on(nothing.id, chat_id=501) is Refusal.ONLY_PERSONAL
    assert len(await open_questions(database)) == 1


async def test_a_question_is_passed_on_once(passing: Escalations, database: Database) -> None:
    given = await passed(passing, database, SHIPS)
    assert await passing.pass_on(given.exchange_id, chat_id=500) == given
    assert [each.waiting for each in await open_questions(database)] == [1]


@pytest.mark.parametrize("outcome", [Outcome.ANSWER, Outcome.OFF_TOPIC, Outcome.SMALLTALK])
async def test_what_was_answered_or_is_none_of_ours_is_not_passed_on(
    passing: Escalations, database: Database, outcome: Outcome
) -> None:
    exchange = await exchanged(database, SHIPS, outcome=outcome, told=((1, 1),))
    assert await passing.pass_on(exchange.id, chat_id=500) is None
    assert await open_questions(database) == []


async def test_another_chat_cannot_pass_on_nor_take_back(
    passing: Escalations, database: Database
) -> None:
    exchange = await exchanged(database, SHIPS)
    assert await passing.pass_on(exchange.id, chat_id=501) is None
    assert await passing.pass_on(exchange.id + 1, chat_id=500) is None
    given = await passing.pass_on(exchange.id, chat_id=500)
    assert isinstance(given, Escalation)
    assert await passing.never_mind(exchange.id, chat_id=501) is None
    assert [each.waiting for each in await open_questions(database)] == [1]


async def test_five_wait_and_twenty_a_day(
    passing: Escalations, database: Database, clock: Clock
) -> None:
    for number in range(A_DAY):
        given = await passed(passing, database, f"What is painted on pillar {number}?")
        if number >= AT_ONCE - 1:
            over = await exchanged(database, "Who owns the ferry?")
            assert await passing.pass_on(over.id, chat_id=500) is Refusal.TOO_MANY_WAIT
            assert await passing.never_mind(given.exchange_id, chat_id=500) is not None
    over = await exchanged(database, "Who owns the ferry?")
    assert await passing.pass_on(over.id, chat_id=500) is Refusal.TOO_MANY_TODAY
    assert isinstance(await passed(passing, database, "Who owns it?", chat=501), Escalation)
    clock.at += timedelta(days=1, minutes=1)
    assert isinstance(await passing.pass_on(over.id, chat_id=500), Escalation)


async def test_known_unknowns_leave_room_for_questions(
    passing: Escalations, database: Database
) -> None:
    for _ in range(AT_ONCE + 1):
        exchange = await exchanged(
            database, "why did it fail", outcome=Outcome.UNKNOWN, told=((UNKNOWN, 1),)
        )
        assert isinstance(await passing.pass_on(exchange.id, chat_id=500), Escalation)
    assert isinstance(await passed(passing, database, SHIPS), Escalation)


async def test_what_was_removed_does_not_make_questions_alike(
    passing: Escalations, database: Database
) -> None:
    await passed(passing, database, "+380671234567 how many ships passed under it")
    assert (await passed(passing, database, f"anna@example.org {SHIPS}", chat=501)).others == 1
    other = await passed(passing, database, "+380671234567 who painted the railing", chat=502)
    assert other.others == 0


async def test_nothing_is_passed_on_once_the_story_has_ended(
    passing: Escalations, database: Database
) -> None:
    exchange = await exchanged(database, SHIPS)
    async with database.writing() as session:
        await story.close(session, AT)
    assert await passing.pass_on(exchange.id, chat_id=500) is Refusal.CLOSED


async def test_never_mind_gives_back_what_was_told_and_closes_what_nobody_waits_for(
    passing: Escalations, database: Database
) -> None:
    exchange = await exchanged(database, SHIPS, offered=(3, 4))
    await passing.pass_on(exchange.id, chat_id=500)
    before = await passing.never_mind(exchange.id, chat_id=500)
    assert before is not None
    assert (before.outcome, before.closest and before.closest.fact.id) == (Outcome.MISSING, 3)
    assert await open_questions(database) == []
    assert await passing.never_mind(exchange.id, chat_id=500) is None
    assert isinstance(await passing.pass_on(exchange.id, chat_id=500), Escalation)
    assert [each.waiting for each in await open_questions(database)] == [1]


async def test_an_answer_reaches_everybody_and_counts_as_told(
    passing: Escalations, database: Database
) -> None:
    given = [await passed(passing, database, SHIPS, chat=chat) for chat in (500, 501)]
    (question,) = await open_questions(database)
    await settled(database, question.id, Wait.ANSWERED, 3)
    endings = await passing.due(limit=10)
    assert [each.chat_id for each in endings] == [500, 501]
    assert all(each.answer and each.answer.told[0].fact.id == 3 for each in endings)
    await passing.told(endings[0], message_id=44)
    await passing.told(endings[0], message_id=45)
    await passing.told(endings[1], message_id=None)
    assert await passing.due(limit=10) == []
    async with database.reading() as session:
        reached = await exchanges.by_id(session, given[0].exchange_id)
        gone = await exchanges.by_id(session, given[1].exchange_id)
        assert [each.id for each in await exchanges.told(session, 3)] == [given[0].exchange_id]
    assert reached is not None
    assert (reached.outcome, reached.told) == (Outcome.ANSWER, ((3, 1),))
    assert reached.reply_message_id == 44
    assert gone is not None
    assert gone.outcome is Outcome.MISSING


async def test_one_who_took_it_back_hears_nothing(passing: Escalations, database: Database) -> None:
    given = [await passed(passing, database, SHIPS, chat=chat) for chat in (500, 501)]
    await passing.never_mind(given[0].exchange_id, chat_id=500)
    (question,) = await open_questions(database)
    await settled(database, question.id, Wait.GIVEN_UP)
    assert [(each.chat_id, each.state) for each in await passing.due(limit=10)] == [
        (501, Wait.GIVEN_UP)
    ]


async def test_after_48_hours_nobody_has_found_out(
    passing: Escalations, database: Database, clock: Clock
) -> None:
    await passed(passing, database, SHIPS)
    clock.at += PATIENCE - timedelta(minutes=1)
    late = await passed(passing, database, SHIPS, chat=501)
    await passing.end_waits()
    assert await passing.due(limit=10) == []
    clock.at += timedelta(minutes=1)
    await passing.end_waits()
    (ending,) = await passing.due(limit=10)
    assert (ending.chat_id, ending.state, ending.answer) == (500, Wait.EXPIRED, None)
    (question,) = await open_questions(database)
    assert question.waiting == 1
    clock.at += PATIENCE
    await passing.end_waits()
    assert await open_questions(database) == []
    assert late.exchange_id in [each.exchange_id for each in await passing.due(limit=10)]


async def test_a_known_unknown_is_told_when_it_is_known_and_never_expires(
    passing: Escalations, database: Database, clock: Clock
) -> None:
    for chat in (500, 501):
        exchange = await exchanged(
            database, "why did it fail", chat=chat, outcome=Outcome.UNKNOWN, told=((UNKNOWN, 1),)
        )
        given = await passing.pass_on(exchange.id, chat_id=chat)
        assert isinstance(given, Escalation)
        assert given.others == chat - 500
        assert given.unknown is not None
        assert given.unknown.outcome is Outcome.UNKNOWN
    clock.at += PATIENCE * 3
    await passing.end_waits()
    assert await passing.due(limit=10) == []
    await _restate(database, UNKNOWN, Status.CONFIRMED, "A weld broke.")
    await passing.end_waits()
    endings = await passing.due(limit=10)
    assert [each.answer and each.answer.told[0].fact.text for each in endings] == [
        "A weld broke.",
        "A weld broke.",
    ]


async def test_a_known_unknown_that_is_withdrawn_is_given_up(
    passing: Escalations, database: Database
) -> None:
    exchange = await exchanged(
        database, "why did it fail", outcome=Outcome.UNKNOWN, told=((UNKNOWN, 1),)
    )
    await passing.pass_on(exchange.id, chat_id=500)
    assert (await passing.never_mind(exchange.id, chat_id=500)) is not None
    await passing.pass_on(exchange.id, chat_id=500)
    await bridge.withdraw(database, UNKNOWN)
    await passing.end_waits()
    assert [each.state for each in await passing.due(limit=10)] == [Wait.GIVEN_UP]


async def test_a_question_waits_again_when_its_answer_is_withdrawn_before_it_was_told(
    passing: Escalations, database: Database
) -> None:
    for chat in (500, 501, 502):
        await passed(passing, database, SHIPS, chat=chat)
    (question,) = await open_questions(database)
    await settled(database, question.id, Wait.ANSWERED, 3)
    first, *_ = await passing.due(limit=1)
    await passing.told(first, message_id=44)
    await bridge.withdraw(database, 3)
    assert await passing.due(limit=1) == []
    (again,) = await open_questions(database)
    assert (again.id, again.waiting, again.fact_id) == (question.id, 2, None)


async def test_of_one_chat_one_is_due_at_a_time(passing: Escalations, database: Database) -> None:
    for text in (SHIPS, "Who painted the railing?"):
        await passed(passing, database, text)
    for question in await open_questions(database):
        await settled(database, question.id, Wait.GIVEN_UP)
    (first,) = await passing.due(limit=10)
    assert await passing.due(limit=10, without=[first.reader_id]) != [first]
    await passing.told(first, message_id=1)
    (second,) = await passing.due(limit=10)
    assert {first.words, second.words} == {SHIPS, "Who painted the railing?"}


async def _restate(database: Database, fact_id: int, status: Status, text: str) -> None:
    async with database.writing() as session:
        fact = await facts.by_id(session, fact_id)
        assert fact is not None
        draft = FactDraft(key=fact.key, text=text, question=fact.question, status=status)
        assert await facts.revise(
            session,
            fact_id,
            fact.version,
            draft,
            kind=ChangeKind.UPDATE,
            reason=None,
            editor=None,
            at=AT,
        )
