"""The peers, each as its users would set it up; every text is a document, the best one wins."""

import re
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np

from bot.search import FactIndex, SentenceVectors, pipeline
from tests.benchmarks import sets
from tests.benchmarks.sets import Story

_WORD: Final = re.compile(r"\w+")


class Engine(Protocol):
    """Finds the best fact for a question in one story."""

    def best(self, question: str) -> tuple[int | None, float]:
        """Return the id of the best fact, None without any, and how sure it is of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """An engine and how the bench treats it."""

    name: str
    engine: Callable[[Story], Engine]
    sampled: bool = False  # slow: asked every n-th question only


class Storydesk:
    """This search, asked as the chat asks it."""

    def __init__(self, story: Story) -> None:
        self._index = FactIndex.build(
            story.documents, lexicon=story.lexicon, sentences=SentenceVectors()
        )

    def best(self, question: str) -> tuple[int | None, float]:
        """Return the first candidate; a courtesy, which ranks nothing, counts as not sure."""
        weighed = pipeline.weigh(self._index, question, None)
        judged = (
            weighed.judged[0] if weighed.judged else pipeline.judge(self._index, question, None)
        )
        if judged is None:
            return None, 0.0
        return judged.first.document.id, judged.first.confidence


class Rapidfuzz:
    """`process.extractOne` over all texts."""

    def __init__(self, story: Story, *, scorer: str) -> None:
        from rapidfuzz import fuzz

        self._scorer = getattr(fuzz, scorer)
        self._texts, self._owners = sets.texts(story.documents)

    def best(self, question: str) -> tuple[int | None, float]:
        """Return the owner of the most similar text."""
        from rapidfuzz import process, utils

        found = process.extractOne(
            question, self._texts, scorer=self._scorer, processor=utils.default_process
        )
        return (None, 0.0) if found is None else (self._owners[found[2]], float(found[1]))


class Bm25s:
    """bm25s with its English stop words and the Snowball stemmer."""

    def __init__(self, story: Story) -> None:
        import bm25s
        import Stemmer

        texts, self._owners = sets.texts(story.documents)
        stemmer = Stemmer.Stemmer("english")

        def tokens(texts: list[str], *, ids: bool) -> Any:
            return bm25s.tokenize(
                texts, stopwords="en", stemmer=stemmer, return_ids=ids, show_progress=False
            )

        self._tokens = tokens
        self._retriever = bm25s.BM25()
        self._retriever.index(tokens(texts, ids=True), show_progress=False)

    def best(self, question: str) -> tuple[int | None, float]:
        """Return the owner of the text with the highest BM25."""
        words = self._tokens([question], ids=False)[0]
        known = [word for word in words if word in self._retriever.vocab_dict]
        if not known:
            return None, 0.0
        scores = self._retriever.get_scores(known)
        place = int(np.argmax(scores))
        return self._owners[place], float(scores[place])


class Fts5:
    """SQLite FTS5 in memory; the words, or their trigrams, joined by OR."""

    def __init__(self, story: Story, *, tokenizer: str) -> None:
        texts, owners = sets.texts(story.documents)
        self._trigram = tokenizer == "trigram"
        self._base = sqlite3.connect(":memory:")
        self._base.execute(
            f"CREATE VIRTUAL TABLE t USING fts5(text, fact UNINDEXED, tokenize = '{tokenizer}')"
        )
        self._base.executemany(
            "INSERT INTO t (text, fact) VALUES (?, ?)", zip(texts, owners, strict=True)
        )

    def best(self, question: str) -> tuple[int | None, float]:
        """Return the owner of the text with the best FTS5 rank."""
        words = _WORD.findall(question.lower())
        if self._trigram:
            words = [word[at : at + 3] for word in words for at in range(len(word) - 2)]
        if not words:
            return None, 0.0
        match = " OR ".join(f'"{word}"' for word in dict.fromkeys(words))
        row = self._base.execute(
            "SELECT fact, rank FROM t WHERE t MATCH ? ORDER BY rank LIMIT 1", (match,)
        ).fetchone()
        return (None, 0.0) if row is None else (int(row[0]), -float(row[1]))


class Tantivy:
    """tantivy with its English stemmer; with `fuzzy` also terms one slip away."""

    def __init__(self, story: Story, *, fuzzy: bool) -> None:
        import tantivy

        texts, owners = sets.texts(story.documents)
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("text", tokenizer_name="en_stem")
        schema.add_unsigned_field("fact", stored=True)
        self._query = tantivy.Query
        self._should = tantivy.Occur.Should
        self._index = tantivy.Index(schema.build())
        writer = self._index.writer(15_000_000, 1)
        for text, owner in zip(texts, owners, strict=True):
            writer.add_document(tantivy.Document(text=text, fact=owner))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()
        self._fuzzy = fuzzy

    def best(self, question: str) -> tuple[int | None, float]:
        """Return the owner of the text with the highest score."""
        words = " ".join(_WORD.findall(question.lower()))
        if not words:
            return None, 0.0
        query = self._index.parse_query(words, ["text"])
        if self._fuzzy:
            near = self._index.parse_query(words, ["text"], fuzzy_fields={"text": (False, 1, True)})
            query = self._query.boolean_query([(self._should, query), (self._should, near)])
        hits = self._searcher.search(query, 1).hits
        if not hits:
            return None, 0.0
        score, address = hits[0]
        return int(self._searcher.doc(address)["fact"][0]), float(score)


class CharacterTfidf:
    """Cosine of TF-IDF over the 2 to 5 characters in a row, scikit-learn."""

    def __init__(self, story: Story) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        texts, self._owners = sets.texts(story.documents)
        self._vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(2, 5), sublinear_tf=True)
        self._matrix = self._vectorizer.fit_transform(texts)

    def best(self, question: str) -> tuple[int | None, float]:
        """Return the owner of the text with the highest cosine."""
        scores = (self._matrix @ self._vectorizer.transform([question]).T).toarray()[:, 0]
        place = int(np.argmax(scores))
        return self._owners[place], float(scores[place])


class SentenceModelAlone:
    """The highest cosine of the sentence model to any text of a fact."""

    def __init__(self, story: Story) -> None:
        texts, self._owners = sets.texts(story.documents)
        self._sentences = SentenceVectors()
        self._vectors = self._sentences.of(texts)

    def best(self, question: str) -> tuple[int | None, float]:
        """Return the owner of the nearest text."""
        scores = self._vectors @ self._sentences.of_question(question)
        place = int(np.argmax(scores))
        return self._owners[place], float(scores[place])


PEERS: Final[Sequence[Peer]] = (
    Peer(name="rapidfuzz WRatio", engine=lambda s: Rapidfuzz(s, scorer="WRatio"), sampled=True),
    Peer(
        name="rapidfuzz token_set_ratio",
        engine=lambda s: Rapidfuzz(s, scorer="token_set_ratio"),
        sampled=True,
    ),
    Peer(name="bm25s, stop words, stemmer", engine=Bm25s),
    Peer(name="SQLite FTS5, porter", engine=lambda s: Fts5(s, tokenizer="porter")),
    Peer(name="SQLite FTS5, trigram", engine=lambda s: Fts5(s, tokenizer="trigram")),
    Peer(name="tantivy, stemmed", engine=lambda s: Tantivy(s, fuzzy=False)),
    Peer(name="tantivy, fuzzy terms", engine=lambda s: Tantivy(s, fuzzy=True)),
    Peer(name="TF-IDF of characters 2–5", engine=CharacterTfidf, sampled=True),
    Peer(name="Storydesk", engine=Storydesk),
)
