"""How good a search is, from what it gave: pure numbers, each 0..1, None where nothing was asked.

A rank is the place of the first right document, from 1; None where it is not among those given.
A confidence is the probability, as the search itself states it, that its first document answers.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

BINS: Final = 10
"""Bins of equal width for the calibration error."""


def top(ranks: Sequence[int | None], most: int) -> float | None:
    """Return the share of questions with a right document among the first `most`."""
    if not ranks:
        return None
    return sum(rank is not None and rank <= most for rank in ranks) / len(ranks)


def reciprocal_rank(ranks: Sequence[int | None], most: int = 10) -> float | None:
    """Return the mean of 1 / rank; ranks behind `most` count as 0 (MRR@10)."""
    if not ranks:
        return None
    return sum(1 / rank for rank in ranks if rank is not None and rank <= most) / len(ranks)


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Return how often a score of `positive` is above one of `negative`; ties count half.

    The area under the ROC curve by the Mann–Whitney statistic, with average ranks for ties.
    """
    if not len(positive) or not len(negative):
        return None
    scores = np.asarray([*positive, *negative], np.float64)
    _, places, counts = np.unique(scores, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks = (last - (counts - 1) / 2)[places.reshape(-1)]
    above = float(ranks[: len(positive)].sum()) - len(positive) * (len(positive) + 1) / 2
    return above / (len(positive) * len(negative))


def threshold(negative: Sequence[float], share: float) -> float | None:
    """Return the confidence above which at most `share` of the scores of `negative` lie."""
    if not len(negative):
        return None
    descending = sorted(negative, reverse=True)
    allowed = int(share * len(descending) + 1e-9)
    return descending[allowed] if allowed < len(descending) else -np.inf


def right_at(
    right: Sequence[bool],
    confidences: Sequence[float],
    negative: Sequence[float],
    share: float,
) -> float | None:
    """Return the share of questions that are right and surer than `threshold` of `negative`."""
    limit = threshold(negative, share)
    if limit is None or not len(right):
        return None
    kept = sum(
        is_right and confidence > limit
        for is_right, confidence in zip(right, confidences, strict=True)
    )
    return kept / len(right)


def calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float | None:
    """Return how far, on average, the stated probability is from the share that is right.

    The expected calibration error over ten bins of equal width (Naeini and others, 2015).
    """
    if not len(confidences):
        return None
    stated, true = _pairs(confidences, right)
    bins = np.minimum((stated * BINS).astype(np.int64), BINS - 1)
    gap = np.abs(
        np.bincount(bins, stated, minlength=BINS) - np.bincount(bins, true, minlength=BINS)
    )
    return float(gap.sum()) / len(stated)


def brier(confidences: Sequence[float], right: Sequence[bool]) -> float | None:
    """Return the mean squared distance of the stated probability from the truth; 0 is best."""
    if not len(confidences):
        return None
    stated, true = _pairs(confidences, right)
    return float(((stated - true) ** 2).mean())


def percentile(values: Sequence[float], percent: float) -> float | None:
    """Return the value below which `percent` of the values lie, in their own unit."""
    return float(np.percentile(np.asarray(values), percent)) if len(values) else None


def _pairs(confidences: Sequence[float], right: Sequence[bool]) -> tuple[Doubles, Doubles]:
    return np.asarray(confidences, np.float64), np.asarray(right, np.float64)
