"""What the story does not cover: told as such, passed on to the desk, and news to nobody."""

import pytest

from bot.services.alerts.announcements import HOLD
from bot.services.answers.index_cache import IndexCache
from bot.services.answers.reader import ReaderAnswers
from bot.services.answers.results import Outcome
from bot.services.questions.escalations import Escalation, Escalations
from db.engine import Database
from db.questions import questions
from db.records import ChangeKind, Exchange, Fact, Status
from db.records.alerts import Level
from tests import bridge
from tests.desk import exchanged
from tests.newsroom import Newsroom
from tests.services.answers.test_reader import READER

CHAT = 500


@pytest.fixture
def newsroom(database: Database) -> Newsroom:
    return Newsroom(database)


async def gap(database: Database) -> Fact:
    await bridge.fill(database)
    return await bridge.add_a_gap(database)


async def told_of(fact: Fact, database: Database) -> Exchange:
    return await exchanged(
        database,
        "was it bombed",
        chat=CHAT,
        outcome=Outcome.NOT_COVERED,
        told=((fact.id, fact.version),),
    )


async def test_a_gap_that_is_not_covered_is_never_called_unknown(database: Database) -> None:
    fact = await gap(database)
    answering = ReaderAnswers(database, ask=bridge.spelled_out)
    given = await answering.answer(f"unknown {fact.id}", READER)
    assert given.outcome is Outcome.NOT_COVERED
    assert [each.fact.key for each in given.told] == ["war"]
    shown = await answering.show(fact.id, READER)
    assert shown is not None
    assert shown.outcome is Outcome.NOT_COVERED


async def test_of_two_gaps_what_nobody_knows_is_said(database: Database) -> None:
    fact = await gap(database)
    answering = ReaderAnswers(database, ask=bridge.spelled_out)
    given = await answering.answer(f"unknown {fact.id} 5", READER)
    assert given.outcome is Outcome.UNKNOWN
    assert len(given.told) == 2


async def test_it_is_no_part_of_what_is_known_nor_of_what_nobody_knows(database: Database) -> None:
    await gap(database)
    overview = await ReaderAnswers(database).overview()
    assert "war" not in [fact.key for fact in (*overview.known, *overview.unknown)]
    assert overview.total == 4


async def test_who_passes_it_on_waits_for_the_desk(database: Database) -> None:
    fact = await gap(database)
    passing = Escalations(database, IndexCache(database))
    exchange = await told_of(fact, database)
    given = await passing.pass_on(exchange.id, chat_id=CHAT)
    assert isinstance(given, Escalation)
    assert given.unknown is None
    async with database.reading() as session:
        (waiting,) = await questions.waiting(session, limit=9)
    assert (waiting.question, waiting.fact_id) == ("was it bombed", None)


async def test_who_takes_it_back_is_told_again_that_it_is_not_covered(database: Database) -> None:
    fact = await gap(database)
    passing = Escalations(database, IndexCache(database))
    exchange = await told_of(fact, database)
    await passing.pass_on(exchange.id, chat_id=CHAT)
    told = await passing.never_mind(exchange.id, chat_id=CHAT)
    assert told is not None
    assert (told.outcome, told.told[0].fact.id) == (Outcome.NOT_COVERED, fact.id)


@pytest.mark.parametrize("was", [None, Status.UNKNOWN])
async def test_that_something_is_not_covered_is_no_news(
    newsroom: Newsroom, was: Status | None
) -> None:
    await newsroom.subscribe(1, level=Level.EVERY)
    if was is None:
        await newsroom.added("It does not give the weight.", status=Status.NOT_COVERED)
    else:
        fact = await newsroom.fact(text="Nobody knows the weight.", status=was)
        await newsroom.change(fact, "It does not give the weight.", status=Status.NOT_COVERED)
    await newsroom.pass_time(HOLD)
    assert newsroom.post.carried == []


async def test_news_that_became_a_gap_before_it_was_heard_is_not_told(newsroom: Newsroom) -> None:
    await newsroom.subscribe(1, level=Level.EVERY)
    fact = await newsroom.added("Nobody knows the weight.", status=Status.UNKNOWN)
    await newsroom.change(fact, "It does not give the weight.", status=Status.NOT_COVERED)
    await newsroom.pass_time(HOLD)
    assert newsroom.post.carried == []


async def test_that_the_story_covers_it_now_is_told_as_answered(newsroom: Newsroom) -> None:
    await newsroom.subscribe(1, level=Level.EVERY)
    fact = await newsroom.fact(text="It does not give the weight.", status=Status.NOT_COVERED)
    await newsroom.change(fact, "It weighs 900 tonnes.", status=Status.CONFIRMED)
    await newsroom.pass_time(HOLD)
    (parcel,) = newsroom.post.carried
    assert getattr(parcel.tells, "answers", None) is True


async def test_that_it_is_no_longer_covered_is_told(newsroom: Newsroom) -> None:
    await newsroom.subscribe(1, level=Level.EVERY)
    fact = await newsroom.fact(text="It weighs 900 tonnes.")
    await newsroom.change(
        fact, "It does not give the weight.", ChangeKind.UPDATE, status=Status.NOT_COVERED
    )
    await newsroom.pass_time(HOLD)
    assert len(newsroom.post.carried) == 1
