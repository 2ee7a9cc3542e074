"""The answering over a real database: what is told, what is kept, who may press what."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.search import Context, FactIndex, Verdict
from bot.services.answers import composition
from bot.services.answers.reader import ReaderAnswers
from bot.services.answers.results import Place
from bot.views.answers import messages
from bot.views.message import plain
from db.answers import exchanges
from db.engine import Database
from db.facts import facts
from db.records import ChangeKind, ChatKind, Exchange, FactDraft, Outcome
from db.subscriptions import chats
from tests import bridge
from tests.clocks import Clock
from tests.samples import AT

READER = Place(chat_id=501, kind=ChatKind.PRIVATE)


@pytest_asyncio.fixture
async def store(story_file: Path) -> AsyncIterator[Database]:
    database = await Database.open(story_file)
    yield database
    await database.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def answering(store: Database, clock: Clock) -> ReaderAnswers:
    return ReaderAnswers(store, clock=clock, ask=bridge.spelled_out)


async def kept(store: Database, exchange_id: int | None) -> Exchange:
    assert exchange_id is not None
    async with store.reading() as session:
        exchange = await exchanges.by_id(session, exchange_id)
    assert exchange is not None
    return exchange


async def test_an_answer_is_kept_with_what_it_told(
    answering: ReaderAnswers, store: Database
) -> None:
    given = await answering.answer("answer 1 | 2 3", READER, message_id=44)
    exchange = await kept(store, given.exchange_id)
    assert given.outcome is Outcome.ANSWER
    assert [found.fact.key for found in given.told] == ["opened"]
    assert (exchange.chat_id, exchange.question_message_id) == (501, 44)
    assert exchange.told == ((1, 1),)
    assert exchange.offered == (1, 2, 3)


async def test_the_message_that_carries_the_answer_is_kept(
    answering: ReaderAnswers, store: Database
) -> None:
    given = await answering.answer("answer 1", READER)
    assert given.exchange_id is not None
    await answering.delivered(given.exchange_id, 45)
    assert (await kept(store, given.exchange_id)).reply_message_id == 45


async def test_a_changed_fact_is_told_at_once(answering: ReaderAnswers, store: Database) -> None:
    await answering.answer("answer 1", READER)
    await bridge.revise(store, 1, "In 1932.")
    given = await answering.answer("answer 1", READER)
    assert given.told[0].fact.text == "In 1932."
    assert (await kept(store, given.exchange_id)).told == ((1, 2),)


async def test_a_withdrawn_fact_is_never_answered(
    answering: ReaderAnswers, store: Database
) -> None:
    offered = await answering.answer("choose 1 2", READER)
    assert offered.exchange_id is not None
    await bridge.withdraw(store, 1)
    assert (await answering.answer("answer 1", READER)).told == ()
    assert await answering.show(1, READER) is None
    assert await answering.choose(offered.exchange_id, 1, chat_id=501) is None
    stands = await answering.standing(1)
    assert stands.fact is None
    assert stands.change is not None
    assert stands.change.kind is ChangeKind.WITHDRAWAL
    assert 1 not in [fact.id for fact in (await answering.overview()).known]


async def test_a_change_while_answering_is_answered_anew(store: Database) -> None:
    """What is recorded must be true of the story as it stands at that moment."""
    found = asyncio.Event()
    revisions: list[int] = []

    def noted(index: FactIndex, /, question: str, *, context: Context | None) -> Verdict:
        revisions.append(index.revision)
        found.set()
        return bridge.spelled_out(index, question, context=context)

    answering = ReaderAnswers(store, clock=Clock(), ask=noted)
    async with store.writing() as session:  # the answer cannot be recorded before this
        answer = asyncio.create_task(answering.answer("answer 1", READER))
        await found.wait()
        was = await facts.by_id(session, 1)
        assert was is not None
        now = replace(FactDraft.of(was), text="In 1933.")
        kind = ChangeKind.UPDATE
        await facts.revise(session, 1, 1, now, kind=kind, reason=None, editor=None, at=AT)
    given = await answer
    assert len(revisions) == 2
    assert given.told[0].fact.text == "In 1933."
    assert (await kept(store, given.exchange_id)).told == ((1, 2),)


async def test_concurrent_questions_share_one_index(answering: ReaderAnswers) -> None:
    given = await asyncio.gather(
        *(answering.answer("answer 1", Place(chat_id=n, kind=ChatKind.PRIVATE)) for n in range(20))
    )
    assert len({answer.exchange_id for answer in given}) == 20
    assert len({id(answer.told[0].fact) for answer in given}) == 1


async def test_few_changes_mend_the_index_and_many_rebuild_it(
    answering: ReaderAnswers, store: Database
) -> None:
    await answering.story()
    await bridge.revise(store, 1, "In 1932.")
    assert (await answering.show(1, READER)).told[0].fact.text == "In 1932."  # type: ignore[union-attr]
    for number in (1, 2, 3, 4):
        await bridge.revise(store, number, f"Text {number}.")
    overview = await answering.overview()
    assert {fact.text for fact in overview.known} == {f"Text {n}." for n in (1, 2, 3, 4)}


async def test_a_question_leans_on_the_last_one_for_ten_minutes(
    answering: ReaderAnswers, clock: Clock
) -> None:
    await answering.answer("answer 1", READER)
    await answering.answer("thanks", READER)
    clock.at += timedelta(minutes=10)
    assert [found.fact.id for found in (await answering.answer("again", READER)).told] == [1]
    clock.at += timedelta(minutes=10, seconds=1)
    assert (await answering.answer("again", READER)).told == ()


async def test_a_question_leans_on_nothing_of_another_topic_or_chat(
    answering: ReaderAnswers,
) -> None:
    group = Place(chat_id=-100, kind=ChatKind.SUPERGROUP, title="Town", thread_id=7)
    other_topic = Place(chat_id=-100, kind=ChatKind.SUPERGROUP, title="Town", thread_id=8)
    await answering.answer("answer 1", group)
    assert (await answering.answer("again", other_topic)).told == ()
    assert (await answering.answer("again", READER)).told == ()
    assert len((await answering.answer("again", group)).told) == 1


async def test_a_choice_turns_into_an_answer_that_is_kept(
    answering: ReaderAnswers, store: Database
) -> None:
    offered = await answering.answer("choose 1 2 3", READER)
    assert offered.exchange_id is not None
    given = await answering.choose(offered.exchange_id, 2, chat_id=501)
    assert given is not None
    assert given.outcome is Outcome.ANSWER
    exchange = await kept(store, offered.exchange_id)
    assert (exchange.outcome, exchange.told) == (Outcome.ANSWER, ((2, 1),))
    assert await answering.choose(offered.exchange_id, 2, chat_id=501) is not None
    assert (await kept(store, offered.exchange_id)).told == ((2, 1),)
    assert [found.fact.id for found in (await answering.answer("again", READER)).told] == [2]


async def test_a_chosen_known_unknown_stays_unknown(
    answering: ReaderAnswers, store: Database
) -> None:
    offered = await answering.answer("choose 1 5", READER)
    assert offered.exchange_id is not None
    given = await answering.choose(offered.exchange_id, 5, chat_id=501)
    assert given is not None
    assert given.outcome is Outcome.UNKNOWN
    assert (await kept(store, offered.exchange_id)).outcome is Outcome.UNKNOWN


async def test_buttons_work_only_in_their_own_chat_and_for_what_was_offered(
    answering: ReaderAnswers, store: Database
) -> None:
    offered = await answering.answer("choose 1 2", READER)
    assert offered.exchange_id is not None
    assert await answering.choose(offered.exchange_id, 1, chat_id=502) is None
    assert await answering.choose(offered.exchange_id, 3, chat_id=501) is None
    assert await answering.choose(999, 1, chat_id=501) is None
    assert await answering.other(offered.exchange_id, chat_id=502) is None
    exchange = await kept(store, offered.exchange_id)
    assert (exchange.outcome, exchange.told) == (Outcome.CHOOSE, ())


async def test_not_what_was_asked_offers_the_next_two_and_is_kept(
    answering: ReaderAnswers, store: Database
) -> None:
    given = await answering.answer("answer 1 | 2 3 4", READER)
    assert given.exchange_id is not None
    offer = await answering.other(given.exchange_id, chat_id=501)
    assert offer is not None
    assert [fact.id for fact in offer.facts] == [2, 3]
    exchange = await kept(store, given.exchange_id)
    assert (exchange.outcome, exchange.told) == (Outcome.MISSING, ((1, 1),))


async def test_something_else_skips_what_was_to_choose_from(answering: ReaderAnswers) -> None:
    given = await answering.answer("choose 1 2 | 3", READER)
    assert given.exchange_id is not None
    offer = await answering.other(given.exchange_id, chat_id=501, shown=2)
    assert offer is not None
    assert [fact.id for fact in offer.facts] == [3]
    offer = await answering.other(given.exchange_id, chat_id=501, shown=2**62)
    assert offer is not None
    assert offer.facts == ()


async def test_considering_leaves_no_trace(answering: ReaderAnswers, store: Database) -> None:
    first = await answering.consider("answer 1")
    second = await answering.consider("again", after=first)
    assert [found.fact.id for found in second.told] == [1]
    assert second.exchange_id is None
    async with store.reading() as session:
        assert await exchanges.count(session) == 0
        assert await chats.count(session) == 0


async def test_the_overview_leads_with_what_is_big_then_with_what_many_ask(
    answering: ReaderAnswers,
) -> None:
    async def known() -> list[int]:
        return [fact.id for fact in (await answering.overview()).known]

    overview = await answering.overview()
    assert await known() == [1, 2, 4, 3]
    assert [fact.id for fact in overview.unknown] == [5]
    assert overview.total == 4
    for _ in range(60):
        await answering.answer("answer 4", READER)
    assert await known() == [1, 2, 4, 3]  # one chat decides nothing
    for chat_id in (502, 503):
        await answering.answer("answer 4", replace(READER, chat_id=chat_id))
    assert await known() == [1, 4, 2, 3]
    for chat_id in (502, 503):
        refused = await answering.answer("answer 3 | 4", replace(READER, chat_id=chat_id))
        assert refused.exchange_id is not None
        await answering.other(refused.exchange_id, chat_id=chat_id)
    assert await known() == [1, 4, 2, 3]


async def test_a_group_that_becomes_a_supergroup_keeps_its_conversation(
    answering: ReaderAnswers, store: Database
) -> None:
    group = Place(chat_id=-5, kind=ChatKind.GROUP, title="Town")
    given = await answering.answer("choose 1 2", group)
    assert given.exchange_id is not None
    for _ in range(2):  # Telegram tells it twice, in both chats
        await answering.moved(-5, -1005)
    assert (await kept(store, given.exchange_id)).chat_id == -1005
    async with store.reading() as session:
        assert await chats.by_id(session, -5) is None
        moved = await chats.by_id(session, -1005)
    assert moved is not None
    assert (moved.kind, moved.title) == (ChatKind.SUPERGROUP, "Town")


@pytest.mark.parametrize(
    "text",
    ["", "\x00", "\ud800", "a\ud800b\x00c", "😀" * 3000, "word " * 900, "é" * 2000, "' OR 1=1 --"],
)
async def test_whatever_is_typed_is_kept_within_bounds(
    answering: ReaderAnswers, store: Database, text: str
) -> None:
    given = await answering.answer(text, READER)
    question = (await kept(store, given.exchange_id)).question
    assert question == given.question
    assert len(question) <= composition.QUESTION_LENGTH


def test_a_long_question_is_cut_between_words() -> None:
    text = composition.bounded("word " * 900)
    assert len(text) <= 1000
    assert text.endswith("word")
    torn = composition.bounded("x" * 999 + "e\u0301")
    assert torn == "x" * 999


@pytest.mark.parametrize("asked", ["answer 3 | 6 1", "choose 3 6"])
async def test_two_facts_that_contradict_each_other_are_both_told(
    answering: ReaderAnswers, store: Database, asked: str
) -> None:
    other = FactDraft(
        key="again", question="How long is the bridge?", text="It is 421 metres long.", source="CNN"
    )
    async with store.writing() as session:
        await facts.add(session, other, editor=None, at=AT)
    given = await answering.answer(asked, READER)
    assert given.outcome is Outcome.ANSWER
    assert [found.fact.id for found in given.told] == [3, 6]
    assert given.disputed
    assert (await kept(store, given.exchange_id)).told == ((3, 1), (6, 1))
    shown = plain(messages.answer(given))
    assert "It is 412 metres long." in shown
    assert "It is 421 metres long.\nCNN" in shown
    assert shown.endswith(messages.DISPUTED)


async def test_facts_about_different_things_are_not_held_against_each_other(
    answering: ReaderAnswers,
) -> None:
    given = await answering.answer("answer 1 | 2 3", READER)
    assert (len(given.told), given.disputed) == (1, False)
    assert (await answering.answer("choose 1 2", READER)).outcome is Outcome.CHOOSE


async def test_a_question_in_two_messages_is_one(store: Database, clock: Clock) -> None:
    def halves(index: FactIndex, /, question: str, *, context: Context | None) -> Verdict:
        whole = question == "how long did the call last"
        return bridge.spelled_out(index, "answer 1" if whole else "missing it", context=context)

    answering = ReaderAnswers(store, clock=clock, ask=halves)
    assert (await answering.answer("how long did the", READER)).outcome is Outcome.MISSING
    clock.at += timedelta(seconds=3)
    whole = await answering.answer("call last", READER)
    assert (whole.outcome, whole.question) == (Outcome.ANSWER, "how long did the call last")
    await answering.answer("how long did the", READER)
    clock.at += timedelta(minutes=1)
    assert (await answering.answer("call last", READER)).question == "call last"
    await answering.answer("how long did the?", READER)
    assert (await answering.answer("call last", READER)).question == "call last"
