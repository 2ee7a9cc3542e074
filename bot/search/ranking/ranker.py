"""Evidence to order, and order to probability, by the weights of `data/weights.toml`.

The ranker is a weighted sum. The probability that the first document answers the question is a
logistic regression on its evidence, on the lead it has and on what it leaves unaccounted for. Both
were learned by `bot.search.learning.learn`.
"""

import functools
import importlib.resources
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.search.evidence.columns import (
    COLUMN,
    KINDS,
    NAMES,
    PARTICULARS,
    TOLD,
    Evidence,
    Floats,
    best_other,
)
from bot.search.evidence.retrieval import Found
from bot.search.verdict import Document

FROM_TOP: Final = (
    "classifier",
    "classifier_lead",
    "nearest",
    "asked_fit",
    "asked_exact_fit",
    "asked_words",
    "any_meaning",
    "any_names",
    "any_known",
    "text_meaning_corpus",
    "text_words",
    "text_fit",
    "text_bm25",
    "text_window",
    "text_phrases",
    "text_rarest_missing",
    "around_words",
    "sentence_asked",
    "sentence_text",
    "sentence_whole",
    *PARTICULARS,
    *TOLD,
)
"""Evidence for the first document that its probability is read from."""

LACKING: Final = (
    "unaccounted",
    "unaccounted_most",
    "foreign",
    "foreign_most",
    "strange",
    "names_missing",
    "names_foreign",
    "elsewhere",
    "elsewhere_most",
    "unknown_near",
    "unknown_classifier",
    "unknown_nearest",
    "unknown_fit",
    "unknown_sentence",
    "kind_unmet",
)
"""Signs of what is asked and not found, or found in a known unknown."""

SIGNS: Final[tuple[str, ...]] = (
    *(f"top_{name}" for name in FROM_TOP),
    "nearest_any",
    "sentence_any",
    "sentence_lead",
    "central",
    "share",
    "lead",
    *LACKING,
    "few_terms",
    "kind",
)
"""The signs that the probability is computed from, in order."""

_UNKNOWN_SIGNS: Final = tuple(name for name in SIGNS if name.startswith("unknown_"))

RICH: Final = 12.0
"""Ways of asking a fact from which a story is as well kept as any."""

ANCHORS: Final = ("bare", "thin", "rich")
"""The sorts of stories that weights are learned for: facts without any question, with one each,
with a dozen ways of asking each. The weights of a story are mixed from those it lies between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What the evidence is worth in indexes of one sort."""

    worth: Floats  # by column of the evidence
    bias: float
    signs: Floats  # by sign
    richness: float = 0.0  # from one question a fact, or none, to RICH ways of asking it, 0..1


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """The candidates of one question in order."""

    found: Found
    order: NDArray[np.int64]  # rows of the evidence, best first
    scores: Floats  # by row of the evidence
    shares: Floats  # softmax of the scores, by row
    signs: Floats
    confidence: float  # that the first answers the question

    @property
    def places(self) -> list[int]:
        """Return the places of the documents in the index, best first."""
        return [int(place) for place in self.found.places[self.order]]

    def probability(self, rank: int) -> float:
        """Return the probability that the document at `rank` (0 is the first) answers."""
        first = float(self.shares[self.order[0]])
        share = float(self.shares[self.order[rank]])
        if rank == 0:
            return self.confidence
        return min(self.confidence, 1.0) * share / max(first, 1e-6)


def mix(documents: Sequence[Document]) -> Floats:
    """Return the shares of the ANCHORS in some documents, by their ways of asking a fact."""
    ways = sum(len(each.phrasings) + bool(each.question) for each in documents)
    each = ways / max(len(documents), 1)
    if each < 1:
        return np.array([1 - each, each, 0], np.float32)
    rich = min(float(np.log(each) / np.log(RICH)), 1.0)
    return np.array([0, 1 - rich, rich], np.float32)


PLAIN: Final = "_plain"
"""Ends the name of an anchor as it is without the sentence model."""


LEANING: Final = "leaning_"
"""Begins the name of an anchor as it is for questions that lean on the last one."""


def profile(mixture: Floats, *, meant: bool, leaning: bool = False) -> Profile:
    """Return what evidence is worth where the shares of the ANCHORS are those of `mixture`.

    `meant`: a sentence model is asked; `leaning`: for questions that lean on the last one.
    """
    shares = mixture.tolist()
    names = [f"{LEANING if leaning else ''}{name}{'' if meant else PLAIN}" for name in ANCHORS]
    return replace(mixed([profiles()[name] for name in names], shares), richness=shares[-1])


def mixed(anchors: Sequence[Profile], shares: Sequence[float]) -> Profile:
    """Return the weighted mean of some profiles."""
    pairs = list(zip(anchors, shares, strict=True))
    return Profile(
        worth=sum(
            (each.worth * np.float32(share) for each, share in pairs), np.zeros(1, np.float32)
        ),
        bias=sum(each.bias * share for each, share in pairs),
        signs=sum(
            (each.signs * np.float32(share) for each, share in pairs), np.zeros(1, np.float32)
        ),
    )


@functools.cache
def profiles() -> Mapping[str, Profile]:
    """Return the learned profiles by name."""
    with (
        importlib.resources.files("bot.search").joinpath("data", "weights.toml").open("rb") as file
    ):
        return {name: _profile(entry) for name, entry in tomllib.load(file).items()}


def _profile(entry: Mapping[str, Any]) -> Profile:
    worth = np.zeros(len(NAMES), np.float32)
    for name, value in entry["worth"].items():
        worth[COLUMN[name]] = value
    signs = np.array([entry["signs"].get(name, 0.0) for name in SIGNS], np.float32)
    return Profile(worth=worth, bias=float(entry["bias"]), signs=signs)


def rank(found: Found, profile: Profile) -> Ranked:
    """Return the candidates in order, with the probability of the first."""
    scores = found.evidence.table @ profile.worth
    order = np.argsort(-scores, kind="stable")
    powers = np.exp(scores - scores[order[0]])
    shares = (powers / powers.sum()).astype(np.float32)
    signs = _signs(found, scores, order, shares)
    confidence = 1 / (1 + np.exp(-(profile.bias + float(signs @ profile.signs))))
    return Ranked(
        found=found,
        order=order,
        scores=scores,
        shares=shares,
        signs=signs,
        confidence=float(confidence),
    )


def _signs(found: Found, scores: Floats, order: NDArray[np.int64], shares: Floats) -> Floats:
    top = int(order[0])
    row = found.evidence.table[top]
    terms = found.query.terms
    weight = found.weights.decline
    total = max(float(weight.sum()), 1e-6)
    # Stop words are nowhere to be found; where there is nothing else they prove nothing.
    looked_for = not found.query.wordless
    missing = (found.evidence.best_match[:, top] < 0.5) & looked_for
    foreign = (found.evidence.best_match.max(axis=1) < 0.5) & looked_for
    elsewhere = missing & found.weights.known
    names = np.array([term.capital or term.concept is not None for term in terms])
    values = {
        **{f"top_{name}": float(row[COLUMN[name]]) for name in FROM_TOP},
        "nearest_any": float(found.evidence.table[:, COLUMN["nearest"]].max()),
        **_of_sentences(found.evidence, top),
        "share": float(shares[top]),
        "lead": min(float(scores[top] - scores[order[1]]), 6.0) / 6 if len(order) > 1 else 1.0,
        "unaccounted": float(weight[missing].sum()) / total,
        "unaccounted_most": float((weight * missing).max()) / 10,
        "foreign": float(weight[foreign].sum()) / total,
        "foreign_most": float((weight * foreign).max()) / 10,
        "strange": min(sum(term.strange for term in terms), 3) / 3,
        "names_missing": float((names & missing).any()),
        "names_foreign": float((names & foreign).any()),
        "elsewhere": float((elsewhere * weight).sum()) / total,
        "elsewhere_most": float((elsewhere * found.weights.rarity).max()),
        **_of_unknowns(found.evidence.table, scores, top),
        "kind_unmet": float(found.query.kind in KINDS and row[KIND_COLUMNS].max() == 0),
        "few_terms": 1 / (1 + len(terms)),
        "kind": float(row[KIND_COLUMNS].max()),
    }
    return np.array([values[name] for name in SIGNS], np.float32)


def _of_sentences(evidence: Evidence, top: int) -> Mapping[str, float]:
    """Return what the sentence model says of the first beside the others; zeros without it."""
    near = evidence.table[:, SENTENCE_COLUMNS].max(axis=1)
    return {
        "sentence_any": float(near.max()),
        "sentence_lead": float(near[top] - best_other(near)[top]),
        "central": evidence.central,
    }


def _of_unknowns(table: Floats, scores: Floats, top: int) -> Mapping[str, float]:
    """Return how the best known unknowns compare with the first document, zeros without any."""
    unknown = table[:, COLUMN["unknown"]] > 0
    if unknown[top] or not unknown.any():
        return dict.fromkeys(_UNKNOWN_SIGNS, 0.0)
    best = table[unknown].max(axis=0)
    first = table[top]

    def ahead(name: str) -> float:
        return float(best[COLUMN[name]] - first[COLUMN[name]])

    return {
        "unknown_near": float(np.exp(-(scores[top] - scores[unknown].max()) / 2)),
        "unknown_classifier": float(best[COLUMN["classifier"]]),
        "unknown_nearest": ahead("nearest"),
        "unknown_fit": ahead("asked_fit"),
        "unknown_sentence": ahead("sentence_asked"),
    }


SENTENCE_COLUMNS: Final = [COLUMN[name] for name in ("sentence_asked", "sentence_whole")]
KIND_COLUMNS: Final = [column for name, column in COLUMN.items() if name.startswith("kind_")]
