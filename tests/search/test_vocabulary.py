"""The terms of a story by number."""

import numpy as np

from bot.search.index.vocabulary import Vocabulary
from bot.search.meaning import word_senses, word_vectors


def made(*words: str) -> Vocabulary:
    vocabulary = Vocabulary(word_vectors.load())
    for word in words:
        vocabulary.add(word, word)
    return vocabulary


def test_a_stem_keeps_its_number_and_its_first_word() -> None:
    vocabulary = made()
    assert [vocabulary.add("call", word) for word in ("calls", "calling", "call")] == [0, 0, 0]
    assert (len(vocabulary), vocabulary.surface(0)) == (1, "calls")
    assert dict(vocabulary.words()) == {"calls": 0, "calling": 0, "call": 0}


def test_an_unknown_stem_has_no_number() -> None:
    assert made("call").number("bridge") is None


def test_vectors_are_of_unit_length_and_stay_while_the_vocabulary_grows() -> None:
    vocabulary = made("call", "bridge")
    before = vocabulary.meanings(np.array([0, 1]))
    for number in range(3_000):
        vocabulary.add(f"item{number}", f"item{number}")
    after = vocabulary.meanings(np.array([0, 1, 2_999]))
    assert np.array_equal(before, after[:2])
    assert np.allclose(np.linalg.norm(after, axis=1), 1, atol=1e-3)


def test_an_empty_term_means_nothing() -> None:
    assert not made("").meanings(np.array([0])).any()


def test_numerals_are_told_from_words() -> None:
    assert made("call", "19", "2.5", "").numeric(np.arange(4)).tolist() == [
        False,
        True,
        True,
        False,
    ]


def test_a_copy_goes_its_own_way() -> None:
    vocabulary = made("call", "bridge")
    copied = vocabulary.copy()
    assert (copied.add("bridge", "bridges"), copied.add("zeppelin", "zeppelin")) == (1, 2)
    assert (vocabulary.number("zeppelin"), len(vocabulary)) == (None, 2)
    numbers = np.array([0, 1])
    assert np.array_equal(copied.meanings(numbers), vocabulary.meanings(numbers))


def test_relations_are_the_same_at_the_second_look_and_for_terms_that_came_since() -> None:
    vocabulary = Vocabulary(word_vectors.load())
    first = np.array([vocabulary.add(word, word) for word in ("closed", "bus")])
    alone = vocabulary.relations(["open"], first)
    more = np.array([*first, vocabulary.add("hurt", "hurt")])

    asked = vocabulary.relations(["open", "injured", "open"], more)

    fresh = word_senses.load().relations(["open", "injured", "open"], ["closed", "bus", "hurt"])
    assert asked.tolist() == fresh.tolist()
    assert alone.tolist() == fresh[:1, :2].tolist()
    assert vocabulary.relations(["injured"], more).tolist() == fresh[1:2].tolist()
