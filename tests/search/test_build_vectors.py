"""The parts of building the table that need no teacher."""

import numpy as np
import pytest

from bot.search.learning import build_vectors


@pytest.mark.parametrize("entry", ["call", "##ing", "2024", "ø", "##ович", "wrocław"])
def test_latin_and_cyrillic_letters_and_digits_make_an_entry(entry: str) -> None:
    assert build_vectors.wordlike(entry)


@pytest.mark.parametrize("entry", ["", "##", "[CLS]", "$", "##!", "漢", "ə", "ₙ", "ﬁ", "λ"])
def test_marks_and_other_scripts_do_not(entry: str) -> None:
    assert not build_vectors.wordlike(entry)


def test_a_list_gives_its_words_and_its_names_without_accents() -> None:
    words, names = build_vectors.listed(["café", "call", "don't", "Iran", "Zürich", "Iran's", ""])
    assert words == {"cafe", "call"}
    assert names == {"iran", "zurich"}


def test_ranks_count_words_from_the_commonest_on() -> None:
    ranks = build_vectors.frequency_ranks(["[CLS]", "a", "z", "the", "of", "##s", "call"])
    assert ranks == {"a": 0, "i": 0, "the": 0, "of": 1, "call": 2}


def test_weight_rises_with_the_rank_from_the_least() -> None:
    assert build_vectors.weight(0) == pytest.approx(1.296, abs=0.001)
    assert build_vectors.weight(10_000) == pytest.approx(9.513, abs=0.001)


def test_reduced_rows_are_unit_length_on_the_axes_of_the_sample() -> None:
    rows = np.random.default_rng(0).normal(size=(300, 140)).astype(np.float32)
    rows[:, 5] *= 9
    reduced = build_vectors.reduce(rows, np.arange(300) < 200)
    assert reduced.shape == (300, build_vectors.DIMENSIONS)
    assert np.linalg.norm(reduced, axis=1) == pytest.approx(np.ones(300), abs=1e-5)
    # The first axis is the widest coordinate, in the direction in which it grows.
    centred = rows[:, 5] - rows[:200, 5].mean()
    assert np.corrcoef(reduced[:, 0], centred)[0, 1] > 0.8
