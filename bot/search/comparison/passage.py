"""A text as words with their places, and what is written between them."""

import re
from collections.abc import Sequence
from typing import Final

from bot.search.language import english
from bot.search.language.analyzer import Word

COURTESY_TITLES: Final = english.words("courtesy_titles")

_JOINT: Final = re.compile(r"[\s\-–]*")
_SENTENCE_END: Final = re.compile(r"[.!?…:;][\"'”’)\]]*\s|\n")


class Passage:
    """A text to be read word by word; places count its words."""

    def __init__(self, text: str, words: Sequence[Word]) -> None:
        self.text = text
        self.words = words

    def __len__(self) -> int:
        """Return how many words there are."""
        return len(self.words)

    def word(self, place: int) -> str:
        """Return the word as the search knows it; empty outside the text."""
        return self.words[place].token.word if 0 <= place < len(self.words) else ""

    def written(self, place: int) -> str:
        """Return the word as it is written, in lower case; empty outside the text."""
        if not 0 <= place < len(self.words):
            return ""
        word = self.words[place]
        return self.text[word.start : word.stop].lower()

    def gap(self, place: int) -> str:
        """Return what is written between a word and the one before it; empty outside the text."""
        if not 0 <= place < len(self.words):
            return ""
        before = self.words[place - 1].stop if place else 0
        return self.text[before : self.words[place].start]

    def joins(self, place: int) -> bool:
        """Return whether nothing but a space or a hyphen parts a word from the one before it."""
        return 0 < place < len(self.words) and _JOINT.fullmatch(self.gap(place)) is not None

    def opens(self, place: int) -> bool:
        """Return whether a word begins a sentence, where a capital means nothing."""
        if place == 0:
            return True
        before = self.words[place - 1]
        is_initial = len(before.token.word) == 1 and before.token.capital
        if is_initial or before.token.word in COURTESY_TITLES:
            return "\n" in self.gap(place)
        return _SENTENCE_END.search(self.gap(place)) is not None

    def before(self, place: int) -> str:
        """Return the character before a word."""
        start = self.words[place].start
        return self.text[start - 1] if start else ""

    def after(self, place: int) -> str:
        """Return what follows a word."""
        return self.text[self.words[place].stop :]
