"""Days and times as people write them, read on the story's clock: pure."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from db.records import Moment

_MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTH: Final = rf"(?P<month{{0}}>{_MONTHS.replace(' ', '|')})[a-z]*\.?"
_DAY: Final = (
    r"(?P<word>today|tomorrow|yesterday)"
    r"|(?P<iso>\d{4}-\d\d-\d\d)"
    rf"|(?P<day1>\d{{1,2}})(?:st|nd|rd|th)? {_MONTH.format(1)}(?: (?P<year1>\d{{4}}))?"
    rf"|{_MONTH.format(2)} (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?: (?P<year2>\d{{4}}))?"
)
_TIME: Final = r"(?:at )?(?P<hour>\d{1,2})(?::(?P<minute>\d\d))? ?(?P<half>am|pm)?"
_WHEN: Final = re.compile(rf"(?:{_DAY})?(?:(?:^| |t){_TIME})?", re.ASCII)
_TIME_ALONE: Final = re.compile(_TIME, re.ASCII)
_IN: Final = re.compile(r"in (?P<count>\d{1,3}|an?) (?P<unit>minute|hour|day|week)s?", re.ASCII)
_WORDS: Final = {"today": 0, "tomorrow": 1, "yesterday": -1}
_FAR: Final = timedelta(days=180)
"""A day without a year is the one nearest to now."""


def moment(text: str, now: datetime) -> Moment | None:
    """Return the day, or the minute of it, that `text` names; None where it names none.

    `now` is the time on the story's clock: "14:20" is today's, "19 May" the nearest one.
    """
    found = _WHEN.fullmatch(" ".join(text.lower().replace(",", " ").split()))
    if found is None or not found[0]:
        return None
    try:
        minute = _minute(found)
        if minute is None and found["hour"] is not None:
            return None  # a bare number is no time
        return Moment(_day(found, now.date()), minute)
    except ValueError:  # 30 February, 25:00
        return None


def instant(text: str, now: datetime) -> datetime | None:
    """Return the coming time that `text` names, in UTC; None where it names none.

    "in 2 hours" counts from `now`, the time on the story's clock; a time of day is the next one, a
    day begins at midnight.
    """
    words = " ".join(text.lower().split())
    if ahead := _IN.fullmatch(words):
        count = 1 if ahead["count"].startswith("a") else int(ahead["count"])
        return (now + timedelta(**{f"{ahead['unit']}s": count})).astimezone(UTC)
    when = moment(text, now)
    if when is None:
        return None
    there = datetime.combine(when.day, when.minute or time(), now.tzinfo)
    try:
        if there <= now and _TIME_ALONE.fullmatch(words):
            there += timedelta(days=1)
        return there.astimezone(UTC)
    except OverflowError:  # the year 1 or 9999
        return None


def _day(found: re.Match[str], today: date) -> date:
    if found["word"]:
        return today + timedelta(days=_WORDS[found["word"]])
    if found["iso"]:
        return date.fromisoformat(found["iso"])
    name = found["month1"] or found["month2"]
    if name is None:
        return today
    month, day = _MONTHS.split().index(name) + 1, int(found["day1"] or found["day2"])
    if year := found["year1"] or found["year2"]:
        return date(int(year), month, day)
    near = date(today.year, month, day)
    if near - today > _FAR:
        return date(today.year - 1, month, day)
    return near if today - near <= _FAR else date(today.year + 1, month, day)


def _minute(found: re.Match[str]) -> time | None:
    if found["minute"] is None and found["half"] is None:
        return None
    hour = int(found["hour"])
    if found["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if found["half"] == "pm" else 0)
    return time(hour, int(found["minute"] or 0))
