"""The measures, on cases small enough to compute by hand."""

import pytest

from bot.search.ranking import measures


def test_ranks_are_counted_up_to_the_place_asked_for() -> None:
    ranks = [1, 2, None, 4]
    assert measures.top(ranks, 1) == 0.25
    assert measures.top(ranks, 3) == 0.5
    assert measures.reciprocal_rank(ranks) == pytest.approx((1 + 1 / 2 + 1 / 4) / 4)
    assert measures.reciprocal_rank([10, 11]) == pytest.approx(0.05)


def test_auroc_counts_pairs_and_halves_ties() -> None:
    # Of the pairs (0.9, 0.5), (0.9, 0.1), (0.5, 0.5), (0.5, 0.1): three above, one level.
    assert measures.auroc([0.9, 0.5], [0.5, 0.1]) == pytest.approx(3.5 / 4)
    assert measures.auroc([0.3, 0.3], [0.3]) == 0.5
    assert measures.auroc([0.1], [0.2, 0.3]) == 0.0


def test_threshold_lets_no_more_than_its_share_through() -> None:
    negative = [value / 100 for value in range(100)]
    assert measures.threshold(negative, 0.05) == 0.94  # 0.95 … 0.99 are above it
    assert measures.threshold(negative, 0.0) == 0.99
    # Three are level at the top: a threshold below them would let three of ten through.
    assert measures.threshold([0.8, 0.8, 0.8, *[0.1] * 7], 0.1) == 0.8
    assert measures.threshold([0.8], 1.0) == float("-inf")


def test_right_at_wants_both_right_and_sure() -> None:
    right = [True, True, False, True]
    sure = [0.9, 0.3, 0.9, 0.5]
    assert measures.right_at(right, sure, [0.5, 0.2], 0.01) == 0.25
    assert measures.right_at(right, sure, [0.5, 0.2], 0.5) == 0.75
    assert measures.right_at(right, sure, [0.2] * 20, 0.05) == 0.75


def test_calibration_compares_the_stated_with_the_true_share_in_each_bin() -> None:
    # Bin 0.9…1: stated 0.95 on average, half right; bin 0.1…0.2: stated 0.1, none right.
    error = measures.calibration_error([0.9, 1.0, 0.1, 0.1], [True, False, False, False])
    assert error == pytest.approx((0.9 + 0.2) / 4)
    assert measures.calibration_error([1.0, 0.0], [True, False]) == 0.0


def test_brier_is_the_mean_squared_distance() -> None:
    assert measures.brier([0.5, 1.0], [True, False]) == pytest.approx((0.25 + 1) / 2)


def test_percentile_lies_between_neighbours() -> None:
    assert measures.percentile([1.0, 3.0], 50) == 2.0


def test_nothing_asked_gives_no_figure() -> None:
    assert measures.top([], 1) is None
    assert measures.reciprocal_rank([]) is None
    assert measures.auroc([0.5], []) is None
    assert measures.auroc([], [0.5]) is None
    assert measures.right_at([True], [0.5], [], 0.05) is None
    assert measures.right_at([], [], [0.5], 0.05) is None
    assert measures.calibration_error([], []) is None
    assert measures.brier([], []) is None
    assert measures.percentile([], 50) is None
