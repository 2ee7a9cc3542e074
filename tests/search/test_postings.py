"""Inverted lists: whatever was replaced, they are those of a fresh build."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.search.index.postings import Postings

TERMS = 12
Text = list[int]
TEXTS = st.lists(st.integers(0, TERMS - 1), max_size=8)


def array(text: Text) -> NDArray[np.int32]:
    return np.array(text, np.int32)


def build(texts: list[Text], terms: int = TERMS) -> Postings:
    return Postings.build([array(text) for text in texts], terms)


def lists(postings: Postings, terms: int = TERMS) -> list[dict[int, tuple[int, float]]]:
    """Return for each term its documents with the count and the BM25 of each."""
    found = []
    for term in range(terms):
        places = postings.documents_with(term).tolist()
        span = slice(postings.starts[term], postings.starts[term + 1])
        counts = postings.counts[span].tolist()
        gains = postings.bm25(term).tolist()
        assert len(set(places)) == len(places) == postings.holders(term)
        found.append(dict(zip(places, zip(counts, gains, strict=True), strict=True)))
    return found


@given(
    st.lists(TEXTS, max_size=6),
    st.lists(st.tuples(st.integers(0, 8), TEXTS), max_size=10),
)
def test_any_replacements_give_what_a_fresh_build_gives(
    texts: list[Text], changes: list[tuple[int, Text]]
) -> None:
    postings, now = build(texts), list(texts)
    for wanted, text in changes:
        place = min(wanted, len(now))
        postings = postings.replaced(place, array(text), TERMS)
        now[place:] = [text, *now[place + 1 :]]
    fresh = build(now)
    assert lists(postings) == lists(fresh)
    assert postings.starts.tolist() == fresh.starts.tolist()
    assert postings.lengths.tolist() == fresh.lengths.tolist()
    assert postings.average == fresh.average
    assert np.array_equal(postings.held(), fresh.held())


@given(st.lists(TEXTS, min_size=1, max_size=5), TEXTS)
def test_the_old_lists_stay_as_they_were(texts: list[Text], text: Text) -> None:
    postings = build(texts)
    before = lists(postings)
    postings.replaced(0, array(text), TERMS)
    postings.replaced(len(texts), array(text), TERMS)
    assert lists(postings) == before


def test_lists_grow_with_the_vocabulary() -> None:
    postings = build([[0, 1], [1]], 2).replaced(2, array([1, 7]), 9)
    assert lists(postings, 9) == lists(build([[0, 1], [1], [1, 7]], 9), 9)


def test_lists_tell_who_holds_what_and_how_often() -> None:
    postings = build([[3, 3, 5], [], [5]])
    assert postings.documents_with(5).tolist() == [0, 2]
    assert [counts for counts, _ in lists(postings)[3].values()] == [2]
    assert postings.lengths.tolist() == [3, 0, 1]
    assert postings.held().tolist() == [3, 5]


def test_a_term_that_came_later_is_held_by_nobody() -> None:
    postings = build([[1]])
    assert postings.documents_with(99).size == 0
    assert postings.holders(99) == 0
    assert postings.bm25(99).size == 0


def test_no_documents_have_no_lists() -> None:
    postings = build([])
    assert postings.average == 1.0
    assert postings.held().size == 0
    assert lists(postings.replaced(0, array([2]), TERMS)) == lists(build([[2]]))


def test_a_count_that_outgrows_a_byte_is_held_at_its_largest() -> None:
    assert build([[4] * 300]).counts.tolist() == [255]
    assert build([[]]).replaced(0, array([4] * 300), TERMS).counts.tolist() == [255]


def test_shorter_texts_gain_more() -> None:
    postings = build([[0, 1], [0, 2, 2, 2, 2, 2], [0]])
    gains = dict(zip(postings.documents_with(0).tolist(), postings.bm25(0), strict=True))
    assert gains[2] > gains[0] > gains[1]
