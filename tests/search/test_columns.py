"""The table of evidence."""

import numpy as np
import pytest

from bot.search.evidence.columns import COLUMN, NAMES, Writer, best_other


def test_every_column_has_a_name_of_its_own() -> None:
    assert len(set(NAMES)) == len(NAMES) == len(COLUMN)


def test_the_best_of_a_column_belongs_to_a_column() -> None:
    assert all(name.removeprefix("best_") in COLUMN for name in NAMES if name.startswith("best_"))


def test_a_column_is_written_by_its_name() -> None:
    table = np.zeros((2, len(NAMES)), np.float32)
    Writer(table)("nearest", np.array([0.25, 0.5]))
    assert table[:, COLUMN["nearest"]].tolist() == [0.25, 0.5]
    assert table.sum() == 0.75


def test_an_unknown_column_is_refused() -> None:
    with pytest.raises(KeyError):
        Writer(np.zeros((1, len(NAMES)), np.float32))("no_such", 1.0)


@pytest.mark.parametrize(
    ("scores", "others"),
    [([3, 1, 2], [2, 3, 3]), ([5], [0]), ([], []), ([2, 2], [2, 2])],
)
def test_each_score_is_held_against_the_best_of_the_others(
    scores: list[float], others: list[float]
) -> None:
    assert best_other(np.array(scores, np.float32)).tolist() == others
