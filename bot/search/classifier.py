"""A classifier over the ways of asking: which fact a question's wording belongs to.

Each text of a fact becomes one row: its words and word pairs, its letters, and its meaning with and
without stop words, side by side. A row depends on its text alone, so that a changed fact leaves all
others' rows as they were; to count rare words for more gained nothing on the questions. The
likeness of two texts is the square of their rows' product, so that what agrees in several ways
counts more than the sum. Kernel ridge regression from the texts to their facts (one target a fact)
learns what tells the facts apart, stop words included: "how do I" and "why did" are evidence here.
With very many texts the mean row of each fact stands in for it.
"""

import itertools
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.search import chars, ridge
from bot.search.analyzer import Analyzer, Token
from bot.search.lexicon import CompiledLexicon
from bot.search.ridge import Factor, Floats
from bot.search.vectors import WordVectors
from bot.search.verdict import Document

BUCKETS: Final = 1024
"""Of the words and pairs, and again of the character n-grams."""

SHARES: Final = (0.25, 0.25, 0.25, 0.25)
"""How much words, letters, meaning and meaning with stop words count; chosen on public intents."""

PENALTY: Final = 0.3
"""Of the ridge, against texts whose likeness to themselves is 1; chosen on public intents."""

MOST_ROWS: Final = 8_000
"""Texts up to which the regression is solved (five seconds); then, up to MOST_MEANS, the means."""

MOST_MEANS: Final = 30_000

MOST_FACTS: Final = 2_000
"""Facts up to which there is a classifier: beyond, its table would outgrow its use."""

TEXT_WEIGHT: Final = 0.5
"""What the fact's own text counts for beside one way of asking."""

HINT_WEIGHT: Final = 0.3
"""What a way of asking that no editor has confirmed counts for."""

MOST_MENDED: Final = 256
"""Texts come and gone up to which the regression is mended instead of solved anew."""

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

    def of(self, texts: Sequence[str]) -> Floats:
        """Return the rows of some texts, (texts, features)."""
        return self.of_tokens([self._analyzer.tokens(text)[:LONGEST_TEXT] for text in texts])

    def of_tokens(self, texts: Sequence[Sequence[Token]]) -> Floats:
        """Return the rows of some texts as tokens, (texts, features)."""
        if not texts:
            return np.zeros((0, 2 * BUCKETS + 2 * self._vectors.dimensions), np.float32)
        meanings = self.meanings(texts) * np.float32(SHARES[2] ** 0.5)
        return np.concatenate((_scaled(self.counts(texts)), meanings), axis=1)


_NOTHING: Final = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a fact, as far as the classifier is concerned."""

    document: int  # its id
    text: str
    importance: float


@dataclass(frozen=True, eq=False)
class Solved:
    """The regression as it was last solved from scratch; what changed since is mended onto it."""

    texts: tuple[Text, ...]
    table: Floats  # (features, texts)
    factor: Factor
    solution: Floats  # (texts, facts)
    facts: Mapping[int, int]  # the column of each document, by its id


@dataclass(frozen=True, eq=False)
class Classifier:
    """Scores every fact by the wording of a question alone. Immutable."""

    _rows: Rows
    _table: Floats  # (features, texts), or (features, facts) where the means stand in
    _more: Floats  # (features, texts): those that came since the regression was solved
    _targets: Floats | None  # (texts, facts); None where the means stand in
    _order: NDArray[np.int64]  # the texts of the first fact, of the second, …
    _starts: NDArray[np.int64]  # where those of each fact begin
    _solved: Solved | None

    @classmethod
    def build(cls, documents: Sequence[Document], rows: Rows) -> "Classifier | None":
        """Return the classifier; None where nobody says how facts are asked, or facts abound."""
        if len(documents) > MOST_FACTS or not any(d.question or d.phrasings for d in documents):
            return None
        each = [_texts(document) for document in documents]
        texts = tuple(text for of_document in each for text in of_document)
        if len(texts) > MOST_MEANS:
            return None
        owners = np.repeat(np.arange(len(each)), [len(of_document) for of_document in each])
        importance = np.array([text.importance for text in texts], np.float32)
        table = rows.of([text.text for text in texts])
        order, starts = np.arange(len(texts)), _starts(each)
        none = np.zeros((table.shape[1], 0), np.float32)
        if len(texts) > MOST_ROWS:
            means = np.ascontiguousarray(_means(table, owners, importance, len(each)).T)
            return cls(rows, means, none, None, order, starts, None)
        targets = np.zeros((len(texts), len(each)), np.float32)
        targets[np.arange(len(texts)), owners] = 1
        factor = Factor.of(ridge.columns(table, PENALTY / importance))
        solved = Solved(
            texts,
            np.ascontiguousarray(table.T),
            factor,
            factor.solved(targets),
            {document.id: place for place, document in enumerate(documents)},
        )
        return cls(rows, solved.table, none, solved.solution, order, starts, solved)

    def updated(self, documents: Sequence[Document]) -> "Classifier | None":
        """Return what `build` gives for `documents`, at once where few of their texts changed."""
        solved = self._solved
        each = [_texts(document) for document in documents]
        asked = sum(len(of_document) - 1 for of_document in each)
        if solved is None or not asked or asked + len(each) > MOST_ROWS or len(each) > MOST_FACTS:
            return self.build(documents, self._rows)
        order, come, gone = _compared(solved.texts, each)
        if len(come) + len(gone) > MOST_MENDED:
            return self.build(documents, self._rows)
        solution = np.zeros((len(solved.texts), len(each)), np.float32)
        for place, document in enumerate(documents):
            if document.id in solved.facts:
                solution[:, place] = solved.solution[:, solved.facts[document.id]]
        fresh = self._rows.of([text.text for text in come])
        importance = np.array([text.importance for text in come], np.float32)
        places = {document.id: place for place, document in enumerate(documents)}
        targets = np.zeros((len(come), len(each)), np.float32)
        targets[np.arange(len(come)), [places[text.document] for text in come]] = 1
        among = ridge.likeness(fresh @ fresh.T) + np.diag(PENALTY / importance)
        across = ridge.likeness(solved.table.T @ fresh.T)
        weights = ridge.mended(solved.factor, solution, gone, (across, among, targets))
        more = np.ascontiguousarray(fresh.T)
        return replace(self, _more=more, _targets=weights, _order=order, _starts=_starts(each))

    def scores(self, tokens: Sequence[Token]) -> Floats:
        """Return for each fact (2, facts) its score and the likeness of its nearest text, 0..1."""
        row = self._rows.of_tokens([tokens[:LONGEST_TEXT]])[0]
        at = np.flatnonzero(row[: 2 * BUCKETS])
        products: Floats = (
            row[at] @ self._table[at] + row[2 * BUCKETS :] @ self._table[2 * BUCKETS :]
        )
        if self._targets is None:
            return np.stack([products, np.square(products)])
        if self._more.size:
            products = np.concatenate([products, row @ self._more])
        alike = ridge.likeness(products)
        nearest = np.maximum.reduceat(alike[self._order], self._starts)
        return np.stack([alike @ self._targets, nearest])


def _texts(document: Document) -> list[Text]:
    """Return a document's text, question, phrasings and hints."""
    asked = () if document.question is None else (document.question,)
    return [
        Text(document.id, document.text, TEXT_WEIGHT),
        *(Text(document.id, text, 1.0) for text in (*asked, *document.phrasings)),
        *(Text(document.id, text, HINT_WEIGHT) for text in document.hints),
    ]


def _starts(each: Sequence[Sequence[Text]]) -> NDArray[np.int64]:
    sizes = np.array([len(texts) for texts in each], np.int64)
    starts: NDArray[np.int64] = np.cumsum(sizes) - sizes
    return starts


def _compared(
    old: Sequence[Text], each: Sequence[Sequence[Text]]
) -> tuple[NDArray[np.int64], list[Text], NDArray[np.int64]]:
    """Return where the texts of all documents stand, which come, and the places of those gone.

    The texts that come stand behind the old ones.
    """
    standing: dict[Text, list[int]] = {}
    for place, text in enumerate(old):
        standing.setdefault(text, []).append(place)
    order: list[int] = []
    come: list[Text] = []
    for text in itertools.chain.from_iterable(each):
        places = standing.get(text)
        if places:
            order.append(places.pop())
        else:
            order.append(len(old) + len(come))
            come.append(text)
    gone = sorted(place for places in standing.values() for place in places)
    return np.array(order, np.int64), come, np.array(gone, np.int64)


def _hashed(texts: Sequence[NDArray[np.int64]]) -> Floats:
    """Return signed counts by bucket: half of the codes count down, so that collisions cancel."""
    codes = np.concatenate(texts)
    owners = np.repeat(np.arange(len(texts)), [len(each) for each in texts])
    signs = np.where(codes & 0x40000000, 1.0, -1.0)
    counts = np.bincount(owners * BUCKETS + codes % BUCKETS, signs, len(texts) * BUCKETS)
    return counts.reshape(len(texts), BUCKETS).astype(np.float32)


def _scaled(counts: Floats) -> Floats:
    """Return log-damped counts, words and n-grams each of unit length times their share."""
    weighed: Floats = np.sign(counts) * np.log1p(np.abs(counts))
    for part, share in enumerate(SHARES[:2]):
        half = weighed[:, part * BUCKETS : (part + 1) * BUCKETS]
        half *= share**0.5 / np.maximum(np.linalg.norm(half, axis=1, keepdims=True), 1e-6)
    return weighed


def _means(table: Floats, owners: NDArray[np.int64], importance: Floats, facts: int) -> Floats:
    """Return the mean row of each fact, (facts, features)."""
    sums = np.zeros((facts, table.shape[1]), np.float32)
    np.add.at(sums, owners, table * importance[:, None])
    return (sums / np.bincount(owners, importance, facts)[:, None]).astype(np.float32)
