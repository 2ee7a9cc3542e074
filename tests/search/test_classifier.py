"""Which fact a question's wording belongs to."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from bot.search import Document, FactIndex, StoryLexicon
from bot.search.index import classifier
from bot.search.index.classifier import Classifier
from bot.search.index.wording import Reader
from bot.search.language.analyzer import Analyzer
from bot.search.language.lexicon import CompiledLexicon
from bot.search.meaning import word_vectors
from tests.search import harbour
from tests.search.harbour import told


def reader() -> Reader:
    analyzer = Analyzer()
    return Reader(analyzer, CompiledLexicon(StoryLexicon(), analyzer), word_vectors.load())


def built(documents: Sequence[Document] = harbour.FACTS) -> Classifier:
    made = Classifier.build(documents, reader())
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
        assert Classifier.build(harbour.FACTS, reader()) is None
    monkeypatch.setattr(classifier, "MOST_ROWS", 3)
    monkeypatch.setattr(classifier, "MOST_MEANS", 5)
    assert Classifier.build(harbour.FACTS, reader()) is None


def test_without_ways_of_asking_there_is_nothing_to_learn() -> None:
    assert Classifier.build(harbour.bare(), reader()) is None
    assert Classifier.build((), reader()) is None


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
def test_an_amended_classifier_is_as_a_new_one(documents: tuple[Document, ...]) -> None:
    amended = built().updated(documents)
    assert amended is not None
    again = amended.updated(harbour.FACTS)
    assert again is not None
    for text in ("", "When was the bridge opened?", "what colour", "birthday of the ferry"):
        tokens = Analyzer().tokens(text)
        assert np.allclose(amended.scores(tokens), built(documents).scores(tokens), atol=2e-3)
        assert np.allclose(again.scores(tokens), built().scores(tokens), atol=1e-6)


def test_what_comes_and_goes_again_leaves_nothing_behind() -> None:
    amended = built().updated(CHANGES["phrasings"])
    assert amended is not None
    assert amended.amendment is not None
    again = amended.updated(harbour.FACTS)
    assert again is not None
    assert again.amendment is None


def test_little_is_amended_and_much_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    before = built()
    amended = before.updated(CHANGES["a text"])
    assert amended is not None
    assert amended.learned is before.learned
    monkeypatch.setattr(classifier, "MOST_AMENDED", 1)
    fresh = before.updated(CHANGES["a text"])
    assert fresh is not None
    assert fresh.learned is not before.learned
    assert fresh.amendment is None


def test_what_was_learned_before_is_used_and_amended() -> None:
    learned = built().learned
    same = Classifier.build(harbour.FACTS, reader(), learned)
    assert same is not None
    assert same.learned is learned
    assert same.amendment is None
    changed = Classifier.build(CHANGES["phrasings"], reader(), learned)
    assert changed is not None
    assert changed.learned is learned
    assert nearest(changed, "its birthday") == 0


def test_where_nobody_says_any_more_how_facts_are_asked_there_is_none() -> None:
    assert built().updated(harbour.bare()) is None
    assert built().updated(()) is None


def test_a_changed_fact_of_the_bundled_story_is_amended(
    story: FactIndex, bundled: tuple[tuple[Document, ...], StoryLexicon]
) -> None:
    changed = replace(bundled[0][7], phrasings=("entirely new words", *bundled[0][7].phrasings))
    updated = story.updated([changed], revision=2)
    assert updated.learned is story.learned  # learning all of it anew takes seconds
    assert harbour.is_amended(updated)
    assert not harbour.is_amended(story)
    assert told(updated.ask("entirely new words")) == [changed.id]


def test_others_are_found_as_before_once_a_fact_came(
    story: FactIndex, bundled: tuple[tuple[Document, ...], StoryLexicon]
) -> None:
    new = Document(
        id=9_999,
        text="The zeppelin of the delegation landed in Ankara.",
        question="Where did the zeppelin land?",
        phrasings=("where did the airship come down", "landing place of the zeppelin"),
    )
    updated = story.updated([new], revision=2)
    assert told(updated.ask("what was the landing place of that airship")) == [new.id]
    before, after = story._classifier, updated._classifier
    assert before is not None
    assert after is not None
    for document in bundled[0][::20]:
        tokens = Analyzer().tokens(document.question or "")
        apart = after.scores(tokens)[:, :-1] - before.scores(tokens)
        assert np.abs(apart).max() < 0.02
