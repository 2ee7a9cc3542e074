"""What a story is called and about, from words to values. Pure."""

import re
from typing import Final

from bot.errors import DeskError, SubscriptionError
from bot.services.subscriptions.time_zones import zone_of
from bot.stories import reading

ABOUT_LENGTH: Final = 300

TITLE: Final = "title"
ABOUT: Final = "about"
PLACE: Final = "time_zone"
LANGUAGE: Final = "language"
ASKED: Final = (TITLE, ABOUT, PLACE)
"""What is asked for, one after another; the language is English unless a line says otherwise."""

_LABELLED: Final = re.compile(r"^\s*(title|about|place|language)\s*:\s*(.*)$", re.IGNORECASE)
_FIELDS: Final = {"title": TITLE, "about": ABOUT, "place": PLACE, "language": LANGUAGE}
_UNREADABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def fields_of(text: str) -> dict[str, str]:
    """Return what labelled lines say of a story; DeskError for a value that cannot be.

    Other lines are not looked at.
    """
    given: dict[str, str] = {}
    for line in text.splitlines():
        found = _LABELLED.match(line)
        if found is not None:
            given |= read(_FIELDS[found[1].lower()], found[2])
    return given


def read(name: str, text: str) -> dict[str, str]:
    """Return one field of a story as somebody who was asked for it writes it.

    Raises:
        DeskError: it cannot be that; says what to write.
    """
    words = " ".join(_UNREADABLE.sub(" ", text).split())
    if not words:
        raise DeskError(f"The {_CALLED[name]} is empty: write it in a few words.")
    if name == PLACE:
        return {name: _zone(words)}
    if name == LANGUAGE:
        code = words.lower()
        if code in ("english", "en"):
            return {name: "en"}
        if not re.fullmatch("[a-z]{2}", code):
            raise DeskError(f"The language {words[:40]!r} is no code of two letters, such as en.")
        return {name: code}
    most = reading.TITLE_LIMIT if name == TITLE else ABOUT_LENGTH
    if len(words) > most:
        raise DeskError(
            f"The {_CALLED[name]} has {len(words):,} characters, and {most} are kept: write it "
            "shorter."
        )
    return {name: words.rstrip(".") if name == ABOUT else words}


_CALLED: Final = {TITLE: "title", ABOUT: "description", PLACE: "place", LANGUAGE: "language"}


def _zone(words: str) -> str:
    try:
        return zone_of(words)
    except SubscriptionError as error:
        raise DeskError(str(error)) from None
