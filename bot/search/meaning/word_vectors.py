"""Static word vectors: how near two English words are in meaning, without a model at run time.

The table `data/vectors.npz` is made by `bot.search.learning.build_vectors` and credited in
`data/NOTICE.md`. Its rows, four bits a coordinate, stay packed in memory; a word's row is
unpacked when it is asked for.
"""

import functools
import importlib.resources
import itertools
import zlib
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

LARGEST_CODE: Final = 7
"""Signed four bits, used symmetrically: a coordinate's code is -7 to 7, and -8 never occurs."""

CONTINUATION: Final = "##"
"""WordPiece's mark of an entry that continues a word: `phoning` = `phon` + `##ing`."""

LEAST_WEIGHT: Final = 0.5
"""No word weighs less; the weight of code 0 in the table."""

RARE: Final = 255
"""The weight code of a rare word, the largest."""

REMEMBERED: Final = 8_192
"""Single vectors kept unpacked: about five megabytes when full."""


def _signed(nibble: int) -> int:
    return nibble - 16 if nibble > LARGEST_CODE else nibble


_CODES: Final = np.array(
    [(_signed(byte & 15), _signed(byte >> 4)) for byte in range(256)], dtype=np.int8
)
"""The codes of each byte, (256, 2): even coordinate in the low half, odd one in the high."""


def pack(rows: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.float16]]:
    """Quantise rows to signed four bits.

    Takes (n, d) with d even and gives the codes two a byte, (n, d / 2), and one scale a row, (n,):
    a coordinate is about code × scale, off by little more than half a scale. A row too small for
    a float16 scale becomes zeros. Raises ValueError for another shape, and for a row that is not
    finite or too large for a float16 scale.
    """
    if rows.ndim != 2 or rows.shape[1] % 2:
        raise ValueError(f"rows must be (n, d) with d even, not {rows.shape}")
    largest = np.abs(rows).max(axis=1, initial=0.0)
    if not np.all(largest <= LARGEST_CODE * float(np.finfo(np.float16).max)):
        raise ValueError("rows must be finite and within the reach of a float16 scale")
    scales = (largest / LARGEST_CODE).astype(np.float16)
    # Divided by the scale as it will be stored, so that its rounding is not an error on top.
    divisors = np.where(scales > 0, scales, np.inf).astype(np.float32)
    codes = np.clip(np.rint(rows / divisors[:, None]), -LARGEST_CODE, LARGEST_CODE).astype(np.int8)
    nibbles = codes.view(np.uint8) & 15
    return nibbles[:, 0::2] | nibbles[:, 1::2] << 4, scales


def unpack(packed: NDArray[np.uint8], scales: NDArray[np.float16]) -> NDArray[np.float32]:
    """The rows that `pack` quantised, (n, d), from codes (n, d / 2) and scales (n,).

    Raises ValueError where the two do not have the same number of rows.
    """
    if packed.ndim != 2 or scales.shape != packed.shape[:1]:
        raise ValueError(f"codes {packed.shape} and scales {scales.shape} do not belong together")
    codes = _CODES[packed].reshape(packed.shape[0], 2 * packed.shape[1])
    return codes * scales.astype(np.float32)[:, None]


class WordVectors:
    """A table of word vectors and word weights.

    Words are given as the analyzer leaves them: lower case, accents stripped. The cosine of two
    vectors is their dot product. Numbers are split into pieces like any word, so that 2023 and 2024
    come out near each other: whoever compares numbers compares them as text.
    """

    def __init__(
        self,
        *,
        entries: Sequence[str],
        whole: int,
        packed: NDArray[np.uint8],
        scales: NDArray[np.float16],
        weights: NDArray[np.uint8],
        weight_step: float,
    ) -> None:
        """Take the table's columns, one value an entry.

        The first `whole` entries are English words and common names, the others pieces of words;
        `weights` counts steps of `weight_step` above LEAST_WEIGHT, up to RARE.
        """
        self._rows: Mapping[str, int] = dict(zip(entries, itertools.count()))
        self._whole = whole
        self._packed = packed
        self._scales = scales
        self._weights = weights
        self._weight_step = weight_step
        self._longest = max(map(len, entries), default=0)
        self._remembered = functools.lru_cache(maxsize=REMEMBERED)(self._vector)

    @property
    def dimensions(self) -> int:
        """How many coordinates a vector has."""
        return 2 * int(self._packed.shape[1])

    def known(self, word: str) -> bool:
        """Whether the word is a whole English word or common name, so hardly a slip of the keys."""
        return self._rows.get(word, self._whole) < self._whole

    def weight(self, word: str) -> float:
        """How much a word tells: max(.5, -ln p - 2), where p is its share of running text.

        From 1.3 for `the` to 11.3 for a rare word; a word without an entry counts as rare.
        """
        row = self._rows.get(word)
        steps = RARE if row is None else int(self._weights[row])
        return LEAST_WEIGHT + self._weight_step * steps

    def vector(self, word: str) -> NDArray[np.float32]:
        """The word's vector, (dimensions,), read-only: unit length, or zeros when nothing is known.

        A word without an entry gets the mean of its longest pieces, taken greedily from the left.
        """
        return self._remembered(word)

    def matrix(self, words: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of many words, (len(words), dimensions), unpacked together and not kept."""
        pieces = [self._pieces(word) for word in words]
        rows = list(itertools.chain.from_iterable(pieces))
        owners = np.repeat(
            np.arange(len(words)), np.array([len(each) for each in pieces], dtype=np.intp)
        )
        sums: NDArray[np.float32] = np.zeros((len(words), self.dimensions), dtype=np.float32)
        np.add.at(sums, owners, unpack(self._packed[rows], self._scales[rows]))
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        np.divide(sums, lengths, out=sums, where=lengths > 0)
        return sums

    def _vector(self, word: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self.matrix([word])[0]
        vector.setflags(write=False)  # It is shared by everyone who asks for the word.
        return vector

    def _pieces(self, word: str) -> list[int]:
        """The rows that make up a word, often one; a character without an entry is passed over."""
        pieces: list[int] = []
        start = 0
        while start < len(word):
            mark = CONTINUATION if start else ""
            for end in range(min(len(word), start + self._longest), start, -1):
                if (row := self._rows.get(mark + word[start:end])) is not None:
                    pieces.append(row)
                    start = end
                    break
            else:
                start += 1
        return pieces


@functools.cache
def load() -> WordVectors:
    """The table that is delivered with the package, read once: some 25 ms, 12 MB of memory."""
    with (
        importlib.resources.files("bot.search").joinpath("data", "vectors.npz").open("rb") as file,
        np.load(file, allow_pickle=False) as table,
    ):
        return WordVectors(
            entries=zlib.decompress(table["entries"].tobytes()).decode().split("\n"),
            whole=int(table["whole"]),
            packed=table["packed"],
            scales=table["scales"],
            weights=table["weights"],
            weight_step=float(table["weight_step"]),
        )
