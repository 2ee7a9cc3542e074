"""Which fact a question's wording belongs to."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from bot.search import Document, FactIndex, StoryLexicon, classifier, vectors
from bot.search.analyzer import Analyzer
from bot.search.classifier import Classifier, Rows
from bot.search.lexicon import CompiledLexicon
from tests.search import harbour
from tests.search.harbour import told


def rows() -> Rows:
    analyzer = Analyzer()
    return Rows(analyzer, CompiledLexicon(StoryLexicon(), analyzer), vectors.load())


def built(documents: Sequence[Document] = harbour.FACTS) -> Classifier:
    made = Classifier.build(documents, rows())
    assert made is not None
    return made


def nearest(made: Classifier, text: str) -> int:
    return int(made.scores(Analyzer().tokens(text))[0].argmax())


def test_every_way_of_asking_finds_its_own_fact() -> None:
    made = built()
    for place, document in enumerate(harbour.FACTS):
        for text in (document.question or "", *document.phrasings):
            assert nearest(made, text) == place


def test_a_new_wording_finds_the_fact_that_it_is_nearest_to() -> None:
    made = built()
    assert nearest(made, "what year did they open the bridge?") == 0
    assert nearest(made, "name of the person who ordered it shut") == 3


def test_the_means_of_the_texts_stand_in_where_there_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    solved = built()
    monkeypatch.setattr(classifier, "MOST_ROWS", 3)
    means = built()
    for place, document in enumerate(harbour.FACTS):
        assert nearest(means, document.phrasings[0]) == place
        assert nearest(solved, document.phrasings[0]) == place
    scores = means.scores(Analyzer().tokens("When was the bridge opened?"))
    assert scores.shape == (2, len(harbour.FACTS))
    assert np.allclose(scores[1], scores[0] ** 2)


def test_beyond_its_bounds_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(classifier, "MOST_FACTS", 4)
        assert Classifier.build(harbour.FACTS, rows()) is None
    monkeypatch.setattr(classifier, "MOST_ROWS", 3)
    monkeypatch.setattr(classifier, "MOST_MEANS", 5)
    assert Classifier.build(harbour.FACTS, rows()) is None


def test_without_ways_of_asking_there_is_nothing_to_learn() -> None:
    assert Classifier.build(harbour.bare(), rows()) is None
    assert Classifier.build((), rows()) is None


def test_scores_are_finite_and_likeness_is_a_share() -> None:
    made = built()
    for text in ("", "🙂", "zzyqx", "When was the bridge opened?", "a " * 500, "длина моста"):
        scores = made.scores(Analyzer().tokens(text))
        assert scores.shape == (2, len(harbour.FACTS))
        assert np.isfinite(scores).all()
        assert (scores[1] >= 0).all()
        assert (scores[1] <= 1.001).all()


def test_a_text_is_wholly_like_itself() -> None:
    scores = built().scores(Analyzer().tokens(harbour.CLOSED.phrasings[0]))
    assert scores[1, 3] == pytest.approx(1, abs=1e-3)


def test_empty_and_equal_texts_can_be_learned() -> None:
    twins = tuple(replace(harbour.OPENED, id=number) for number in (1, 2))
    made = built((*twins, Document(id=3, text="", question="")))
    scores = made.scores(Analyzer().tokens("When was the bridge opened?"))
    assert scores[0, 0] == pytest.approx(float(scores[0, 1]), abs=1e-4)
    assert np.isfinite(scores).all()


CHANGES = {
    "nothing": harbour.FACTS,
    "a text": (*harbour.FACTS[:4], replace(harbour.FERRY, text="The ferry is free.")),
    "phrasings": (
        replace(harbour.OPENED, phrasings=("its birthday", "its age")),
        *harbour.FACTS[1:],
    ),
    "the order": tuple(reversed(harbour.FACTS)),
    "fewer": harbour.FACTS[1:],
    "more": (*harbour.FACTS, Document(id=9, text="It is grey.", question="What colour is it?")),
    "all": tuple(replace(each, id=each.id + 10) for each in harbour.FACTS),
    "a twin": (*harbour.FACTS, replace(harbour.OPENED, id=9)),
    "a phrasing twice": (replace(harbour.OPENED, phrasings=("its age", "its age")),),
}


@pytest.mark.parametrize("documents", CHANGES.values(), ids=CHANGES)
def test_a_mended_classifier_is_as_a_new_one(documents: tuple[Document, ...]) -> None:
    mended = built().updated(documents)
    assert mended is not None
    again = mended.updated(harbour.FACTS)
    assert again is not None
    for text in ("", "When was the bridge opened?", "what colour", "birthday of the ferry"):
        tokens = Analyzer().tokens(text)
        assert np.allclose(mended.scores(tokens), built(documents).scores(tokens), atol=1e-4)
        assert np.allclose(again.scores(tokens), built().scores(tokens), atol=1e-4)


def test_little_is_mended_and_much_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    before = built()
    mended = before.updated(CHANGES["a text"])
    assert mended is not None
    assert mended._solved is before._solved
    monkeypatch.setattr(classifier, "MOST_MENDED", 1)
    fresh = before.updated(CHANGES["a text"])
    assert fresh is not None
    assert fresh._solved is not before._solved


def test_where_nobody_says_any_more_how_facts_are_asked_there_is_none() -> None:
    assert built().updated(harbour.bare()) is None
    assert built().updated(()) is None


def test_a_changed_fact_of_the_bundled_story_is_mended_in(
    story: FactIndex, bundled: tuple[tuple[Document, ...], StoryLexicon]
) -> None:
    changed = replace(bundled[0][7], phrasings=("entirely new words", *bundled[0][7].phrasings))
    updated = story.updated([changed], revision=2)
    before, now = story._classifier, updated._classifier
    assert before is not None
    assert now is not None
    assert now._solved is before._solved  # learning all of it anew takes seconds
    assert told(updated.ask("entirely new words")) == [changed.id]


def test_a_hint_counts_for_less_than_a_phrasing_and_is_learned_without_solving_anew() -> None:
    way = "is the quay free of charge"
    asked = Analyzer().tokens(way)

    def score(made: Classifier | None) -> float:
        assert made is not None
        return float(made.scores(asked)[0][0])

    first, *others = harbour.FACTS
    hinted = [replace(first, hints=(way,)), *others]
    phrased = [replace(first, phrasings=(*first.phrasings, way)), *others]
    none, hint, phrasing = (score(built(each)) for each in (harbour.FACTS, hinted, phrased))
    assert none < hint < phrasing
    assert score(built().updated(hinted)) == pytest.approx(hint, abs=1e-3)
    assert score(built(hinted).updated(harbour.FACTS)) == pytest.approx(none, abs=1e-3)
