"""One field of a fact after another, from an editor's words to a value. Pure."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, TypeAlias

from bot.services.facts import time_expressions
from bot.services.facts.time_expressions import Direction, Unclear
from bot.stories import addresses
from bot.stories.schema import FIELD, FactField, Kind
from db.records import Status, Weight

SETTLED: Final = tuple(each for each in Status if each is not Status.WITHDRAWN)
"""What a fact may be made: one that is withdrawn was so by its own command."""

WEIGHTS: Final = {"big": Weight.BIG, "big news": Weight.BIG, "ordinary": Weight.ORDINARY}
SHOWN: Final = 40
"""Characters of what was typed that a refusal repeats."""

_ADDRESS: Final = re.compile(r"https?://[^\s/<>()]+[^\s<>]*", re.IGNORECASE)


def read(name: str, text: str, now: datetime) -> dict[str, Any]:
    """Return the field `name`, and those that stand beside it, as `text` gives them at `now`.

    Raises:
        Trouble: it cannot be read.
    """
    field = FIELD[name]
    return _READERS[field.kind](field, text, now)


class Trouble(ValueError):  # noqa: N818 - reads as what it is
    """A field cannot be read; what stood beside it may still be good."""

    def __init__(self, sentence: str, **besides: Any) -> None:
        super().__init__(sentence)
        self.besides = besides


def status_named(words: str) -> Status | None:
    """Return the status that `words` name, whatever their capitals, signs and full stop."""
    word = " ".join(re.split(r"[\s_-]+", words.casefold().strip(" .")))
    return Status(word) if word in tuple(Status) else None


def weight_named(words: str) -> Weight | None:
    """Return the weight that `words` name, whatever their capitals and full stop."""
    return WEIGHTS.get(" ".join(words.casefold().strip(" .").split()))


def shown(text: str) -> str:
    """Return the beginning of what was typed, on one line."""
    words = " ".join(text.split())
    return words if len(words) <= SHOWN else words[:SHOWN].rstrip() + "…"


def _text(field: FactField, text: str, _: datetime) -> dict[str, Any]:
    words = text if field.kind is Kind.TEXT else " ".join(text.split())
    over = len(words) - field.limit
    if over > 0:
        raise Trouble(
            f"The {field.called} has {len(words):,} characters, {over:,} too many: "
            f"send it again in at most {field.limit:,}."
        )
    return {field.name: words}


def _source(field: FactField, text: str, now: datetime) -> dict[str, Any]:
    found = _ADDRESS.search(text)
    if found is None:
        return _text(field, text, now)
    address = _sound(found.group().rstrip(").,;"))
    over = len(address) - FIELD["source_url"].limit
    if over > 0:
        raise Trouble(f"The link has {over:,} characters too many: send the source again.")
    before, after = text[: found.start()].rstrip(" ,;(<–—-"), text[found.end() :]
    who = " ".join(part for part in (before, after.strip(" )>,;.–—-")) if part)
    if not who:
        raise Trouble("I have the link, but not whose it is.", source_url=address)
    return {**_text(field, who, now), "source_url": address}


def _address(field: FactField, text: str, _: datetime) -> dict[str, Any]:
    if not _ADDRESS.fullmatch(text) or len(text) > field.limit:
        raise Trouble(f"“{shown(text)}” is no link that begins with http:// or https://.")
    return {field.name: _sound(text)}


def _sound(address: str) -> str:
    """Return an address in its usual spelling; raises Trouble for one that deceives."""
    address = _small_scheme(address)
    fault = addresses.fault_of(address)
    if fault is not None:
        raise Trouble(f"“{shown(addresses.visible(address))}” {fault}: send the link without that.")
    return address


def _small_scheme(address: str) -> str:
    """Return `address` beginning as links are told from words: `http`, not `HTTP`."""
    scheme, colon, rest = address.partition(":")
    return scheme.lower() + colon + rest


def _status(field: FactField, text: str, _: datetime) -> dict[str, Any]:
    status = status_named(text)
    if status is None or status not in SETTLED:
        taken_back = status is Status.WITHDRAWN
        raise Trouble(
            f"The status “{shown(text)}” is none of {', '.join(SETTLED)}."
            f"{' What is published is taken back with /withdraw.' if taken_back else ''}"
        )
    return {field.name: status}


def _weight(field: FactField, text: str, _: datetime) -> dict[str, Any]:
    weight = weight_named(text)
    if weight is None:
        raise Trouble(f"The weight “{shown(text)}” is neither big nor ordinary.")
    return {field.name: weight}


def _topics(field: FactField, text: str, _: datetime) -> dict[str, Any]:
    topics = tuple(dict.fromkeys(t for t in (p.strip(" #") for p in re.split("[,;]", text)) if t))
    if len(topics) > field.most or any(len(topic) > field.limit for topic in topics):
        raise Trouble(
            f"At most {field.most} topics of {field.limit} characters are kept, "
            "with commas between them."
        )
    return {field.name: topics}


def _moment(direction: Direction) -> "_Reader":
    def read_moment(field: FactField, text: str, now: datetime) -> dict[str, Any]:
        try:
            return {field.name: time_expressions.read(text, now, direction)}
        except Unclear as unclear:
            raise Trouble(f"“{shown(text)}” {unclear}.") from None

    return read_moment


def _instant(field: FactField, text: str, now: datetime) -> dict[str, Any]:
    try:
        moment = time_expressions.read(text, now, Direction.FUTURE)
    except Unclear as unclear:
        raise Trouble(f"“{shown(text)}” {unclear}.") from None
    return {field.name: time_expressions.instant(moment, now.tzinfo)}


def _next_word(field: FactField, text: str, now: datetime) -> dict[str, Any]:
    """Read when news is expected: a time is also when an editor must look; words stay words."""
    words = re.sub(r"^next\b[ :]*", "", text, flags=re.IGNORECASE).strip()
    if not words:
        raise Trouble("It does not say when news is expected.")
    given = _text(field, words, now)
    try:
        moment = time_expressions.read(words, now, Direction.FUTURE)
    except Unclear as unclear:
        if unclear.names_a_time:
            raise Trouble(f"“{shown(words)}” {unclear}.") from None
        return given
    # Tomorrow nobody knows any more which "18:00" it was.
    return {
        field.name: time_expressions.in_words(moment),
        "check_by": time_expressions.instant(moment, now.tzinfo),
    }


_Reader: TypeAlias = Callable[[FactField, str, datetime], dict[str, Any]]
_READERS: Final[Mapping[Kind, _Reader]] = {
    Kind.LINE: _text,
    Kind.TEXT: _text,
    Kind.SOURCE: _source,
    Kind.ADDRESS: _address,
    Kind.STATUS: _status,
    Kind.WEIGHT: _weight,
    Kind.TOPICS: _topics,
    Kind.SAID: _moment(Direction.PAST),
    Kind.HAPPENED: _moment(Direction.EITHER),
    Kind.INSTANT: _instant,
    Kind.NEXT_WORD: _next_word,
}
"""One for each kind of field that has a label."""
