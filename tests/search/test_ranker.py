"""Evidence to order, and order to probability."""

import importlib.resources
import tomllib

import numpy as np
import pytest

from bot.search import Document, FactIndex
from bot.search.columns import NAMES
from bot.search.ranker import FROM_TOP, SIGNS, Ranked, profile_name, profiles, rank
from tests.search import harbour

WEIGHTS = tomllib.loads(
    importlib.resources.files("bot.search").joinpath("data", "weights.toml").read_text("utf-8")
)
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


def test_a_bonus_moves_a_document_up(bridge: FactIndex) -> None:
    found = bridge.find("bridge")
    assert found is not None
    for row in range(len(found.places)):
        bonus = np.zeros(len(found.places), np.float32)
        bonus[row] = 100
        assert rank(found, bridge.profile, bonus=bonus).order[0] == row


def test_equals_keep_the_order_of_the_documents() -> None:
    index = FactIndex.build(Document(id=number, text="The same words.") for number in range(5))
    assert ranked(index, "same words").places == [0, 1, 2, 3, 4]


def test_a_lone_candidate_has_everything() -> None:
    found = ranked(FactIndex.build([harbour.OPENED]), "when opened")
    assert found.shares.tolist() == [1]
    assert found.signs[SIGNS.index("lead")] == 1


def test_every_profile_is_there_and_none_besides() -> None:
    assert set(WEIGHTS) == set(profiles()) == {"bare", "single", "labels", "rich"}


@pytest.mark.parametrize("name", sorted(WEIGHTS))
def test_every_name_in_the_weights_is_one_that_the_code_computes(name: str) -> None:
    entry = WEIGHTS[name]
    assert set(entry) == {"bias", "worth", "signs"}
    assert set(entry["worth"]) <= set(NAMES)
    assert set(entry["signs"]) == set(SIGNS)


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
    assert profile.signs.tolist() == pytest.approx([entry["signs"][key] for key in SIGNS])


def sort_of(*documents: Document) -> str:
    profile = profiles()[profile_name(documents)]
    (name,) = [name for name, each in profiles().items() if each is profile]
    return name


def fact(text: str, *phrasings: str, question: str | None = None) -> Document:
    return Document(id=1, text=text, question=question, phrasings=phrasings)


def test_the_profile_goes_by_how_facts_say_what_they_answer() -> None:
    answer = "It was opened by the mayor in the spring of 1932 after eight years."
    assert sort_of() == "bare"
    assert sort_of(fact(answer)) == "bare"
    assert sort_of(fact(answer, question="When was it opened?")) == "single"
    assert sort_of(fact("opening", "when was it opened", "what year", "since when")) == "labels"
    assert sort_of(fact(answer, "when was it opened", "what year", "since when")) == "rich"


def test_a_few_asked_facts_among_many_leave_the_profile_bare() -> None:
    plain = [fact("It was opened in 1932.")] * 3
    assert sort_of(*plain, fact("It was closed.", question="Was it closed?")) == "bare"


def test_the_bundled_story_is_rich(story: FactIndex) -> None:
    assert story.profile is profiles()["rich"]


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
