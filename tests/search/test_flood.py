"""Particulars on a story that nobody prepared: what differs in one is not the same."""

import pytest

from bot.search import Context, FactIndex, Outcome, SentenceVectors
from bot.search.learning.pairs import pairs
from tests.search import flood

INDEX = FactIndex.build(flood.DOCUMENTS, sentences=SentenceVectors())
DECLINED = (Outcome.MISSING, Outcome.OFF_TOPIC)


def told(question: str) -> list[int]:
    return [each.document.id for each in INDEX.ask(question).told]


@pytest.mark.parametrize("document", flood.DOCUMENTS, ids=lambda each: each.question)
def test_a_fact_s_own_question_gets_it(document: object) -> None:
    question = document.question  # type: ignore[attr-defined]
    assert told(question) == [flood.place(question)]


@pytest.mark.parametrize(
    "question",
    [
        "Is line 3 running?",
        "Do I have to leave my house on Lake Street?",
        "How many people were killed on 19 May?",
        pytest.param(
            "do you rent boats?",
            marks=pytest.mark.xfail(reason="to the sentence model a boat is near a car"),
        ),
        "when will the water come back",
        "when will the next iPhone come out",
    ],
)
def test_a_question_for_another_particular_is_declined(question: str) -> None:
    assert INDEX.ask(question).outcome in (*DECLINED, Outcome.CHOOSE)
    assert not told(question)


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("how many injured", "How many people were hurt?"),
        ("is tap water safe to drink", "Can I drink the tap water?"),
        ("where do I find a place to sleep", "Where is the shelter?"),
        ("who will compensate us for the damage", "Who pays for the damage?"),
        ("what time did the dam collapse", "When did the dam break?"),
    ],
)
def test_other_words_for_the_same_find_it(question: str, fact: str) -> None:
    assert told(question) == [flood.place(fact)]


def test_three_questions_in_one_message_get_three_answers() -> None:
    asked = "is line 2 running, can i drink the tap water, how can i donate"

    assert told(asked) == [
        flood.place("Is line 2 running?"),
        flood.place("Can I drink the tap water?"),
        flood.place("How can I donate?"),
    ]


def test_a_question_leans_on_the_last_one() -> None:
    told_last = (flood.place("Is line 1 running?"),)
    context = Context(question="Is line 1 running?", documents=told_last)

    verdict = INDEX.ask("and line 2?", context=context)

    assert [each.document.id for each in verdict.told] == [flood.place("Is line 2 running?")]


def test_nine_of_ten_swapped_questions_do_not_get_the_fact() -> None:
    made = pairs(flood.DOCUMENTS)

    wrong = [pair for pair in made if told(pair.swapped) == [pair.document]]

    assert len(made) >= 30
    assert len(wrong) <= 0.1 * len(made), [pair.swapped for pair in wrong]
