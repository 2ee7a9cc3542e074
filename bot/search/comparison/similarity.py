"""How alike two texts are, and in which particulars they differ.

Two statements about the same thing share their words but for the particulars: a number, a name, a
date, a "not". Where each has one that the other lacks, they contradict each other.
"""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rapidfuzz import fuzz

from bot.search.language import english, typed_content
from bot.search.language.analyzer import MAY, Analyzer, Token
from bot.search.language.typed_content import Holds

FEWEST_WORDS: Final = 3
"""Texts with fewer words besides their particulars are too short to be called alike by them."""

_SENTENCE: Final = re.compile(r"(?<=[.!?…])\s+")
_MONTHS: Final = frozenset(
    ("january", "february", "march", "april", MAY, "june", "july", "august", "september")
) | {"october", "november", "december"}
_TIMES: Final = english.words("times") | {MAY}
_NOT: Final = frozenset(("no", "not", "never", "nobody", "none", "nothing", "neither", "nor"))


class Particular(StrEnum):
    """What two statements about the same thing may differ in."""

    NUMBER = "number"
    NAME = "name"
    DATE = "date"
    NEGATION = "negation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gist:
    """What a text says, ready to be compared."""

    whole: str  # the stems of all words that count
    bare: str  # the same without the particulars
    numbers: frozenset[str]
    names: frozenset[str]
    dates: frozenset[str]
    negated: bool


class Likeness:
    """Compares texts of one story, whose names it is told."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        self._analyzer = Analyzer()
        self._names = frozenset(
            token.word for name in names for token in self._analyzer.tokens(name) if token.content
        )

    def gist(self, text: str) -> Gist:
        """Return what `text` says."""
        whole: list[str] = []
        bare: list[str] = []
        found: dict[Particular, set[str]] = {kind: set() for kind in Particular}
        for sentence in _SENTENCE.split(text):
            tokens = list(_halved(self._analyzer.tokens(sentence)))
            held = typed_content.tags(tokens)
            for place, token in enumerate(tokens):
                if token.negated or token.word in _NOT:
                    found[Particular.NEGATION].add(token.word)
                if not token.content:
                    continue
                whole.append(token.stem)
                kind = self._kind(tokens, held, place)
                if kind is None:
                    bare.append(token.stem)
                else:
                    found[kind].add(token.stem)
        return Gist(
            whole=" ".join(whole),
            bare=" ".join(bare),
            numbers=frozenset(found[Particular.NUMBER]),
            names=frozenset(found[Particular.NAME]),
            dates=frozenset(found[Particular.DATE]),
            negated=bool(found[Particular.NEGATION]),
        )

    def _kind(self, tokens: list[Token], held: list[int], place: int) -> Particular | None:
        word = tokens[place].word
        if word in _TIMES:
            return Particular.DATE
        if held[place] & Holds.NUMBER or word == "half":
            around = {each.word for each in tokens[max(0, place - 1) : place + 2]}
            is_day = bool(around & _MONTHS) or held[place] & Holds.TIME
            return Particular.DATE if is_day else Particular.NUMBER
        if held[place] & Holds.NAME or word in self._names:
            return Particular.NAME
        return None


def likeness(one: Gist, other: Gist) -> float:
    """Return how alike two texts are, 0 to 1, in any order of their words."""
    if not one.whole or not other.whole:
        return 0.0
    whole = fuzz.token_sort_ratio(one.whole, other.whole) / 100
    if min(len(one.bare.split()), len(other.bare.split())) < FEWEST_WORDS:
        return whole
    return max(whole, fuzz.token_sort_ratio(one.bare, other.bare) / 100)


def differing(one: Gist, other: Gist) -> tuple[Particular, ...]:
    """Return the particulars in which each text has one that the other lacks."""
    pairs = (
        (Particular.NUMBER, one.numbers, other.numbers),
        (Particular.NAME, one.names, other.names),
        (Particular.DATE, one.dates, other.dates),
    )
    found = [kind for kind, ones, others in pairs if _apart(ones, others)]
    if one.negated != other.negated:
        found.append(Particular.NEGATION)
    return tuple(found)


def _apart(ones: Set[str], others: Set[str]) -> bool:
    return bool(ones - others) and bool(others - ones)


def _halved(tokens: list[Token]) -> Iterator[Token]:
    """Yield the tokens with "two and a half" as the number that it is."""
    place = 0
    while place < len(tokens):
        token = tokens[place]
        after = [each.word for each in tokens[place + 1 : place + 4]]
        if token.word.isdigit() and after == ["and", "a", "half"]:
            number = f"{token.word}.5"
            yield Token(number, number, content=True)
            place += 4
        else:
            yield token
            place += 1
