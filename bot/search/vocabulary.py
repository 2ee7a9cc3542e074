"""The terms of a story: numbered stems, with what is known of each.

Shared by every index of one story and only ever grows, so that a number means the same in all.
"""

import threading
from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.search.vectors import WordVectors

CONCEPT: Final = "@"
"""Begins the term of a name of the lexicon: `@vladimir putin` stands for all its aliases."""


class Vocabulary:
    """Terms by number, their words by number, and their vectors, filled in when first asked for."""

    def __init__(self, vectors: WordVectors) -> None:
        self._vectors = vectors
        self._numbers: dict[str, int] = {}
        self._surfaces: list[str] = []
        self._matrix: NDArray[np.float32] = np.zeros((0, vectors.dimensions), np.float32)
        self._filled: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._weights: NDArray[np.float32] = np.zeros(0, np.float32)
        self._numeric: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._words: dict[str, int] = {}
        # Readers ask on one thread while an index of the same story is made on another.
        self._filling = threading.Lock()

    def copy(self) -> "Vocabulary":
        """Return a vocabulary of the same terms, for an index of what may never be published."""
        copied = Vocabulary(self._vectors)
        # In this order: another thread may add a term, its surface first and its word last.
        copied._words = dict(self._words)
        copied._numbers = dict(self._numbers)
        copied._surfaces = list(self._surfaces)
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
            self._numbers[stem] = number
        if word not in self._words:
            self._words[word] = number
        return number

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
