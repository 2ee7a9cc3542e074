"""Which words of a question each text accounts for: exactly, or in meaning."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.search.evidence.columns import Floats
from bot.search.index.document import IndexedDocument
from bot.search.index.query import Query
from bot.search.index.vocabulary import Vocabulary
from bot.search.meaning.word_senses import Relation

NEAR_FROM: Final = 0.35
"""Cosine from which two words count as near in meaning; measured on public questions."""


SAME_SENSE: Final = 0.85
NEAR_SENSE: Final = 0.6
APART_SENSE: Final = 0.2
"""How well a word at least, or at most, matches one that means the same, is a kind of it or the
like, or excludes it, where an equal word matches with 1."""


class Matches(NamedTuple):
    """How each term of a question (rows) matches each term of the texts (columns)."""

    exact: Floats  # the same word or a synonym
    near: Floats  # near in meaning too
    apart: NDArray[np.bool_]  # the one excludes the other


@dataclass(frozen=True, slots=True)
class Layout:
    """All texts of all candidates in one row of terms."""

    terms: NDArray[np.int64]
    units: NDArray[np.int64]  # where each text begins
    first_units: NDArray[np.int64]  # the first text of each candidate, as an index into `units`
    text_terms: NDArray[np.int64]  # places in `terms` of the candidates' own texts
    text_starts: NDArray[np.int64]  # where each candidate's text begins in `text_terms`

    @classmethod
    def of(cls, documents: Sequence[IndexedDocument]) -> "Layout":
        """Return the layout of some candidates."""
        sizes = np.fromiter((len(document.terms) for document in documents), np.int64)
        texts = np.fromiter((len(document.starts) for document in documents), np.int64)
        bases = np.concatenate(([0], np.cumsum(sizes)[:-1]))
        units = np.concatenate([document.starts for document in documents]) + np.repeat(
            bases, texts
        )
        first_units = np.concatenate(([0], np.cumsum(texts)[:-1]))
        ends = np.append(units[1:], sizes.sum())
        lengths = ends[first_units] - bases
        text_starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
        text_terms = np.repeat(bases - text_starts, lengths) + np.arange(int(lengths.sum()))
        return cls(
            np.concatenate([document.terms for document in documents]).astype(np.int64),
            units,
            first_units,
            text_terms,
            text_starts,
        )


def match(query: Query, layout: Layout, vocabulary: Vocabulary) -> Matches:
    """Return how each term of the question matches each term of the texts."""
    seen = np.zeros(len(vocabulary), np.bool_)
    seen[layout.terms] = True
    unique = np.flatnonzero(seen)
    where = np.zeros(len(vocabulary), np.int64)
    where[unique] = np.arange(len(unique))
    exact = np.zeros((len(query.terms), len(unique)), np.float32)
    for row, term in enumerate(query.terms):
        for number, strength in term.matches:
            if seen[number]:
                exact[row, where[number]] = strength
    words = query.surfaces
    numeric = np.array([word[:1].isdigit() for word in words])
    apart = numeric[:, None] | vocabulary.numeric(unique)[None, :]
    cosine = vocabulary.vectors_of(words) @ vocabulary.meanings(unique).T
    near = np.clip((cosine - NEAR_FROM) / (1 - NEAR_FROM), 0, 0.95)
    relations = vocabulary.relations(words, unique)
    near = np.where(relations == Relation.SAME, np.maximum(near, SAME_SENSE), near)
    near = np.where(relations == Relation.NEAR, np.maximum(near, NEAR_SENSE), near)
    near = np.where(relations == Relation.APART, np.minimum(near, APART_SENSE), near)
    near[apart] = 0
    columns = where[layout.terms]
    near = np.maximum(near, exact)
    return Matches(exact[:, columns], near[:, columns], (relations == Relation.APART)[:, columns])


def accounted(matches: Floats, layout: Layout) -> Floats:
    """Return for each text how much of it the question accounts for, 0..1."""
    best = matches.max(axis=0)
    sizes = np.diff(np.append(layout.units, len(layout.terms)))
    return (np.add.reduceat(best, layout.units) / sizes).astype(np.float32)


def fit(forth: Floats, back: Floats) -> Floats:
    """Return the harmonic mean of how much of the question and of the text is accounted for."""
    both: Floats = 2 * forth * back / np.maximum(forth + back, 1e-6)
    return both
