"""Readers' words: what a tap leaves behind, what the desk makes of it, and what the search does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from bot.errors import DeskError, NotAllowed
from bot.services.answers.index_cache import IndexCache
from bot.services.answers.reader import ReaderAnswers
from bot.services.answers.results import Place
from bot.services.desk.retention import Retention
from bot.services.facts.changes.undo import Ending, Undo
from bot.services.facts.reviews import Reviews
from bot.services.questions.resolutions import Resolutions
from bot.services.questions.suggestions import Decided, Page, Suggestions
from bot.services.rights import Actor
from db import story
from db.engine import Database
from db.facts import facts
from db.records import ChatKind, Fact, FactDraft, Outcome
from db.records.desk import Role
from db.records.suggestions import SuggestionState
from db.subscriptions import chats
from tests import bridge
from tests.clocks import Clock
from tests.desk import exchanged, waiting_for
from tests.factories import actor, seat
from tests.samples import AT
from tests.services.newsdesk import LATER, order, records

KEEP = timedelta(days=30)
OPEN_AGAIN = "will they let cars over by june"


@dataclass(frozen=True, kw_only=True)
class Bot:
    """The services that readers' words pass through, over one database and one clock."""

    database: Database
    clock: Clock
    cache: IndexCache
    answering: ReaderAnswers
    suggestions: Suggestions

    async def tap(self, words: str, fact: int, *, chat: int = 500, **fields: object) -> int:
        """Let a chat that was asked "Which one?" tap a fact; return the exchange."""
        usual = {"outcome": Outcome.CHOOSE, "offered": (1, 2, 3, 4, 5), "self_contained": True}
        exchange = await exchanged(self.database, words, chat=chat, **{**usual, **fields})  # type: ignore[arg-type]
        await self.answering.choose(exchange.id, fact, chat_id=chat)
        return exchange.id

    async def words(self, person: Actor) -> list[tuple[int, str, int]]:
        """Return what the desk has to look at: fact, words, chats."""
        page = await self.suggestions.page(person)
        return [
            (each.fact.id, each.suggestion.words, each.suggestion.chats) for each in page.listed
        ]

    async def fact(self, number: int) -> Fact:
        return await bridge.standing(self.database, number)

    async def take(self, person: Actor, place: int = 0) -> Decided:
        page = await self.suggestions.page(person)
        decided = await self.suggestions.take(person, page.listed[place].suggestion.id)
        assert decided is not None
        return decided


def assembled(database: Database, *, at_once: bool = True) -> Bot:
    clock, cache = Clock(LATER), IndexCache(database)
    return Bot(
        database=database,
        clock=clock,
        cache=cache,
        answering=ReaderAnswers(
            database, clock=clock, ask=bridge.spelled_out, cache=cache, at_once=at_once
        ),
        suggestions=Suggestions(database, cache, keep=KEEP, at_once=at_once, clock=clock),
    )


@pytest_asyncio.fixture
async def bot(database: Database) -> Bot:
    async with database.writing() as session:
        await facts.add_all(session, bridge.DRAFTS, editor=None, at=AT)
        await story.compare_up_to(session, len(bridge.DRAFTS))
    return assembled(database)


@pytest_asyncio.fixture
async def ada(database: Database) -> Actor:
    return await seat(database)


async def test_a_tap_is_a_suggestion_and_two_chats_let_it_count(bot: Bot, ada: Actor) -> None:
    await bot.tap("how many years has it stood there", 1)
    assert await bot.words(ada) == [(1, "how many years has it stood there", 1)]
    assert (await bot.fact(1)).hints == ()
    before = (await bot.cache.current()).revision
    await bot.tap("How many years has it stood  there??", 1, chat=500)
    assert (await bot.cache.current()).revision == before, "the same chat again is no second one"
    await bot.tap("HOW MANY years, has it stood there", 1, chat=501)
    assert await bot.words(ada) == [(1, "how many years has it stood there", 2)]
    assert (await bot.fact(1)).hints == ("how many years has it stood there",)
    indexed = await bot.cache.current()
    assert indexed.revision == before + 1
    assert indexed.index.documents[0].hints == ("how many years has it stood there",)
    assert (await bot.fact(1)).phrasings == ()


async def test_what_is_offered_instead_counts_like_a_choice(bot: Bot, ada: Actor) -> None:
    place = Place(chat_id=7, kind=ChatKind.PRIVATE)
    given = await bot.answering.answer("answer 1 | 2 3", place)
    assert given.exchange_id is not None
    await bot.answering.other(given.exchange_id, chat_id=7)
    await bot.answering.choose(given.exchange_id, 2, chat_id=7)
    assert await bot.words(ada) == [(2, "answer 1 | 2 3", 1)]
    again = await bot.answering.choose(given.exchange_id, 3, chat_id=7)
    assert again is not None
    assert await bot.words(ada) == [(2, "answer 1 | 2 3", 1)], "an answer is no choice"


async def test_not_what_i_asked_takes_the_vote_back(bot: Bot, ada: Actor) -> None:
    exchange = await bot.tap(OPEN_AGAIN, 1)
    await bot.answering.other(exchange, chat_id=500)
    assert await bot.words(ada) == []
    await bot.answering.choose(exchange, 2, chat_id=500)
    assert await bot.words(ada) == [(2, OPEN_AGAIN, 1)]


async def test_another_reader_who_meant_something_else_counts_against(bot: Bot, ada: Actor) -> None:
    for chat in (500, 501):
        await bot.tap(OPEN_AGAIN, 2, chat=chat)
    assert (await bot.fact(2)).hints == (OPEN_AGAIN,)
    told = await exchanged(
        bot.database,
        OPEN_AGAIN,
        chat=502,
        outcome=Outcome.ANSWER,
        told=((2, 1),),
        self_contained=True,
    )
    await bot.answering.other(told.id, chat_id=502)
    assert (await bot.fact(2)).hints == ()
    assert await bot.words(ada) == [(2, OPEN_AGAIN, 1)]


async def test_words_for_two_facts_come_last_and_count_for_neither(bot: Bot, ada: Actor) -> None:
    for chat in (500, 501):
        await bot.tap(OPEN_AGAIN, 2, chat=chat)
    await bot.tap("what do the works cost", 4, chat=502)
    await bot.tap(OPEN_AGAIN, 1, chat=502)
    assert (await bot.fact(2)).hints == ()
    page = await bot.suggestions.page(ada)
    assert [(each.fact.id, each.suggestion.others) for each in page.listed] == [
        (4, ()),
        (2, (1,)),
        (1, (2,)),
    ]
    await bot.suggestions.dismiss(ada, page.listed[2].suggestion.id)
    assert (await bot.fact(2)).hints == (OPEN_AGAIN,), "an editor has settled the quarrel"


async def test_a_chat_that_taps_another_fact_later_means_that_one(bot: Bot, ada: Actor) -> None:
    await bot.tap(OPEN_AGAIN, 2)
    await bot.tap(OPEN_AGAIN, 1)
    assert await bot.words(ada) == [(1, OPEN_AGAIN, 1)]


@pytest.mark.parametrize(
    "words",
    [
        "open?",
        "",
        "hello!",
        "my number is +380 67 123 45 67, when does it open",
        "my name is Ada Lovelace and when does it open",
        "write to ada@example.org when it opens",
        "x" * 80 + " " + "y" * 80,
        "WHEN was the bridge opened",
        "when was the bridge closed?",
    ],
)
async def test_what_is_no_way_of_asking_is_not_kept(bot: Bot, ada: Actor, words: str) -> None:
    await bot.tap(words, 1)
    assert await bot.words(ada) == []


async def test_a_greeting_before_the_question_is_left_out(bot: Bot, ada: Actor) -> None:
    await bot.tap("Hi there, how many years has it stood?", 1)
    assert await bot.words(ada) == [(1, "how many years has it stood?", 1)]


async def test_a_question_that_leans_on_the_last_one_is_not_kept(bot: Bot, ada: Actor) -> None:
    await bot.tap("and where was that", 1, self_contained=False)
    assert await bot.words(ada) == []


async def test_the_search_tells_what_stands_by_itself(bot: Bot) -> None:
    asking = ReaderAnswers(bot.database, cache=bot.cache, clock=bot.clock)
    place = Place(chat_id=7, kind=ChatKind.PRIVATE)
    first = await asking.answer("When was the bridge opened?", place)
    assert first.self_contained
    leaning = await asking.answer("and closed?", place)
    assert not leaning.self_contained
    both = await asking.answer("How long is the bridge and when was it closed?", place)
    assert not both.self_contained


async def test_an_editor_takes_one_and_dismisses_another(bot: Bot, ada: Actor) -> None:
    await bot.tap("how old is this bridge thing", 1)
    await bot.tap(OPEN_AGAIN, 1, chat=501)
    page = await bot.suggestions.page(ada)
    wrong, right = (each.suggestion.id for each in page.listed)
    taken = await bot.suggestions.take(ada, right)
    assert taken is not None
    assert (await bot.fact(1)).phrasings == ("how old is this bridge thing",)
    assert await bot.suggestions.dismiss(ada, wrong) is not None
    assert await bot.words(ada) == []
    assert await bot.suggestions.take(ada, right) is None
    assert await bot.suggestions.dismiss(ada, wrong) is None
    assert await bot.suggestions.take(ada, 999) is None
    for chat in (600, 601, 602):
        await bot.tap(OPEN_AGAIN, 1, chat=chat)
    assert await bot.words(ada) == [], "dismissed words never come again"
    assert (await bot.fact(1)).hints == ()
    kept = [
        (each.action, each.fact_id, each.before, each.after) for each in await records(bot.database)
    ]
    assert kept == [
        ("fact.phrase", 1, None, "how old is this bridge thing"),
        ("words.dismiss", 1, OPEN_AGAIN, None),
    ]


async def test_what_another_fact_is_asked_by_is_refused(bot: Bot, ada: Actor) -> None:
    await bot.tap(OPEN_AGAIN, 1)
    keeping = Reviews(bot.database, clock=bot.clock)
    await keeping.phrase(ada, order(f"2 {OPEN_AGAIN}", command="phrase"))
    with pytest.raises(DeskError, match="#2 is asked in these words"):
        await bot.take(ada)
    page = await bot.suggestions.page(ada)
    decided = await bot.suggestions.take_all(ada, None, 0, page.seen)
    assert decided is not None
    assert (decided.taken, len(decided.refused), decided.proposal) == ((), 1, None)


async def test_a_phrase_that_an_editor_writes_takes_the_suggestion(bot: Bot, ada: Actor) -> None:
    await bot.tap(OPEN_AGAIN, 1)
    keeping = Reviews(bot.database, clock=bot.clock)
    await keeping.phrase(ada, order(f"1 {OPEN_AGAIN}?", command="phrase"))
    assert await bot.words(ada) == []


async def five_and_two(bot: Bot, person: Actor) -> Page:
    for number in range(7):
        await bot.tap(f"way number {number} of asking", 1 + number % 3, chat=500 + number)
    page = await bot.suggestions.page(person)
    assert (page.total, len(page.listed)) == (7, 5)
    return page


async def test_all_that_a_page_shows_is_taken_and_nothing_else(bot: Bot, ada: Actor) -> None:
    page = await five_and_two(bot, ada)
    await bot.tap("the very newest way of asking", 1, chat=600)
    assert await bot.suggestions.take_all(ada, None, 0, page.seen) is None, "it shows others now"
    page = await bot.suggestions.page(ada)
    decided = await bot.suggestions.take_all(ada, None, 0, page.seen)
    assert decided is not None
    assert [each.suggestion.id for each in decided.taken] == [
        each.suggestion.id for each in page.listed
    ]
    rest = await bot.suggestions.page(ada, page=7)
    assert (rest.total, rest.page, len(rest.listed)) == (3, 0, 3)
    assert (await bot.suggestions.page(ada, 1)).total < 3


async def test_what_was_decided_is_taken_back_within_a_minute(bot: Bot, ada: Actor) -> None:
    for chat in (400, 401):
        await bot.tap(OPEN_AGAIN, 2, chat=chat)
    page = await bot.suggestions.page(ada)
    taken = await bot.suggestions.take_all(ada, None, 0, page.seen)
    assert taken is not None
    assert taken.proposal is not None
    assert (await bot.fact(2)).hints == ()
    bob = await seat(bot.database, 78, name="Bob")
    number, turn = taken.proposal.id, taken.proposal.turn
    assert await bot.suggestions.take_back(bob, number, turn) is None
    assert await bot.suggestions.take_back(ada, number, turn + 1) is None
    assert await bot.suggestions.take_back(ada, number, turn) is True
    assert await bot.suggestions.take_back(ada, number, turn) is None
    assert (await bot.fact(2)).phrasings == ()
    assert (await bot.fact(2)).hints == (OPEN_AGAIN,), "it counts as before"
    dismissed = await bot.suggestions.dismiss(ada, page.listed[0].suggestion.id)
    assert dismissed is not None
    undoing = Undo(bot.database, clock=bot.clock)
    assert (await undoing.undo_last(ada)).ending is Ending.UNDONE
    assert (await undoing.undo_last(ada)).ending is Ending.NOTHING
    assert await bot.words(ada) == [(2, OPEN_AGAIN, 2)]
    late = await bot.take(ada)
    assert late.proposal is not None
    bot.clock.pass_(61)
    assert await bot.suggestions.take_back(ada, late.proposal.id, late.proposal.turn) is False
    assert (await undoing.undo_last(ada)).ending is Ending.TOO_LATE
    assert (await bot.fact(2)).phrasings == (OPEN_AGAIN,)


@pytest.mark.parametrize("person", [actor(900, name="Stranger"), None])
async def test_only_editors_see_or_decide(bot: Bot, ada: Actor, person: Actor | None) -> None:
    await bot.tap(OPEN_AGAIN, 1)
    page = await bot.suggestions.page(ada)
    number = page.listed[0].suggestion.id
    who = person or await seat(bot.database, 79, Role.CONTRIBUTOR, name="Carl")
    service = bot.suggestions
    for attempt in (
        service.page(who),
        service.take(who, number),
        service.dismiss(who, number),
        service.take_all(who, None, 0, page.seen),
        service.take_back(who, 1, 1),
    ):
        with pytest.raises(NotAllowed):
            await attempt
    assert await bot.words(ada) == [(1, OPEN_AGAIN, 1)]
    assert sum(each.refused for each in await records(bot.database)) == 5


async def test_another_chats_exchange_gives_no_vote(bot: Bot, ada: Actor) -> None:
    exchange = await exchanged(
        bot.database, OPEN_AGAIN, outcome=Outcome.CHOOSE, offered=(1, 2), self_contained=True
    )
    assert await bot.answering.choose(exchange.id, 1, chat_id=666) is None
    assert await bot.answering.choose(exchange.id, 3, chat_id=500) is None, "never offered"
    assert await bot.words(ada) == []


async def test_one_chat_cannot_fill_the_list(bot: Bot, ada: Actor) -> None:
    for number in range(205):
        await bot.tap(f"way number {number} of asking", 1)
    assert (await bot.suggestions.page(ada)).total == 200


async def test_the_setting_leaves_it_all_to_the_editors(bot: Bot, ada: Actor) -> None:
    for chat in (500, 501):
        await bot.tap(OPEN_AGAIN, 2, chat=chat)
    off = assembled(bot.database, at_once=False)
    await off.suggestions.begin()
    assert (await bot.fact(2)).hints == ()
    await off.tap(OPEN_AGAIN, 2, chat=502)
    assert (await bot.fact(2)).hints == ()
    assert await off.words(ada) == [(2, OPEN_AGAIN, 3)]
    await bot.suggestions.begin()
    assert (await bot.fact(2)).hints == (OPEN_AGAIN,)
    revision = (await bot.cache.current()).revision
    await bot.suggestions.begin()
    assert (await bot.cache.current()).revision == revision


async def test_words_of_withdrawn_facts_are_not_shown(bot: Bot, ada: Actor) -> None:
    await bot.tap(OPEN_AGAIN, 2)
    await bot.tap(OPEN_AGAIN, 1, chat=501)
    await bridge.withdraw(bot.database, 2)
    page = await bot.suggestions.page(ada)
    assert [(each.fact.id, each.suggestion.others) for each in page.listed] == [(1, ())]
    await bot.tap(OPEN_AGAIN, 1, chat=502)
    assert (await bot.fact(1)).hints == (OPEN_AGAIN,)


async def test_an_editors_answer_is_a_way_of_asking_at_once(bot: Bot, ada: Actor) -> None:
    number = await waiting_for(bot.database, "what year is it from", [501], self_contained=True)
    await waiting_for(bot.database, "and that?", [502], question_id=number, self_contained=False)
    await waiting_for(
        bot.database, "age of the bridge please", [503], question_id=number, self_contained=True
    )
    resolving = Resolutions(bot.database, bot.cache, clock=bot.clock)
    step = await resolving.link(ada, number)
    words = await resolving.pick(ada, step.proposal.id, step.proposal.turn, 1)
    assert words is not None
    place = words.offered.index("what year is it from")
    ticked = await resolving.toggle(ada, words.proposal.id, words.proposal.turn, place)
    assert ticked is not None
    await resolving.publish(ada, ticked.proposal.id, ticked.proposal.turn)
    fact = await bot.fact(1)
    assert fact.phrasings == ("what year is it from",)
    assert fact.hints == ("age of the bridge please",)
    assert await bot.words(ada) == [(1, "age of the bridge please", 1)]


async def asked_badly(bot: Bot) -> Sequence[int]:
    """Ask for something that no fact tells yet, in many ways; return the exchanges."""
    height: dict[str, Any] = {"self_contained": True}
    asked = [
        await exchanged(bot.database, "how high is the bridge", chat=500, **height),
        await exchanged(
            bot.database,
            "height of the bridge",
            chat=501,
            outcome=Outcome.ANSWER,
            told=((3, 1),),
            confidence=0.2,
            **height,
        ),
        await exchanged(
            bot.database,
            "the height of this bridge",
            chat=502,
            outcome=Outcome.ANSWER,
            told=((3, 1),),
            confidence=0.9,
            **height,
        ),
        await exchanged(bot.database, "how high is it then", chat=503),
        await exchanged(bot.database, "who won the match", chat=504, **height),
    ]
    return [each.id for each in asked]


HEIGHT = FactDraft(
    key="height",
    question="How high is the bridge over the water?",
    text="31 metres.",
    phrasings=("bridge height", "how tall is the bridge"),
)


async def test_a_new_fact_finds_the_questions_that_went_badly(bot: Bot, ada: Actor) -> None:
    await asked_badly(bot)
    assert await bot.suggestions.fit() == {}
    async with bot.database.writing() as session:
        await facts.add(session, HEIGHT, editor=77, at=AT)
    assert await bot.suggestions.fit() == {6: 2}
    assert await bot.suggestions.fit() == {}, "it is looked for once"
    page = await bot.suggestions.page(ada, 6)
    assert {each.suggestion.words for each in page.listed} == {
        "how high is the bridge",
        "height of the bridge",
    }
    assert (await bot.fact(6)).hints == (), "nobody has tapped it"


async def test_a_fact_that_was_taken_back_proposes_nothing(bot: Bot) -> None:
    await asked_badly(bot)
    async with bot.database.writing() as session:
        await facts.add(session, HEIGHT, editor=77, at=AT)
    await bridge.withdraw(bot.database, 6)
    assert await bot.suggestions.fit() == {}


async def test_questions_older_than_they_are_kept_propose_nothing(bot: Bot) -> None:
    await asked_badly(bot)
    bot.clock.at = AT + KEEP + timedelta(hours=1)
    async with bot.database.writing() as session:
        await facts.add(session, HEIGHT, editor=77, at=AT)
    assert await bot.suggestions.fit() == {}


async def test_what_nobody_shows_any_more_is_forgotten(bot: Bot, ada: Actor) -> None:
    for chat in (500, 501):
        await bot.tap("zanzibar is how old", 1, chat=chat)
    await bot.tap("zanzibar was shut when", 2)
    page = await bot.suggestions.page(ada, 2)
    await bot.suggestions.dismiss(ada, page.listed[0].suggestion.id)
    forgetting = Retention(bot.database, keep=KEEP, clock=bot.clock)
    bot.clock.at += timedelta(days=29)
    await forgetting.tick()
    assert (await bot.fact(1)).hints == ("zanzibar is how old",)
    revision = (await bot.cache.current()).revision
    bot.clock.at += timedelta(days=2)
    await forgetting.tick()
    assert (await bot.fact(1)).hints == ()
    assert (await bot.cache.current()).revision == revision + 1
    assert await bot.words(ada) == []
    async with bot.database.reading() as session:
        connection = await session.connection()
        rows = await connection.exec_driver_sql("SELECT words, state FROM suggestions")
        assert [tuple(row) for row in rows.fetchall()] == [("", SuggestionState.DISMISSED)]
        votes = await connection.exec_driver_sql("SELECT count(*) FROM suggestion_votes")
        assert votes.scalar_one() == 0
    await bot.tap("Zanzibar was shut when?", 2)
    assert await bot.words(ada) == [], "the digest stays"


async def test_a_group_that_moves_keeps_its_one_vote(bot: Bot, ada: Actor) -> None:
    await bot.tap(OPEN_AGAIN, 2, chat=-5)
    await bot.tap("age of this bridge", 1, chat=-5)
    await bot.tap(OPEN_AGAIN, 2, chat=-1005)
    async with bot.database.writing() as session:
        await chats.move(session, -5, -1005)
    assert sorted(await bot.words(ada)) == [(1, "age of this bridge", 1), (2, OPEN_AGAIN, 1)]
    await bot.tap("age of this bridge", 1, chat=-1005)
    assert (await bot.fact(1)).hints == ()
