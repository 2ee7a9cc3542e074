"""The whole path measured on questions that spell out their verdicts."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.evaluation import own
from bot.evaluation.own import OwnFigures, Timed, Unanswerable
from bot.evaluation.reading import OwnQuestion, Turn
from bot.search import Context, FactIndex, Verdict
from bot.services.answers.reader import ReaderAnswers
from db.engine import Database
from tests import bridge


class Spelled(Timed):
    """Notes a millisecond for each question, which spells out its verdict."""

    def __call__(self, index: FactIndex, /, question: str, *, context: Context | None) -> Verdict:
        self.cpu_ms.append(1.0)
        return bridge.spelled_out(index, question, context=context)


@pytest_asyncio.fixture
async def database(story_file: Path) -> AsyncIterator[Database]:
    opened = await Database.open(story_file)
    yield opened
    await opened.close()


def single(text: str, *must: str, style: str = "plain") -> OwnQuestion:
    groups = tuple((piece,) for piece in must)
    return OwnQuestion(id=text, style=style, turns=(Turn(question=text, must=groups),))


async def measured(database: Database, *questions: OwnQuestion) -> OwnFigures:
    timed = Spelled()
    return await own.measure(ReaderAnswers(database, ask=timed), questions, timed)


async def test_answerable_questions_fall_into_six_results(database: Database) -> None:
    figures = await measured(
        database,
        single("answer 1", "1931", "mayor"),
        single("answer 3 4", "412 metres"),
        single("answer 2", "1931"),
        single("choose 2 1", "1931"),
        single("choose 2 3", "1931"),
        single("unknown 5", "nobody"),
        single("missing | 1", "1931"),
        single("off_topic", "1931"),
    )
    assert figures.questions == 8
    assert (figures.right, figures.right_or_offered, figures.wrong) == (2 / 8, 3 / 8, 1 / 8)
    assert (figures.asked_back, figures.declined, figures.known_unknown) == (2 / 8, 2 / 8, 1 / 8)
    assert figures.facts_an_answer == pytest.approx(4 / 3)
    assert (figures.cpu_ms_median, figures.cpu_ms_p99) == (1.0, 1.0)
    assert (figures.near, figures.turns_right) == (None, None)


async def test_unanswerable_questions_are_counted_by_style(database: Database) -> None:
    await bridge.add_a_gap(database)
    figures = await measured(
        database,
        single("answer 1", style="near"),
        single("missing | 1", style="near"),
        single("unknown 5", style="near"),
        single("unknown 6", style="near"),
        single("choose 1 2", style="near"),
        single("hello", style="chat"),
        single("answer 1", style="off"),
    )
    assert figures.near == Unanswerable(
        questions=5, told=0.2, asked_back=0.2, known_unknown=0.2, not_covered=0.2
    )
    assert figures.chat == Unanswerable(
        questions=1, told=0, asked_back=0, known_unknown=0, not_covered=0
    )
    assert figures.off == Unanswerable(
        questions=1, told=1, asked_back=0, known_unknown=0, not_covered=0
    )
    assert (figures.questions, figures.right, figures.facts_an_answer) == (0, None, None)


async def test_what_is_not_covered_is_a_decline(database: Database) -> None:
    await bridge.add_a_gap(database)
    figures = await measured(database, single("unknown 6", "1931"))
    assert (figures.declined, figures.known_unknown, figures.right) == (1, 0, 0)


async def test_turns_of_a_dialogue_lean_on_one_another(database: Database) -> None:
    turns = (
        Turn(question="answer 1", must=(("1931", "thirties"),)),
        Turn(question="again", must=(("ribbon",),)),
        Turn(question="missing", must=()),
        Turn(question="answer 2", must=()),
    )
    figures = await measured(database, OwnQuestion(id="d", style=None, turns=turns))
    assert (figures.turns, figures.turns_right) == (4, 0.75)


def test_quotes_and_capitals_do_not_matter() -> None:
    turn = Turn(question="", must=(("didn't",), ("istanbul", "ankara")))
    assert own.holds(turn, "He DIDN’T go to Istanbul.")
    assert not own.holds(turn, "He didn't go.")
