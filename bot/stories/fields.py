"""Checks one field of a file of facts after another; notes each fault and goes on."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, tzinfo
from difflib import get_close_matches
from enum import StrEnum
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from bot.stories import addresses
from bot.stories.storyfile import Faults, Raw
from db.records import Moment

Choice = TypeVar("Choice", bound=StrEnum)

_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d)?")
_KEY: Final = re.compile(r"\w[\w.-]*")
KEY_LIMIT: Final = 80
SHOWN: Final = 40
"""Characters of a bad value that a fault repeats."""


class Fields:
    """The fields of one record. Each method returns a good value, or notes a fault.

    After a fault the value returned is of the right type but must not be used.
    """

    def __init__(self, raw: Raw, faults: Faults, known: Sequence[str]) -> None:
        self._raw = raw
        self._faults = faults
        self.respelled: list[str] = []
        """Words of a choice that stand there in other capitals or with other signs."""
        for name in raw.values:
            if name not in known:
                near = get_close_matches(str(name), known, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
                self.fault(name, f"{shown(name)} is not a field; {hint}")

    def fault(self, name: str, reason: str) -> None:
        """Note a fault at the field's place."""
        self._faults.add(self._raw.place_of(name), reason)

    def __contains__(self, name: str) -> bool:
        """Return whether the field stands there, be it empty."""
        return name in self._raw.values

    def text(
        self, name: str, limit: int, *, required: bool = False, several_lines: bool = False
    ) -> str | None:
        """Return the field as clean text of at most `limit` characters; None where it is empty."""
        value = self._raw.values.get(name)
        if value is None or value == "":
            cleaned = ""
        elif isinstance(value, str):
            cleaned = self._clean(name, value, limit, several_lines=several_lines)
        else:
            self.fault(name, f"{name} must be text, not {shown(value)}")
            return ""
        if required and not cleaned:
            self.fault(name, f"{name} is missing")
        return cleaned or None

    def texts(self, name: str, limit: int, most: int) -> tuple[str, ...]:
        """Return the field as a list of clean texts, each once."""
        value = self._raw.values.get(name)
        if value is None or value == "":
            return ()
        if not isinstance(value, list):
            self.fault(name, f"{name} must be a list of texts, not {shown(value)}")
            return ()
        if len(value) > most:
            self.fault(name, f"{name} has {len(value):,} items; at most {most:,} are kept")
            return ()
        items = []
        for item in value:
            if not isinstance(item, str) or not item.strip():
                self.fault(name, f"{name} must hold texts, not {shown(item)}")
            else:
                items.append(self._clean(name, item, limit, several_lines=False))
        return tuple(dict.fromkeys(items))

    def choice(self, name: str, kind: type[Choice], default: Choice | None = None) -> Choice | None:
        """Return the field as a member of `kind`; `default` where it is empty."""
        value = self._raw.values.get(name)
        if value is None or value == "":
            if default is None:
                self.fault(name, f"{name} is missing; one of {', '.join(kind)}")
            return default
        chosen = choice_of(value, kind)
        if chosen is None:
            self.fault(name, f"{name} is {shown(value)}; one of {', '.join(kind)}")
            return default
        if str(value).strip() != chosen.value:
            self.respelled.append(str(value).strip())
        return chosen

    def key(self, name: str) -> str | None:
        """Return the field as a key; None where it is empty."""
        key = self.text(name, KEY_LIMIT)
        if key and not _KEY.fullmatch(key):
            self.fault(name, f"{name} {shown(key)} may hold letters, digits, '-', '_' and '.' only")
        return key

    def address(self, name: str, limit: int) -> str | None:
        """Return the field as an address of the web; None where it is empty."""
        address = self.text(name, limit)
        fault = addresses.fault_of(address) if address else None
        if address and fault is not None:
            self.fault(name, f"{name} {shown(addresses.visible(address))} {fault}")
        return address

    def moment(self, name: str, zone: tzinfo) -> Moment | None:
        """Return the field as a day or a minute in `zone`; None where it is empty."""
        value = self._raw.values.get(name)
        if value is None or value == "":
            return None
        try:
            if isinstance(value, datetime):
                here = value if value.tzinfo is None else value.astimezone(zone)
                return Moment(here.date(), here.time().replace(second=0, microsecond=0))
            if isinstance(value, date):
                return Moment(value)
            if isinstance(value, str) and _MOMENT.fullmatch(value.strip()):
                return Moment.parse(value)
        except (ValueError, OverflowError):
            pass
        self.fault(
            name,
            f"{name} is {shown(value)}; a day such as 2025-05-19, or 2025-05-19 14:20 in the "
            "story's time zone",
        )
        return None

    def instant(self, name: str, zone: tzinfo) -> datetime | None:
        """Return the field as a time in UTC, read in `zone` where it names none itself."""
        value = self._raw.values.get(name)
        if value is None or value == "":
            return None
        try:
            if isinstance(value, str):
                value = datetime.fromisoformat(value.strip())
            elif isinstance(value, date) and not isinstance(value, datetime):
                value = datetime.combine(value, time())
            if isinstance(value, datetime):
                return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        self.fault(name, f"{name} is {shown(value)}; a time such as 2025-05-20 18:00")
        return None

    def zone(self, name: str) -> str | None:
        """Return the field as the name of a time zone; None where it is empty."""
        text = self.text(name, KEY_LIMIT)
        if text and zone_named(text) is None:
            self.fault(name, f"{name} {shown(text)} is not a time zone such as Europe/Kyiv")
        return text

    def _clean(self, name: str, value: str, limit: int, *, several_lines: bool) -> str:
        text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
        if len(text) > limit:
            self.fault(name, f"{name} has {len(text):,} characters; at most {limit:,} are kept")
            return text[:limit]
        for character in text:
            reason = _REFUSED.get(unicodedata.category(character))
            if reason and not (character == "\t" or (character == "\n" and several_lines)):
                code = f"U+{ord(character):04X}"
                if character == "\n":
                    reason, code = "a line break", "one line only"
                self.fault(name, f"{name} holds {reason} ({code})")
                break
        return text


_REFUSED: Final = {"Cc": "a control character", "Cs": "half a surrogate pair"}


def choice_of(value: object, kind: type[Choice]) -> Choice | None:
    """Return the member of `kind` that `value` spells, whatever its capitals and hyphens."""
    word = _spelling(str(value))
    return next((each for each in kind if _spelling(each.value) == word), None)


def _spelling(word: str) -> str:
    return " ".join(re.split(r"[\s_-]+", word.casefold().strip(" ._-\t")))


def zone_named(name: str) -> tzinfo | None:
    """Return the time zone of this IANA name; None if there is none."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return None


def shown(value: object) -> str:
    """Return the beginning of a value as it goes into a fault."""
    if isinstance(value, (list, tuple, dict)):
        return "a list" if not isinstance(value, dict) else "a table"
    text = value if isinstance(value, str) else str(value)
    return repr(text if len(text) <= SHOWN else text[:SHOWN] + "…")
