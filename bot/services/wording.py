"""What an editor writes in answer to readers, read into the fields of a fact; pure."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from bot.errors import DeskError
from db.records import Moment, Status, Weight

TEXT_LENGTH: Final = 1000
LENGTHS: Final = {"question": 300, "source": 200, "source_url": 500}
"""Characters of a fact and of its smaller fields, as in files of facts."""

STATUSES: Final = (Status.CONFIRMED, Status.REPORTED, Status.DISPUTED)
"""What an answer may be; a known unknown answers nobody."""

_LABELLED: Final = re.compile(
    r"^[ \t]*(question|source|link|status|when|topics)[ \t]*:[ \t]*(.*)$", re.IGNORECASE
)
_BIG: Final = re.compile(r"^[ \t]*big[ \t.]*$", re.IGNORECASE)
_MONTHS: Final = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_WRITTEN_DAY: Final = re.compile(r"(\d{1,2}) ([a-z]{3})[a-z]*\.?(?: (\d{4}))?", re.IGNORECASE)
_MINUTE: Final = re.compile(r"(?:^|[ ,]+(?:at )?)([01]?\d|2[0-3]):([0-5]\d)$")


def read(written: str, now: datetime) -> Mapping[str, Any]:
    """Return the fields of a fact that `written` names; what stands on no labelled line is `text`.

    `now` is the present on the story's clock: it tells what "yesterday" is.

    Raises:
        DeskError: a field is too long, or holds what it cannot.
    """
    fields: dict[str, Any] = {}
    plain = []
    for line in written.strip().splitlines():
        labelled = _LABELLED.match(line)
        if labelled is not None:
            name, value = labelled[1].lower(), labelled[2].strip()
            fields.update(_READERS[name](value, now))
        elif _BIG.match(line):
            fields["weight"] = Weight.BIG
        else:
            plain.append(line)
    if text := "\n".join(plain).strip():
        fields["text"] = _bounded("text", text, TEXT_LENGTH)
    return fields


def moment(written: str, now: datetime) -> Moment:
    """Return a day, or a minute of it, as people write them; DeskError for anything else."""
    text = " ".join(written.lower().split())
    minute = _MINUTE.search(text)
    day = _day(text[: minute.start()] if minute else text, now)
    if day is None:
        raise DeskError(
            f"“{written[:50]}” is no time that I can read: write 2025-05-19, 19 May 14:20, 14:20, "
            "today or yesterday 18:00."
        )
    return Moment(day, time(int(minute[1]), int(minute[2])) if minute else None)


def _day(text: str, now: datetime) -> date | None:
    today = now.date()
    named = {"": today, "today": today, "yesterday": today - timedelta(days=1)}
    if text in named:
        return named[text]
    try:
        if found := _WRITTEN_DAY.fullmatch(text):
            month = _MONTHS.index(found[2]) + 1
            day = date(int(found[3] or today.year), month, int(found[1]))
            # Without a year it is the last such day: nobody has said anything in the future.
            late = found[3] is None and day > today
            return day.replace(year=today.year - 1) if late else day
        return date.fromisoformat(text)
    except ValueError:
        return None


def _bounded(name: str, value: str, limit: int) -> str:
    if len(value) > limit:
        raise DeskError(f"The {name} has {len(value)} characters, and {limit} is the most.")
    return value


def _plain(field: str) -> Callable[[str, datetime], Mapping[str, Any]]:
    def reader(value: str, _: datetime) -> Mapping[str, Any]:
        return {field: _bounded(field, value, LENGTHS[field]) or None}

    return reader


def _link(value: str, _: datetime) -> Mapping[str, Any]:
    if value and not re.fullmatch(r"https?://\S+", value):
        raise DeskError(f"“{value[:50]}” is no link: it begins with http:// or https://.")
    return {"source_url": _bounded("link", value, LENGTHS["source_url"]) or None}


def _status(value: str, _: datetime) -> Mapping[str, Any]:
    named = {status.value: status for status in STATUSES}
    if value.lower() not in named:
        raise DeskError(f"“{value[:50]}” is no status of an answer: write {', '.join(named)}.")
    return {"status": named[value.lower()]}


def _when(value: str, now: datetime) -> Mapping[str, Any]:
    return {"as_of": moment(value, now)}


def _topics(value: str, _: datetime) -> Mapping[str, Any]:
    topics = tuple(dict.fromkeys(each.strip()[:50] for each in value.split(",") if each.strip()))
    if len(topics) > 20:
        raise DeskError(f"{len(topics)} topics are too many: 20 is the most.")
    return {"topics": topics}


_READERS: Final[Mapping[str, Callable[[str, datetime], Mapping[str, Any]]]] = {
    "question": _plain("question"),
    "source": _plain("source"),
    "link": _link,
    "status": _status,
    "when": _when,
    "topics": _topics,
}
