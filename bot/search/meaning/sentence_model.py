"""A sentence model: the meaning of a whole text as one vector, in plain numpy.

The network is BERT (Devlin et al., 2018) with six layers of width 384, its weights those of
all-MiniLM-L6-v2, the last layers tuned on readers' ways of asking by `learning/tune_sentences.py`,
all quantised by `learning/build_sentences.py`; `data/NOTICE.md` tells the licence. A text's vector
is the mean of the last layer over its pieces, brought to unit length.
"""

import functools
import importlib.resources
import zlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.search.meaning.word_vectors import unpack
from bot.search.meaning.wordpiece import WordPieces

Floats = NDArray[np.float32]

NAME: Final = "minilm-l6-tuned-3"
"""Names the model whose vectors are stored: vectors of another are of no use to this one."""

DIMENSIONS: Final = 384
LAYERS: Final = 6
HEADS: Final = 12

GROUP: Final = 32
"""Coordinates of a word piece that share a scale: in 4 bits, cosine .9985 to the original; one
scale for all 384 gives .994."""

LONGEST: Final = 96
"""Pieces of a text that are read: some 70 words, the first sentences of a long answer."""

BATCH: Final = 2_048
"""Pieces that go through the network at once; more is no faster and takes more memory."""

REMEMBERED: Final = 2_048
"""Texts whose vectors are kept, 3 MB: many readers ask in the very same words."""

EPSILON: Final = 1e-12
"""Of the normalisation of layers, as the model was trained with."""

MATRICES: Final = ("query", "key", "value", "attended", "wide", "narrow")
"""The weights of one layer in the order they are used; (inputs, outputs) each."""


class SentenceModel:
    """Turns texts into vectors, whose cosine is their dot product. Threads may share it."""

    def __init__(self, table: Mapping[str, NDArray[Any]]) -> None:
        """Take the arrays of the file that `learning/build_sentences.py` writes."""
        entries = zlib.decompress(table["entries"].tobytes()).decode().split("\n")
        self._pieces = WordPieces(entries)
        # By piece: (pieces, groups, GROUP / 2) codes and (pieces, groups) scales.
        self._packed, self._scales = table["words"], table["words_scale"]
        self._places = table["places"].astype(np.float32)
        self._first_norm = table["first_norm"].astype(np.float32)
        self._remembered: Mapping[str, Floats] = {}
        self._layers = [_Layer(table, number) for number in range(LAYERS)]

    def vectors(self, texts: Sequence[str]) -> Floats:
        """Return the vectors of some texts, (texts, DIMENSIONS), unit length.

        CPU work: some 8 ms for a question, some 4 ms for each of many texts; none for a text that
        was asked lately.
        """
        known = self._remembered
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known = {**dict(zip(new, self._computed(new), strict=True)), **known}
            self._remembered = dict(list(known.items())[:REMEMBERED])
        rows = [known[text] for text in texts]
        return np.array(rows, np.float32).reshape(len(texts), DIMENSIONS)

    def _computed(self, texts: Sequence[str]) -> Floats:
        pieces = [self._pieces.numbers(text, most=LONGEST) for text in texts]
        by_length: defaultdict[int, list[int]] = defaultdict(list)
        for place, numbers in enumerate(pieces):
            by_length[len(numbers)].append(place)
        vectors = np.zeros((len(texts), DIMENSIONS), np.float32)
        for length, places in by_length.items():
            step = max(1, BATCH // length)
            for start in range(0, len(places), step):
                batch = places[start : start + step]
                vectors[batch] = self._means(np.array([pieces[each] for each in batch]))
        return vectors

    def _means(self, numbers: NDArray[np.int64]) -> Floats:
        """Return the vectors of texts of one length, (texts, pieces) numbers."""
        texts, length = numbers.shape
        flat = numbers.ravel()
        packed = self._packed[flat].reshape(-1, GROUP // 2)
        hidden = unpack(packed, self._scales[flat].ravel()).reshape(-1, DIMENSIONS)
        hidden += np.tile(self._places[:length], (texts, 1))
        hidden = _normalised(hidden, self._first_norm)
        for layer in self._layers:
            hidden = layer(hidden, texts, length)
        means = hidden.reshape(texts, length, DIMENSIONS).mean(axis=1)
        unit: Floats = means / np.linalg.norm(means, axis=1, keepdims=True)
        return unit


class _Layer:
    """One layer of the network: attention, then two dense maps, each with what came in added."""

    def __init__(self, table: Mapping[str, NDArray[Any]], number: int) -> None:
        weights = {
            name: table[f"{name}_{number}"].astype(np.float32) * table[f"{name}_scale_{number}"]
            for name in MATRICES
        }
        bias = {name: table[f"{name}_bias_{number}"].astype(np.float32) for name in MATRICES}
        together = MATRICES[:3]
        # One product instead of three.
        self._inward = np.concatenate([weights[name] for name in together], axis=1)
        self._inward_bias = np.concatenate([bias[name] for name in together])
        self._attended, self._attended_bias = weights["attended"], bias["attended"]
        self._wide, self._wide_bias = weights["wide"], bias["wide"]
        self._narrow, self._narrow_bias = weights["narrow"], bias["narrow"]
        self._norms = table[f"norms_{number}"].astype(np.float32)

    def __call__(self, hidden: Floats, texts: int, length: int) -> Floats:
        """Return what comes out for (texts · pieces, DIMENSIONS)."""
        inward = hidden @ self._inward + self._inward_bias
        parts = inward.reshape(texts, length, 3, HEADS, -1).transpose(2, 0, 3, 1, 4)
        query, key, value = parts[0], parts[1], parts[2]
        attention = query @ key.transpose(0, 1, 3, 2)
        attention *= np.float32(query.shape[-1] ** -0.5)
        attention -= attention.max(axis=-1, keepdims=True)
        np.exp(attention, out=attention)
        attention /= attention.sum(axis=-1, keepdims=True)
        mixed = (attention @ value).transpose(0, 2, 1, 3).reshape(texts * length, DIMENSIONS)
        hidden = hidden + mixed @ self._attended + self._attended_bias
        hidden = _normalised(hidden, self._norms[:2])
        wide = _gelu(hidden @ self._wide + self._wide_bias)
        return _normalised(hidden + wide @ self._narrow + self._narrow_bias, self._norms[2:])


def _normalised(rows: Floats, norm: Floats) -> Floats:
    """Return the rows with mean zero and spread one, scaled and moved by `norm` (2, width)."""
    rows = rows - rows.mean(axis=1, keepdims=True)
    spread = np.sqrt(np.einsum("ij,ij->i", rows, rows) / rows.shape[1] + np.float32(EPSILON))
    rows *= (1 / spread)[:, None].astype(np.float32)
    rows *= norm[0]
    rows += norm[1]
    return rows


def _gelu(values: Floats) -> Floats:
    """Return the Gaussian error linear unit by its tanh form: Hendrycks and Gimpel, 2016, (2)."""
    inner = values * values
    inner *= np.float32(0.044715)
    inner += 1
    inner *= values
    inner *= np.float32((2 / np.pi) ** 0.5)
    np.tanh(inner, out=inner)
    inner += 1
    inner *= values
    inner *= np.float32(0.5)
    return inner


@functools.cache
def load() -> SentenceModel:
    """Return the model that is delivered with the package, read once: 0.1 s, some 60 MB."""
    with (
        importlib.resources.files("bot.search").joinpath("data", "sentences.npz").open("rb") as file
    ):
        return read(file)


def read(file: IO[bytes]) -> SentenceModel:
    """Return the model in a file that `learning/build_sentences.py` wrote."""
    with np.load(file, allow_pickle=False) as table:
        return SentenceModel(dict(table))
