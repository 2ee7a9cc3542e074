"""The wording of texts: what the classifier sees of them, many texts kept small.

A text has four parts: its words and word pairs, its letters, the meaning of its content words, and
the meaning of all its words. Each part is a vector of length 1 times the root of its share. Counts
of words and of n-grams are hashed into buckets and damped; a wording depends on its text alone, so
that a changed text leaves all others as they were.
"""

import itertools
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.search.language import letters as language_letters
from bot.search.language.analyzer import Analyzer, Token
from bot.search.language.lexicon import CompiledLexicon
from bot.search.meaning.word_vectors import WordVectors

Floats: TypeAlias = NDArray[np.float32]
Places: TypeAlias = NDArray[np.int64]

BUCKETS: Final = 1024
"""Of the words and pairs, and again of the character n-grams."""

SHARES: Final = (0.25, 0.25, 0.25, 0.25)
"""How much words, letters, meaning and meaning with stop words count; chosen on public intents."""

LONGEST_TEXT: Final = 60
"""Tokens of a text that are looked at: an answer's first sentences."""

_COUNTS: Final = np.array((*range(17), *range(-16, 0)))
_STEPS: Final = (
    (np.sign(_COUNTS) * np.rint(31 * np.log2(1 + np.abs(_COUNTS)))).clip(-127, 127)
).astype(np.float32)
"""What a count is damped to, those below zero from the end. A count of one is 31 steps, so that
those of two and three, 49 and 62, are very nearly whole: a byte holds them as a float would."""

_AT_ONCE: Final = 256
"""Texts that are counted in one call, so that none keeps other threads waiting for long."""

_ROOTS: Final = np.sqrt(np.array(SHARES, np.float32))
_NOTHING: Final = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Wording:
    """One text."""

    words: Floats  # by bucket
    letters: Floats
    meanings: Floats  # (2, dimensions): of the content words, of all words

    @property
    def row(self) -> Floats:
        """Return all of it in a row, (features,)."""
        return np.concatenate((self.words, self.letters, self.meanings.reshape(-1)))

    @classmethod
    def of(cls, row: Floats) -> "Wording":
        """Return the wording that `row` gives in a row."""
        return cls(row[:BUCKETS], row[BUCKETS : 2 * BUCKETS], row[2 * BUCKETS :].reshape(2, -1))


@dataclass(frozen=True, eq=False)
class Wordings:
    """Many texts. Immutable."""

    firsts: NDArray[np.int32]  # where the texts that have a bucket of words begin in `holders`
    holders: NDArray[np.int32]
    counts: NDArray[np.int8]  # of each holder, damped
    letters: NDArray[np.int8]  # (buckets, texts), damped
    words: tuple[str, ...]
    spoken: Places  # as places in `words`, those of the first text, of the second, …
    content: Places  # the same without stop words, where a text has others
    begins: Places  # (2, texts): where each text begins in `content`, in `spoken`
    scales: Floats  # (4, texts): what makes each part as long as its share says
    _vectors: Floats  # (dimensions, words), weighted

    def __len__(self) -> int:
        """Return how many texts there are."""
        return int(self.scales.shape[1])

    def products(self, one: Wording) -> Floats:
        """Return the product of a text with each of these, (texts,)."""
        parts = np.empty((len(SHARES), len(self)), np.float32)
        parts[0] = self._by_words(one.words)
        at = np.flatnonzero(one.letters)
        np.matmul(one.letters[at], self.letters[at].astype(np.float32), out=parts[1])
        for part, words in enumerate((self.content, self.spoken)):
            near = one.meanings[part] @ self._vectors
            parts[2 + part] = _sums(near[words], self.begins[part])
        parts *= self.scales
        products: Floats = parts.sum(axis=0)
        return products

    def _by_words(self, words: Floats) -> Floats | float:
        at = np.flatnonzero(words)
        if not len(at) or not len(self):
            return 0.0
        spans = [slice(*self.firsts[bucket : bucket + 2].tolist()) for bucket in at]
        worth = np.repeat(words[at], [span.stop - span.start for span in spans])
        worth *= np.concatenate([self.counts[span] for span in spans])
        places = np.concatenate([self.holders[span] for span in spans])
        return np.bincount(places, worth, len(self)).astype(np.float32)

    def rows(self, places: Places) -> Floats:
        """Return some of the texts as rows, (places, features)."""
        size = len(self._vectors)
        rows = np.zeros((len(places), 2 * BUCKETS + 2 * size), np.float32)
        for start in range(0, len(places), _AT_ONCE):
            self._fill(rows[start : start + _AT_ONCE], places[start : start + _AT_ONCE])
        return rows

    def _fill(self, rows: Floats, places: Places) -> None:
        where = np.full(len(self), -1)
        where[places] = np.arange(len(places))
        row = where[self.holders]
        chosen = np.flatnonzero(row >= 0)
        bucket = np.searchsorted(self.firsts, chosen, side="right") - 1
        rows[row[chosen], bucket] = self.counts[chosen]
        rows[:, BUCKETS : 2 * BUCKETS] = self.letters[:, places].T
        size = len(self._vectors)
        for part, words in enumerate((self.content, self.spoken)):
            begins = np.append(self.begins[part], len(words))
            at, starts = _spread(begins[places], begins[places + 1] - begins[places])
            start = 2 * BUCKETS + part * size
            rows[:, start : start + size] = _sums(self._vectors.T[words[at]], starts)
        start = 0
        for part, width in enumerate((BUCKETS, BUCKETS, size, size)):
            rows[:, start : start + width] *= self.scales[part, places][:, None]
            start += width

    def kept(self) -> dict[str, NDArray[Any]]:
        """Return what `restored` makes the same wordings of."""
        words = np.frombuffer("\n".join(self.words).encode(), np.uint8)
        return {"words": words, **{name: getattr(self, name) for name in _KEPT}}

    @classmethod
    def restored(cls, kept: Mapping[str, NDArray[Any]], vectors: WordVectors) -> "Wordings":
        """Return the wordings that were `kept`; the vectors are those that they were made with."""
        words = tuple(kept["words"].tobytes().decode().split("\n"))
        arrays = {name: kept[name] for name in _KEPT}
        return cls(words=words, _vectors=_weighted(words, vectors), **arrays)


_KEPT: Final = ("firsts", "holders", "counts", "letters", "spoken", "content", "begins", "scales")


class Reader:
    """Makes the wording of texts."""

    def __init__(self, analyzer: Analyzer, lexicon: CompiledLexicon, vectors: WordVectors) -> None:
        self._analyzer = analyzer
        self._lexicon = lexicon
        self.vectors = vectors

    def of(self, texts: Sequence[str]) -> Wordings:
        """Return the wordings of some texts. CPU work: some 0.2 ms a text."""
        tokens = [self._analyzer.tokens(text)[:LONGEST_TEXT] for text in texts]
        number: dict[str, int] = {}
        spoken = [_numbered([token.word for token in each] or [""], number) for each in tokens]
        content = [
            _numbered([token.word for token in each if token.content], number) or every
            for each, every in zip(tokens, spoken, strict=True)
        ]
        words = tuple(number)
        flat = [np.array(list(itertools.chain(*each)), np.int64) for each in (content, spoken)]
        begins = np.array([_starts(content), _starts(spoken)], np.int64).reshape(2, len(texts))
        firsts, holders, counts = self._words(tokens)
        letters = _letters(words, flat[1], np.append(begins[1], len(flat[1])))
        vectors = _weighted(words, self.vectors)
        made = Wordings(
            firsts=firsts,
            holders=holders,
            counts=counts,
            letters=letters,
            words=words,
            spoken=flat[1],
            content=flat[0],
            begins=begins,
            scales=np.ones((len(SHARES), len(texts)), np.float32),
            _vectors=vectors,
        )
        return replace(made, scales=_scales(made))

    def one(self, tokens: Sequence[Token]) -> Wording:
        """Return the wording of one text."""
        tokens = tokens[:LONGEST_TEXT]
        letters = [language_letters.codes(token.word) for token in tokens]
        meanings = np.zeros((2, self.vectors.dimensions), np.float32)
        if tokens:
            every = np.array([self.vectors.weight(token.word) for token in tokens], np.float32)
            content = every * np.array([token.content for token in tokens])
            rows = np.array([self.vectors.vector(token.word) for token in tokens])
            meanings = np.array((content if content.any() else every, every)) @ rows
            meanings *= (_ROOTS[2:] / np.maximum(np.linalg.norm(meanings, axis=1), 1e-6))[:, None]
        return Wording(
            _scaled(np.array(self._codes(tokens), np.int64), _ROOTS[0]),
            _scaled(np.concatenate((*letters, _NOTHING)), _ROOTS[1]),
            meanings,
        )

    def _codes(self, tokens: Sequence[Token]) -> list[int]:
        """Return the hashes of the words, pairs, names and groups of synonyms of a text."""
        stems = [token.stem for token in tokens]
        keys = [*stems, *(f"{a} {b}" for a, b in itertools.pairwise(stems))]
        keys += [mention.concept for mention in self._lexicon.mentions(tokens)]
        keys += [group for stem in set(stems) for group in self._lexicon.groups(stem)]
        return [zlib.crc32(key.encode()) for key in keys]

    def _words(
        self, texts: Sequence[Sequence[Token]]
    ) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int8]]:
        """Return for each bucket where its texts begin, the texts, and the count in each."""
        found = []
        for start in range(0, len(texts), _AT_ONCE):
            codes = [self._codes(tokens) for tokens in texts[start : start + _AT_ONCE]]
            owners = np.repeat(np.arange(len(codes)), [len(each) for each in codes])
            flat = np.array(list(itertools.chain(*codes)), np.int64)
            table = _hashed(flat, owners, len(codes))
            row, bucket = np.nonzero(table)
            found.append((bucket, row + start, table[row, bucket]))
        none = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int8))
        buckets, rows, counts = (np.concatenate(each) for each in zip(*found, none, strict=True))
        order = np.argsort(buckets, kind="stable")
        firsts = np.searchsorted(buckets[order], np.arange(BUCKETS + 1))
        return firsts.astype(np.int32), rows[order].astype(np.int32), counts[order]


def _numbered(words: Sequence[str], number: dict[str, int]) -> list[int]:
    """Return the numbers of words; a new one gets the next."""
    return [number.setdefault(word, len(number)) for word in words]


def _starts(texts: Sequence[Sequence[int]]) -> list[int]:
    """Return where each text begins when all stand in a row."""
    return list(itertools.accumulate((len(text) for text in texts), initial=0))[:-1]


def _spread(begins: Places, sizes: Places) -> tuple[Places, Places]:
    """Return all places of some spans in a row, and where each span begins among them."""
    starts = np.cumsum(sizes) - sizes
    return np.repeat(begins - starts, sizes) + np.arange(int(sizes.sum())), starts


def _sums(values: Floats, begins: NDArray[Any]) -> Floats:
    """Return the sum of each of the spans that begin at `begins`; none is empty."""
    if not len(begins):
        return np.zeros((0, *values.shape[1:]), np.float32)
    sums: Floats = np.add.reduceat(values, begins, axis=0)
    return sums


def _hashed(codes: Places, owners: Places, texts: int) -> NDArray[np.int8]:
    """Return damped counts by text and bucket: half of the codes count down, so some cancel."""
    counts = np.bincount(owners * BUCKETS + codes % BUCKETS, _signs(codes), texts * BUCKETS)
    most = len(_STEPS) // 2
    steps = _STEPS[counts.astype(np.int64).clip(-most, most)]
    table: NDArray[np.int8] = steps.astype(np.int8).reshape(texts, BUCKETS)
    return table


def _signs(codes: Places) -> Floats:
    signs: Floats = ((codes >> 29) & 2).astype(np.float32) - 1
    return signs


def _scaled(codes: Places, root: np.float32) -> Floats:
    """Return the damped counts of one text, (buckets,), `root` long."""
    counts = np.bincount(codes % BUCKETS, _signs(codes), BUCKETS)
    most = len(_STEPS) // 2
    steps = _STEPS[counts.astype(np.int64).clip(-most, most)]
    scaled: Floats = steps * (root / max(float(np.sqrt(steps @ steps)), 1e-6))
    return scaled


def _letters(words: Sequence[str], spoken: Places, begins: Places) -> NDArray[np.int8]:
    """Return the damped counts of the n-grams of each text, (buckets, texts)."""
    codes = [language_letters.codes(word) if word else _NOTHING for word in words]
    sizes = np.array([len(each) for each in codes], np.int64)
    flat = np.concatenate(codes) if codes else np.zeros(0, np.int64)
    starts = np.cumsum(sizes) - sizes
    texts = len(begins) - 1
    letters = np.zeros((BUCKETS, texts), np.int8)
    for start in range(0, texts, _AT_ONCE):
        some = begins[start : start + _AT_ONCE + 1]
        said = spoken[some[0] : some[-1]]
        owners = np.repeat(np.arange(len(some) - 1), np.diff(some))
        at, _ = _spread(starts[said], sizes[said])
        counted = _hashed(flat[at], np.repeat(owners, sizes[said]), len(some) - 1)
        letters[:, start : start + _AT_ONCE] = counted.T
    return letters


def _weighted(words: Sequence[str], vectors: WordVectors) -> Floats:
    """Return the vectors of words times how much each tells, (dimensions, words)."""
    weights = np.array([vectors.weight(word) for word in words], np.float32)
    return np.ascontiguousarray((vectors.matrix(words) * weights[:, None]).T)


def _scales(made: Wordings) -> Floats:
    """Return what makes each part of each text as long as its share says, (4, texts)."""
    scales = np.zeros((len(SHARES), len(made)), np.float32)
    for start in range(0, len(made), _AT_ONCE):
        places = np.arange(start, min(start + _AT_ONCE, len(made)))
        for part, rows in enumerate(_parts(made.rows(places))):
            scales[part, places] = _ROOTS[part] / np.maximum(np.linalg.norm(rows, axis=1), 1e-6)
    return scales


def _parts(rows: Floats) -> list[Floats]:
    size = (rows.shape[1] - 2 * BUCKETS) // 2
    return np.split(rows, (BUCKETS, 2 * BUCKETS, 2 * BUCKETS + size), axis=1)
