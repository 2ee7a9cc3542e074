"""Minimal pairs: the questions of a story's facts, each with one particular swapped.

Such a question shares all its words but one with a fact's own, and asks for something else: another
number, day, name or place, another object, or the same with "not". What is put in comes from the
story's other facts where they have one of its sort, so that pairs look like what readers ask.
Deterministic: the same facts give the same pairs.
"""

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.calendar_words import MONTH_NAMES, WEEKDAY_NAMES
from bot.search.language import english
from bot.search.language.analyzer import NUMBERS, STOP_WORDS, Analyzer
from bot.search.verdict import Document


def _row(text: str) -> tuple[str, ...]:
    return tuple(text.split())


DAYS: Final = tuple(name.title() for name in WEEKDAY_NAMES)
MONTHS: Final = tuple(name.title() for name in MONTH_NAMES)
PARTS: Final = _row("morning afternoon evening night")
WHEN: Final = _row("yesterday today tomorrow")

STRANGERS: Final = _row("Halloran Petrova Okafor Lindqvist Marchetti Delacroix Yamada Novak")
ELSEWHERE: Final = _row("Ashford Brimley Calder Dunmore Eastwick Farrow Glenholm Harwick")
"""Names and places that no story has, for facts whose story has no other."""

OBJECTS: Final = _row(
    """
    bridge train bus ferry tunnel airport school hospital library church stadium hotel factory
    office shop market water power gas food money phone letter video photo map dog horse boat car
    bicycle truck helicopter teacher nurse doctor driver pilot lawyer farmer student soldier tourist
    mayor judge minister coach captain fire flood storm strike trial vote match concert ticket
    passport salary tax insurance battery charger engine window door roof wall road river
    lake beach forest mountain island park square garden
    """
)
"""Common things, for facts that ask about one of them."""

_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_DIGITS: Final = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)?(?![\w]|[.,]\d)")
_STREET: Final = frozenset(
    _row("Street Road Avenue Lane Square Bridge Station Line Park Hospital School Airport Stadium")
)
_AUXILIARIES: Final = english.words("auxiliaries")
_PLACE_BEFORE: Final = english.words("before_place")


class Swap(StrEnum):
    """What is swapped."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    PLACE = "place"
    OBJECT = "object"
    NEGATION = "negation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A fact's own question, and one that differs in a particular."""

    document: int  # its id
    asked: str
    swapped: str
    swap: Swap


def pairs(documents: Sequence[Document]) -> list[Pair]:
    """Return the minimal pairs of the documents' questions, each sort once a document at most."""
    names = _names(documents)
    found = []
    for document in documents:
        question = document.question or next(iter(document.phrasings), None)
        if question is None:
            continue
        held = {token.word for token in Analyzer().tokens(f"{question} {document.text}")}
        for swap, swapped in _swaps(question, held, names):
            found.append(Pair(document=document.id, asked=question, swapped=swapped, swap=swap))
    return found


def _swaps(question: str, held: set[str], names: Sequence[str]) -> Iterator[tuple[Swap, str]]:
    seen = set()
    for swap, span, other in _candidates(question, held, names):
        if swap not in seen and other is not None:
            seen.add(swap)
            yield swap, question[: span[0]] + other + question[span[1] :]
    negated = _negated(question)
    if negated is not None:
        yield Swap.NEGATION, negated


def _candidates(
    question: str, held: set[str], names: Sequence[str]
) -> Iterator[tuple[Swap, tuple[int, int], str | None]]:
    """Yield what could be swapped in a question: where it stands, and what could stand there."""
    for match in _DIGITS.finditer(question):
        yield Swap.NUMBER, match.span(), _other_number(match.group(), held)
    words = list(_WORD.finditer(question))
    for place, match in enumerate(words):
        swap, other = _of_word(match.group(), held, first=place == 0)
        if swap is not None:
            yield swap, match.span(), other
    for start, stop, text in _capitals(question, words):
        before = words[start - 1].group().lower() if start else ""
        span = (words[start].start(), words[stop - 1].end())
        tail = [word for word in text.split() if word in _STREET]
        swap = Swap.PLACE if before in _PLACE_BEFORE or tail else Swap.NAME
        other = _other([*names, *(ELSEWHERE if swap is Swap.PLACE else STRANGERS)], text, held)
        if other is not None and tail:
            other = f"{other.split()[0]} {' '.join(tail)}"
        yield swap, span, other


def _of_word(word: str, held: set[str], *, first: bool) -> tuple[Swap | None, str | None]:
    """Return what a single word is, as far as it can be swapped, and another of its row."""
    for row in (DAYS, MONTHS, PARTS, WHEN):
        if word in row and not (first and word == "May"):
            return Swap.DATE, _other(row, word, held)
    if word.lower() in NUMBERS and word.lower() not in ("second", "third"):
        others = [each for each in NUMBERS if not each.endswith(("th", "rd", "nd"))]
        return Swap.NUMBER, _other(others, word, held)
    if word in OBJECTS:
        return Swap.OBJECT, _other(OBJECTS, word, held)
    if word.removesuffix("s") in OBJECTS:
        other = _other(OBJECTS, word.removesuffix("s"), held)
        return Swap.OBJECT, other and f"{other}s"
    return None, None


def _capitals(question: str, words: Sequence[re.Match[str]]) -> Iterator[tuple[int, int, str]]:
    """Yield the names in a question: runs of capitalised words inside it, one space between."""
    start = None
    for place in range(1, len(words) + 1):
        word = words[place].group() if place < len(words) else ""
        named = word[:1].isupper() and word not in (*DAYS, *MONTHS) and word != "I"
        joined = (
            place < len(words) and question[words[place - 1].end() : words[place].start()] == " "
        )
        if start is not None and not (named and joined):
            yield start, place, question[words[start].start() : words[place - 1].end()]
            start = None
        if named and start is None:
            start = place


def _names(documents: Iterable[Document]) -> list[str]:
    found: dict[str, None] = {}
    for document in documents:
        for text in (document.question or "", document.text):
            for sentence in re.split(r"(?<=[.!?:])\s+", text):
                for _, _, name in _capitals(sentence, list(_WORD.finditer(sentence))):
                    if name.isascii() and "'" not in name:
                        found.setdefault(name)
    return list(found)


def _other_number(number: str, held: set[str]) -> str | None:
    if not number.isdigit():
        return None
    step = 1 + zlib.crc32(number.encode()) % 7
    for other in range(int(number) + step, int(number) + step + 5):
        if str(other) not in held:
            return str(other)
    return None


def _other(row: Sequence[str], word: str, held: set[str]) -> str | None:
    """Return another of a row, the same for the same word, that a document does not hold."""
    start = zlib.crc32(word.encode()) % len(row)
    for other in (*row[start:], *row[:start]):
        parts = [token.word for token in Analyzer().tokens(other)]
        if other != word and parts and not held.intersection(parts):
            return other
    return None


def _negated(question: str) -> str | None:
    """Return a question with "not" behind its subject, None where it has no auxiliary."""
    words = list(_WORD.finditer(question))
    lowered = [match.group().lower() for match in words]
    if "not" in lowered or any("n't" in word or "n’t" in word for word in lowered):
        return None
    for place, word in enumerate(lowered[:-1]):
        if word in _AUXILIARIES:
            at = place
            following = lowered[place + 1]
            if following in STOP_WORDS or words[place + 1].group()[:1].isupper() or place == 0:
                # The subject stands behind the auxiliary: it ends at its first word that counts.
                at = next(
                    (n for n in range(place + 1, len(lowered) - 1) if lowered[n] not in STOP_WORDS),
                    place,
                )
            end = words[at].end()
            return f"{question[:end]} not{question[end:]}"
    return None
