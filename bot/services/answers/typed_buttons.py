"""What a reader types instead of pressing a button: its number, or its own words. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from db.records import Exchange, Fact, Outcome


class Tap(StrEnum):
    """What is pressed of an answer."""

    CHOOSE = "choose"
    OTHER = "other"
    PASS_ON = "pass_on"  # noqa: S105 - no password
    FOLLOW = "follow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A button of the last answer that was typed out."""

    exchange_id: int
    tap: Tap
    fact_id: int | None = None  # CHOOSE and FOLLOW
    shown: int = 0  # OTHER: candidates that were to choose from


_WORDS: Final = {
    "something else": Tap.OTHER,
    "not what i asked": Tap.OTHER,
    "pass it on": Tap.PASS_ON,
    "pass on the rest": Tap.PASS_ON,
    "tell me when it is known": Tap.PASS_ON,
    "tell me if this changes": Tap.FOLLOW,
}
"""The buttons below answers, by what stands on them."""

_ON_WHAT: Final = {
    Tap.OTHER: (Outcome.ANSWER, Outcome.CHOOSE, Outcome.UNKNOWN, Outcome.NOT_COVERED),
    Tap.PASS_ON: (Outcome.MISSING, Outcome.UNKNOWN, Outcome.NOT_COVERED),
    Tap.FOLLOW: (Outcome.ANSWER,),
}
"""Below which answers they stand."""

_ORDINALS: Final = ("first", "second", "third", "fourth")
_COUNTED: Final = ("one", "two", "three", "four")
_PLACE: Final = re.compile(
    rf"(?:the |number |no |option |button )*(?:(\d)|({'|'.join(_COUNTED)})|"
    rf"({'|'.join(_ORDINALS)})(?: one)?)(?: please)?"
)


def typed(
    text: str, exchange: Exchange, facts: Mapping[int, Fact], choices: Sequence[int]
) -> Typed | None:
    """Return the button of an answer that `text` means; None where it means none.

    `choices` are the numbers of the facts that stand on its buttons, in their order.
    """
    said = plain(text)
    standing = [number for number in choices if number in facts]
    chosen = next((each for each in standing if plain(facts[each].question or "") == said), None)
    tap = _WORDS.get(said)
    place = place_of(said)
    if chosen is None and place is not None and standing:
        if place <= len(standing):
            chosen = standing[place - 1]
        elif place == len(standing) + 1:
            tap = Tap.OTHER if exchange.outcome is Outcome.CHOOSE else Tap.PASS_ON
    if chosen is not None and said:
        return Typed(exchange_id=exchange.id, tap=Tap.CHOOSE, fact_id=chosen)
    if tap is None or exchange.outcome not in _ON_WHAT[tap]:
        return None
    told = [fact_id for fact_id, _ in exchange.told]
    if tap is Tap.FOLLOW and len(told) != 1:
        return None
    return Typed(
        exchange_id=exchange.id,
        tap=tap,
        fact_id=told[0] if tap is Tap.FOLLOW else None,
        shown=len(standing) if exchange.outcome is Outcome.CHOOSE else 0,
    )


def is_button(text: str) -> bool:
    """Return whether words are those of a button below answers, whether or not one stands there."""
    return plain(text) in _WORDS


def place_of(said: str) -> int | None:
    """Return the place in a list that words mean, such as 2 for "the second one"."""
    found = _PLACE.fullmatch(said)
    if found is None:
        return None
    if found[1] is not None:
        return int(found[1]) or None
    if found[2] is not None:
        return _COUNTED.index(found[2]) + 1
    return _ORDINALS.index(found[3]) + 1


def plain(text: str) -> str:
    """Return words without capitals, signs and pictures: digits of every script as such."""
    spaced = (
        str(unicodedata.digit(each)) if each.isdigit() else each if each.isalnum() else " "
        for each in unicodedata.normalize("NFKC", text).replace("’", "'").replace("'", "")
    )
    return " ".join("".join(spaced).casefold().split())
