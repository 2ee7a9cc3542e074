"""The wording of texts: what two of them have in common, whether alone or among many."""

import numpy as np
import pytest

from bot.search import StoryLexicon
from bot.search.index.wording import BUCKETS, Reader, Wording, Wordings
from bot.search.language.analyzer import Analyzer
from bot.search.language.lexicon import CompiledLexicon
from bot.search.meaning import word_vectors
from tests.search import harbour

TEXTS = (
    "When was the bridge opened?",
    "opening of the bridge",
    "",
    "🙂",
    "who is it",
    "The old coathanger is 503 metres long, the survey office says. " * 9,
    "tut " * 30,
)


def reader(lexicon: StoryLexicon = harbour.LEXICON) -> Reader:
    analyzer = Analyzer()
    return Reader(analyzer, CompiledLexicon(lexicon, analyzer), word_vectors.load())


def rows(*texts: str) -> np.ndarray:
    return np.stack([reader().one(Analyzer().tokens(text)).row for text in texts])


def test_a_text_is_the_same_alone_and_among_others() -> None:
    made = reader().of(TEXTS)
    assert len(made) == len(TEXTS)
    assert np.allclose(made.rows(np.arange(len(TEXTS))), rows(*TEXTS), atol=1e-6)
    assert np.allclose(made.rows(np.array([4, 0])), rows(TEXTS[4], TEXTS[0]), atol=1e-6)


@pytest.mark.parametrize("text", TEXTS)
def test_products_are_those_of_the_rows(text: str) -> None:
    made = reader().of(TEXTS)
    one = reader().one(Analyzer().tokens(text))
    assert np.allclose(made.products(one), rows(*TEXTS) @ one.row, atol=1e-5)
    assert np.allclose(made.products(Wording.of(one.row)), made.products(one), atol=1e-6)


def test_a_text_with_words_is_as_long_as_one() -> None:
    lengths = np.linalg.norm(rows("When was the bridge opened?", "who is it"), axis=1)
    assert np.allclose(lengths, 1, atol=1e-5)


def test_no_texts_have_no_products() -> None:
    none = reader().of(())
    assert len(none) == 0
    assert none.products(reader().one(Analyzer().tokens("who"))).shape == (0,)
    assert none.rows(np.zeros(0, np.int64)).shape == (0, rows("a").shape[1])


def test_names_and_synonyms_bring_texts_nearer() -> None:
    plain, named = (
        reader(lexicon)
        .of(("the old coathanger",))
        .products(reader(lexicon).one(Analyzer().tokens("harbour bridge")))
        for lexicon in (StoryLexicon(), harbour.LEXICON)
    )
    assert named[0] > plain[0]


def test_what_was_kept_is_restored() -> None:
    made = reader().of(TEXTS)
    again = Wordings.restored(made.kept(), word_vectors.load())
    one = reader().one(Analyzer().tokens(TEXTS[0]))
    assert np.array_equal(again.products(one), made.products(one))
    assert again.letters.shape == (BUCKETS, len(TEXTS))
