"""Typing slips: a word that nobody knows becomes the story's word that it was meant to be.

The measure is optimal string alignment (Damerau–Levenshtein without repeated edits of a part), as
rapidfuzz computes it; this module is the only one that imports rapidfuzz.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.search.language import english
from bot.search.language.analyzer import STOP_WORDS

LEAST_SIMILARITY: Final = 0.74
"""Measured on public questions with typing slips: lower mends more than it breaks no longer."""

FIRST_LETTER: Final = 0.06
"""What an equal first letter counts for among words that are about equally near."""

NAME: Final = 0.05
"""What a name of the lexicon counts for among words that are about equally near."""

SHORTEST: Final = 4
"""Letters of the shortest word that is compared with the whole vocabulary."""

FUNCTION_WORDS: Final = tuple(sorted(word for word in STOP_WORDS if len(word) > 2))

SHORTHAND: Final = english.table("shorthand")
"""Common chat spellings and the words they stand for; general English, nothing of any story."""


class Repairer:
    """Finds the word that was meant. Immutable; built with the vocabulary of one index."""

    def __init__(self, words: Iterable[str], names: Iterable[str] = ()) -> None:
        self._names = frozenset(names)
        self._words = self._names.union(words)
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for word in sorted(self._words):  # so that equals are chosen alike in every process
            if len(word) >= SHORTEST - 1 and word.isalpha():
                self._by_length[len(word)].append(word)

    @property
    def words(self) -> frozenset[str]:
        """Return the words that the story or its lexicon writes."""
        return self._words

    def knows(self, word: str) -> bool:
        """Return whether the story or its lexicon writes this very word."""
        return word in self._words

    def meant(self, word: str) -> tuple[str, float] | None:
        """Return the story's word nearest to `word` and their similarity (0..1), or None."""
        if len(word) < SHORTEST:
            return None
        slack = max(1, round(len(word) * (1 - LEAST_SIMILARITY)))
        found = []
        for length in range(len(word) - slack, len(word) + slack + 1):
            found += process.extract(
                word,
                self._by_length.get(length, ()),
                scorer=OSA.normalized_similarity,
                score_cutoff=LEAST_SIMILARITY,
                limit=3,
            )
        if not found:
            return None
        nearest, similarity, _ = max(found, key=lambda entry: self._likely(word, *entry[:2]))
        return nearest, similarity

    def _likely(self, word: str, meant: str, similarity: float) -> float:
        """Return the similarity with what else speaks for a word.

        The first letter is seldom the one that slips, and names are misspelled more than words.
        """
        return similarity + FIRST_LETTER * (meant[0] == word[0]) + NAME * (meant in self._names)


def function_word(word: str) -> str | None:
    """Return the function word that a slip of the fingers turned into `word`, or None."""
    if len(word) < 3 or not word.isalpha():
        return None
    found = process.extract(word, FUNCTION_WORDS, scorer=OSA.distance, score_cutoff=1, limit=None)
    # Swapped letters are likelier than a dropped one, and that than a wrong one.
    letters = sorted(word)
    return max(
        (entry[0] for entry in found),
        key=lambda meant: (sorted(meant) == letters, len(meant) > len(word), meant[0] == word[0]),
        default=None,
    )
