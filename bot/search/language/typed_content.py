"""What a fact holds: the typed content of its text, token by token and as a whole.

Held against the kind of answer that a question expects: a "who" wants a person whom the question
has not named itself, a "how long" wants a span of time.
"""

import re
from collections.abc import Sequence
from enum import IntFlag
from typing import Final

from bot.search.language import english
from bot.search.language.analyzer import TIMES, Token
from bot.search.language.question_kind import Kind


class Holds(IntFlag):
    """What one token of a text stands for."""

    NAME = 1  # capitalised inside a sentence, or a name of the lexicon
    PERSON = 2  # follows a title, or one of two capitalised words in a row
    PLACE = 4  # follows a preposition of place, or a place of the lexicon
    BODY = 8  # an organisation
    TIME = 16  # a month, a year, a weekday, a part of the day
    NUMBER = 32
    SPAN = 64  # a unit of time near a number
    MONEY = 128


class Carries(IntFlag):
    """What a text as a whole gives."""

    REASON = 1
    QUOTE = 2
    ATTRIBUTION = 4
    MANNER = 8


_TITLES: Final = english.words("titles")
_SPANS: Final = english.words("spans")
_MONEY: Final = english.words("money")
_PLACE_BEFORE: Final = english.words("before_place")
_BODIES: Final = english.words("bodies")
_GIVES: Final = english.patterns("gives")
_COUNTING: Final = frozenset(("a", "an", "several", "few", "half"))
_BY_WORD: Final = {
    **dict.fromkeys(TIMES, Holds.TIME),
    **dict.fromkeys(_MONEY, Holds.MONEY),
    **dict.fromkeys(_BODIES, Holds.BODY),
}
_QUOTED: Final = re.compile(r"[\"“«][^\"”»]{6,}[\"”»]")


def tags(tokens: Sequence[Token]) -> list[int]:
    """Return the `Holds` of each token of a text."""
    found = []
    previous = Token("", "", content=False)
    counted = False  # a number stands before, perhaps with "and a half"
    for place, token in enumerate(tokens):
        word = token.word
        held = int(_BY_WORD.get(word, 0))
        if word[0].isdigit():
            held |= Holds.NUMBER
            if len(word) == 4 and "1000" < word < "2100":
                held |= Holds.TIME
        elif token.capital and token.content and place and word not in TIMES:
            held |= _name(previous)
        if word in _SPANS and (counted or previous.word in _COUNTING):
            held |= Holds.SPAN
        found.append(held)
        counted = word[0].isdigit() or (counted and word in ("and", "half", "a"))
        previous = token
    return found


def _name(previous: Token) -> int:
    """Return what a capitalised word stands for, from the word before it."""
    held = int(Holds.NAME)
    if previous.word in _TITLES or previous.capital:
        held |= Holds.PERSON
    if previous.word in _PLACE_BEFORE:
        held |= Holds.PLACE
    return held


def carries(text: str) -> int:
    """Return what the text as a whole gives, as `Carries`."""
    lowered = text.lower()
    held = 0
    if _GIVES["reason"].search(lowered):
        held |= Carries.REASON
    if _QUOTED.search(text):
        held |= Carries.QUOTE
    if _GIVES["attribution"].search(lowered):
        held |= Carries.ATTRIBUTION
    if _GIVES["manner"].search(lowered):
        held |= Carries.MANNER
    return held


EXPECTED: Final[dict[Kind, int]] = {
    Kind.WHO: Holds.PERSON | Holds.NAME | Holds.BODY,
    Kind.WHEN: Holds.TIME,
    Kind.WHERE: Holds.PLACE,
    Kind.HOW_LONG: Holds.SPAN,
    Kind.HOW_MANY: Holds.NUMBER,
    Kind.HOW_MUCH: Holds.MONEY | Holds.NUMBER,
}
"""The tokens that can answer a kind of question; a text as a whole answers the other kinds."""

EXPECTED_WHOLE: Final[dict[Kind, int]] = {
    Kind.WHY: Carries.REASON,
    Kind.QUOTE: Carries.QUOTE,
    Kind.HOW: Carries.MANNER,
}
"""What a whole text must give to answer each kind of question."""
