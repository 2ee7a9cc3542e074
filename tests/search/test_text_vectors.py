"""Vectors of a story's texts: what is known is not computed again."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.search import Document
from bot.search.meaning import sentence_model
from bot.search.meaning.text_vectors import HINTED, WELL_PHRASED, Meanings, SentenceVectors
from tests.search import harbour


class Unloadable:
    def __call__(self) -> sentence_model.SentenceModel:
        raise AssertionError("the model was loaded")


def vector(place: int) -> NDArray[np.float16]:
    made = np.zeros(sentence_model.DIMENSIONS, np.float16)
    made[place] = 1
    return made


def test_known_texts_need_no_model() -> None:
    vectors = SentenceVectors({"a": vector(0), "b": vector(1)}, load=Unloadable())

    assert vectors.of(["b", "a", "b"]).argmax(axis=1).tolist() == [1, 0, 1]
    assert not vectors.fresh


def test_computed_vectors_are_told_apart_so_that_they_can_be_stored() -> None:
    vectors = SentenceVectors({"a": vector(0)})

    vectors.of(["a", "Is the bridge open?"])
    vectors.of(["Is the bridge open?"])

    assert list(vectors.fresh) == ["Is the bridge open?"]


def test_a_reader_s_words_are_not_kept() -> None:
    vectors = SentenceVectors()

    vectors.of_question("is the bridge open")

    assert not vectors.fresh


def test_a_well_phrased_story_neither_loads_nor_asks_the_model() -> None:
    ways = tuple(f"way {number}" for number in range(int(WELL_PHRASED)))
    documents = [Document(id=1, text="Yes.", question="Is it open?", phrasings=ways)]

    assert Meanings.build(documents, SentenceVectors(load=Unloadable())) is None


def test_no_document_is_no_meaning() -> None:
    assert Meanings.build([], SentenceVectors(load=Unloadable())) is None


def test_the_nearest_way_of_asking_counts() -> None:
    documents = [replace(each, phrasings=each.phrasings[:1]) for each in harbour.FACTS]
    meanings = Meanings.build(documents, SentenceVectors())
    assert meanings is not None

    near, central = meanings.nearness("what is the bridge's length")

    assert near.shape == (3, len(documents))
    assert near.max(axis=0).argmax() == documents.index(documents[1])
    assert 0 < central < 1


def test_a_hint_counts_a_little_less_than_a_way_of_asking() -> None:
    told = Document(id=1, text="Yes.", question="Is it open?", phrasings=("can I cross it",))
    hinted = replace(told, phrasings=(), hints=("can I cross it",))
    vectors = SentenceVectors()

    def nearness(document: Document) -> float:
        meanings = Meanings.build([document], vectors)
        assert meanings is not None
        return float(meanings.nearness("can I cross it")[0][0, 0])

    assert nearness(hinted) == pytest.approx(HINTED * nearness(told), abs=1e-3)
