"""Which words of a question each text accounts for."""

import numpy as np

from bot.search import FactIndex
from bot.search.evidence.term_matching import Layout, accounted, fit, match
from tests.search import harbour


def layout(index: FactIndex) -> Layout:
    return Layout.of(index._indexed)


def test_the_layout_finds_every_text_of_every_candidate(bridge: FactIndex) -> None:
    found = layout(bridge)
    texts = [3 + 1 for _ in harbour.FACTS]
    assert len(found.units) == sum(texts)
    assert found.first_units.tolist() == [0, 4, 8, 12, 16]
    own = np.split(found.terms[found.text_terms], found.text_starts[1:])
    for indexed, terms in zip(bridge._indexed, own, strict=True):
        assert terms.tolist() == indexed.text.tolist()


def test_an_equal_word_matches_wholly_and_a_near_one_in_part(bridge: FactIndex) -> None:
    found = layout(bridge)
    exact, near, _ = match(bridge.query("opened shut boat"), found, bridge._vocabulary)
    opened = found.terms == bridge._vocabulary.number("open")
    assert (exact[0, opened] == 1).all()
    assert (near >= exact).all()
    assert near[2, found.terms == bridge._vocabulary.number("ferri")].max() > 0
    assert exact[2, found.terms == bridge._vocabulary.number("ferri")].max() == 0


def test_numbers_match_only_themselves(bridge: FactIndex) -> None:
    found = layout(bridge)
    exact, near, _ = match(bridge.query("1933 1932"), found, bridge._vocabulary)
    assert not near[0].any()
    assert near[1].tolist() == exact[1].tolist()
    assert exact[1].max() == 1


def test_a_text_is_wholly_accounted_for_by_itself(bridge: FactIndex) -> None:
    found = layout(bridge)
    exact, _, _ = match(bridge.query(harbour.FERRY.text), found, bridge._vocabulary)
    assert accounted(exact, found)[found.first_units[4]] == 1


def test_a_fit_is_no_better_than_twice_its_weaker_side() -> None:
    forth, back = np.array([1, 0, 0.5, 1], np.float32), np.array([1, 0, 0.5, 0], np.float32)
    assert fit(forth, back).tolist() == [1, 0, 0.5, 0]
