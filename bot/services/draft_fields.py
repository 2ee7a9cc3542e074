"""One field of a fact after another, from an editor's words to a value. Pure."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, TypeAlias

from bot.services import moments
from bot.services.moments import Direction, Unclear
from bot.stories import reading
from db.records import Status, Weight

SETTLED: Final = tuple(each for each in Status if each is not Status.WITHDRAWN)
"""What a new fact may be: nobody begins by withdrawing."""

LIMITS: Final = {
    "question": reading.QUESTION_LIMIT,
    "text": reading.TEXT_LIMIT,
    "source": reading.SOURCE_LIMIT,
    "source_url": reading.ADDRESS_LIMIT,
    "next_word": reading.SOURCE_LIMIT,
}
"""Characters that each field may have, as in a file of facts."""

CALLED: Final = {
    "question": "question",
    "text": "answer",
    "source": "source",
    "source_url": "link",
    "next_word": "word on when news is expected",
}
WEIGHTS: Final = {"big": Weight.BIG, "big news": Weight.BIG, "ordinary": Weight.ORDINARY}
_ADDRESS: Final = re.compile(r"https?://[^\s/<>()]+[^\s<>]*", re.IGNORECASE)


def read(name: str, text: str, now: datetime) -> dict[str, Any]:
    """Return the field `name`, and those that stand beside it, as `text` gives them at `now`.

    Raises:
        Trouble: it cannot be read.
    """
    return _READERS[name](name, text, now)


class Trouble(ValueError):  # noqa: N818 - reads as what it is
    """A field cannot be read; what stood beside it may still be good."""

    def __init__(self, sentence: str, **besides: Any) -> None:
        super().__init__(sentence)
        self.besides = besides


def _text(name: str, text: str, _: datetime) -> dict[str, Any]:
    words = text if name == "text" else " ".join(text.split())
    over = len(words) - LIMITS[name]
    if over > 0:
        raise Trouble(
            f"The {CALLED[name]} has {len(words):,} characters, {over:,} too many: "
            f"send it again in at most {LIMITS[name]:,}."
        )
    return {name: words}


def _source(name: str, text: str, now: datetime) -> dict[str, Any]:
    found = _ADDRESS.search(text)
    if found is None:
        return _text(name, text, now)
    address = _small_scheme(found.group().rstrip(").,;"))
    over = len(address) - LIMITS["source_url"]
    if over > 0:
        raise Trouble(f"The link has {over:,} characters too many: send the source again.")
    before, after = text[: found.start()].rstrip(" ,;(<–—-"), text[found.end() :]
    who = " ".join(part for part in (before, after.strip(" )>,;.–—-")) if part)
    if not who:
        raise Trouble("I have the link, but not whose it is.", source_url=address)
    return {**_text(name, who, now), "source_url": address}


def _address(name: str, text: str, _: datetime) -> dict[str, Any]:
    if not _ADDRESS.fullmatch(text) or len(text) > LIMITS[name]:
        raise Trouble(f"“{shown(text)}” is no link that begins with http:// or https://.")
    return {name: _small_scheme(text)}


def _small_scheme(address: str) -> str:
    """Return `address` beginning as links are told from words: `http`, not `HTTP`."""
    scheme, colon, rest = address.partition(":")
    return scheme.lower() + colon + rest


def _status(name: str, text: str, _: datetime) -> dict[str, Any]:
    word = " ".join(re.split(r"[\s_-]+", text.casefold().strip(" .")))
    if word not in tuple(SETTLED):
        raise Trouble(f"The status “{shown(text)}” is none of {', '.join(SETTLED)}.")
    return {name: Status(word)}


def _weight(name: str, text: str, _: datetime) -> dict[str, Any]:
    weight = WEIGHTS.get(text.casefold())
    if weight is None:
        raise Trouble(f"The weight “{shown(text)}” is neither big nor ordinary.")
    return {name: weight}


def _topics(name: str, text: str, _: datetime) -> dict[str, Any]:
    topics = tuple(dict.fromkeys(t for t in (p.strip(" #") for p in re.split("[,;]", text)) if t))
    if len(topics) > reading.TOPICS_LIMIT or any(len(t) > reading.TOPIC_LIMIT for t in topics):
        raise Trouble(
            f"At most {reading.TOPICS_LIMIT} topics of {reading.TOPIC_LIMIT} characters are kept, "
            "with commas between them."
        )
    return {name: topics}


def _moment(direction: Direction) -> "_Reader":
    def read_moment(name: str, text: str, now: datetime) -> dict[str, Any]:
        try:
            return {name: moments.read(text, now, direction)}
        except Unclear as unclear:
            raise Trouble(f"“{shown(text)}” {unclear}.") from None

    return read_moment


def _check_by(name: str, text: str, now: datetime) -> dict[str, Any]:
    try:
        moment = moments.read(text, now, Direction.FUTURE)
    except Unclear as unclear:
        raise Trouble(f"“{shown(text)}” {unclear}.") from None
    return {name: moments.instant(moment, now.tzinfo)}


def _next_word(name: str, text: str, now: datetime) -> dict[str, Any]:
    """Read when news is expected: a time is also when an editor must look; words stay words."""
    words = re.sub(r"^next\b[ :]*", "", text, flags=re.IGNORECASE).strip()
    if not words:
        raise Trouble("It does not say when news is expected.")
    given = _text(name, words, now)
    try:
        moment = moments.read(words, now, Direction.FUTURE)
    except Unclear as unclear:
        if unclear.names_a_time:
            raise Trouble(f"“{shown(words)}” {unclear}.") from None
        return given
    # Tomorrow nobody knows any more which "18:00" it was.
    return {name: moments.in_words(moment), "check_by": moments.instant(moment, now.tzinfo)}


def shown(text: str) -> str:
    return text if len(text) <= 40 else text[:40].rstrip() + "…"


_Reader: TypeAlias = Callable[[str, str, datetime], dict[str, Any]]
_READERS: Final[Mapping[str, _Reader]] = {
    "question": _text,
    "text": _text,
    "source": _source,
    "source_url": _address,
    "status": _status,
    "weight": _weight,
    "topics": _topics,
    "as_of": _moment(Direction.PAST),
    "happened": _moment(Direction.EITHER),
    "check_by": _check_by,
    "next_word": _next_word,
}
