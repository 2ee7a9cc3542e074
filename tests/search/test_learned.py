"""What was learned is kept as bytes, and used again where it fits."""

import numpy as np
import pytest

from bot.search import Document, FactIndex, Name, StoryLexicon
from bot.search.index import learned
from bot.search.index.learned import Learned
from tests.search import harbour


def learned_of(index: FactIndex) -> Learned:
    found = index.learned
    assert found is not None
    return found


def again(packed: bytes, documents: tuple[Document, ...] = harbour.FACTS) -> FactIndex:
    kept = Learned.unpacked(packed)
    assert kept is not None
    return FactIndex.build(documents, lexicon=harbour.LEXICON, learned=kept)


def test_an_index_of_kept_numbers_answers_as_the_one_that_learned_them(
    story: FactIndex, bundled: tuple[tuple[Document, ...], StoryLexicon]
) -> None:
    kept = Learned.unpacked(learned_of(story).packed())
    assert kept is not None
    second = FactIndex.build(bundled[0], lexicon=bundled[1], learned=kept)
    assert second.learned is kept
    assert not harbour.is_amended(second)
    for document in bundled[0][::25]:
        question = document.phrasings[0]
        assert second.ask(question) == story.ask(question)


def test_they_are_amended_where_texts_have_changed_since(bridge: FactIndex) -> None:
    packed = learned_of(bridge).packed()
    new = Document(id=9, text="It is grey.", question="What colour is it?", phrasings=("its hue",))
    index = again(packed, (*harbour.FACTS, new))
    assert harbour.is_amended(index)
    assert [told.document.id for told in index.ask("what colour is it").told] == [9]
    assert not harbour.is_amended(again(packed))


@pytest.mark.parametrize("cut", [0, 1, 100, -1])
def test_damaged_bytes_are_nothing(bridge: FactIndex, cut: int) -> None:
    packed = learned_of(bridge).packed()
    assert Learned.unpacked(packed[:cut]) is None


def test_bytes_of_something_else_are_nothing(bridge: FactIndex) -> None:
    assert Learned.unpacked(b"something else") is None
    packed = learned_of(bridge).packed()
    middle = len(packed) // 2
    assert Learned.unpacked(packed[:middle] + b"!!!!" + packed[middle + 4 :]) is None


def test_the_stamp_is_of_the_lexicon_and_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    name = StoryLexicon(names=(Name(name="Ada", kind="person"),))
    assert learned.stamp(name) == learned.stamp(StoryLexicon(names=name.names))
    assert learned.stamp(name) != learned.stamp(StoryLexicon())
    before = learned.stamp(name)
    monkeypatch.setattr(learned, "_program", lambda: b"another")
    assert learned.stamp(name) != before


def test_an_index_without_ways_of_asking_has_learned_nothing() -> None:
    index = FactIndex.build(harbour.bare())
    assert index.learned is None
    assert not harbour.is_amended(index)


def test_numbers_are_as_exact_as_they_are_kept(bridge: FactIndex) -> None:
    solution = learned_of(bridge).solution
    assert np.array_equal(solution, solution.astype(np.float16).astype(np.float32))
