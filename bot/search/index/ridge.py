"""Kernel ridge regression over texts: solved for all of them, then amended for a few.

The matrix of the likenesses of all texts is factored (Cholesky), used and let go: it is larger than
all else together. Where a few texts come or go, the equations of those and of the texts most like
them are solved again with all others held, one step of block coordinate descent: what it leaves to
do elsewhere is small, and waits until everything is solved anew.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

BLOCK: Final = 256
"""Rows that are substituted at a time."""


def likeness(products: Floats) -> Floats:
    """Return the kernel of some products of rows: their squares, opposites counting nothing."""
    return np.square(np.maximum(products, 0, out=products), out=products)


@dataclass(frozen=True, eq=False)
class Factor:
    """The Cholesky factor of a symmetric positive definite matrix, by blocks of columns."""

    _panels: tuple[Floats, ...]  # what stands below each diagonal block
    _inverses: tuple[Floats, ...]  # of the diagonal blocks

    @classmethod
    def of(cls, columns: list[Floats]) -> "Factor":
        """Return the factor of a matrix given as `columns` does, in their place.

        Nearly all of it is matrix products, which makes it several times faster than the general
        solver.
        """
        panels, inverses = [], []
        for number, column in enumerate(columns):
            size = column.shape[1]
            inverse = np.linalg.inv(np.linalg.cholesky(column[:size]))
            panel = column[size:]
            panel[:] = panel @ inverse.T
            start = 0
            for later in columns[number + 1 :]:
                rest = panel[start:]
                later -= rest @ rest[: later.shape[1]].T
                start += later.shape[1]
            panels.append(panel)
            inverses.append(inverse)
        return cls(tuple(panels), tuple(inverses))

    def solved(self, targets: Floats) -> Floats:
        """Return x of matrix · x = targets; overwrites the targets."""
        spans = _blocks(len(targets))
        for span, panel, inverse in zip(spans, self._panels, self._inverses, strict=True):
            targets[span] = inverse @ targets[span]
            targets[span.stop :] -= panel @ targets[span]
        for span, panel, inverse in zip(
            reversed(spans), reversed(self._panels), reversed(self._inverses), strict=True
        ):
            targets[span] = inverse.T @ (targets[span] - panel.T @ targets[span.stop :])
        return targets


def columns(table: Floats, ridge: Floats) -> list[Floats]:
    """Return the likeness of every two rows of a table plus the ridge, as blocks of columns.

    Each begins with its diagonal block: nothing above it is kept. All are parts of one array, so
    that their memory goes back as a whole.
    """
    spans = _blocks(len(table))
    whole = np.empty(sum((len(table) - s.start) * (s.stop - s.start) for s in spans), np.float32)
    blocks = []
    for span in spans:
        shape = (len(table) - span.start, span.stop - span.start)
        block, whole = whole[: shape[0] * shape[1]].reshape(shape), whole[shape[0] * shape[1] :]
        likeness(np.matmul(table[span.start :], table[span].T, out=block))
        within = np.arange(shape[1])
        block[within, within] += ridge[span]
        blocks.append(block)
    return blocks


def step(rows: Floats, ridge: Floats, residual: Floats) -> Floats:
    """Return what the solution of some texts gains when the others' is held.

    `residual` is what their equations still lack, (texts, targets).
    """
    matrix = likeness(rows @ rows.T)
    within = np.arange(len(rows))
    matrix[within, within] += ridge
    gain: Floats = np.linalg.solve(matrix, residual)
    return gain


def _blocks(size: int) -> list[slice]:
    return [slice(start, min(start + BLOCK, size)) for start in range(0, size, BLOCK)]
