"""A classifier over the ways of asking: which fact a question's wording belongs to.

Each text of a fact becomes one row: its words and word pairs, its letters, and its meaning with and
without stop words, side by side. The likeness of two texts is the square of their rows' product, so
that what agrees in several ways counts more than the sum. Kernel ridge regression from the texts to
their facts (one target a fact) learns what tells the facts apart, stop words included: "how do I"
and "why did" are evidence here. With very many texts the mean row of each fact stands in for it.
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

SHARES: Final = (0.25, 0.25, 0.25, 0.25)
"""How much words, letters, meaning and meaning with stop words count; chosen on public intents."""

PENALTY: Final = 0.3
"""Of the ridge, against texts whose likeness to themselves is 1; chosen on public intents."""

MOST_ROWS: Final = 6_000
"""Texts up to which the regression is solved (two seconds); beyond, up to MOST_MEANS, the means."""

MOST_MEANS: Final = 30_000

MOST_FACTS: Final = 2_000
"""Facts up to which there is a classifier: beyond, its table would outgrow its use."""

TEXT_WEIGHT: Final = 0.5
"""What the fact's own text counts for beside one way of asking."""

BLOCK: Final = 256
"""Rows that are substituted at a time."""

LONGEST_TEXT: Final = 60
"""Tokens of a text that are looked at: an answer's first sentences."""


class Rows:
    """Makes the row of a text."""

    def __init__(self, analyzer: Analyzer, lexicon: CompiledLexicon, vectors: WordVectors) -> None:
        self._analyzer = analyzer
        self._lexicon = lexicon
        self._vectors = vectors

    def counts(self, texts: Sequence[Sequence[Token]]) -> Floats:
        """Return the signed counts of words, pairs and n-grams, (texts, 2 * BUCKETS)."""
        keys = [np.array(self._keys(tokens), np.int64) for tokens in texts]
        letters = [
            np.concatenate([chars.codes(token.word) for token in tokens] or [_NOTHING])
            for tokens in texts
        ]
        return np.concatenate([_hashed(keys), _hashed(letters)], axis=1)

    def meanings(self, texts: Sequence[Sequence[Token]]) -> Floats:
        """Return the meaning of content words, then of all words, (texts, 2 * dimensions)."""
        words = [[token.word for token in tokens] or [""] for tokens in texts]
        content = [
            [token.word for token in tokens if token.content] or every
            for tokens, every in zip(texts, words, strict=True)
        ]
        return np.concatenate([self._means(content), self._means(words)], axis=1)

    def _keys(self, tokens: Sequence[Token]) -> list[int]:
        stems = [token.stem for token in tokens]
        keys = [*stems, *(f"{a} {b}" for a, b in itertools.pairwise(stems))]
        keys += [mention.concept for mention in self._lexicon.mentions(tokens)]
        keys += [group for stem in set(stems) for group in self._lexicon.groups(stem)]
        return [zlib.crc32(key.encode()) for key in keys]

    def _means(self, texts: Sequence[Sequence[str]]) -> Floats:
        """Return the weighted mean of the word vectors of each text, unit length or zero."""
        flat = [word for words in texts for word in words]
        unique = list(dict.fromkeys(flat))
        number = {word: place for place, word in enumerate(unique)}
        weights = np.array([self._vectors.weight(word) for word in unique], np.float32)
        rows = np.stack([self._vectors.vector(word) for word in unique]) * weights[:, None]
        sizes = [len(words) for words in texts]
        starts = np.cumsum([0, *sizes[:-1]])
        means: Floats = np.add.reduceat(rows[[number[word] for word in flat]], starts)
        lengths = np.linalg.norm(means, axis=1, keepdims=True)
        unit: Floats = means / np.maximum(lengths, np.float32(1e-6))
        return unit

    def texts(self, document: Document) -> list[list[Token]]:
        """Return the tokens of a document's text, question and phrasings."""
        asked = () if document.question is None else (document.question,)
        return [
            self._analyzer.tokens(text)[:LONGEST_TEXT]
            for text in (document.text, *asked, *document.phrasings)
        ]


_NOTHING: Final = np.zeros(0, np.int64)


@dataclass(frozen=True, eq=False)
class Classifier:
    """Scores every fact by the wording of a question alone. Immutable."""

    _rows: Rows
    _idf: Floats  # by bucket
    _table: Floats  # (features, texts), or (features, facts) where the means stand in
    _targets: Floats | None  # (texts, facts); None where the means stand in
    _starts: NDArray[np.int64]  # the first text of each fact

    @classmethod
    def build(cls, documents: Sequence[Document], rows: Rows) -> "Classifier | None":
        """Return the classifier; None where nobody says how facts are asked, or facts abound."""
        if len(documents) > MOST_FACTS or not any(d.question or d.phrasings for d in documents):
            return None
        texts = [rows.texts(document) for document in documents]
        flat = [tokens for each in texts for tokens in each]
        if len(flat) > MOST_MEANS:
            return None
        sizes = np.array([len(each) for each in texts])
        owners = np.repeat(np.arange(len(texts)), sizes)
        starts = np.cumsum(sizes) - sizes
        importance = np.concatenate(
            [np.array([TEXT_WEIGHT] + [1.0] * (len(each) - 1), np.float32) for each in texts]
        )
        counts = rows.counts(flat)
        held = (counts != 0).sum(axis=0)
        idf = np.log((len(flat) + 1) / (held + 1)).astype(np.float32) + 1
        parts = (_scaled(counts, idf), rows.meanings(flat) * np.float32(SHARES[2] ** 0.5))
        table = np.concatenate(parts, axis=1)
        if len(flat) > MOST_ROWS:
            means = _means(table, owners, importance, len(documents))
            return cls(rows, idf, np.ascontiguousarray(means.T), None, starts)
        targets = np.zeros((len(flat), len(documents)), np.float32)
        targets[np.arange(len(flat)), owners] = 1
        kernel = _kernel(table)
        kernel[np.diag_indices_from(kernel)] += PENALTY / importance
        return cls(rows, idf, np.ascontiguousarray(table.T), _solved(kernel, targets), starts)

    def scores(self, tokens: Sequence[Token]) -> Floats:
        """Return for each fact (2, facts) its score and the likeness of its nearest text, 0..1."""
        text = [tokens[:LONGEST_TEXT]]
        counts = _scaled(self._rows.counts(text), self._idf)[0]
        at = np.flatnonzero(counts)
        meanings = self._rows.meanings(text)[0] * np.float32(SHARES[2] ** 0.5)
        products: Floats = counts[at] @ self._table[at] + meanings @ self._table[2 * BUCKETS :]
        if self._targets is None:
            return np.stack([products, np.square(products)])
        likeness = _likeness(products)
        return np.stack([likeness @ self._targets, np.maximum.reduceat(likeness, self._starts)])


def _likeness(products: Floats) -> Floats:
    """Return the kernel of some products of rows: their squares, opposites counting nothing."""
    return np.square(np.maximum(products, 0, out=products), out=products)


def _hashed(texts: Sequence[NDArray[np.int64]]) -> Floats:
    """Return signed counts by bucket: half of the codes count down, so that collisions cancel."""
    codes = np.concatenate(texts)
    owners = np.repeat(np.arange(len(texts)), [len(each) for each in texts])
    signs = np.where(codes & 0x40000000, 1.0, -1.0)
    counts = np.bincount(owners * BUCKETS + codes % BUCKETS, signs, len(texts) * BUCKETS)
    return counts.reshape(len(texts), BUCKETS).astype(np.float32)


def _scaled(counts: Floats, idf: Floats) -> Floats:
    """Return log-damped tf-idf, words and n-grams each of unit length times their share."""
    weighed = np.sign(counts) * np.log1p(np.abs(counts)) * idf
    for part, share in enumerate(SHARES[:2]):
        half = weighed[:, part * BUCKETS : (part + 1) * BUCKETS]
        half *= share**0.5 / np.maximum(np.linalg.norm(half, axis=1, keepdims=True), 1e-6)
    return weighed


def _blocks(size: int) -> list[slice]:
    return [slice(start, start + BLOCK) for start in range(0, size, BLOCK)]


def _kernel(table: Floats) -> Floats:
    """Return the likeness of every two texts; only the lower triangle is filled in."""
    kernel = np.zeros((len(table), len(table)), np.float32)
    for span in _blocks(len(table)):
        kernel[span.start :, span] = _likeness(table[span.start :] @ table[span].T)
    return kernel


def _solved(matrix: Floats, targets: Floats) -> Floats:
    """Return x of matrix · x = targets, for a symmetric positive definite matrix; overwrites both.

    Reads the lower triangle alone. By Cholesky factor, block by block: nearly all of it is matrix
    products, which makes it several times faster than the general solver.
    """
    spans = _blocks(len(matrix))
    inverses = []
    for number, span in enumerate(spans):
        below = slice(span.stop, None)
        inverse = np.linalg.inv(np.linalg.cholesky(matrix[span, span]))
        panel = matrix[below, span] = matrix[below, span] @ inverse.T
        for later in spans[number + 1 :]:
            rest = panel[later.start - span.stop :]
            matrix[later.start :, later] -= rest @ rest[: later.stop - later.start].T
        targets[span] = inverse @ targets[span]
        targets[below] -= panel @ targets[span]
        inverses.append(inverse)
    for span, inverse in zip(reversed(spans), reversed(inverses), strict=True):
        below = slice(span.stop, None)
        targets[span] = inverse.T @ (targets[span] - matrix[below, span].T @ targets[below])
    return targets


def _means(table: Floats, owners: NDArray[np.int64], importance: Floats, facts: int) -> Floats:
    """Return the mean row of each fact, (facts, features)."""
    sums = np.zeros((facts, table.shape[1]), np.float32)
    np.add.at(sums, owners, table * importance[:, None])
    return (sums / np.bincount(owners, importance, facts)[:, None]).astype(np.float32)
