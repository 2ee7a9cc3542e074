"""Words as bags of letters: hashed n-grams bring the forms of one word near each other."""

import functools
import zlib
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

DIMENSIONS: Final = 512
"""Buckets of the signed vectors; collisions of the few n-grams of two words stay rare."""

SHORTEST: Final = 2
LONGEST: Final = 5
"""Letters of the n-grams, the word's ends marked."""


@functools.lru_cache(maxsize=65_536)
def codes(word: str) -> NDArray[np.int64]:
    """Return the hash (CRC-32) of each n-gram of a word."""
    marked = f"<{word}>"
    return np.array(
        [
            zlib.crc32(marked[start : start + size].encode())
            for size in range(SHORTEST, LONGEST + 1)
            for start in range(len(marked) - size + 1)
        ],
        np.int64,
    )


def vector(word: str) -> NDArray[np.float32]:
    """Return a word's n-grams as a (DIMENSIONS,) vector of unit length."""
    hashed = codes(word)
    signs = np.where(hashed & 0x80000000, 1.0, -1.0)
    row = np.bincount(hashed % DIMENSIONS, signs, DIMENSIONS).astype(np.float32)
    length = float(np.linalg.norm(row))
    return row / length if length else row


def matrix(words: Sequence[str]) -> NDArray[np.float32]:
    """Return the vectors of many words, (len(words), DIMENSIONS)."""
    if not words:
        return np.zeros((0, DIMENSIONS), np.float32)
    return np.stack([vector(word) for word in words])
