"""Times as people write them: `14:20`, `yesterday 18:00`, `19 May`, `an hour ago`. Pure.

What may mean two things is never guessed: it is given back with the reason.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from bot.calendar_words import MONTH_NUMBER, WEEKDAY_NUMBER
from bot.search.language import english
from db.records import Moment


class Direction(StrEnum):
    """Where on the calendar a moment may lie."""

    PAST = "past"  # somebody has said it already
    FUTURE = "future"  # when an editor must look again, when news is expected
    EITHER = "either"  # an event: the last such day, unless a word says "next"


class Unclear(ValueError):  # noqa: N818 - reads as what the words are
    """The words name no moment, or could name two; `str` tells what is wrong, to end a sentence."""

    def __init__(self, reason: str, *, names_a_time: bool = True) -> None:
        super().__init__(reason)
        self.names_a_time = names_a_time


HOW: Final = "for example 14:20, yesterday 18:00, 19 May, 19 May 14:20 or an hour ago"

_NUMBERS: Final = {
    **{word: int(number) for word, number in english.table("cardinals").items()},
    **dict.fromkeys(("a", "an", "one"), 1),
}
_UNITS: Final = {
    **dict.fromkeys(("minute", "minutes", "min", "mins"), timedelta(minutes=1)),
    **dict.fromkeys(("hour", "hours", "h", "hrs"), timedelta(hours=1)),
    **dict.fromkeys(("day", "days"), timedelta(days=1)),
    **dict.fromkeys(("week", "weeks"), timedelta(weeks=1)),
}
_DAYS_OFF: Final = {
    "the day before yesterday": -2,
    "yesterday": -1,
    "today": 0,
    "tomorrow": 1,
    "the day after tomorrow": 2,
}
_PARTS: Final = {
    "this morning": 0,
    "this afternoon": 0,
    "this evening": 0,
    "tonight": 0,
    "yesterday morning": -1,
    "yesterday afternoon": -1,
    "yesterday evening": -1,
    "tomorrow morning": 1,
    "tomorrow afternoon": 1,
    "tomorrow evening": 1,
}
"""Parts of a day tell no minute: the day alone is kept."""

_ISO: Final = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)")
_CLOCK: Final = re.compile(r"(?:(?<=\s)|^)(\d{1,2})(?::(\d\d))?(?::00)?\s*([ap])\.?m\.?(?=\s|$)")
_HOURS: Final = re.compile(r"(?:(?<=[\st])|^)(\d{1,2}):(\d\d)(?::00)?(?=\s|$)")
_AGO: Final = re.compile(
    r"(half an|[a-z]+|\d{1,3}) ([a-z]+) ago|in (half an|[a-z]+|\d{1,3}) ([a-z]+)"
)
_NUMERIC: Final = re.compile(r"(\d{1,2})([./-])(\d{1,2})(?:\2(\d{4})?)?")
_NAMED: Final = re.compile(
    r"(?:(?P<d1>\d{1,2})(?:st|nd|rd|th)? (?:of )?(?P<m1>[a-z]+)|"
    r"(?P<m2>[a-z]+) (?:the )?(?P<d2>\d{1,2})(?:st|nd|rd|th)?)(?: (?P<year>\d{4}))?"
)
_BACK: Final = ("last", "past")
_ASIDE: Final = re.compile(r"(last|past|next|(?:this )?coming) (?=\d|[a-z]+ (?:the )?\d)")
"""Where on the calendar a day lies that has no year."""

SOON: Final = timedelta(days=90)
"""How near the next day of a name must be for it to be meant as well as the last."""

_FILLERS: Final = re.compile(r"\b(?:at|on)\b|(?<=\d)\.(?=\s|$)")


def read(text: str, now: datetime, direction: Direction = Direction.PAST) -> Moment:
    """Return the moment that `text` names to somebody who writes it at `now`, in `now`'s zone.

    Raises:
        Unclear: it names none, could name two, or lies where `direction` forbids.
    """
    words = " ".join(text.replace(",", " ").lower().split())
    if not words:
        raise Unclear("is empty", names_a_time=False)
    moment = _ago(words, now)
    if moment is None:
        rest, minute = _clock(words)
        day = _day(" ".join(_FILLERS.sub(" ", rest).split()), now.date(), direction, minute)
        moment = Moment(day, minute)
    return _checked(moment, now, direction)


def in_words(moment: Moment) -> str:
    """Return the moment so that nobody can misread it: `Monday 19 May 2025, 14:20`."""
    day = f"{moment.day:%A} {moment.day.day} {moment.day:%B} {moment.day.year}"
    return day if moment.minute is None else f"{day}, {moment.minute:%H:%M}"


def of(at: datetime) -> Moment:
    """Return the minute of `at` on its own clock."""
    return Moment(at.date(), time(at.hour, at.minute))


def instant(moment: Moment, zone: tzinfo | None) -> datetime:
    """Return the moment in UTC, as it stands on the clocks of `zone`; of a day, its beginning."""
    return datetime.combine(moment.day, moment.minute or time(), zone).astimezone(UTC)


def _ago(words: str, now: datetime) -> Moment | None:
    if words in ("now", "just now"):
        return of(now)
    found = _AGO.fullmatch(words)
    if found is None:
        return None
    back = found[1] is not None
    count, unit = (found[1], found[2]) if back else (found[3], found[4])
    step = _UNITS.get(unit)
    number = 0.5 if count == "half an" else int(count) if count.isdigit() else _NUMBERS.get(count)
    if step is None or number is None:
        return None
    # Spans are real time; the zone's clock may change within them.
    then = (now.timestamp() - number * step.total_seconds() * (1 if back else -1)).__int__()
    at = datetime.fromtimestamp(then, now.tzinfo)
    return Moment(at.date()) if step >= timedelta(days=1) else of(at)


def _clock(words: str) -> tuple[str, time | None]:
    """Return the words without their time of day, and that time."""
    half = _CLOCK.search(words)
    full = _HOURS.search(words)
    if half is not None:
        hour, minute = int(half[1]), int(half[2] or 0)
        if not 1 <= hour <= 12 or minute > 59:
            raise Unclear("is no time of day")
        hour = hour % 12 + (12 if half[3] == "p" else 0)
        return words[: half.start()] + words[half.end() :], time(hour, minute)
    if full is not None:
        if int(full[1]) > 23 or int(full[2]) > 59:
            raise Unclear("is no time of day")
        before = words[: full.start()].removesuffix("t")  # 2025-05-19T14:20
        return before + words[full.end() :], time(int(full[1]), int(full[2]))
    if re.search(r"\bnoon\b", words):
        return re.sub(r"\bnoon\b", " ", words), time(12)
    if re.search(r"\bmidnight\b", words):
        raise Unclear("may be the midnight before that day or after it: write 00:00 and the day")
    return words, None


def _day(words: str, today: date, direction: Direction, minute: time | None) -> date:
    if not words:
        return today
    if words == "last night":
        raise Unclear("may be two days: write the day and the time")
    off = _DAYS_OFF.get(words, _PARTS.get(words))
    if off is not None:
        return today + timedelta(days=off)
    if found := _ISO.fullmatch(words):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMERIC.fullmatch(words):
        return _numeric(found, today, direction)
    name = words.removeprefix("last ").removeprefix("this ").removeprefix("next ")
    if name in WEEKDAY_NUMBER:
        return _weekday(words, WEEKDAY_NUMBER[name], today, direction, minute)
    aside = _ASIDE.match(words)
    if aside is not None and direction is Direction.EITHER:
        direction = Direction.PAST if aside[1] in _BACK else Direction.FUTURE
    words = words if aside is None else words[aside.end() :]
    # "Monday 19 May": the date decides, and the name of the day must fit it.
    first, _, rest = words.partition(" ")
    named = _NAMED.fullmatch(words) or (_NAMED.fullmatch(rest) if first in WEEKDAY_NUMBER else None)
    if named is None:
        raise _no_time()
    day = _named(named, today, direction)
    if first in WEEKDAY_NUMBER and day.weekday() != WEEKDAY_NUMBER[first]:
        raise Unclear(f"names a {first.title()}, but {day.day} {day:%B %Y} is a {day:%A}")
    return day


def _named(found: re.Match[str], today: date, direction: Direction) -> date:
    month = MONTH_NUMBER.get(found["m1"] or found["m2"])
    if month is None:
        raise _no_time()
    day = int(found["d1"] or found["d2"])
    if found["year"]:
        return _date(int(found["year"]), month, day)
    return _nearest(month, day, today, direction)


def _numeric(found: re.Match[str], today: date, direction: Direction) -> date:
    one, other = int(found[1]), int(found[3])
    # With dots the day comes first wherever dots are used; slashes are read both ways.
    if found[2] != "." and one <= 12 and other <= 12 and one != other:
        first, second = f"{one} {date(2000, other, 1):%B}", f"{other} {date(2000, one, 1):%B}"
        raise Unclear(f"may be {first} or {second}: write the month as a word")
    day, month = (one, other) if other <= 12 else (other, one)
    if found[4]:
        return _date(int(found[4]), month, day)
    return _nearest(month, day, today, direction)


def _nearest(month: int, day: int, today: date, direction: Direction) -> date:
    """Return the day of this name that lies nearest to `today` where `direction` allows it.

    Of an event the last one, since news is of what has happened; where the next is much nearer,
    it may be meant as well.
    """
    near = []
    for year in range(today.year - 4, today.year + 5):  # a 29 February is four years away at most
        try:
            near.append(date(year, month, day))
        except ValueError:
            continue
    if not near:
        raise Unclear("is no day of the calendar")
    last = max(day for day in near if day <= today)
    following = min(day for day in near if day >= today)
    if direction is Direction.PAST:
        return last
    if direction is Direction.FUTURE:
        return following
    if following - today <= SOON < today - last:
        raise Unclear(
            f"may be {last.day} {last:%B %Y} or {following.day} {following:%B %Y}: write the year"
        )
    return last


def _weekday(
    words: str, weekday: int, today: date, direction: Direction, minute: time | None
) -> date:
    since = (today.weekday() - weekday) % 7
    if words.startswith("last "):
        return today - timedelta(days=since or 7)
    if words.startswith("next "):
        if direction is Direction.PAST:
            raise Unclear("is still to come")
        return today + timedelta(days=7 - since)
    if since == 0 and not words.startswith("this ") and minute is None:
        raise Unclear(f"may be today or a week away: write today, or last {today:%A}")
    if direction is Direction.FUTURE:
        return today + timedelta(days=(7 - since) % 7)
    return today - timedelta(days=since)


def _no_time() -> Unclear:
    return Unclear(f"is no time that I can read; {HOW}", names_a_time=False)


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Unclear("is no day of the calendar") from None


def _checked(moment: Moment, now: datetime, direction: Direction) -> Moment:
    minute = moment.minute
    here = of(now)
    if minute is None:
        before, after = moment.day < here.day, moment.day > here.day
    else:
        before = (moment.day, minute) < (here.day, here.minute)
        after = (moment.day, minute) > (here.day, here.minute)
    if direction is Direction.PAST and after:
        raise Unclear(f"would be {in_words(moment)}, which is still to come")
    if direction is Direction.FUTURE and before:
        raise Unclear(f"would be {in_words(moment)}, which is over")
    return moment
