"""All evidence for the best candidates of one question, gathered at once."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.search.evidence.columns import (
    COLUMN,
    KINDS,
    NAMES,
    Evidence,
    Floats,
    Pool,
    Weights,
    Writer,
    best_other,
)
from bot.search.evidence.particulars import particular_evidence
from bot.search.evidence.term_matching import Layout, accounted, fit, match
from bot.search.evidence.texts import asked_evidence, of_names, text_evidence
from bot.search.index.document import IndexedDocument
from bot.search.index.query import Query
from bot.search.index.vocabulary import Vocabulary
from bot.search.language.typed_content import EXPECTED, EXPECTED_WHOLE

SENTENCE: Final = ("sentence_asked", "sentence_text", "sentence_whole")


def gather(
    query: Query,
    weights: Weights,
    pool: Pool,
    documents: Sequence[IndexedDocument],
    vocabulary: Vocabulary,
) -> Evidence:
    """Return the evidence for `documents`, the candidates of `pool`, in the same order."""
    layout = Layout.of(documents)
    matches = match(query, layout, vocabulary)
    table = np.zeros((len(documents), len(NAMES)), np.float32)
    put = Writer(table)
    exact, near = (np.maximum.reduceat(channel, layout.units, axis=1) for channel in matches[:2])
    rank = weights.rank / max(float(weights.rank.sum()), 1e-6)
    back = accounted(matches.near, layout)
    text_evidence(put, query, weights, rank, pool, layout, matches.near, (exact, near), back)
    asked_evidence(put, rank, layout, (exact, near), (accounted(matches.exact, layout), back))
    best_match = np.maximum.reduceat(near, layout.first_units, axis=1)
    put("any_meaning", rank @ best_match)
    exact_match = np.maximum.reduceat(exact, layout.first_units, axis=1)
    put("any_names", of_names(query, exact_match))
    put("any_known", _of_known(weights, best_match))
    particular_evidence(
        put, query, weights, layout, matches, fit(rank @ near, back), documents, vocabulary
    )
    put("unknown", np.array([document.unknown for document in documents], np.float32))
    put("text_pooled", _pooled(query, weights, documents, vocabulary))
    _phrase_evidence(put, query, documents, len(vocabulary))
    put("around_words", _share(pool.around, rank))
    put("around_far", _share(pool.far, rank))
    gain = _share(pool.around & ~pool.own, rank)
    put("leans_gain", gain * np.array([document.leans for document in documents], np.float32))
    put("around_gain", gain)
    classified, nearest = pool.wording
    put("classifier", classified)
    put("classifier_lead", classified - best_other(classified))
    put("nearest", nearest)
    if pool.meaning is not None:
        for name, column in zip(SENTENCE, pool.meaning, strict=True):
            put(name, column)
    _kind_evidence(put, query, layout, matches.near, documents)
    for name in NAMES:
        if name.startswith("best_"):
            column = table[:, COLUMN[name.removeprefix("best_")]]
            put(name, column / max(float(column.max(initial=0.0)), 1e-3))
    return Evidence(table=table, best_match=best_match, central=pool.central)


def _of_known(weights: Weights, best_match: Floats) -> Floats | float:
    """Return how much each document has of those words that the story has somewhere."""
    rarity = weights.rarity * weights.known
    total = float(rarity.sum())
    share: Floats | float = rarity @ best_match / total if total else 0.5
    return share


def _pooled(
    query: Query, weights: Weights, documents: Sequence[IndexedDocument], vocabulary: Vocabulary
) -> Floats:
    """Return how near the mean of each text's words is to the mean of the question's."""
    asked = weights.decline @ vocabulary.vectors_of(query.surfaces)
    pooled = np.stack([document.pooled for document in documents]).astype(np.float32)
    return (pooled @ asked / max(float(np.linalg.norm(asked)), 1e-6)).astype(np.float32)


def _phrase_evidence(
    put: Writer, query: Query, documents: Sequence[IndexedDocument], terms: int
) -> None:
    """Write which share of the question's words and word pairs, stop words too, the text has."""
    sizes = np.fromiter((len(document.running) for document in documents), np.int64)
    running = np.concatenate([document.running for document in documents]).astype(np.int64)
    owners = np.repeat(np.arange(len(documents)), sizes)
    asked = np.array(query.running, np.int64)
    known = asked >= 0
    held = _held(asked[known], running, owners, len(documents))
    put("text_small", held.sum(axis=1) / max(len(asked), 1))
    put("text_small_rare", _rare(held))
    # A pair is one number; one that spans two texts belongs to neither.
    pairs = (asked[:-1] * terms + asked[1:])[known[:-1] & known[1:]]
    within = owners[:-1] == owners[1:]
    told = (running[:-1] * terms + running[1:])[within]
    both = _held(pairs, told, owners[:-1][within], len(documents))
    put("text_phrases", both.sum(axis=1) / max(len(asked) - 1, 1))
    put("text_phrases_rare", _rare(both))


def _held(
    asked: NDArray[np.int64], told: NDArray[np.int64], owners: NDArray[np.int64], documents: int
) -> NDArray[np.bool_]:
    """Return which of the things asked, each once, each document tells: (documents, things)."""
    things = np.unique(asked)
    held = np.zeros((documents, len(things)), np.bool_)
    if len(things):
        at = np.searchsorted(things, told).clip(max=len(things) - 1)
        hit = things[at] == told
        held[owners[hit], at[hit]] = True
    return held


def _rare(held: NDArray[np.bool_]) -> Floats:
    """Return the share of what is held (documents, things), things few candidates hold first."""
    rarity = np.log((len(held) + 1) / (held.sum(axis=0) + 0.5))
    share: Floats = (held @ rarity / max(float(rarity.sum()), 1e-6)).astype(np.float32)
    return share


def _kind_evidence(
    put: Writer, query: Query, layout: Layout, near: Floats, documents: Sequence[IndexedDocument]
) -> None:
    """Write whether the text holds what the kind of question expects and does not name itself.

    Beside it, how many of the document's ways of asking are of that kind.
    """
    if query.kind in KINDS:
        kinds = np.stack([document.kinds for document in documents])
        put("asked_kind", kinds[:, KINDS.index(query.kind)])
    if query.kind in EXPECTED:
        holds = np.concatenate([document.holds for document in documents])
        fresh = near[:, layout.text_terms].max(axis=0) < 0.5
        wanted = (holds & EXPECTED[query.kind] > 0) & fresh
        count = np.add.reduceat(wanted.astype(np.float32), layout.text_starts)
        put(f"kind_{query.kind}", np.minimum(count, 2) / 2)
    elif query.kind in EXPECTED_WHOLE:
        carries = np.fromiter((document.carries for document in documents), np.int64)
        put(f"kind_{query.kind}", (carries & EXPECTED_WHOLE[query.kind] > 0).astype(np.float32))


def _share(bits: NDArray[np.uint64], rank: Floats) -> Floats:
    """Return the weight of the terms whose bits are set."""
    places = np.arange(len(rank), dtype=np.uint64)
    held = (bits[:, None] >> places[None, :]) & np.uint64(1) > 0
    share: Floats = np.where(held, rank[None, :], np.float32(0)).sum(axis=1)
    return share
