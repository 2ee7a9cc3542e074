"""What evidence is worth, learned from a few made-up questions."""

import tomllib
from dataclasses import replace

import numpy as np
import pytest

from bot.search import SentenceVectors
from bot.search.evidence.columns import NAMES
from bot.search.learning import lessons
from bot.search.learning.examples import Collection, Example
from bot.search.learning.lessons import Lesson
from bot.search.ranking.ranker import ANCHORS, SIGNS, _profile, mixed, rank
from tests.search import harbour

pytest.importorskip("scipy", reason="learning needs the learn extra: pip install '.[learn]'")

from bot.search.learning import fitting, learn
from bot.search.learning.fitting import Case

ASKED = (
    ("opening year of the harbour bridge", 0),
    ("when did they open the bridge", 0),
    ("bridge length in metres", 1),
    ("how long is the bridge, end to end", 1),
    ("the mayor who closed the bridge", 3),
    ("who gave orders to close it to lorries", 3),
    ("ferry across the harbour", 4),
    ("how do passengers cross now", 4),
)
OTHERS = (("price of butter", "off"), ("chess final winner", "off"), ("why was it closed", "near"))


def lesson(**values: object) -> Lesson:
    asked = [
        Example(text=text, gold=frozenset((gold,)), style="answerable") for text, gold in ASKED
    ]
    asked += [Example(text=text, gold=frozenset(), style=style) for text, style in OTHERS]
    # Ids are places, as in the files that are learned from.
    numbered = tuple(replace(each, id=at) for at, each in enumerate(harbour.FACTS))
    collection = Collection(
        name="bridge", documents=numbered, lexicon=harbour.LEXICON, examples=tuple(asked)
    )
    return replace(Lesson(collection=collection, group="bridge"), **values)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def data() -> list[Case]:
    return list(lessons.cases([lesson(any_unknown=True)], SentenceVectors()))


def test_every_question_that_holds_something_is_a_case(data: list[Case]) -> None:
    assert len(data) == len(ASKED) + len(OTHERS)
    assert sum(bool(case.right.any()) for case in data) == len(ASKED)
    assert all(case.unknown.sum() == 1 for case in data)


def test_where_nobody_says_which_any_known_unknown_should_come_first(data: list[Case]) -> None:
    near = next(case for case in data if case.example.style == "near")
    assert near.wanted.tolist() == near.unknown.tolist()
    assert data[0].wanted.tolist() == data[0].right.tolist()


def test_swapped_questions_are_learned_beside_a_fact_s_own() -> None:
    made = list(lessons.cases([lesson(swaps=True)], SentenceVectors()))

    swapped = [case for case in made if case.not_told is not None]

    assert {bool(case.example.gold) for case in swapped} == {True, False}
    assert all(case.not_told is not None and case.not_told < 5 for case in swapped)


def test_more_evidence_never_counts_against_a_document(data: list[Case]) -> None:
    worths = fitting.worths_of(data)

    assert worths.shape == (len(ANCHORS), len(NAMES))
    assert np.isfinite(worths).all()
    for row in worths:
        for name, value in zip(NAMES, row, strict=True):
            assert value >= 0 or name in fitting.FREE | fitting.AGAINST
            assert value <= 0 or name not in fitting.AGAINST


def test_what_was_learned_puts_the_right_ones_first_and_tells_them_from_the_rest(
    data: list[Case],
) -> None:
    anchors = fitting.fitted(data)
    profile = mixed(anchors, data[0].mix.tolist())
    ranked = [(case, rank(case.found, profile)) for case in data]

    assert all(case.right[each.order[0]] for case, each in ranked if case.example.gold)
    sure = [each.confidence for case, each in ranked if case.example.gold]
    unsure = [each.confidence for case, each in ranked if case.example.style == "off"]
    assert min(sure) > max(unsure)


def test_learning_twice_gives_the_same(data: list[Case]) -> None:
    for one, other in zip(fitting.fitted(data), fitting.fitted(data), strict=True):
        assert np.array_equal(one.worth, other.worth)
        assert np.array_equal(one.signs, other.signs)


def test_a_profile_is_written_as_it_is_read(data: list[Case]) -> None:
    profile = mixed(fitting.fitted(data), data[0].mix.tolist())

    text = learn.written("thin", profile)

    assert text.startswith(f"# {learn.NOTES['thin']}\n[thin]\n")
    read = _profile(tomllib.loads(text)["thin"])
    assert read.worth == pytest.approx(profile.worth, abs=1e-3)
    assert read.signs == pytest.approx(profile.signs, abs=1e-3)
    assert read.bias == pytest.approx(profile.bias, abs=1e-3)
    assert len(read.signs) == len(SIGNS)
