"""Explanations as text and as messages."""

import pytest

from bot.search import Document, FactIndex
from bot.search.evidence.columns import NAMES
from bot.search.ranking import decision
from bot.search.ranking.explanation import explain
from bot.search.ranking.ranker import SIGNS
from bot.services.answers.explanations import Reasons
from bot.views import markup
from bot.views.answers import evidence_words, explanations
from bot.views.message import plain

DOCUMENTS = [
    Document(id=number, question=f"When did <train> {word} leave?", text=f"At {number}, {word}.")
    for number, word in enumerate(("amber", "birch", "cedar", "delta", "ember", "fennel" * 30))
]


@pytest.fixture(scope="module")
def index() -> FactIndex:
    return FactIndex.build(DOCUMENTS)


QUESTIONS = [
    "when did train amber leave",
    "wen did the trian cedar leev",
    "who won the cup in <Lisbon>?",
    "thanks",
    "",
    "\x00",
    "x" * 1000,
    "When did train amber leave? And when did train birch leave?",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_text_fits_a_terminal(index: FactIndex, question: str) -> None:
    text = explanations.text(explain(index, question))
    assert text.startswith("Question ")
    assert "\nVerdict: " in text
    assert max(map(len, text.splitlines())) <= 80


def test_the_text_tells_evidence_signs_and_thresholds(index: FactIndex) -> None:
    text = explanations.text(explain(index, "wen did train amber leave"))
    assert "Asks for   a date or a time" in text
    assert "Read as    wen → when" in text
    assert "\n1. When did <train> amber leave?  score " in text
    assert "\nWhy the first is " in text
    assert "to start from" in text
    assert f"{decision.ANSWER_FROM:.2f}  probability, to tell it\n" in text


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_message_fits_one_message(index: FactIndex, question: str) -> None:
    shown = explanations.message(Reasons(explanation=explain(index, question)))
    assert 0 < markup.length(plain(shown)) <= markup.LONGEST
    assert "Verdict" not in plain(shown)
    assert "<train" not in shown.text_html


def test_a_chat_without_questions_has_nothing_to_explain() -> None:
    assert plain(explanations.message(Reasons(explanation=None))).startswith(
        "Nothing was asked here yet."
    )


def test_everything_has_a_name_of_its_own_in_plain_words() -> None:
    for names, named in ((NAMES, evidence_words.evidence), (SIGNS, evidence_words.sign)):
        words = [named(name) for name in names]
        assert len(set(words)) == len(words)
        assert all("_" not in each and len(each) <= 50 for each in words)


def test_a_chat_reads_what_speaks_for_a_fact_and_against_it(index: FactIndex) -> None:
    told = plain(
        explanations.message(Reasons(explanation=explain(index, "when did train cedar leave")))
    )
    assert "Nearest: #2 “When did <train> cedar leave?”, " in told
    assert "For it: it is asked for in nearly these words" in told
    assert "/phrase" not in told
    lacking = plain(
        explanations.message(Reasons(explanation=explain(index, "who won the cup in Lisbon")))
    )
    assert lacking.splitlines()[0] == "“who won the cup in Lisbon”"
    assert "Told" not in lacking
    assert "of the question is nowhere in the story" in lacking
    alone = plain(explanations.message(Reasons(explanation=explain(index, "thanks"))))
    assert alone.endswith("No fact was looked for.")


def test_what_speaks_for_a_fact_is_true_of_it() -> None:
    values = {"top_asked_fit": 0.9, "kind_when": 1.0, "missing_number": 0.5, "foreign": 0.4}
    assert evidence_words.speaking_for(values, "when") == [
        "it is asked for in nearly these words",
        "it holds a date or a time, as asked",
    ]
    assert evidence_words.speaking_against(values, "when") == [
        "the question has a number that it lacks",
        "40 % of the question is nowhere in the story",
    ]
