"""Evidence that a document answers a question, piece by piece, for the best candidates at once.

Each piece is a number with a name, about 0 to 1; `bot.search.ranker` holds what each is worth. All
texts of a document are scored one by one: its text as `text_…`, the best of its question and
phrasings as `asked_…`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.search import chars
from bot.search.content import EXPECTED, EXPECTED_WHOLE
from bot.search.indexed import Indexed
from bot.search.query import Query
from bot.search.question import Kind
from bot.search.vocabulary import Vocabulary

Floats = NDArray[np.float32]

NEAR_FROM: Final = 0.35
"""Cosine from which two words count as near in meaning; measured on public questions."""

LETTERS_FROM: Final = 0.45
"""Cosine of letters from which two words count as forms of one another."""

WINDOW: Final = 8
"""Terms in which words of the question that stand together should be found."""

KINDS: Final = tuple(kind for kind in Kind if kind in EXPECTED or kind in EXPECTED_WHOLE)

NAMES: Final[tuple[str, ...]] = (
    "text_bm25",
    "text_words",
    "text_meaning",
    "text_letters",
    "text_back",
    "text_fit",
    "text_window",
    "text_pairs",
    "text_phrases",
    "text_small",
    "text_idf",
    "text_bm25_lead",
    "text_back_rare",
    "text_meaning_story",
    "text_meaning_corpus",
    "head_found",
    "last_found",
    "kind_near",
    "around_far",
    "leans_gain",
    "text_fit_lead",
    "text_rarest_found",
    "text_rarest_missing",
    "text_names",
    "text_length",
    "around_words",
    "around_gain",
    "asked_bm25",
    "asked_words",
    "asked_meaning",
    "asked_fit",
    "asked_exact_fit",
    "asked_letters_fit",
    "asked_mean_fit",
    "any_meaning",
    "any_names",
    "any_known",
    "unknown",
    "classifier",
    "classifier_lead",
    *(f"kind_{kind}" for kind in KINDS),
    "attribution",
    "best_text_bm25",
    "best_text_idf",
    "best_text_phrases",
    "best_text_meaning",
    "best_text_fit",
    "best_asked_fit",
    "best_asked_exact_fit",
    "best_any_meaning",
    "best_around_words",
)
"""The names of the columns of `Evidence.table`, in order."""

COLUMN: Final = {name: column for column, name in enumerate(NAMES)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How much each term of a question counts."""

    rank: Floats  # to compare documents: rare in the story counts more
    decline: Floats  # to judge how much of the question is accounted for
    rarity: Floats  # within the story, 0..1
    known: NDArray[np.bool_]  # whether the story has the very word or name


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """The candidates of one question, with what the whole index knows about them."""

    places: NDArray[np.int64]
    bm25: Floats  # of the text
    asked_bm25: Floats  # of question and phrasings
    around: NDArray[np.uint64]  # which terms (bits) the document or its neighbours hold
    far: NDArray[np.uint64]  # the same, two neighbours on either side
    term_idf: Floats  # of every term of the vocabulary, 0..1
    own: NDArray[np.uint64]  # which terms (bits) the document's text holds
    classifier: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was found for the candidates of one question."""

    table: Floats  # (candidates, len(NAMES))
    best_match: Floats  # (terms, candidates): how well each document matches each term


def gather(
    query: Query,
    weights: Weights,
    pool: Pool,
    documents: Sequence[Indexed],
    vocabulary: Vocabulary,
) -> Evidence:
    """Return the evidence for `documents`, the candidates of `pool`, in the same order."""
    layout = _Layout.of(documents)
    matches = _match(query, layout, vocabulary)
    table = np.zeros((len(documents), len(NAMES)), np.float32)
    put = _Writer(table)
    exact, near, letters = (
        np.maximum.reduceat(channel, layout.units, axis=1) for channel in matches
    )
    rank = weights.rank / max(float(weights.rank.sum()), 1e-6)
    back = _back(matches[1], layout)
    _text_evidence(put, query, weights, rank, pool, layout, matches, (exact, near, letters), back)
    _asked_evidence(
        put, rank, pool, layout, (exact, near, letters), (_back(matches[0], layout), back)
    )
    best_match = np.maximum.reduceat(near, layout.first_units, axis=1)
    put("any_meaning", rank @ best_match)
    exact_match = np.maximum.reduceat(exact, layout.first_units, axis=1)
    put("any_names", _of_names(query, exact_match))
    put("any_known", _of_known(weights, best_match))
    put("unknown", np.array([document.unknown for document in documents], np.float32))
    _phrase_evidence(put, query, documents, len(vocabulary))
    put("around_words", _share(pool.around, rank))
    put("around_far", _share(pool.far, rank))
    gain = _share(pool.around & ~pool.own, rank)
    put("leans_gain", gain * np.array([document.leans for document in documents], np.float32))
    put("around_gain", _share(pool.around & ~pool.own, rank))
    put("classifier", pool.classifier)
    put("classifier_lead", pool.classifier - _best_other(pool.classifier))
    _kind_evidence(put, query, layout, matches[1], documents)
    for name in NAMES:
        if name.startswith("best_"):
            column = table[:, COLUMN[name.removeprefix("best_")]]
            put(name, column / max(float(column.max(initial=0.0)), 1e-3))
    return Evidence(table=table, best_match=best_match)


class _Writer:
    """Writes columns by name."""

    def __init__(self, table: Floats) -> None:
        self._table = table

    def __call__(self, name: str, column: Floats | float) -> None:
        self._table[:, COLUMN[name]] = column


@dataclass(frozen=True, slots=True)
class _Layout:
    """All texts of all candidates in one row of terms."""

    terms: NDArray[np.int64]
    units: NDArray[np.int64]  # where each text begins
    first_units: NDArray[np.int64]  # the first text of each candidate, as an index into `units`
    text_terms: NDArray[np.int64]  # places in `terms` of the candidates' own texts
    text_starts: NDArray[np.int64]  # where each candidate's text begins in `text_terms`

    @classmethod
    def of(cls, documents: Sequence[Indexed]) -> "_Layout":
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


def _match(query: Query, layout: _Layout, vocabulary: Vocabulary) -> tuple[Floats, Floats, Floats]:
    """Return how each term of the question (rows) matches each term of the texts (columns).

    Three channels: the same word or a synonym; near in meaning; near in letters.
    """
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
    words = [term.word.rsplit(" ", 1)[-1].lstrip("@") for term in query.terms]
    numeric = np.array([word[:1].isdigit() for word in words])
    apart = numeric[:, None] | vocabulary.numeric(unique)[None, :]
    cosine = vocabulary.vectors_of(words) @ vocabulary.meanings(unique).T
    near = np.clip((cosine - NEAR_FROM) / (1 - NEAR_FROM), 0, 0.95)
    near[apart] = 0
    alike = chars.matrix(words) @ vocabulary.letters(unique).T
    letters = np.clip((alike - LETTERS_FROM) / (1 - LETTERS_FROM), 0, 0.95)
    letters[apart] = 0
    columns = where[layout.terms]
    return (
        exact[:, columns],
        np.maximum(near, exact)[:, columns],
        np.maximum(letters, exact)[:, columns],
    )


def _back(matches: Floats, layout: _Layout) -> Floats:
    """Return for each text how much of it the question accounts for, 0..1."""
    best = matches.max(axis=0)
    sizes = np.diff(np.append(layout.units, len(layout.terms)))
    total: Floats = np.add.reduceat(best, layout.units) / sizes
    return total


def _text_evidence(
    put: _Writer,
    query: Query,
    weights: Weights,
    rank: Floats,
    pool: Pool,
    layout: _Layout,
    matches: tuple[Floats, Floats, Floats],
    best: tuple[Floats, Floats, Floats],
    back: Floats,
) -> None:
    exact, near, letters = (channel[:, layout.first_units] for channel in best)
    meaning = rank @ near
    put("text_bm25", pool.bm25)
    put("text_words", rank @ exact)
    put("text_meaning", meaning)
    put("text_letters", rank @ letters)
    text_back = back[layout.first_units]
    put("text_back", text_back)
    put("text_fit", _fit(meaning, text_back))
    found = exact > 0.5
    put("text_rarest_found", (weights.rarity[:, None] * found).max(axis=0))
    put("text_rarest_missing", (weights.rarity[:, None] * (near < 0.5)).max(axis=0))
    put("text_names", _of_names(query, exact))
    lengths = np.diff(np.append(layout.text_starts, len(layout.text_terms)))
    put("text_length", np.log1p(lengths) / 4)
    in_text = matches[1][:, layout.text_terms]
    put("text_window", _window(in_text, rank, layout.text_starts))
    put("text_pairs", _pairs(in_text, layout.text_starts))
    put("text_idf", (weights.rarity / max(float(weights.rarity.sum()), 1e-6)) @ exact)
    put("text_bm25_lead", pool.bm25 - _best_other(pool.bm25))
    fit = _fit(meaning, text_back)
    worth = weights.rarity / max(float(weights.rarity.sum()), 1e-6)
    put("text_meaning_story", worth @ near)
    put("text_meaning_corpus", (weights.decline / max(float(weights.decline.sum()), 1e-6)) @ near)
    put("head_found", near[query.head])
    put("last_found", near[-1])
    token_idf = pool.term_idf[layout.terms[layout.text_terms]]
    best_token = in_text.max(axis=0)
    put(
        "text_back_rare",
        np.add.reduceat(best_token * token_idf, layout.text_starts)
        / np.maximum(np.add.reduceat(token_idf, layout.text_starts), 1e-6),
    )
    put("text_fit_lead", fit - _best_other(fit))


def _asked_evidence(
    put: _Writer,
    rank: Floats,
    pool: Pool,
    layout: _Layout,
    best: tuple[Floats, Floats, Floats],
    backs: tuple[Floats, Floats],
) -> None:
    """Write the evidence of the question and phrasings; zeros where a document has none."""
    exact, near, letters = best
    asked = np.ones(len(layout.units), np.bool_)
    asked[layout.first_units] = False
    if not asked.any():
        return
    meaning = rank @ near
    fits = {
        "asked_words": rank @ exact,
        "asked_meaning": meaning,
        "asked_fit": _fit(meaning, backs[1]),
        "asked_exact_fit": _fit(rank @ exact, backs[0]),
        "asked_letters_fit": _fit(rank @ letters, backs[1]),
    }
    for name, column in fits.items():
        put(name, np.maximum.reduceat(np.where(asked, column, 0), layout.first_units))
    sizes = np.diff(np.append(layout.first_units, len(layout.units))) - 1
    total = np.add.reduceat(np.where(asked, fits["asked_fit"], 0), layout.first_units)
    put("asked_mean_fit", total / np.maximum(sizes, 1))
    put("asked_bm25", pool.asked_bm25)


def _fit(forth: Floats, back: Floats) -> Floats:
    """Return the harmonic mean of how much of the question and of the text is accounted for."""
    fit: Floats = 2 * forth * back / np.maximum(forth + back, 1e-6)
    return fit


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


def _of_names(query: Query, exact: Floats) -> Floats | float:
    """Return which share of the question's names, dates and numbers each document has."""
    names = np.array(
        [term.concept is not None or term.capital or term.word[:1].isdigit() for term in query.terms]
    )
    share: Floats | float = exact[names].mean(axis=0) if names.any() else 0.5
    return share


def _of_known(weights: Weights, best_match: Floats) -> Floats | float:
    """Return how much each document has of those words that the story has somewhere."""
    rarity = weights.rarity * weights.known
    total = float(rarity.sum())
    share: Floats | float = rarity @ best_match / total if total else 0.5
    return share


def _phrase_evidence(put: _Writer, query: Query, documents: Sequence[Indexed], terms: int) -> None:
    """Write which share of the question's words and word pairs, stop words too, the text has."""
    sizes = np.fromiter((len(document.running) for document in documents), np.int64)
    running = np.concatenate([document.running for document in documents]).astype(np.int64)
    owners = np.repeat(np.arange(len(documents)), sizes)
    asked = np.array(query.running, np.int64)
    small = np.unique(asked[asked >= 0])
    held = np.zeros((len(documents), len(small)), np.bool_)
    at = np.searchsorted(small, running).clip(max=max(len(small) - 1, 0))
    hit = small[at] == running if len(small) else np.zeros(len(running), np.bool_)
    held[owners[hit], at[hit]] = True
    put("text_small", held.sum(axis=1) / max(len(asked), 1))
    pairs = asked[:-1] * terms + asked[1:]
    pairs = np.unique(pairs[(asked[:-1] >= 0) & (asked[1:] >= 0)])
    if not len(pairs):
        return
    told = running[:-1] * terms + running[1:]
    at = np.searchsorted(pairs, told).clip(max=len(pairs) - 1)
    hit = (pairs[at] == told) & (owners[:-1] == owners[1:])
    both = np.zeros((len(documents), len(pairs)), np.bool_)
    both[owners[:-1][hit], at[hit]] = True
    put("text_phrases", both.sum(axis=1) / max(len(asked) - 1, 1))


def _kind_evidence(
    put: _Writer, query: Query, layout: _Layout, near: Floats, documents: Sequence[Indexed]
) -> None:
    """Write whether the text holds what the kind of question expects, beyond what it names itself."""
    carries = np.fromiter((document.carries for document in documents), np.int64)
    holds = np.concatenate([document.holds for document in documents])
    fresh = near[:, layout.text_terms].max(axis=0) < 0.5
    if query.kind in EXPECTED:
        wanted = (holds & EXPECTED[query.kind] > 0) & fresh
        put("kind_near", _near(wanted, near[:, layout.text_terms], layout.text_starts, query.head))
        count = np.add.reduceat(wanted.astype(np.float32), layout.text_starts)
        put(f"kind_{query.kind}", np.minimum(count, 2) / 2)
    elif query.kind in EXPECTED_WHOLE:
        put(f"kind_{query.kind}", (carries & EXPECTED_WHOLE[query.kind] > 0).astype(np.float32))


def _near(
    wanted: NDArray[np.bool_], matches: Floats, starts: NDArray[np.int64], head: int
) -> Floats:
    """Return how well the head of the question is matched within three terms of what is wanted."""
    close = matches[head].copy()
    for step in (1, 2, 3):
        close[:-step] = np.maximum(close[:-step], matches[head][step:])
        close[step:] = np.maximum(close[step:], matches[head][:-step])
    best: Floats = np.maximum.reduceat(np.where(wanted, close, 0), starts)
    return best


def _share(bits: NDArray[np.uint64], rank: Floats) -> Floats:
    """Return the weight of the terms whose bits are set."""
    places = np.arange(len(rank), dtype=np.uint64)
    held = (bits[:, None] >> places[None, :]) & np.uint64(1)
    share: Floats = held.astype(np.float32) @ rank
    return share


def _best_other(scores: Floats) -> Floats:
    """Return for each score the best of the others."""
    if len(scores) < 2:
        return np.zeros_like(scores)
    second, first = np.partition(scores, -2)[-2:]
    others: Floats = np.where(scores >= first, second, first)
    return others
