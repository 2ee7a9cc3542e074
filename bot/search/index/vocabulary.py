"""The terms of a story: numbered stems, with what is known of each.

Shared by every index of one story and only ever grows, so that a number means the same in all.
"""

import threading
from collections import Counter, OrderedDict
from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.search.language.analyzer import TIMES
from bot.search.meaning import word_senses
from bot.search.meaning.word_vectors import WordVectors

CONCEPT: Final = "@"
"""Begins the term of a name of the lexicon: `@vladimir putin` stands for all its aliases."""


UNKNOWN: Final = -1
"""A relation that has not been looked up."""

MOST_RELATED: Final = 512
"""Words whose relations to the terms are remembered: a byte each."""


class Sort(IntEnum):
    """What a term is, as far as one can stand for another."""

    WORD = 0
    NUMBER = 1
    DATE = 2  # a month, a weekday, a part of the day
    NAME = 3  # written with a capital inside sentences of the story


class Vocabulary:
    """Terms by number, their words by number, and their vectors, filled in when first asked for."""

    def __init__(self, vectors: WordVectors) -> None:
        self._vectors = vectors
        self._numbers: dict[str, int] = {}
        self._surfaces: list[str] = []
        self._stems: list[str] = []
        self._matrix: NDArray[np.float32] = np.zeros((0, vectors.dimensions), np.float32)
        self._filled: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._weights: NDArray[np.float32] = np.zeros(0, np.float32)
        self._numeric: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._words: dict[str, int] = {}
        self._capitals: Counter[str] = Counter()
        self._sorts: dict[int, Sort] = {}  # of the terms asked for since a capital was last seen
        self._related: OrderedDict[str, NDArray[np.int8]] = OrderedDict()  # UNKNOWN or a relation
        # Readers ask on one thread while an index of the same story is made on another.
        self._filling = threading.Lock()

    def copy(self) -> "Vocabulary":
        """Return a vocabulary of the same terms, for an index of what may never be published."""
        copied = Vocabulary(self._vectors)
        # In this order: another thread may add a term, its surface first and its word last.
        copied._words = dict(self._words)
        copied._capitals = Counter(self._capitals)
        copied._numbers = dict(self._numbers)
        copied._surfaces = list(self._surfaces)
        copied._stems = list(self._stems)
        return copied

    def __len__(self) -> int:
        """Return how many terms there are."""
        return len(self._surfaces)

    def add(self, stem: str, word: str) -> int:
        """Return the number of the term `stem`, new or known; `word` is how it was written."""
        number = self._numbers.get(stem)
        if number is None:
            number = len(self._surfaces)
            self._surfaces.append(word)
            self._stems.append(stem)
            self._numbers[stem] = number
        if word not in self._words:
            self._words[word] = number
        return number

    def seen(self, stem: str, *, capital: bool) -> None:
        """Note that a word was written inside a sentence, with a capital or without."""
        self._capitals[stem] += 1 if capital else -1
        self._sorts = {}

    def sort(self, stem: str, word: str, *, capital: bool = False) -> Sort:
        """Return what a term is; `capital`: it is written with one here."""
        if word[:1].isdigit():
            return Sort.NUMBER
        if word in TIMES:
            return Sort.DATE
        named = self._capitals[stem] > 0 if stem in self._capitals else capital
        return Sort.NAME if named or stem.startswith(CONCEPT) else Sort.WORD

    def sorts(self, numbers: NDArray[np.int64]) -> NDArray[np.int8]:
        """Return what terms are, as `Sort`."""
        unique, inverse = np.unique(numbers, return_inverse=True)
        known = self._sorts
        for number in unique.tolist():
            if number not in known:
                known[number] = self.sort(self._stems[number], self._surfaces[number])
        return np.array([known[number] for number in unique.tolist()], np.int8)[inverse]

    def relations(self, words: Sequence[str], numbers: NDArray[np.int64]) -> NDArray[np.int8]:
        """Return how any words stand to terms, (words, numbers), as `senses.Relation`."""
        places = {word: place for place, word in enumerate(dict.fromkeys(words))}
        distinct = list(places)
        with self._filling:
            rows = [self._related_to(word) for word in distinct]
            table = np.stack([row[numbers] for row in rows])
            lacking = np.flatnonzero((table == UNKNOWN).any(axis=1))
            if len(lacking):
                columns = np.flatnonzero((table[lacking] == UNKNOWN).any(axis=0))
                others = [self._surfaces[each] for each in numbers[columns].tolist()]
                found = word_senses.load().relations([distinct[place] for place in lacking], others)
                table[np.ix_(lacking, columns)] = found
                for place in lacking.tolist():
                    rows[place][numbers] = table[place]
        related: NDArray[np.int8] = table[[places[word] for word in words]]
        return related

    def number(self, stem: str) -> int | None:
        """Return the number of a term, None for one that no text of the story has."""
        return self._numbers.get(stem)

    def words(self) -> Iterable[tuple[str, int]]:
        """Return every word that was ever written, with the number of its term."""
        return self._words.items()

    def surface(self, number: int) -> str:
        """Return the word that a term was first written as."""
        return self._surfaces[number]

    def meanings(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the word vectors of terms, (len(numbers), dimensions), unit length or zero."""
        self._fill(numbers)
        return self._matrix[numbers]

    def weights(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return how much terms tell in running English, about .5 to 10 each."""
        self._fill(numbers)
        return self._weights[numbers]

    def numeric(self, numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which of the terms are numerals, which match only themselves."""
        self._fill(numbers)
        return self._numeric[numbers]

    def vectors_of(self, words: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of any words, (len(words), dimensions)."""
        return np.stack([self._vectors.vector(word) for word in words])

    def known_english(self, word: str) -> bool:
        """Return whether a word is good English, so not to be taken for a typing slip."""
        return self._vectors.known(word)

    def corpus_weight(self, word: str) -> float:
        """Return how much a word tells in running English, about .5 to 10."""
        return self._vectors.weight(word)

    def _related_to(self, word: str) -> NDArray[np.int8]:
        """Return what is known of how a word stands to every term."""
        row = self._related.pop(word, None)
        if row is None or len(row) < len(self._surfaces):
            longer = np.full(int(len(self._surfaces) * 1.3), UNKNOWN, np.int8)
            if row is not None:
                longer[: len(row)] = row
            row = longer
        self._related[word] = row
        if len(self._related) > MOST_RELATED:
            self._related.popitem(last=False)
        return row

    def _fill(self, numbers: NDArray[np.int64]) -> None:
        with self._filling:
            if len(self._filled) < len(self._surfaces):
                self._grow()
            missing = numbers[~self._filled[numbers]]
            if missing.size:
                surfaces = [self._surfaces[number] for number in missing.tolist()]
                self._matrix[missing] = self._vectors.matrix(surfaces)
                self._weights[missing] = [self._vectors.weight(surface) for surface in surfaces]
                self._numeric[missing] = [surface[:1].isdigit() for surface in surfaces]
                self._filled[missing] = True

    def _grow(self) -> None:
        size = max(1024, int(len(self._surfaces) * 1.3))

        def longer(rows: NDArray[Any]) -> NDArray[Any]:
            grown = np.zeros((size, *rows.shape[1:]), rows.dtype)
            grown[: len(rows)] = rows
            return grown

        self._matrix, self._weights = longer(self._matrix), longer(self._weights)
        self._numeric, self._filled = longer(self._numeric), longer(self._filled)
