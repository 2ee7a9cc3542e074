"""Particulars: what a question asks about that a document is not about, and the other way round.

Two questions may share all words but one, and that one be a number, a date, a name, a street, a
sense: line 2 or line 3, hurt or killed, open or not open. Here each such difference between a
question and the way of asking of a document that comes nearest is evidence of its own.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.search.evidence.columns import Floats, Weights, Writer
from bot.search.evidence.term_matching import Layout, Matches
from bot.search.index.document import IndexedDocument
from bot.search.index.query import Query
from bot.search.index.vocabulary import Sort, Vocabulary
from bot.search.language.question_kind import Kind

Bools = NDArray[np.bool_]

SORTS: Final = {Sort.NUMBER: "number", Sort.DATE: "date", Sort.NAME: "name", Sort.WORD: "word"}

LOOSE: Final = (Kind.OPEN, Kind.WHAT, Kind.YES_NO, Kind.QUOTE)
"""Kinds that the same question may have in other words; the rest ask for different things."""

HEAVIEST: Final = 10.0
"""The weight of a rare word in running English, about: weights are told as shares of it."""

SAME_WORD: Final = 0.85
"""How well a word must be matched to count as found."""


def particular_evidence(
    put: Writer,
    query: Query,
    weights: Weights,
    layout: Layout,
    matches: Matches,
    fits: Floats,
    documents: Sequence[IndexedDocument],
    vocabulary: Vocabulary,
) -> None:
    """Write in which particulars question and documents differ; `fits` are those of each text."""
    exact, near, apart = matches
    asked_sorts = np.array([term.sort for term in query.terms])
    told_sorts = vocabulary.sorts(layout.terms)
    words = asked_sorts == Sort.WORD
    heaviness = np.where(words, np.minimum(weights.decline / HEAVIEST, 1), weights.scale)
    found = np.maximum.reduceat(exact, _starts(layout), axis=1) >= SAME_WORD
    loss = heaviness[:, None] * (1 - np.maximum.reduceat(near, _starts(layout), axis=1)) * ~found
    best = _best_ways(layout, fits)
    columns, starts = _columns_of(layout, best)
    extra = exact[:, columns].max(axis=0) < SAME_WORD
    sorts_there = told_sorts[columns]
    cost = vocabulary.weights(layout.terms[columns]) / HEAVIEST * (1 - near[:, columns].max(axis=0))
    cost = np.where(sorts_there == Sort.WORD, cost, 1)
    for sort, name in SORTS.items():
        lost = loss[asked_sorts == sort]
        missing = lost.max(axis=0, initial=0.0)
        over = np.maximum.reduceat(np.where(extra & (sorts_there == sort), cost, 0), starts)
        put(f"missing_{name}", missing)
        put(f"extra_{name}", np.minimum(over, 1))
        put(
            f"other_{name}",
            np.minimum(missing, over) > 0 if sort is not Sort.WORD else np.minimum(missing, over),
        )
    clash = (
        apart[:, columns] & extra[None, :] & ~found[:, _owners(starts, len(columns))]
    ) * heaviness[:, None]
    opposed = np.maximum.reduceat(clash.max(axis=0), starts)
    negated = np.concatenate([document.negated for document in documents])[best]
    # "Not open" asks what "closed" does: a negation and an opposite together change nothing.
    both = (negated != query.negated) & (opposed > 0)
    put("apart", np.where(both, 0, opposed))
    put("negation", ((negated != query.negated) & ~both).astype(np.float32))
    kinds = np.concatenate([document.way_kinds for document in documents])[best]
    mine = list(Kind).index(query.kind)
    put("same_kind", (kinds == mine).astype(np.float32))
    tight = np.array([kind not in LOOSE for kind in Kind])
    put("other_kind", ((kinds != mine) & tight[kinds] & tight[mine]).astype(np.float32))


def _starts(layout: Layout) -> NDArray[np.int64]:
    return layout.units[layout.first_units]


def _best_ways(layout: Layout, fits: Floats) -> NDArray[np.int64]:
    """Return for each document its way of asking that fits best; its text where it has none."""
    ends = np.append(layout.first_units[1:], len(layout.units))
    best = layout.first_units.copy()
    for place, (first, end) in enumerate(zip(layout.first_units, ends, strict=True)):
        if end - first > 1:
            best[place] = first + 1 + int(np.argmax(fits[first + 1 : end]))
    return best


def _columns_of(
    layout: Layout, units: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the columns of some texts in a row, and where those of each begin."""
    ends = np.append(layout.units[1:], len(layout.terms))
    sizes = ends[units] - layout.units[units]
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    columns = np.repeat(layout.units[units] - starts, sizes) + np.arange(int(sizes.sum()))
    return columns, starts


def _owners(starts: NDArray[np.int64], total: int) -> NDArray[np.int64]:
    owner: NDArray[np.int64] = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, total)))
    return owner
