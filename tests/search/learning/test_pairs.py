"""Questions that differ from a fact's own in one particular."""

import pytest

from bot.search import Document
from bot.search.learning.pairs import Swap, pairs
from tests.search import flood


def swapped(question: str, text: str = "Yes.") -> dict[Swap, str]:
    other = Document(id=2, question="Did Anna Berg speak in Kyiv?", text="No.")
    made = pairs([Document(id=1, question=question, text=text), other])
    return {pair.swap: pair.swapped for pair in made if pair.document == 1}


@pytest.mark.parametrize(
    ("question", "swap", "kept"),
    [
        ("Is line 2 running?", Swap.NUMBER, "Is line {} running?"),
        ("Who were the twelve people?", Swap.NUMBER, "Who were the {} people?"),
        ("Is it open on Monday?", Swap.DATE, "Is it open on {}?"),
        ("What happened in March?", Swap.DATE, "What happened in {}?"),
        ("What did Maria say?", Swap.NAME, "What did {} say?"),
        ("Is the fair in Lviv?", Swap.PLACE, "Is the fair in {}?"),
        ("Is Mill Street closed?", Swap.PLACE, "Is {} Street closed?"),
        ("When does the bus leave?", Swap.OBJECT, "When does the {} leave?"),
        ("Are there any boats?", Swap.OBJECT, "Are there any {}s?"),
    ],
)
def test_one_particular_is_swapped_and_the_rest_stays(question: str, swap: Swap, kept: str) -> None:
    before, after = kept.split("{}")

    made = swapped(question)[swap]

    assert made != question
    assert made.startswith(before)
    assert made.endswith(after)


@pytest.mark.parametrize(
    ("question", "negated"),
    [
        ("Which schools are open?", "Which schools are not open?"),
        ("Is the bridge open?", "Is the bridge not open?"),
        ("Who was hurt?", "Who was not hurt?"),
    ],
)
def test_a_question_is_negated(question: str, negated: str) -> None:
    assert swapped(question)[Swap.NEGATION] == negated


def test_what_is_put_in_is_not_what_the_fact_holds() -> None:
    made = swapped("Is line 2 running?", text="No, but 3, 4, 5, 6, 7 and 8 are.")

    assert all(f"line {number} " not in made.get(Swap.NUMBER, "") for number in range(9))


def test_a_name_comes_from_the_other_facts() -> None:
    assert swapped("What did Maria say?")[Swap.NAME] in (
        "What did Anna Berg say?",
        "What did Kyiv say?",
    ) or swapped("What did Maria say?")[Swap.NAME].split()[2] not in ("Maria", "say?")


def test_a_question_without_particulars_and_auxiliaries_has_no_pair() -> None:
    assert swapped("What?") == {}


def test_the_same_facts_give_the_same_pairs() -> None:
    assert pairs(flood.DOCUMENTS) == pairs(flood.DOCUMENTS)
