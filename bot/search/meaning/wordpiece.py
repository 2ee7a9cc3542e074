"""Text to pieces: the WordPiece tokenisation that the sentence model was trained with.

Basic tokenisation (fold case, strip accents, split at spaces and marks), then the longest pieces of
the vocabulary from the left: Devlin et al., "BERT", 2018, section 3; `tokenization.py` there.
"""

import functools
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

CONTINUATION: Final = "##"
START: Final = "[CLS]"
END: Final = "[SEP]"
UNKNOWN: Final = "[UNK]"

LONGEST_WORD: Final = 100
"""Characters from which a word is not looked up, as in the model's own tokeniser."""

REMEMBERED: Final = 20_000
"""Words whose pieces are kept."""


class WordPieces:
    """Splits texts into the numbers of vocabulary entries."""

    def __init__(self, entries: Sequence[str]) -> None:
        self._numbers: Mapping[str, int] = {entry: place for place, entry in enumerate(entries)}
        self._longest = max(map(len, entries), default=0)
        self._start, self._end = self._numbers[START], self._numbers[END]
        self._unknown = self._numbers[UNKNOWN]
        self._remembered = functools.lru_cache(maxsize=REMEMBERED)(self._pieces)

    def numbers(self, text: str, *, most: int) -> list[int]:
        """Return the pieces of a text between the marks of start and end, at most `most` in all."""
        pieces: list[int] = []
        for word in words(text):
            pieces += self._remembered(word)
            if len(pieces) > most - 2:
                break
        return [self._start, *pieces[: most - 2], self._end]

    def _pieces(self, word: str) -> tuple[int, ...]:
        if len(word) > LONGEST_WORD:
            return (self._unknown,)
        pieces = []
        start = 0
        while start < len(word):
            mark = CONTINUATION if start else ""
            for end in range(min(len(word), start + self._longest), start, -1):
                number = self._numbers.get(mark + word[start:end])
                if number is not None:
                    pieces.append(number)
                    start = end
                    break
            else:
                return (self._unknown,)
        return tuple(pieces)


def words(text: str) -> list[str]:
    """Return the words and marks of a text in lower case, without accents."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    spaced = []
    for character in decomposed:
        category = unicodedata.category(character)
        if category == "Mn":
            continue
        if _is_mark(character, category) or _is_ideograph(character):
            spaced.append(f" {character} ")
        elif category[0] == "C" and not character.isspace():
            continue
        else:
            spaced.append(character)
    return "".join(spaced).split()


def _is_mark(character: str, category: str) -> bool:
    return category[0] == "P" or character in "$+<=>^`|~"


def _is_ideograph(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U0002fa1f"
