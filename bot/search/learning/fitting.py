"""The two fits behind `data/weights.toml`: the order of candidates, and the odds of the first.

The ranker's worths are those of a conditional logit (softmax over the candidates of a question, the
right ones together), held at zero or above wherever more evidence should never count against a
document, at zero or below where it should never count for one. The probability is a ridge logistic
regression over the signs of the first document.

Both are fitted for all anchors at once: a story lies between the anchors, and its weights are their
mixture, so that what one story teaches is shared with all that lie near it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.search.evidence.columns import COLUMN, NAMES, PARTICULARS, Floats
from bot.search.evidence.retrieval import Found
from bot.search.learning.examples import Example
from bot.search.ranking.ranker import ANCHORS, LACKING, SIGNS, Profile, mixed, rank

Doubles = NDArray[np.float64]

AGAINST: Final = frozenset(("text_length", *(name for name in PARTICULARS if name != "same_kind")))
"""Evidence that may count only against a document: a long text holds more words by chance, and a
particular that it lacks never speaks for it."""

FREE: Final = frozenset(("unknown", "told_itself"))
"""Evidence that may count either way."""

SIGNS_AGAINST: Final = frozenset(
    (
        *(f"top_{name}" for name in PARTICULARS if name != "same_kind"),
        "top_text_rarest_missing",
        *LACKING,
    )
)
"""Signs that may only lower the probability: what is asked and not found never raises it."""

SIGNS_FREE: Final = frozenset(
    ("top_told_itself", "few_terms", "nearest_any", "sentence_any", "central")
)
"""Signs that may do either; all others only raise it."""

PENALTY: Final = 3.0
"""Of the squared weights, for evidence and signs of unit spread; of little effect from 1 to 10."""


NEAR_PENALTY: Final = 20.0
"""The same of what the weights differ by from those that they should stay near."""

TOLD_WORTH: Final = {"told_itself": -3.0, "told_topic": 1.0, "told_nearby": 0.5}
"""What the evidence of the last exchange is worth at first; set on dialogues by hand."""

ANY_UNKNOWN: Final = 0.1
"""What the order counts for where any known unknown will do."""


@dataclass(frozen=True, slots=True)
class Case:
    """One question with its evidence."""

    example: Example
    found: Found
    right: NDArray[np.bool_]  # by candidate
    unknown: NDArray[np.bool_]  # by candidate: a known unknown
    mix: Floats  # the shares of the anchors in its story
    story: str
    weight: float  # in both fits
    not_told: int | None = None  # a place: of interest only where this document comes first
    order_only: bool = False  # of no interest to the probability
    any_unknown: bool = False  # any known unknown should come first, nobody says which
    leaning: bool = False  # asked after another question

    @property
    def wanted(self) -> NDArray[np.bool_]:
        """The candidates that should come first."""
        return self.unknown if self.any_unknown else self.right


def fitted(cases: Sequence[Case], near: Sequence[Profile] | None = None) -> tuple[Profile, ...]:
    """Return the profiles of the anchors, learned from some questions.

    Weights that the questions tell little about stay near those of `near`; without, near zero.
    """
    worths = worths_of(cases, near)
    draft = [
        Profile(worth=row.astype(np.float32), bias=0.0, signs=np.zeros(len(SIGNS), np.float32))
        for row in worths
    ]
    biases, signs = signs_of(cases, draft, near)
    return tuple(
        Profile(worth=each.worth, bias=float(bias), signs=row.astype(np.float32))
        for each, bias, row in zip(draft, biases, signs, strict=True)
    )


def worths_of(cases: Iterable[Case], near: Sequence[Profile] | None = None) -> Doubles:
    """Return the worth of each column of evidence, (anchors, columns)."""
    from scipy.optimize import minimize

    used = [case for case in cases if case.not_told is None and case.wanted.any()]
    table = np.concatenate([case.found.evidence.table for case in used])
    right = np.concatenate([case.wanted for case in used]).astype(np.float32)
    sizes = np.array([len(case.right) for case in used])
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    owner = np.repeat(np.arange(len(used)), sizes)
    weight = np.array(
        [case.weight * (ANY_UNKNOWN if case.any_unknown else 1.0) for case in used], np.float32
    )
    mixes = np.array([case.mix for case in used], np.float32)[owner]
    spread = table.std(axis=0) + np.float32(0.01)
    table /= spread
    start = np.zeros((len(ANCHORS), len(NAMES)))
    if near is not None:
        start = np.array([each.worth for each in near], np.float64)
        for name, worth in TOLD_WORTH.items():
            start[:, COLUMN[name]] = worth
        start *= spread
    known = start.ravel()
    penalty = PENALTY if near is None else NEAR_PENALTY

    def loss(values: Doubles) -> tuple[float, Doubles]:
        worths = values.reshape(len(ANCHORS), -1).astype(np.float32)
        scores = (table @ worths.T * mixes).sum(axis=1)
        scores -= np.maximum.reduceat(scores, starts)[owner]
        powers = np.exp(scores)
        total = np.add.reduceat(powers, starts)
        good = np.maximum(np.add.reduceat(powers * right, starts), 1e-12)
        pull = (powers / total[owner] - powers * right / good[owner]) * weight[owner]
        slope = ((mixes * pull[:, None]).T @ table).astype(np.float64).ravel()
        value = float((weight * (np.log(total) - np.log(good))).sum())
        moved = values - known
        value += penalty * float(moved @ moved)
        return value / len(used), (slope + 2 * penalty * moved) / len(used)

    bounds = [
        (None if name in FREE | AGAINST else 0.0, 0.0 if name in AGAINST else None)
        for name in NAMES
    ]
    best = minimize(
        loss,
        known,
        jac=True,
        method="L-BFGS-B",
        bounds=bounds * len(ANCHORS),
        options={"maxiter": 300},
    )
    worths: Doubles = best.x.reshape(len(ANCHORS), -1) / spread
    return worths


def signs_of(
    cases: Iterable[Case], draft: Sequence[Profile], near: Sequence[Profile] | None = None
) -> tuple[Doubles, Doubles]:
    """Return the biases (anchors,) and weights of the signs (anchors, signs) of the probability."""
    from scipy.optimize import minimize

    rows, hits, weights, mixes = [], [], [], []
    for case in cases:
        if case.order_only:
            continue
        ranked = rank(case.found, mixed(draft, case.mix.tolist()))
        top = int(ranked.order[0])
        if case.not_told not in (None, int(case.found.places[top])):
            continue
        if case.unknown[top] and not case.example.gold and case.not_told is None:
            continue  # the known unknown is as good an answer as there is
        rows.append(ranked.signs)
        hits.append(bool(case.right[top]))
        weights.append(case.weight)
        mixes.append(case.mix)
    table = np.array(rows, np.float64)
    target, weight = np.array(hits, np.float64), np.array(weights, np.float64)
    shares = np.array(mixes, np.float64)
    spread = table.std(axis=0) + 0.01
    table = np.concatenate((np.ones((len(table), 1)), table / spread), axis=1)
    start = np.zeros((len(ANCHORS), table.shape[1]))
    penalty = PENALTY if near is None else NEAR_PENALTY
    if near is not None:
        start[:, 0] = [each.bias for each in near]
        start[:, 1:] = np.array([each.signs for each in near], np.float64) * spread

    def loss(values: Doubles) -> tuple[float, Doubles]:
        weights_of = values.reshape(len(ANCHORS), -1)
        logit = (table @ weights_of.T * shares).sum(axis=1)
        chance = 1 / (1 + np.exp(-logit))
        pull = weight * (chance - target)
        moved = weights_of - start
        moved[:, 0] = 0  # the bias costs nothing
        slope = (shares * pull[:, None]).T @ table + 2 * penalty * moved
        value = (weight * (np.logaddexp(0, logit) - target * logit)).sum()
        return (value + penalty * (moved**2).sum()) / len(table), slope.ravel() / len(table)

    either = SIGNS_FREE | SIGNS_AGAINST
    bounds: list[tuple[float | None, float | None]] = [(None, None)]
    bounds += [
        (None if name in either else 0.0, 0.0 if name in SIGNS_AGAINST else None) for name in SIGNS
    ]
    best = minimize(
        loss,
        start.ravel(),
        jac=True,
        method="L-BFGS-B",
        bounds=bounds * len(ANCHORS),
        options={"maxiter": 500},
    )
    values = best.x.reshape(len(ANCHORS), -1)
    return values[:, 0], values[:, 1:] / spread
