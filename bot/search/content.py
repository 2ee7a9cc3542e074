"""What a fact holds: the typed content of its text, token by token and as a whole.

Held against the kind of answer that a question expects: a "who" wants a person whom the question
has not named itself, a "how long" wants a span of time.
"""

import re
from collections.abc import Sequence
from enum import IntFlag
from typing import Final

from bot.search.analyzer import MAY, Token
from bot.search.question import Kind


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


_TITLES: Final = frozenset(
    """president minister chancellor secretary king queen pope prince princess general mr mrs ms dr sir
    lord lady senator governor mayor director professor captain colonel chief spokesman spokeswoman
    spokesperson aide envoy leader author singer actor coach judge emperor saint st bishop""".split()
)
_TIMES: Final = frozenset(
    """january february march april june july august september october november december monday tuesday
    wednesday thursday friday saturday sunday today yesterday tomorrow morning evening night noon midnight
    spring summer autumn winter century decade""".split()
) | {MAY}
_SPANS: Final = frozenset(
    """second seconds minute minutes hour hours day days week weeks month months year years decade decades
    century centuries""".split()
)
_MONEY: Final = frozenset(
    """dollar dollars euro euros pound pounds cent cents billion million usd eur gbp rubles yuan yen
    hryvnia percent price cost""".split()
)
_PLACE_BEFORE: Final = frozenset("in at from near to into outside around across through of".split())
_BODIES: Final = frozenset(
    """agency company university party union committee council ministry government court church team club
    band league bank army corporation institute association department commission parliament senate
    congress administration outlet newspaper""".split()
)
_REASON: Final = re.compile(
    r"\b(?:because|due to|owing to|since|so that|in order to|as a result|reason|caused?|so as to|therefore"
    r"|thus|thanks to|amid|in response|intended to|aim(?:s|ed)? (?:to|at)|allow(?:s|ed|ing)?|led to"
    r"|result(?:s|ed|ing)? (?:in|from)|believ\w+|for fear|purpose)\b",
    re.IGNORECASE,
)
_QUOTED: Final = re.compile(r"[\"“«][^\"”»]{6,}[\"”»]")
_ATTRIBUTED: Final = re.compile(
    r"\b(?:said|says|told|according|report(?:s|ed)|quoted|announced|claim(?:s|ed)|stated|cited)\b",
    re.IGNORECASE,
)
_MANNER: Final = re.compile(r"\b(?:by \w+ing|through|using|via|with|means of)\b", re.IGNORECASE)


def tags(tokens: Sequence[Token]) -> list[int]:
    """Return the `Holds` of each token of a text."""
    found = []
    previous = Token("", "", content=False)
    was_number = False
    for place, token in enumerate(tokens):
        held = 0
        word = token.word
        number = word[0].isdigit()
        if number:
            held |= Holds.NUMBER
            if len(word) == 4 and word.isdigit() and "1000" < word < "2100":
                held |= Holds.TIME
        elif word in _TIMES:
            held |= Holds.TIME
        elif token.capital and token.content and place:
            held |= Holds.NAME
            if previous.word in _TITLES or previous.capital:
                held |= Holds.PERSON
            if previous.word in _PLACE_BEFORE:
                held |= Holds.PLACE
        if word in _SPANS and (
            was_number or previous.word in ("a", "an", "several", "few", "half")
        ):
            held |= Holds.SPAN
        if word in _MONEY:
            held |= Holds.MONEY
        if word in _BODIES:
            held |= Holds.BODY
        found.append(held)
        was_number = number or (was_number and word in ("and", "half", "a"))
        previous = token
    return found


def carries(text: str) -> int:
    """Return what the text as a whole gives, as `Carries`."""
    held = 0
    if _REASON.search(text):
        held |= Carries.REASON
    if _QUOTED.search(text):
        held |= Carries.QUOTE
    if _ATTRIBUTED.search(text):
        held |= Carries.ATTRIBUTION
    if _MANNER.search(text):
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
"""The tokens that can answer each kind of question; the other kinds are answered by a text as a whole."""

EXPECTED_WHOLE: Final[dict[Kind, int]] = {
    Kind.WHY: Carries.REASON,
    Kind.QUOTE: Carries.QUOTE,
    Kind.HOW: Carries.MANNER,
}
"""What a whole text must give to answer each kind of question."""
