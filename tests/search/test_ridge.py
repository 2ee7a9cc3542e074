"""The regression is solved by blocks, and mended where a few texts changed."""

import numpy as np
import pytest

from bot.search import ridge
from bot.search.ridge import BLOCK, Factor, Floats


def table(size: int, seed: int = 1) -> Floats:
    rows = np.random.default_rng(seed).normal(size=(size, 40))
    unit: Floats = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


def penalty(size: int) -> Floats:
    return np.linspace(0.3, 0.6, size, dtype=np.float32)


def whole(rows: Floats, ridges: Floats) -> Floats:
    return ridge.likeness(rows @ rows.T) + np.diag(ridges)


@pytest.mark.parametrize("size", [1, 5, BLOCK, BLOCK + 1, 2 * BLOCK + 7])
def test_the_factor_solves_as_the_general_solver_does(size: int) -> None:
    rows, ridges = table(size), penalty(size)
    targets = np.random.default_rng(2).normal(size=(size, 3)).astype(np.float32)
    expected = np.linalg.solve(whole(rows, ridges).astype(np.float64), targets)
    factor = Factor.of(ridge.columns(rows, ridges))
    assert np.allclose(factor.solved(targets.copy()), expected, atol=2e-4)
    assert np.allclose(factor.solved(targets.copy()), expected, atol=2e-4)


@pytest.mark.parametrize(
    ("gone", "come"), [([], 0), ([3], 0), ([], 2), ([0, 7, BLOCK, BLOCK + 1], 5), ([1, 2, 3], 1)]
)
def test_a_mended_solution_is_that_of_the_texts_that_stand(gone: list[int], come: int) -> None:
    size = BLOCK + 9
    rows, ridges = table(size + come), penalty(size + come)
    targets = np.random.default_rng(3).normal(size=(size + come, 4)).astype(np.float32)
    factor = Factor.of(ridge.columns(rows[:size], ridges[:size]))
    matrix = whole(rows, ridges)
    mended = ridge.mended(
        factor,
        factor.solved(targets[:size].copy()),
        np.array(gone, np.int64),
        (matrix[:size, size:], matrix[size:, size:], targets[size:]),
    )
    stand = np.setdiff1d(np.arange(size + come), gone)
    expected = np.linalg.solve(matrix[np.ix_(stand, stand)].astype(np.float64), targets[stand])
    assert np.allclose(mended[stand], expected, atol=2e-4)
    assert not mended[gone].any()


def test_opposites_are_not_alike() -> None:
    assert ridge.likeness(np.array([-1.0, 0.0, 0.5], np.float32)).tolist() == [0, 0, 0.25]
