"""Days and times of day in a text: "19 May", "May 19th", "Sept", "Monday", "8 p.m.", "20:00"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.calendar_words import MONTH_NAMES, MONTH_NUMBER, WEEKDAY_NAMES, WEEKDAY_NUMBER
from bot.search.comparison.passage import Passage
from bot.search.language import english
from bot.search.language.analyzer import MAY, TIMES

RELATIVE_DAYS: Final = english.words("relative_days")
RELATIVE: Final = (
    (TIMES | RELATIVE_DAYS | english.words("parts_of_day"))
    - {*MONTH_NAMES, *WEEKDAY_NAMES, MAY, "noon", "midnight"}
)  # fmt: skip
"""Words that say when, and mean another time in another text."""

_ALSO_WORDS: Final = frozenset(("mon", "wed", "fri", "sat", "sun", "march", "mar", "jan", "dec"))
"""Days and months that are plain words as well, and so need their capital."""

_CLOCK_WORDS: Final = {"noon": "12:00", "midnight": "00:00"}
_WORDS: Final = RELATIVE | {MAY, *MONTH_NUMBER, *WEEKDAY_NUMBER, *_CLOCK_WORDS}
_BEFORE_YEAR: Final = english.words("before_month_may")
_DAYS_OF_A_MONTH: Final = 31
_MINUTE: Final = re.compile(r"[0-5]\d")
_HOUR: Final = re.compile(r"\d{1,2}(?:\.[0-5]\d)?")
_YEAR: Final = re.compile(r"1[0-9]{3}|20[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Date:
    """Days, months, years or a time of day, each in one form, and the place after them."""

    values: Sequence[str]
    stop: int


def read(passage: Passage, place: int) -> Date | None:
    """Return the date or time that begins at a word; None where none begins."""
    word = passage.word(place)
    if not word[:1].isdigit() and word not in _WORDS:
        return None
    return (
        _time(passage, place)
        or _iso_day(passage, place)
        or _day(passage, place)
        or _single(passage, place)
    )


def month_of(value: str) -> str | None:
    """Return the month of a day such as `19 May`; None for everything else."""
    _, _, month = value.partition(" ")
    return month or None


def _time(passage: Passage, place: int) -> Date | None:
    written = passage.written(place)
    if _HOUR.fullmatch(written) is None:
        return None
    hour, _, minute = written.partition(".")
    stop = place + 1
    if passage.gap(stop) == ":" and _MINUTE.fullmatch(passage.written(stop)):
        minute, stop = passage.written(stop), stop + 1
        if passage.gap(stop) == ":" and _MINUTE.fullmatch(passage.written(stop)):
            stop += 1  # the seconds
    half = passage.word(stop) if passage.joins(stop) else ""
    if half in ("am", "pm") and 1 <= int(hour) <= 12:
        return Date([_clock(int(hour) % 12 + (12 if half == "pm" else 0), minute)], stop + 1)
    if stop == place + 1 or int(hour) > 23:
        return None
    return Date([_clock(int(hour), minute)], stop)


def _clock(hour: int, minute: str) -> str:
    return f"{hour:02}:{minute or '00'}"


def _iso_day(passage: Passage, place: int) -> Date | None:
    year, month, day = (passage.written(place + step) for step in range(3))
    if not (_YEAR.fullmatch(year) and passage.gap(place + 1) == passage.gap(place + 2) == "-"):
        return None
    if not (month.isdecimal() and day.isdecimal() and len(month) == len(day) == 2):
        return None
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= _DAYS_OF_A_MONTH):
        return None
    return Date([_named(int(day), int(month)), year], place + 3)


def _day(passage: Passage, place: int) -> Date | None:
    """Return "19 May", "19th of May", "May 19" or "May the 19th", with its year if there is one."""
    number = _day_number(passage, place)
    second = place + 1
    if second < len(passage) and passage.word(second) == ("the" if number is None else "of"):
        second += 1
    if not _follows(passage, second):
        return None
    if number is not None:
        month = _month(passage, second, after_number=True)
    else:
        month, number = _month(passage, place), _day_number(passage, second)
    if month is None or number is None:
        return None
    values, stop = [_named(number, month)], second + 1
    if _YEAR.fullmatch(passage.written(stop)) and passage.gap(stop) in (" ", ", "):
        values, stop = [*values, passage.written(stop)], stop + 1
    return Date(values, stop)


def _single(passage: Passage, place: int) -> Date | None:
    """Return a month, a weekday, a year, or a word such as "today", alone."""
    word = passage.word(place)
    weekday = WEEKDAY_NUMBER.get(word)
    month = _month(passage, place)
    if month is not None:
        return Date([MONTH_NAMES[month - 1].title()], place + 1)
    if weekday is not None and (word not in _ALSO_WORDS or passage.words[place].token.capital):
        return Date([WEEKDAY_NAMES[weekday].title()], place + 1)
    if word in RELATIVE or word in _CLOCK_WORDS:
        return Date([_CLOCK_WORDS.get(word, word)], place + 1)
    if _YEAR.fullmatch(passage.written(place)) and _is_year(passage, place):
        return Date([word], place + 1)
    return None


def _is_year(passage: Passage, place: int) -> bool:
    """Return whether four digits are a year: after "in" or a month, and counting nothing."""
    before = passage.word(place - 1)
    if before not in _BEFORE_YEAR and before not in MONTH_NUMBER and before != MAY:
        return False
    counts = passage.joins(place + 1) and passage.words[place + 1].token.content
    return not counts or passage.words[place + 1].token.capital


def _month(passage: Passage, place: int, *, after_number: bool = False) -> int | None:
    word = passage.word(place)
    if word == MAY:
        return MONTH_NUMBER["may"]
    if word in ("", "may"):
        return None
    if word in _ALSO_WORDS and not (after_number or passage.words[place].token.capital):
        return None
    return MONTH_NUMBER.get(word)


def _day_number(passage: Passage, place: int) -> int | None:
    word = passage.word(place)
    is_short = word.isdecimal() and len(word) <= 2
    return int(word) if is_short and 1 <= int(word) <= _DAYS_OF_A_MONTH else None


def _follows(passage: Passage, place: int) -> bool:
    return 0 < place < len(passage) and re.fullmatch(r"\.?[\s\-–]*", passage.gap(place)) is not None


def _named(day: int, month: int) -> str:
    return f"{day} {MONTH_NAMES[month - 1].title()}"
