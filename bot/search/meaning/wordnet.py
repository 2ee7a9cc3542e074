"""WordNet's words, their senses, and what these lead to: as arrays, read from `data/senses.npz`.

A synset is a sense that words share, known by its number.
"""

import bisect
import enum
import functools
import importlib.resources
from collections.abc import Container
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray


class Link(enum.IntEnum):
    """How one synset leads to another."""

    KIND = 0  # it is a kind or an instance of the other
    NEAR = 1  # they are similar, or it causes or entails the other
    FORM = 2  # the other is the same as another part of speech
    OPPOSITE = 3


NOUN, VERB, ADJECTIVE, ADVERB = PARTS = range(4)
"""The parts of speech."""

ENDINGS: Final = (
    (NOUN, "s", ""), (NOUN, "ses", "s"), (NOUN, "xes", "x"), (NOUN, "zes", "z"),
    (NOUN, "ches", "ch"), (NOUN, "shes", "sh"), (NOUN, "men", "man"), (NOUN, "ies", "y"),
    (VERB, "s", ""), (VERB, "ies", "y"), (VERB, "es", "e"), (VERB, "es", ""), (VERB, "ed", "e"),
    (VERB, "ed", ""), (VERB, "ing", "e"), (VERB, "ing", ""),
    (ADJECTIVE, "er", ""), (ADJECTIVE, "est", ""), (ADJECTIVE, "er", "e"), (ADJECTIVE, "est", "e"),
)  # fmt: skip
"""A part of speech, a regular ending of its forms, and what the word has in its place."""

SHORTEST: Final = 3
"""Letters of a word that a regular form may be of: "bus" is no plural."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """The table's columns. Words and forms are sorted; synsets are numbered by part of speech."""

    words: NDArray[np.bytes_]
    counts: NDArray[np.uint8]  # of each word's senses: by part of speech, the commonest first
    synsets: NDArray[np.int32]  # of each sense
    tagged: NDArray[np.uint16]  # how often WordNet's tagged texts have the word in this sense
    parts: NDArray[np.int32]  # how many synsets each part of speech has
    breadths: NDArray[np.uint16]  # how many synsets each takes in, itself counted
    link_counts: NDArray[np.uint16]  # of each synset's links
    links: NDArray[np.int32]  # the synset that each leads to
    link_kinds: NDArray[np.uint8]
    forms: NDArray[np.bytes_]  # the irregular ones
    form_counts: NDArray[np.uint8]  # of the words that each is a form of
    form_words: NDArray[np.int32]
    form_parts: NDArray[np.uint8]


class WordNet:
    """The table, opened: words are known by number, lower case, without accents."""

    def __init__(self, table: Table) -> None:
        """Take the table's columns."""
        self._words, self._forms = table.words, table.forms
        # Single values are read far faster from an array's memory than from the array.
        self._starts, self._synsets = _starts(table.counts), table.synsets.data
        self._tagged, self._breadths = table.tagged.data, table.breadths.data
        self._link_starts, self._links = _starts(table.link_counts), table.links.data
        self._link_kinds = table.link_kinds.data
        self._form_starts, self._form_words = _starts(table.form_counts), table.form_words.data
        self._form_parts = table.form_parts.data
        self._part_ends: list[int] = np.cumsum(table.parts).tolist()

    @property
    def size(self) -> int:
        """A number larger than that of any word or synset."""
        return max(len(self._words), len(self._breadths))

    def lemmas(self, word: str) -> set[tuple[int, int]]:
        """The words that a word may be a form of, itself counted, each as a part of speech."""
        found = self._as(word, PARTS)
        form = _place(self._forms, word)
        if form is not None:
            for row in range(self._form_starts[form], self._form_starts[form + 1]):
                found |= self._as_number(self._form_words[row], (self._form_parts[row],))
        for part, ending, instead in ENDINGS:
            if word.endswith(ending) and not word.endswith("ss"):
                lemma = word.removesuffix(ending) + instead
                if len(lemma) >= SHORTEST:
                    found |= self._as(lemma, (part,))
        return found

    def uses(self, word: int, part: int) -> list[tuple[int, float]]:
        """The synsets of a word as a part of speech, and how often it is used for each.

        What no text has is in order of commonness all the same: the first of them counts as one.
        """
        rows = range(self._starts[word], self._starts[word + 1])
        ours = [row for row in rows if self.part(self._synsets[row]) == part]
        return [
            (self._synsets[row], self._tagged[row] + 1 / rank)
            for rank, row in enumerate(ours, start=1)
        ]

    def part(self, synset: int) -> int:
        """The part of speech of a synset."""
        return bisect.bisect(self._part_ends, synset)

    def breadth(self, synset: int) -> int:
        """How many synsets are of its kind, itself counted."""
        return self._breadths[synset]

    def linked(self, synset: int, kind: Link) -> list[int]:
        """What the links of a kind lead to."""
        rows = range(self._link_starts[synset], self._link_starts[synset + 1])
        return [self._links[row] for row in rows if self._link_kinds[row] == kind]

    def _as(self, word: str, parts: Container[int]) -> set[tuple[int, int]]:
        number = _place(self._words, word)
        return set() if number is None else self._as_number(number, parts)

    def _as_number(self, word: int, parts: Container[int]) -> set[tuple[int, int]]:
        """The word with each of the parts of speech that it has."""
        rows = range(self._starts[word], self._starts[word + 1])
        has = {self.part(self._synsets[row]) for row in rows}
        return {(word, part) for part in has if part in parts}


def _starts(counts: NDArray[Any]) -> memoryview:
    """Where the rows of each begin, and after them where the last ones end."""
    starts: NDArray[np.int32] = np.zeros(len(counts) + 1, dtype=np.int32)
    np.cumsum(counts, out=starts[1:])
    return starts.data


def _place(words: NDArray[np.bytes_], word: str) -> int | None:
    """Where a word stands in a sorted column."""
    if not word.isascii():
        return None
    sought = word.encode()
    place = bisect.bisect_left(words, sought)
    return place if place < len(words) and words[place] == sought else None


@functools.cache
def load() -> WordNet:
    """The table that is delivered with the package, read once: some 30 ms, 6 MB of memory."""
    with (
        importlib.resources.files("bot.search").joinpath("data", "senses.npz").open("rb") as file,
        np.load(file, allow_pickle=False) as table,
    ):
        return WordNet(Table(**{name: table[name] for name in table.files}))
