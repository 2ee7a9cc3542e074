"""Inverted lists: for each term the documents that hold it, as flat arrays. Immutable."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BM25_K1 = 1.2
BM25_B = 0.75
"""The usual parameters of Okapi BM25 (Robertson and Zaragoza 2009)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Postings:
    """Term → documents, compressed: the list of term t is `places[starts[t]:starts[t + 1]]`."""

    starts: NDArray[np.int64]
    places: NDArray[np.int32]
    counts: NDArray[np.uint8]
    lengths: NDArray[np.int32]  # tokens, by document
    average: float  # mean length, 1 at least

    @classmethod
    def build(cls, texts: Sequence[NDArray[np.int32]], terms: int) -> "Postings":
        """Return the lists of documents given as arrays of term numbers, all below `terms`."""
        lengths = np.fromiter((len(text) for text in texts), np.int32, len(texts))
        owners = np.repeat(np.arange(len(texts), dtype=np.int64), lengths)
        flat = np.concatenate([*texts, np.zeros(0, np.int32)]).astype(np.int64)
        keys, counts = np.unique(flat * max(len(texts), 1) + owners, return_counts=True)
        term_of, places = np.divmod(keys, max(len(texts), 1))
        starts = np.zeros(terms + 1, np.int64)
        np.cumsum(np.bincount(term_of, minlength=terms), out=starts[1:])
        return cls(
            starts=starts,
            places=places.astype(np.int32),
            counts=np.minimum(counts, 255).astype(np.uint8),
            lengths=lengths,
            average=_average(lengths),
        )

    def replaced(self, place: int, text: NDArray[np.int32], terms: int) -> "Postings":
        """Return the lists with the document at `place` (or a new last one) replaced by `text`."""
        gone = self.places == place
        before = np.concatenate(([0], np.cumsum(gone)))
        starts = self.starts - before[self.starts]
        if terms + 1 > len(starts):
            starts = np.concatenate((starts, np.full(terms + 1 - len(starts), starts[-1])))
        numbers, counts = np.unique(text, return_counts=True)
        at = starts[numbers + 1]
        added = np.zeros(len(starts), np.int64)
        np.add.at(added, numbers + 1, 1)
        lengths = self.lengths
        if place >= len(lengths):
            lengths = np.concatenate((lengths, np.zeros(place + 1 - len(lengths), np.int32)))
        else:
            lengths = lengths.copy()
        lengths[place] = len(text)
        return Postings(
            starts=starts + np.cumsum(added),
            places=np.insert(self.places[~gone], at, place),
            counts=np.insert(self.counts[~gone], at, np.minimum(counts, 255).astype(np.uint8)),
            lengths=lengths,
            average=_average(lengths),
        )

    def documents_with(self, term: int) -> NDArray[np.int32]:
        """Return the places of the documents that hold a term."""
        if term + 1 >= len(self.starts):
            return self.places[:0]
        return self.places[self.starts[term] : self.starts[term + 1]]

    def held(self) -> NDArray[np.int64]:
        """Return the terms that some document holds, in order."""
        return np.flatnonzero(np.diff(self.starts))

    def holders(self, term: int) -> int:
        """Return how many documents hold a term."""
        if term + 1 >= len(self.starts):
            return 0
        return int(self.starts[term + 1] - self.starts[term])

    def bm25(self, term: int) -> NDArray[np.float32]:
        """Return the saturated term frequency of BM25 for each of `documents_with(term)`."""
        if term + 1 >= len(self.starts):
            return np.zeros(0, np.float32)
        span = slice(self.starts[term], self.starts[term + 1])
        counts = self.counts[span].astype(np.float32)
        lengths = self.lengths[self.places[span]]
        norm = BM25_K1 * (1 - BM25_B + BM25_B * lengths / self.average)
        gained: NDArray[np.float32] = (counts * (BM25_K1 + 1) / (counts + norm)).astype(np.float32)
        return gained


def _average(lengths: NDArray[np.int32]) -> float:
    return max(float(lengths.mean()), 1.0) if len(lengths) else 1.0
