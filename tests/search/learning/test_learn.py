"""What evidence is worth, learned from a few made-up questions."""

import tomllib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from bot.search.columns import NAMES
from bot.search.learning.examples import Collection, Example
from bot.search.ranker import SIGNS, _profile, rank
from tests.search import harbour

pytest.importorskip("scipy", reason="learning needs the learn extra: pip install '.[learn]'")

from bot.search.learning import learn

ASKED = (
    ("opening year of the harbour bridge", 1),
    ("when did they open the bridge", 1),
    ("bridge length in metres", 2),
    ("how long is the bridge, end to end", 2),
    ("the mayor who closed the bridge", 4),
    ("who gave orders to close it to lorries", 4),
    ("ferry across the harbour", 5),
    ("how do passengers cross now", 5),
)
OTHERS = (("price of butter", "off"), ("chess final winner", "off"), ("why was it closed", "near"))


@pytest.fixture(scope="module")
def data() -> Any:
    asked = [
        Example(text=text, gold=frozenset((gold,)), style="answerable") for text, gold in ASKED
    ]
    asked += [Example(text=text, gold=frozenset(), style=style) for text, style in OTHERS]
    # Ids are places, as in the files that are learned from.
    numbered = tuple(replace(each, id=at) for at, each in enumerate(harbour.FACTS))
    examples = tuple(
        replace(each, gold=frozenset(gold - 1 for gold in each.gold)) for each in asked
    )
    return learn.cases(
        [Collection(name="bridge", documents=numbered, lexicon=harbour.LEXICON, examples=examples)]
    )


def test_every_question_that_holds_something_is_a_case(data: Any) -> None:
    assert len(data) == len(ASKED) + len(OTHERS)
    assert sum(bool(case.right.any()) for case in data) == len(ASKED)
    assert all(case.unknown.sum() == 1 for case in data)


def test_who_asks_for_a_known_unknown_is_to_be_told_that_very_one(data: Any) -> None:
    near = next(case for case in data if case.example.style == "near")
    assert learn._wanted(near).tolist() == near.unknown.tolist()
    asked = replace(near, example=replace(near.example, gold=frozenset({2})))
    assert learn._wanted(asked).tolist() == near.right.tolist()


def test_more_evidence_never_counts_against_a_document(data: Any) -> None:
    worth = learn.learn_worth(data, learn.PENALTY)
    assert np.isfinite(worth).all()
    for name, value in zip(NAMES, worth, strict=True):
        assert value >= 0 or name in learn.FREE
        assert value <= 0 or name not in learn.AGAINST


def test_what_was_learned_puts_the_right_ones_first(data: Any) -> None:
    profile = learn.learned(data, wrong_share=1.0)
    firsts = [case.right[rank(case.found, profile).order[0]] for case in data if case.example.gold]
    assert all(firsts)


def test_what_was_learned_tells_answers_from_the_rest(data: Any) -> None:
    profile = learn.learned(data, wrong_share=1.0)
    sure = [rank(case.found, profile).confidence for case in data if case.example.gold]
    unsure = [rank(case.found, profile).confidence for case in data if case.example.style == "off"]
    assert min(sure) > max(unsure)


def test_a_heavier_penalty_makes_smaller_weights(data: Any) -> None:
    light, heavy = learn.learn_worth(data, 0.1), learn.learn_worth(data, 1_000.0)
    assert np.abs(heavy).sum() < np.abs(light).sum()


def test_learning_twice_gives_the_same(data: Any) -> None:
    one, other = learn.learned(data, wrong_share=0.5), learn.learned(data, wrong_share=0.5)
    assert np.array_equal(one.worth, other.worth)
    assert np.array_equal(one.signs, other.signs)


def test_a_profile_is_written_as_it_is_read(data: Any) -> None:
    profile = learn.learned(data, wrong_share=1.0)
    text = learn.written("bridge", "A note.", profile)
    assert text.startswith("# A note.\n[bridge]\n")
    read = _profile(tomllib.loads(text)["bridge"])
    assert read.worth == pytest.approx(profile.worth, abs=1e-3)
    assert read.signs == pytest.approx(profile.signs, abs=1e-3)
    assert read.bias == pytest.approx(profile.bias, abs=1e-3)
    assert len(read.signs) == len(SIGNS)
