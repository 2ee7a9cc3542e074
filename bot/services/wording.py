"""What an editor writes in answer to readers, read into the fields of a fact; pure."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from bot.errors import DeskError
from bot.services import moments
from bot.services.moments import Direction, Unclear
from db.records import Status, Weight

TEXT_LENGTH: Final = 1000
LENGTHS: Final = {"question": 300, "source": 200, "source_url": 500}
"""Characters of a fact and of its smaller fields, as in files of facts."""

STATUSES: Final = (Status.CONFIRMED, Status.REPORTED, Status.DISPUTED)
"""What an answer may be; a known unknown answers nobody."""

_LABELLED: Final = re.compile(
    r"^[ \t]*(question|source|link|status|said|when|topics)[ \t]*:[ \t]*(.*)$", re.IGNORECASE
)
_BIG: Final = re.compile(r"^[ \t]*big[ \t.]*$", re.IGNORECASE)


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


def _moment(name: str, direction: Direction) -> Callable[[str, datetime], Mapping[str, Any]]:
    def reader(value: str, now: datetime) -> Mapping[str, Any]:
        try:
            return {name: moments.read(value, now, direction)}
        except Unclear as unclear:
            raise DeskError(f"“{value[:50]}” {unclear}: write the time, {moments.HOW}.") from None

    return reader


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
    "said": _moment("as_of", Direction.PAST),
    "when": _moment("happened", Direction.EITHER),
    "topics": _topics,
}
