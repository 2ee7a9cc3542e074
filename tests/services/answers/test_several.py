"""Several questions in one message: what is told, what is named, and what is recorded."""

import pytest
import pytest_asyncio

from bot.services.answers.index_cache import IndexCache
from bot.services.answers.reader import ReaderAnswers
from bot.services.answers.results import Answer, Outcome
from bot.services.questions.escalations import Escalation, Escalations
from bot.views.answers import story_overview
from bot.views.message import plain
from bot.views.presses import PassOnRest
from db.answers import exchanges
from db.engine import Database
from db.questions import questions
from tests import bridge
from tests.services.answers.test_reader import READER


@pytest_asyncio.fixture
async def answering(database: Database) -> ReaderAnswers:
    await bridge.fill(database)
    return ReaderAnswers(database, ask=bridge.spelled_out)


def text(given: Answer) -> str:
    return plain(story_overview.answer(given))


LENGTH = "How long is the bridge?\nIt is 412 metres long.\nThe desk, checked 20 May 2025"


async def test_what_got_no_answer_is_named_below_what_did(answering: ReaderAnswers) -> None:
    given = await answering.answer(
        "answer 3\nmissing who pays?\noff_topic who won the <cup>\nchoose and the cost\nlater why",
        READER,
    )
    assert text(given) == (
        f"{LENGTH}\n\n"
        "I don't have: “who pays”\n"
        "Not about this story: “who won the <cup>”\n"
        "I am not sure what is meant by: “the cost”\n"
        "Ask again for: “why”"
    )
    assert given.outcome is Outcome.ANSWER


async def test_a_gap_beside_an_answer_is_shown_as_such(answering: ReaderAnswers) -> None:
    given = await answering.answer("answer 3 5\nunknown why did it fail", READER)
    assert "\nNot known yet. Nobody has named a cause." in text(given)


async def test_where_nothing_was_found_all_parts_are_named_once(answering: ReaderAnswers) -> None:
    given = await answering.answer("missing\nmissing who pays\noff_topic what is gold", READER)
    assert text(given) == (
        "I don't have that.\n\nI don't have: “how long”, “who pays”\n"
        "Not about this story: “what is gold”"
    )


async def test_the_only_part_to_choose_for_is_named_above_its_choices(
    answering: ReaderAnswers,
) -> None:
    given = await answering.answer("choose 1 2\nmissing who pays", READER)
    assert text(given) == "“how long”\nWhich one?\n\nI don't have: “who pays”"
    assert len(story_overview.answer(given).buttons) == 3


async def test_what_was_not_found_counts_as_declined_beside_what_was(
    answering: ReaderAnswers, database: Database
) -> None:
    given = await answering.answer("answer 3\nmissing who pays\nmissing who built it", READER)
    async with database.reading() as session:
        assert await exchanges.count(session, Outcome.ANSWER) == 1
        assert await exchanges.count(session, Outcome.MISSING) == 1
        rest = await exchanges.by_id(session, given.rest_id or 0)
    assert rest is not None
    assert rest.question == "who pays\nwho built it"
    # The next question leans on what was told.
    again = await answering.answer("again", READER)
    assert [found.fact.id for found in again.told] == [3]


async def test_the_rest_alone_is_passed_on(answering: ReaderAnswers, database: Database) -> None:
    given = await answering.answer("answer 3\nmissing who pays", READER)
    press = story_overview.answer(given).buttons[0].press
    assert isinstance(press, PassOnRest)
    passing = Escalations(database, IndexCache(database))
    passed = await passing.pass_on(press.exchange_id, chat_id=READER.chat_id)
    assert isinstance(passed, Escalation)
    async with database.reading() as session:
        (waiting,) = await questions.waiting(session, limit=9)
    assert waiting.question == "who pays"


async def test_where_nothing_is_missing_there_is_no_rest(answering: ReaderAnswers) -> None:
    given = await answering.answer("answer 3 1\nanswer when", READER)
    assert given.rest_id is None
    assert len(given.told) == 2
    assert "I don't have" not in text(given)


@pytest.mark.parametrize("words", ["x" * 500, "\x00\x07", "?!", "<b>&"])
async def test_any_words_are_named_safely(answering: ReaderAnswers, words: str) -> None:
    given = await answering.answer(f"answer 3\nmissing {words}", READER)
    assert len(text(given)) < 400
