"""Kernel ridge regression over texts, solved so that a few changed texts can be learned anew.

The matrix of the likenesses of all texts is kept as its Cholesky factor. A text that goes is one
whose part in the solution is held at zero, a text that comes is one more row: a bordered system,
of the size of the change, instead of one of the size of the story.
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
        """Return the factor of a matrix given as `columns` does; overwrites them.

        Nearly all of it is matrix products, which makes it several times faster than the general
        solver.
        """
        panels, inverses = [], []
        for number, column in enumerate(columns):
            size = column.shape[1]
            inverse = np.linalg.inv(np.linalg.cholesky(column[:size]))
            panel = column[size:] @ inverse.T
            columns[number] = panel[:0]
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

    Each begins with its diagonal block: nothing above it is kept.
    """
    blocks = []
    for span in _blocks(len(table)):
        block = likeness(table[span.start :] @ table[span].T)
        within = np.arange(block.shape[1])
        block[within, within] += ridge[span]
        blocks.append(block)
    return blocks


def mended(
    factor: Factor,
    solution: Floats,
    gone: NDArray[np.int64],
    come: tuple[Floats, Floats, Floats],
) -> Floats:
    """Return the solution for the texts of `factor`, then for those that come.

    `solution` is that of the old texts; the parts of those `gone` come back as zeros. `come` are
    the likenesses of the new texts to the old ones, those among themselves with the ridge, and
    their targets.
    """
    across, among, targets = come
    border = np.zeros((len(solution), len(gone) + len(among)), np.float32)
    border[gone, np.arange(len(gone))] = 1
    border[:, len(gone) :] = across
    inner = factor.solved(border.copy())
    small = border.T @ inner
    small[len(gone) :, len(gone) :] -= among
    wanted = border.T @ solution
    wanted[len(gone) :] -= targets
    share = np.linalg.solve(small.astype(np.float64), wanted).astype(np.float32)
    old = solution - inner @ share
    old[gone] = 0
    return np.concatenate([old, share[len(gone) :]])


def _blocks(size: int) -> list[slice]:
    return [slice(start, min(start + BLOCK, size)) for start in range(0, size, BLOCK)]
