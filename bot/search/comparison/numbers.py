"""Numbers in a text, in figures or words: "2.5", "two and a half", "1.5 million", "1,500,000"."""

from decimal import Decimal, InvalidOperation, localcontext
from typing import Final

from bot.search.comparison.passage import Passage
from bot.search.language import english

DIGITS: Final = 4_000
"""Of the longest number that is computed with exactly: no message holds a longer one."""

LOOSE: Final = english.table("loose_numbers")
"""Words that hold a number and count nothing, such as "first"."""

_HALF: Final = Decimal("0.5")
_HUNDRED: Final = Decimal(100)
_IN_WORDS: Final = {
    word: Decimal(number) for word, number in {**english.table("quantities"), **LOOSE}.items()
}
_SMALL_MULTIPLIERS: Final = {"dozen": Decimal(12), "hundred": _HUNDRED}
_LARGE_MULTIPLIERS: Final = {
    "thousand": Decimal(1_000),
    **{word: _IN_WORDS[word] for word in ("million", "billion", "trillion")},
}


def value(passage: Passage, place: int) -> Decimal | None:
    """Return the number that one word is; None for a word that is none."""
    word = passage.word(place)
    if not word[:1].isdigit():
        return _IN_WORDS.get(word)
    try:
        return Decimal(word)
    except InvalidOperation:  # a power such as ², or a word that only begins with a digit
        return None


def read(passage: Passage, place: int) -> tuple[Decimal, int] | None:
    """Return the number that begins at a word, and the place after it; None where none begins."""
    first = value(passage, place)
    if first is None:
        return None
    with localcontext(prec=DIGITS):
        return _Number(passage, place, first).read()


class _Number:
    """A number on its way: what is complete, and the part below the next thousand or million."""

    def __init__(self, passage: Passage, place: int, first: Decimal) -> None:
        self._passage = passage
        self._stop = place + 1
        self._complete = Decimal(0)
        self._part = first

    def read(self) -> tuple[Decimal, int]:
        """Return the whole number and the place after it."""
        while self._takes_half() or self._takes_multiplier() or self._takes_lower():
            pass
        return self._complete + self._part, self._stop

    def _takes_half(self) -> bool:
        """Take "and a half" as part of the number."""
        following = [self._passage.word(self._stop + step) for step in range(3)]
        if following != ["and", "a", "half"] or not self._part:
            return False
        self._part += _HALF
        self._stop += 3
        return True

    def _takes_multiplier(self) -> bool:
        """Take "million" in "1.5 million", "half a million" and "two hundred million"."""
        place = self._stop
        if self._part == _HALF and self._passage.word(place) == "a":
            place += 1
        if not self._passage.joins(self._stop) or not self._passage.joins(place):
            return False
        written = self._passage.written(place)
        small, large = _SMALL_MULTIPLIERS.get(written), _LARGE_MULTIPLIERS.get(written)
        if small is not None and 0 < self._part < small:
            self._part *= small
        elif large is not None and 0 < self._part < large:
            self._complete += self._part * large
            self._part = Decimal(0)
        else:
            return False
        self._stop = place + 1
        return True

    def _takes_lower(self) -> bool:
        """Take what is said in words below it: "five" in "twenty-five" or "a hundred and five"."""
        place = self._stop
        round_hundreds = self._part >= _HUNDRED and self._part % _HUNDRED == 0
        if round_hundreds and self._passage.word(place) == "and":
            place += 1
        if not self._passage.joins(self._stop) or not self._passage.joins(place):
            return False
        lower = value(self._passage, place)
        if lower is None or not self._is_spelled(place) or lower % 1:
            return False
        ends_in_tens = 20 <= self._part % _HUNDRED < 100 and self._part % 10 == 0
        if not (
            (ends_in_tens and 1 <= lower <= 9)
            or (round_hundreds and 1 <= lower < _HUNDRED)
            or (self._complete and not self._part and 1 <= lower < 1_000)
        ):
            return False
        self._part += lower
        self._stop = place + 1
        return True

    def _is_spelled(self, place: int) -> bool:
        """Return whether a word and the one before it are in letters: "20 five" is two numbers."""
        written, before = self._passage.written(place), self._passage.written(self._stop - 1)
        is_lower = written not in LOOSE or written in ("first", "second")
        return written.isalpha() and is_lower and not before[:1].isdigit()
