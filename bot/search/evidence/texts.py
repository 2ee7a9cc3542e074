"""Evidence from the words of a document: of its text, and of its question and phrasings."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.search.evidence.columns import Floats, Pool, Weights, Writer
from bot.search.evidence.term_matching import Layout, fit
from bot.search.index.query import Query

WINDOW: Final = 8
"""Terms in which words of the question that stand together should be found."""


def text_evidence(
    put: Writer,
    query: Query,
    weights: Weights,
    rank: Floats,
    pool: Pool,
    layout: Layout,
    near_terms: Floats,
    best: tuple[Floats, Floats],
    back: Floats,
) -> None:
    """Write the evidence of the documents' own texts."""
    exact, near = (channel[:, layout.first_units] for channel in best)
    meaning = rank @ near
    put("text_bm25", pool.bm25)
    put("text_words", rank @ exact)
    put("text_meaning", meaning)
    put("text_fit", fit(meaning, back[layout.first_units]))
    found = exact > 0.5
    put("text_rarest_found", (weights.rarity[:, None] * found).max(axis=0))
    put("text_rarest_missing", (weights.rarity[:, None] * (near < 0.5)).max(axis=0))
    put("text_names", of_names(query, exact))
    lengths = np.diff(np.append(layout.text_starts, len(layout.text_terms)))
    put("text_length", np.log1p(lengths) / 4)
    in_text = near_terms[:, layout.text_terms]
    put("text_window", _window(in_text, rank, layout.text_starts))
    put("text_pairs", _pairs(in_text, layout.text_starts))
    worth = weights.rarity / max(float(weights.rarity.sum()), 1e-6)
    put("text_meaning_story", worth @ near)
    put("text_meaning_corpus", (weights.decline / max(float(weights.decline.sum()), 1e-6)) @ near)
    put("head_found", near[query.head])
    put("last_found", near[-1])


def asked_evidence(
    put: Writer,
    rank: Floats,
    layout: Layout,
    best: tuple[Floats, Floats],
    backs: tuple[Floats, Floats],
) -> None:
    """Write the evidence of the question and phrasings; zeros where a document has none."""
    exact, near = best
    asked = np.ones(len(layout.units), np.bool_)
    asked[layout.first_units] = False
    if not asked.any():
        return
    meaning = rank @ near
    fits = {
        "asked_words": rank @ exact,
        "asked_meaning": meaning,
        "asked_fit": fit(meaning, backs[1]),
        "asked_exact_fit": fit(rank @ exact, backs[0]),
    }
    for name, column in fits.items():
        put(name, np.maximum.reduceat(np.where(asked, column, 0), layout.first_units))
    sizes = np.diff(np.append(layout.first_units, len(layout.units))) - 1
    total = np.add.reduceat(np.where(asked, fits["asked_fit"], 0), layout.first_units)
    put("asked_mean_fit", total / np.maximum(sizes, 1))


def of_names(query: Query, exact: Floats) -> Floats | float:
    """Return which share of the question's names, dates and numbers each document has."""
    names = np.array(
        [
            term.concept is not None or term.capital or term.word[:1].isdigit()
            for term in query.terms
        ]
    )
    share: Floats | float = exact[names].mean(axis=0) if names.any() else 0.5
    return share


def _window(matches: Floats, rank: Floats, starts: NDArray[np.int64]) -> Floats:
    """Return the most of the question that any WINDOW neighbouring terms of each text hold."""
    worth = (matches * rank[:, None]).max(axis=0)
    running = np.concatenate((np.zeros(1, np.float32), np.cumsum(worth)))
    ends = np.append(starts[1:], matches.shape[1])
    stop = np.minimum(np.arange(matches.shape[1]) + WINDOW, np.repeat(ends, ends - starts))
    sums = running[stop] - running[: matches.shape[1]]
    most: Floats = np.minimum(np.maximum.reduceat(sums, starts), 1.0)
    return most


def _pairs(matches: Floats, starts: NDArray[np.int64]) -> Floats:
    """Return which share of the question's neighbouring terms stand close together in each text."""
    if len(matches) < 2:
        return np.zeros(len(starts), np.float32)
    hit = matches > 0.6
    close = np.zeros((len(matches) - 1, matches.shape[1]), np.bool_)
    for step in (1, 2):
        close[:, :-step] |= hit[:-1, :-step] & hit[1:, step:]
        close[:, :-step] |= hit[1:, :-step] & hit[:-1, step:]
    share: Floats = np.maximum.reduceat(close, starts, axis=1).mean(axis=0).astype(np.float32)
    return share
