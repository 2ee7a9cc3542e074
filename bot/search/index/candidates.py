"""From a query to its candidates: how much each word counts, and who is worth a closer look."""

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.search.evidence.columns import Floats, Pool, Weights
from bot.search.evidence.term_matching import NEAR_FROM
from bot.search.index.postings import BM25_K1, Postings
from bot.search.index.query import Query
from bot.search.index.vocabulary import Vocabulary

POOL: Final = 48
"""Candidates that get the rich evidence; the right one is nearly always among them."""

CLASSIFIED_POOL: Final = 24
"""The same where a classifier over phrasings has had a say in who is among them."""

LARGEST_EXPANDED: Final = 20_000
"""Terms up to which words that the story lacks are looked up by meaning in the whole vocabulary."""

EXPANSION: Final = 4
"""Nearest terms of the story that stand in for a word that it lacks."""

NAME_WEIGHT: Final = 6.0
"""What a name of the lexicon counts for: as much as an uncommon word of running English."""

CLASSIFIED: Final = 2.0
"""What the classifier's score counts for beside BM25 when candidates are picked."""

MEANT: Final = 2.0
"""The same for the sentence model's."""

Places: TypeAlias = NDArray[np.int64]
Matches: TypeAlias = Sequence[tuple[int, float]]


def weights(
    query: Query, texts: Postings, asked: Postings, vocabulary: Vocabulary, total: int
) -> Weights:
    """Return how much each term of a question counts among `total` documents."""
    holders = np.array(
        [
            max(
                (
                    max(texts.holders(number), asked.holders(number))
                    for number, strength in term.matches
                    if strength == 1.0
                ),
                default=0,
            )
            for term in query.terms
        ],
        np.float32,
    )
    idf = np.log1p((total - holders + 0.5).clip(min=0.5) / (holders + 0.5)).clip(min=0.05)
    rarity = (idf / np.log1p((total + 0.5) / 0.5)).astype(np.float32)
    corpus = np.array(
        [
            term.scale * (NAME_WEIGHT if term.concept else vocabulary.corpus_weight(term.word))
            for term in query.terms
        ],
        np.float32,
    )
    return Weights(
        rank=corpus * np.sqrt(rarity),
        decline=corpus,
        rarity=rarity,
        scale=np.array([term.scale for term in query.terms], np.float32),
        known=holders > 0,
    )


def pool(
    query: Query,
    rarity: Floats,
    texts: Postings,
    asked: Postings,
    vocabulary: Vocabulary,
    learned: Floats | None,
    meaning: tuple[Floats, float] | None = None,
) -> Pool:
    """Return the candidates by BM25 over texts and ways of asking, and by the classifier's word."""
    total = len(texts.lengths)
    scores = np.zeros((2, total), np.float32)
    own = np.zeros(total, np.uint64)
    for bit, matches in enumerate(_expanded(query, texts, asked, vocabulary)):
        for number, strength in matches:
            gain = strength * rarity[bit]
            for into, postings in zip(scores, (texts, asked), strict=True):
                into[postings.documents_with(number)] += gain * postings.bm25(number)
            if strength > 0.5:
                own[texts.documents_with(number)] |= np.uint64(1 << bit)
    scores /= max(float(rarity.sum()) * (BM25_K1 + 1), 1e-6)
    score = scores.sum(axis=0)
    size = POOL
    if learned is not None:
        score += CLASSIFIED * learned[0]
        size = CLASSIFIED_POOL
    if meaning is not None:
        score += MEANT * meaning[0].max(axis=0)
    places: Places = np.arange(total)
    if total > size:
        places = np.argpartition(-score, size)[:size].astype(np.int64)
    return Pool(
        places=places,
        bm25=scores[0, places],
        own=own[places],
        around=_with_neighbours(own, places, 1),
        far=_with_neighbours(own, places, 2),
        meaning=None if meaning is None else meaning[0][:, places],
        central=0.0 if meaning is None else meaning[1],
        wording=np.zeros((2, len(places)), np.float32) if learned is None else learned[:, places],
    )


def _expanded(
    query: Query, texts: Postings, asked: Postings, vocabulary: Vocabulary
) -> list[Matches]:
    """Return each term's matches; words that the story lacks get their nearest in meaning."""
    matches: list[Matches] = [term.matches for term in query.terms]
    lacking = [
        place
        for place, term in enumerate(query.terms)
        if not term.matches and not term.word[:1].isdigit()
    ]
    if not lacking or len(vocabulary) > LARGEST_EXPANDED:
        return matches
    held = np.union1d(texts.held(), asked.held())
    words = [query.terms[place].word for place in lacking]
    cosine = vocabulary.vectors_of(words) @ vocabulary.meanings(held).T
    near: Floats = np.clip((cosine - NEAR_FROM) / (1 - NEAR_FROM), 0, 0.95)
    near[:, vocabulary.numeric(held)] = 0
    nearest = min(EXPANSION, len(held))
    for row, place in enumerate(lacking):
        best = np.argpartition(-near[row], nearest - 1)[:nearest]
        matches[place] = [
            (int(held[at]), float(near[row, at])) for at in best if near[row, at] > 0.1
        ]
    return matches


def _with_neighbours(bits: NDArray[np.uint64], places: Places, reach: int) -> NDArray[np.uint64]:
    """Return the bits of the documents at `places` joined with those of their neighbours."""
    joined = bits[places].copy()
    for step in range(-reach, reach + 1):
        at = places + step
        inside = (at >= 0) & (at < len(bits))
        joined[inside] |= bits[at[inside]]
    return joined
