"""Where a text mentions a quantity, a date or a name, each in one form however it is written. Pure.

"two and a half hours", "2.5 hours" and "two-and-a-half-hour" are one quantity, "19 May 2025" and
"May 19th" one date, and every name that the story's lexicon gives a person is that person.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from bot.search.language import english
from bot.search.language.analyzer import NUMBERS, STOP_WORDS, Analyzer
from db.records import Lexicon

_WORD: Final = re.compile(
    r"\d{1,2}:\d{2}(?!\d)|\d+(?:[.,]\d+)*(?:st|nd|rd|th)?|%|[^\W\d_]+(?:['’][^\W\d_]+)*"
)
_POSSESSIVE: Final = re.compile(r"['’]s?$")
_ORDINAL: Final = re.compile(r"(?:st|nd|rd|th)$")
_JOINT: Final = re.compile(r"[\s\-–]*")
_ENDS_SENTENCE: Final = re.compile(r"[.!?]['\"”’)]*\s")
_HALF: Final = ("and", "a", "half")
_MULTIPLIERS: Final = {
    "hundred": 100,
    "thousand": 1_000,
    "million": 1_000_000,
    "billion": 1_000_000_000,
    "trillion": 1_000_000_000_000,
}
_MORE_NUMBERS: Final = {"one": "1", "half": "0.5", "dozen": "12"}
"""Words for numbers that the search does not read as such."""

_MONTHS: Final = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_MONTH_OF: Final = {
    short: place
    for place, name in enumerate(_MONTHS, start=1)
    for short in (name, name[:3], *(("sept",) if name == "september" else ()))
}
_WEEKDAYS: Final = frozenset(
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
)
_SPANS: Final = english.words("spans")
_DAYS_OF_A_MONTH: Final = 31


class Sort(StrEnum):
    """What is mentioned."""

    QUANTITY = "quantity"
    DATE = "date"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A place in a text that mentions something."""

    sort: Sort
    what: str  # the same for everything that means the same
    start: int  # in characters
    stop: int


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    stop: int
    opens: bool  # a sentence, where a capital means nothing

    @property
    def low(self) -> str:
        return _POSSESSIVE.sub("", self.text).lower()

    @property
    def is_name(self) -> bool:
        return self.text[:1].isupper() and not (self.opens and self.low in STOP_WORDS)


class Mentions:
    """Reads texts of one story, whose names it is told."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._analyzer = Analyzer()
        self._people: Mapping[str, str] = {
            each.lower(): name.name.lower()
            for name in lexicon.names
            for each in (name.name, *name.also)
        }

    def of(self, text: str) -> list[Mention]:
        """Return what `text` mentions, in its order."""
        words = list(_words(text))
        found: list[Mention] = []
        place = 0
        while place < len(words):
            mention, behind = self._at(text, words, place)
            if mention is not None:
                found.append(mention)
            place = max(behind, place + 1)
        return found

    def stems(self, text: str) -> frozenset[str]:
        """Return the words that count in `text`, without what it mentions."""
        kept = list(text)
        for mention in self.of(text):
            kept[mention.start : mention.stop] = " " * (mention.stop - mention.start)
        tokens = self._analyzer.tokens("".join(kept))
        return frozenset(token.stem for token in tokens if token.content)

    def _at(self, text: str, words: Sequence[_Word], place: int) -> tuple[Mention | None, int]:
        """Return what is mentioned from this word on, if anything, and the word behind it."""
        word = words[place]
        dated = _date(words, place)
        if dated is not None:
            what, behind = dated
            return _mention(Sort.DATE, what, words[place:behind]), behind
        if ":" in word.text:
            return _mention(Sort.QUANTITY, word.text.zfill(5), [word]), place + 1
        if _value(word) is not None:
            what, behind = self._quantity(text, words, place)
            return _mention(Sort.QUANTITY, what, words[place:behind]), behind
        if word.is_name:
            behind = place + 1
            while behind < len(words) and _follows(text, words, behind) and words[behind].is_name:
                behind += 1
            named = words[place:behind]
            return _mention(Sort.NAME, self._name(named), named), behind
        return None, place + 1

    def _name(self, named: Sequence[_Word]) -> str:
        whole = " ".join(_POSSESSIVE.sub("", word.text) for word in named).lower()
        last = named[-1].low
        return self._people.get(whole) or self._people.get(last) or last

    def _quantity(self, text: str, words: Sequence[_Word], place: int) -> tuple[str, int]:
        number, behind = _number(words, place)
        unit, behind = self._unit(text, words, behind)
        what = f"{number.normalize():f} {unit}".rstrip()
        joins = behind + 1 < len(words) and words[behind].low == "and"
        if unit and words[behind - 1].low in _SPANS and joins and _value(words[behind + 1]):
            more, further = self._quantity(text, words, behind + 1)
            if words[further - 1].low in _SPANS:
                return f"{what} {more}", further
        return what, behind

    def _unit(self, text: str, words: Sequence[_Word], behind: int) -> tuple[str, int]:
        """Return the stem of what is counted and where it ends; nothing where none follows."""
        if behind >= len(words) or not _follows(text, words, behind):
            return "", behind
        unit = words[behind]
        if unit.text == "%" or unit.low == "percent":
            return "%", behind + 1
        if unit.is_name or unit.low in STOP_WORDS or _value(unit) is not None:
            return "", behind
        tokens = self._analyzer.tokens(unit.low)
        return (tokens[0].stem if tokens else unit.low), behind + 1


def _words(text: str) -> Iterator[_Word]:
    before = 0
    for found in _WORD.finditer(text):
        opens = before == 0 or bool(_ENDS_SENTENCE.search(text, before, found.start()))
        yield _Word(found[0], found.start(), found.end(), opens)
        before = found.end()


def _mention(sort: Sort, what: str, words: Sequence[_Word]) -> Mention:
    return Mention(sort=sort, what=what, start=words[0].start, stop=words[-1].stop)


def _follows(text: str, words: Sequence[_Word], place: int) -> bool:
    """Return whether nothing but a space or a dash stands before a word."""
    return bool(_JOINT.fullmatch(text, words[place - 1].stop, words[place].start))


def _value(word: _Word) -> Decimal | None:
    text = word.low
    if text[:1].isdigit() and ":" not in text:
        digits = _ORDINAL.sub("", text).replace(",", "")
        return Decimal(digits) if digits.count(".") < 2 else None
    known = NUMBERS.get(text) or _MORE_NUMBERS.get(text) or _MULTIPLIERS.get(text)
    return None if known is None else Decimal(known)


def _number(words: Sequence[_Word], place: int) -> tuple[Decimal, int]:
    """Return the number that begins at a word, and the word behind it."""
    value = _value(words[place]) or Decimal(0)
    place += 1
    while place < len(words) and (more := _value(words[place])) is not None:
        if words[place].low in _MULTIPLIERS and value < more:
            value *= more
        elif value % 10 == 0 and 20 <= value < 100 and more < 10 and more % 1 == 0:
            value += more
        else:
            break
        place += 1
    if tuple(word.low for word in words[place : place + 3]) == _HALF:
        return value + Decimal("0.5"), place + 3
    return value, place


def _date(words: Sequence[_Word], place: int) -> tuple[str, int] | None:
    """Return the date that begins at a word as `19 5`, without its year, and the word behind it."""
    word = words[place]
    if word.low in _WEEKDAYS and word.text[0].isupper():
        return word.low, place + 1
    for day, month in ((place, place + 1), (place + 1, place)):
        if max(day, month) >= len(words) or not words[month].text[0].isupper():
            continue
        number, named = _value(words[day]), _MONTH_OF.get(words[month].low)
        if named is None or number is None or not 1 <= number <= _DAYS_OF_A_MONTH:
            continue
        return f"{number:f} {named}", place + 2
    return None


def replaced(text: str, mentions: Iterable[Mention], by: Mapping[str, str]) -> str:
    """Return `text` with what it mentions replaced, by what each is."""
    for mention in sorted(mentions, key=lambda each: -each.start):
        if mention.what in by:
            text = text[: mention.start] + by[mention.what] + text[mention.stop :]
    return text
