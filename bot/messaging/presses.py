"""Buttons' data: short versioned codes on the wire, typed values on our side.

Data arrives from outside and may be forged or from an older bot; `parse` says None to both, and
whoever acts on a press checks that the exchange belongs to the chat.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

LONGEST: Final = 64
"""Bytes that Telegram takes as a button's data."""

_LARGEST_ID: Final = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose:
    """This fact was meant, of those that an exchange offered."""

    exchange_id: int
    fact_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Something else was meant than the first `shown` candidates of an exchange."""

    exchange_id: int
    shown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """Tell this fact."""

    fact_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowOverview:
    """Tell what is known."""


Press: TypeAlias = Choose | Other | Show | ShowOverview


def encode(press: Press) -> str:
    """Return `press` as data of at most 64 bytes."""
    match press:
        case Choose(exchange_id=exchange, fact_id=fact):
            return f"1c:{exchange}:{fact}"
        case Other(exchange_id=exchange, shown=shown):
            return f"1o:{exchange}:{shown}"
        case Show(fact_id=fact):
            return f"1f:{fact}"
        case ShowOverview():
            return "1n"


def parse(data: str) -> Press | None:
    """Return the press that `data` stands for; None for data that no button of this bot has."""
    code, *fields = data.split(":")
    if not all(_is_number(field) for field in fields):
        return None
    match code, *map(int, fields):
        case "1c", int(exchange), int(fact):
            return Choose(exchange_id=exchange, fact_id=fact)
        case "1o", int(exchange), int(shown):
            return Other(exchange_id=exchange, shown=shown)
        case "1f", int(fact):
            return Show(fact_id=fact)
        case ("1n",):
            return ShowOverview()
        case _:
            return None


def _is_number(field: str) -> bool:
    return field.isascii() and field.isdigit() and len(field) < 20 and int(field) <= _LARGEST_ID
