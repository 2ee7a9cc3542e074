"""A classifier over the ways of asking: which fact a question's wording belongs to.

Each text of a fact becomes one row: its words and word pairs, its letters and its meaning side by
side, each of unit length. Ridge regression from the rows to their facts (one target a fact) learns
what tells the facts apart, stop words included: "how do I" and "why did" are evidence here.
"""

import itertools
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.search import chars
from bot.search.analyzer import Analyzer, Token
from bot.search.lexicon import CompiledLexicon
from bot.search.vectors import WordVectors
from bot.search.verdict import Document

Floats = NDArray[np.float32]

BUCKETS: Final = 1024
"""Of the words and pairs, and again of the character n-grams."""

SHARES: Final = (0.25, 0.25, 0.5)
"""How much words, letters and meaning count in a row; chosen on public intents."""

PENALTY: Final = 1.0
"""Of the ridge, against rows of unit length; chosen on public intents."""

MOST_ROWS: Final = 9_000
"""Texts up to which the regression is solved (about a second); the mean row of each fact beyond."""

MOST_FACTS: Final = 2_000
"""Facts up to which there is a classifier: beyond, its table would outgrow its use."""

TEXT_WEIGHT: Final = 0.5
"""What the fact's own text counts for beside one way of asking."""

LONGEST_TEXT: Final = 60
"""Tokens of a text that are looked at: an answer's first sentences."""


class Rows:
    """Makes the row of a text."""

    def __init__(self, analyzer: Analyzer, lexicon: CompiledLexicon, vectors: WordVectors) -> None:
        self._analyzer = analyzer
        self._lexicon = lexicon
        self._vectors = vectors

    def counts(self, tokens: Sequence[Token]) -> Floats:
        """Return the signed counts of words, pairs and n-grams by bucket, (2 * BUCKETS,)."""
        tokens = tokens[:LONGEST_TEXT]
        stems = [token.stem for token in tokens]
        keys = [*stems, *(f"{a} {b}" for a, b in itertools.pairwise(stems))]
        keys += [mention.concept for mention in self._lexicon.mentions(tokens)]
        keys += [group for stem in set(stems) for group in self._lexicon.groups(stem)]
        hashed = np.array([zlib.crc32(key.encode()) for key in keys], np.int64)
        letters = np.concatenate([chars.codes(token.word) for token in tokens] or [hashed[:0]])
        return np.concatenate([_hashed(hashed), _hashed(letters)])

    def meaning(self, tokens: Sequence[Token]) -> Floats:
        """Return the weighted mean of the word vectors, (dimensions,), unit length or zero."""
        tokens = tokens[:LONGEST_TEXT]
        words = [token.word for token in tokens if token.content] or [t.word for t in tokens]
        if not words:
            return np.zeros(self._vectors.dimensions, np.float32)
        weights = np.array([self._vectors.weight(word) for word in words], np.float32)
        mean: Floats = weights @ np.stack([self._vectors.vector(word) for word in words])
        return mean / max(float(np.linalg.norm(mean)), 1e-6)

    def texts(self, document: Document) -> list[list[Token]]:
        """Return the tokens of a document's text, question and phrasings."""
        asked = () if document.question is None else (document.question,)
        return [
            self._analyzer.tokens(text) for text in (document.text, *asked, *document.phrasings)
        ]


@dataclass(frozen=True, eq=False)
class Classifier:
    """Scores every fact by the wording of a question alone. Immutable."""

    _rows: Rows
    _idf: Floats  # by bucket
    _columns: Floats  # (features, facts)

    @classmethod
    def build(cls, documents: Sequence[Document], rows: Rows) -> "Classifier | None":
        """Return the classifier; None where nobody says how facts are asked, or facts abound."""
        if len(documents) > MOST_FACTS or not any(d.question or d.phrasings for d in documents):
            return None
        texts = [rows.texts(document) for document in documents]
        owners = np.repeat(np.arange(len(texts)), [len(each) for each in texts])
        importance = np.concatenate(
            [np.array([TEXT_WEIGHT] + [1.0] * (len(each) - 1), np.float32) for each in texts]
        )
        flat = [tokens for each in texts for tokens in each]
        if len(flat) > 4 * MOST_ROWS:
            return None
        counts = np.stack([rows.counts(tokens) for tokens in flat])
        held = (counts != 0).sum(axis=0)
        idf = np.log((len(flat) + 1) / (held + 1)).astype(np.float32) + 1
        table = np.concatenate(
            [
                _scaled(counts, idf),
                np.stack([rows.meaning(tokens) for tokens in flat]) * SHARES[2] ** 0.5,
            ],
            axis=1,
        )
        columns = (
            _ridge(table, owners, importance, len(documents))
            if len(flat) <= MOST_ROWS
            else _means(table, owners, importance, len(documents))
        )
        return cls(rows, idf, np.ascontiguousarray(columns, np.float32))

    def scores(self, tokens: Sequence[Token]) -> Floats:
        """Return a score for each fact, about 0 to 1."""
        counts = _scaled(self._rows.counts(tokens)[None, :], self._idf)[0]
        at = np.flatnonzero(counts)
        meaning = self._rows.meaning(tokens) * np.float32(SHARES[2] ** 0.5)
        scores: Floats = counts[at] @ self._columns[at] + meaning @ self._columns[2 * BUCKETS :]
        return scores


def _hashed(codes: NDArray[np.int64]) -> Floats:
    """Return signed counts by bucket: half of the codes count down, so that collisions cancel."""
    signs = np.where(codes & 0x40000000, 1.0, -1.0)
    return np.bincount(codes % BUCKETS, signs, BUCKETS).astype(np.float32)


def _scaled(counts: Floats, idf: Floats) -> Floats:
    """Return log-damped tf-idf, words and n-grams each of unit length times their share."""
    weighed = np.sign(counts) * np.log1p(np.abs(counts)) * idf
    for part, share in enumerate(SHARES[:2]):
        half = weighed[:, part * BUCKETS : (part + 1) * BUCKETS]
        half *= share**0.5 / np.maximum(np.linalg.norm(half, axis=1, keepdims=True), 1e-6)
    return weighed


def _ridge(table: Floats, owners: NDArray[np.int64], importance: Floats, facts: int) -> Floats:
    """Return the columns of ridge regression, each row weighed by its importance.

    Solved in its smaller form: over the rows where they are few, else over the features.
    """
    targets = np.zeros((len(table), facts), np.float32)
    targets[np.arange(len(table)), owners] = 1
    if len(table) <= table.shape[1]:
        kernel = table @ table.T + np.diag(PENALTY / importance)
        columns: Floats = table.T @ np.linalg.solve(kernel, targets)
        return columns
    weighed = table * importance[:, None]
    gram = table.T @ weighed + PENALTY * np.eye(table.shape[1], dtype=np.float32)
    return np.linalg.solve(gram, weighed.T @ targets).astype(np.float32)


def _means(table: Floats, owners: NDArray[np.int64], importance: Floats, facts: int) -> Floats:
    """Return the mean row of each fact as its column."""
    sums = np.zeros((facts, table.shape[1]), np.float32)
    np.add.at(sums, owners, table * importance[:, None])
    return (sums / np.bincount(owners, importance, facts)[:, None]).T.astype(np.float32)
