"""The regression is solved by blocks, and step by step where a few texts changed."""

import numpy as np
import pytest

from bot.search.index import ridge
from bot.search.index.ridge import BLOCK, Factor, Floats


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


def test_a_step_solves_the_equations_of_some_texts_with_all_others_held() -> None:
    rows, ridges = table(60), penalty(60)
    matrix = whole(rows, ridges)
    targets = np.random.default_rng(3).normal(size=(60, 4)).astype(np.float32)
    solution = np.zeros((60, 4), np.float32)
    for some in (slice(0, 20), slice(20, 60)):
        lack = targets[some] - matrix[some] @ solution
        solution[some] += ridge.step(rows[some], ridges[some], lack)
        assert np.allclose(matrix[some] @ solution, targets[some], atol=2e-4)


def test_the_columns_are_parts_of_one_array() -> None:
    blocks = ridge.columns(table(BLOCK + 3), penalty(BLOCK + 3))
    assert [block.shape for block in blocks] == [(BLOCK + 3, BLOCK), (3, 3)]
    assert blocks[0].base is blocks[1].base


def test_opposites_are_not_alike() -> None:
    assert ridge.likeness(np.array([-1.0, 0.0, 0.5], np.float32)).tolist() == [0, 0, 0.25]
