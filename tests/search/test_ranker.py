"""Evidence to order, and order to probability."""

import importlib.resources
import tomllib
from itertools import product

import numpy as np
import pytest

from bot.search import Document, FactIndex
from bot.search.evidence.columns import NAMES
from bot.search.learning.fitting import SIGNS_AGAINST, SIGNS_FREE
from bot.search.ranking.ranker import (
    ANCHORS,
    FROM_TOP,
    LEANING,
    PLAIN,
    RICH,
    SIGNS,
    Ranked,
    mix,
    mixed,
    profiles,
    rank,
)
from tests.search import harbour

WEIGHTS = tomllib.loads(
    importlib.resources.files("bot.search").joinpath("data", "weights.toml").read_text("utf-8")
)
KINDS = ("", LEANING)
QUESTIONS = (
    "When was the bridge opened?",
    "who closed it",
    "butter",
    "why was the bridge closed?",
    "how long is the ferry",
)


def ranked(index: FactIndex, question: str) -> Ranked:
    found = index.find(question)
    assert found is not None
    return rank(found, index.profile)


@pytest.mark.parametrize("question", QUESTIONS)
def test_shares_sum_to_one_and_follow_the_order(bridge: FactIndex, question: str) -> None:
    found = ranked(bridge, question)
    assert float(found.shares.sum()) == pytest.approx(1, abs=1e-5)
    assert sorted(found.order.tolist()) == list(range(len(found.shares)))
    assert (np.diff(found.shares[found.order]) <= 0).all()
    assert (np.diff(found.scores[found.order]) <= 0).all()


@pytest.mark.parametrize("question", QUESTIONS)
def test_probabilities_are_probabilities_and_fall(bridge: FactIndex, question: str) -> None:
    found = ranked(bridge, question)
    chances = [found.probability(place) for place in range(len(found.order))]
    assert all(0 <= chance <= 1 for chance in chances)
    assert chances == sorted(chances, reverse=True)
    assert chances[0] == found.confidence


def test_places_are_those_of_the_documents(bridge: FactIndex) -> None:
    found = ranked(bridge, "When was the bridge opened?")
    assert bridge.documents[found.places[0]].id == harbour.OPENED.id


def test_equals_keep_the_order_of_the_documents() -> None:
    index = FactIndex.build(Document(id=number, text="The same words.") for number in range(5))
    assert ranked(index, "same words").places == [0, 1, 2, 3, 4]


def test_a_lone_candidate_has_everything() -> None:
    found = ranked(FactIndex.build([harbour.OPENED]), "when opened")
    assert found.shares.tolist() == [1]
    assert found.signs[SIGNS.index("lead")] == 1


def test_every_profile_is_there_and_none_besides() -> None:
    names = {f"{kind}{name}{model}" for kind, name, model in product(KINDS, ANCHORS, ("", PLAIN))}
    assert set(WEIGHTS) == set(profiles()) == names


@pytest.mark.parametrize("name", sorted(WEIGHTS))
def test_what_is_lacking_never_raises_the_probability(name: str) -> None:
    signs = dict(zip(SIGNS, profiles()[name].signs.tolist(), strict=True))
    assert all(signs[each] <= 0 for each in SIGNS_AGAINST)
    assert all(signs[each] >= 0 for each in set(SIGNS) - SIGNS_AGAINST - SIGNS_FREE)


@pytest.mark.parametrize("name", sorted(WEIGHTS))
def test_every_name_in_the_weights_is_one_that_the_code_computes(name: str) -> None:
    entry = WEIGHTS[name]
    assert set(entry) == {"bias", "worth", "signs"}
    assert set(entry["worth"]) <= set(NAMES)
    assert set(entry["signs"]) <= set(SIGNS)


def test_every_column_earns_its_place_in_some_profile() -> None:
    """A column may count for an order, or for a probability as the first's own sign."""
    used = {name for entry in WEIGHTS.values() for name in entry["worth"]} | set(FROM_TOP)
    sources = {name.removeprefix("best_") for name in used if name.startswith("best_")}
    idle = {name for name in NAMES if name not in used | sources}
    assert len(idle) < len(NAMES) / 3, sorted(idle)


def test_signs_read_from_the_first_are_columns() -> None:
    assert set(FROM_TOP) <= set(NAMES)
    assert len(set(SIGNS)) == len(SIGNS)


@pytest.mark.parametrize("name", sorted(WEIGHTS))
def test_a_profile_is_read_as_it_was_written(name: str) -> None:
    profile, entry = profiles()[name], WEIGHTS[name]
    assert profile.bias == entry["bias"]
    assert profile.worth.shape == (len(NAMES),)
    for key, value in entry["worth"].items():
        assert profile.worth[NAMES.index(key)] == pytest.approx(value)
    assert profile.signs.tolist() == pytest.approx([entry["signs"].get(key, 0) for key in SIGNS])


def fact(*phrasings: str, question: str | None = None) -> Document:
    return Document(id=1, text="It was opened in 1932.", question=question, phrasings=phrasings)


def shares(*documents: Document) -> list[float]:
    return [round(share, 3) for share in mix(documents).tolist()]


def test_a_story_lies_between_the_anchors_by_its_ways_of_asking_a_fact() -> None:
    asked = fact(question="When was it opened?")
    assert shares() == [1, 0, 0]
    assert shares(fact()) == [1, 0, 0]
    assert shares(fact(), asked) == [0.5, 0.5, 0]
    assert shares(asked) == [0, 1, 0]
    assert shares(fact(*["when"] * int(RICH))) == [0, 0, 1]
    assert shares(fact(*["when"] * 100)) == [0, 0, 1]


def test_one_more_way_of_asking_moves_a_story_a_little() -> None:
    richness = [shares(fact(*["when"] * ways))[2] for ways in range(1, 13)]
    steps = np.diff(richness)
    assert (steps > 0).all()
    assert (steps < 0.3).all()


def test_the_bundled_story_is_rich(story: FactIndex) -> None:
    assert np.array_equal(story.profile.worth, profiles()["rich_plain"].worth)


def test_a_mixture_of_one_anchor_is_that_anchor() -> None:
    anchors = [profiles()[name] for name in ANCHORS]
    for place, anchor in enumerate(anchors):
        made = mixed(anchors, [float(at == place) for at in range(len(anchors))])
        assert made.bias == anchor.bias
        assert np.array_equal(made.signs, anchor.signs)


def test_signs_tell_how_known_unknowns_compare_with_the_first(bridge: FactIndex) -> None:
    names = [name for name in SIGNS if name.startswith("unknown_")]

    def signs(index: FactIndex, question: str) -> dict[str, float]:
        found = ranked(index, question)
        return {name: float(found.signs[SIGNS.index(name)]) for name in names}

    compared = signs(bridge, "who closed the bridge")
    assert 0 < compared["unknown_near"] < 1
    assert compared["unknown_nearest"] < 0
    assert compared["unknown_fit"] <= 0
    assert not any(signs(bridge, "why was the bridge closed").values())
    without = harbour.index(tuple(each for each in harbour.FACTS if not each.unknown))
    assert not any(signs(without, "who closed the bridge").values())
