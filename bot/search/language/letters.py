"""Words as bags of letters: hashed n-grams bring the forms of one word near each other."""

import functools
import zlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

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
