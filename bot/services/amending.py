"""Reads what an editor wants changed in a fact: new words, and lines with labels. Pure."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, NoReturn

from bot.errors import DeskError
from bot.services import moments
from bot.services.moments import Direction, Unclear
from bot.stories import reading
from bot.stories.fields import Fields
from bot.stories.storyfile import FACT_FIELDS, Faults, Raw
from db.records import Fact, Status, Weight

_LABELS: Final = {
    "question": "question",
    "answer": "text",
    "text": "text",
    "source": "source",
    "link": "source_url",
    "said": "as_of",
    "when": "happened",
    "happened": "happened",
    "status": "status",
    "next": "next_word",
    "next word": "next_word",
    "topics": "topics",
    "topic": "topics",
    "check": "check_by",
    "check by": "check_by",
    "weight": "weight",
}
_LABEL: Final = re.compile(rf"({'|'.join(_LABELS)})[ \t]*:[ \t]*(.*)", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"\s*\(?(https?://[^\s)]+)\)?\s*")
REASON_LIMIT: Final = 300
"""Characters of what was wrong, or of why a fact is withdrawn."""

_CLEARS: Final = "-"
"""A label with this behind it empties the field."""

NAMES: Final = {
    "text": "the answer",
    "question": "the question",
    "source": "the source",
    "source_url": "the link",
    "as_of": "when it was said",
    "happened": "when it happened",
    "status": "the status",
    "next_word": "the next word",
    "topics": "the topics",
    "check_by": "the next look",
    "weight": "the weight",
}
"""The fields of a fact in the desk's words."""


def read(words: str, now: datetime) -> Mapping[str, Any]:
    """Return the fields that `words` give, by name; `now` is the time on the story's clock.

    Lines before the first label are the new answer. What stands behind a label goes to its end of
    line, and "-" empties the field.

    Raises:
        DeskError: something in it is no good; names it and says what would be.
    """
    text: list[str] = []
    given: dict[str, str] = {}
    last = None
    for line in words.strip().splitlines():
        if line.strip().lower() in (*Weight,):
            given["weight"] = line.strip().lower()
        elif labelled := _LABEL.fullmatch(line.strip()):
            last = _LABELS[labelled[1].lower()]
            if last in given:
                _refuse(f"{NAMES[last]} stands there twice")
            given[last] = labelled[2].strip()
        elif last is None:
            text.append(line)
        elif line.strip():
            _refuse(f"“{_cut(line)}” stands behind the labels; put the answer before them")
    if "\n".join(text).strip():
        if "text" in given:
            _refuse("the answer stands there twice")
        given["text"] = "\n".join(text).strip()
    return _checked(given, now)


def source(words: str) -> tuple[str, str | None]:
    """Return who says so and the link to it, if there is one, of what was typed.

    Raises:
        DeskError: it is empty or too long.
    """
    found = _checked({"source": " ".join(words.split())}, None)
    if found.get("source") is None:
        _refuse("a source needs a name")
    return found["source"], found.get("source_url")


def reason(words: str) -> str:
    """Return why a fact changes, as typed.

    Raises:
        DeskError: it is too long or holds what no message can carry.
    """
    return _one_line(words, "the reason", REASON_LIMIT)


def answer(words: str) -> str:
    """Return what a fact is to say, as typed.

    Raises:
        DeskError: it is missing or too long.
    """
    found: str = _checked({"text": words.strip()}, None)["text"]
    return found


def phrasing(words: str) -> str:
    """Return another way of asking, as typed.

    Raises:
        DeskError: it is missing, too long, or holds what no message can carry.
    """
    return _one_line(words, "the way of asking", reading.PHRASING_LIMIT)


def _one_line(words: str, name: str, limit: int) -> str:
    faults = _Reasons()
    fields = Fields(Raw(place="", values={name: " ".join(words.split())}), faults, (name,))
    found = fields.text(name, limit, required=True)
    if faults.reasons or found is None:
        _refuse("; ".join(faults.reasons))
    return found


def _checked(given: Mapping[str, str], now: datetime | None) -> dict[str, Any]:
    plain = {name: "" if value == _CLEARS else value for name, value in given.items()}
    for name in ("text", "status"):
        if name in plain and not plain[name]:
            _refuse(f"{NAMES[name]} cannot be empty")
    if address := _ADDRESS.search(plain.get("source", "")):
        plain.setdefault("source_url", address[1])
        plain["source"] = _ADDRESS.sub(" ", plain["source"]).strip()
    faults = _Reasons()
    fields = Fields(Raw(place="", values=plain), faults, FACT_FIELDS)
    found = {name: _READERS[name](fields, plain[name], now) for name in plain}
    if faults.reasons:
        _refuse("; ".join(faults.reasons))
    return found


class _Reasons(Faults):
    """What is wrong with the words, without lines: there is only one message."""

    def __init__(self) -> None:
        super().__init__("the message")
        self.reasons: list[str] = []

    def add(
        self,
        place: str,  # noqa: ARG002 - as below: the base's signature
        reason: str,
        *,
        spoils_all: bool = False,  # noqa: ARG002
        about_file: bool = False,  # noqa: ARG002
    ) -> None:
        """Note one fault."""
        self.reasons.append(reason)


def _line(name: str, limit: int) -> Callable[[Fields, str, datetime | None], Any]:
    return lambda fields, _value, _now: fields.text(name, limit)


def _moment(name: str, direction: Direction) -> Callable[[Fields, str, datetime | None], Any]:
    def read_moment(fields: Fields, value: str, now: datetime | None) -> Any:
        if not value or now is None:
            return None
        try:
            return moments.read(value, now, direction)
        except Unclear as unclear:
            fields.fault(name, f"{NAMES[name]} is “{_cut(value)}”, which {unclear}")
            return None

    return read_moment


def _check_by(fields: Fields, value: str, now: datetime | None) -> Any:
    if not value or now is None:
        return None
    try:
        return moments.instant(moments.read(value, now, Direction.FUTURE), now.tzinfo)
    except Unclear as unclear:
        fields.fault("check_by", f"the next look is “{_cut(value)}”, which {unclear}")
        return None


def _topics(fields: Fields, value: str, now: datetime | None) -> Any:  # noqa: ARG001 - one signature
    topics = tuple(dict.fromkeys(each.strip() for each in value.split(",") if each.strip()))
    if len(topics) > reading.TOPICS_LIMIT or any(len(t) > reading.TOPIC_LIMIT for t in topics):
        fields.fault(
            "topics",
            f"at most {reading.TOPICS_LIMIT} topics of {reading.TOPIC_LIMIT} characters are kept",
        )
    return topics


_READERS: Final[Mapping[str, Callable[[Fields, str, datetime | None], Any]]] = {
    "text": lambda fields, _value, _now: fields.text(
        "text", reading.TEXT_LIMIT, required=True, several_lines=True
    ),
    "question": _line("question", reading.QUESTION_LIMIT),
    "source": _line("source", reading.SOURCE_LIMIT),
    "source_url": lambda fields, _value, _now: fields.address("source_url", reading.ADDRESS_LIMIT),
    "as_of": _moment("as_of", Direction.PAST),
    "happened": _moment("happened", Direction.EITHER),
    "status": lambda _fields, value, _now: status(value),
    "next_word": _line("next_word", reading.SOURCE_LIMIT),
    "topics": _topics,
    "check_by": _check_by,
    "weight": lambda fields, _value, _now: fields.choice("weight", Weight, Weight.ORDINARY),
}


def status(word: str, *, of: Fact | None = None) -> Status:
    """Return the status that was typed, `of` a fact where one is named.

    Raises:
        DeskError: it is none, the one that only a withdrawal gives, or what the fact is already.
    """
    plain = " ".join(word.replace("_", " ").replace("-", " ").split()).lower().rstrip(".")
    number = "7" if of is None else str(of.id)
    stands = "" if of is None else f" #{of.id} is {of.status} now."
    known = [each.value for each in Status if each is not Status.WITHDRAWN]
    can_be = f"{', '.join(known[:-1])} or {known[-1]}.{stands}"
    if not plain:
        _refuse(
            f"write the status behind the number, such as /status {number} reported. It can be "
            f"{can_be}"
        )
    if plain not in tuple(Status):
        _refuse(f"“{_cut(word)}” is no status. It can be {can_be}")
    found = Status(plain)
    if of is not None and of.status is found:
        _refuse(f"#{of.id} is {found} already.")
    if found is Status.WITHDRAWN:
        _refuse(f"a fact is taken back with its reason: write /withdraw {number} and the reason.")
    return found


def _refuse(reason: str) -> NoReturn:
    raise DeskError(f"Nothing changed: {reason.removesuffix('.')}.")


def _cut(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= 40 else words[:40] + "…"
