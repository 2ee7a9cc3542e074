"""Buttons' data: short versioned codes on the wire, typed values on our side.

Data arrives from outside and may be forged or from an older bot; `parse` says None to both, and
whoever acts on a press checks the rights of the person, or that the exchange belongs to the chat.

A press is a frozen dataclass of whole numbers with a code. The code's first sign is its version,
the second its family: presses of readers, and of each part of the desk, are routed by it.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import ClassVar, Final, TypeVar

LONGEST: Final = 64
"""Bytes that Telegram takes as a button's data."""

_LARGEST_ID: Final = 2**63 - 1


class Press:
    """What a button carries back when it is tapped."""

    __slots__ = ()
    code: ClassVar[str]


Kind = TypeVar("Kind", bound=Press)

_KINDS: Final[dict[str, type[Press]]] = {}


def press(code: str) -> Callable[[type[Kind]], type[Kind]]:
    """Return what makes a class the press with this code; no code is given twice."""

    def registered(kind: type[Kind]) -> type[Kind]:
        assert code not in _KINDS, f"{code} stands for {_KINDS[code]}"  # noqa: S101 - at import
        kind.code = code
        _KINDS[code] = kind
        return kind

    return registered


@press("1c")
@dataclass(frozen=True, slots=True, kw_only=True)
class Choose(Press):
    """This fact was meant, of those that an exchange offered."""

    exchange_id: int
    fact_id: int


@press("1o")
@dataclass(frozen=True, slots=True, kw_only=True)
class Other(Press):
    """Something else was meant than the first `shown` candidates of an exchange."""

    exchange_id: int
    shown: int


@press("1f")
@dataclass(frozen=True, slots=True, kw_only=True)
class Show(Press):
    """Tell this fact."""

    fact_id: int


@press("1n")
@dataclass(frozen=True, slots=True, kw_only=True)
class ShowOverview(Press):
    """Tell what is known."""


@press("1p")
@dataclass(frozen=True, slots=True, kw_only=True)
class PassOn(Press):
    """Let the desk find the answer to an exchange, or tell it once it is known."""

    exchange_id: int


@press("1pr")
@dataclass(frozen=True, slots=True, kw_only=True)
class PassOnRest(Press):
    """Let the desk find what was missing beside an answer, which stays as it is."""

    exchange_id: int


@press("1pn")
@dataclass(frozen=True, slots=True, kw_only=True)
class NeverMind(Press):
    """Wait no longer for the answer to an exchange."""

    exchange_id: int


@press("1g")
@dataclass(frozen=True, slots=True, kw_only=True)
class GetAlerts(Press):
    """Hear the big news."""


@press("1t")
@dataclass(frozen=True, slots=True, kw_only=True)
class Follow(Press):
    """Hear when this fact changes."""

    fact_id: int


def encode(pressed: Press) -> str:
    """Return `pressed` as data of at most 64 bytes."""
    return ":".join([pressed.code, *map(str, values(pressed))])


def parse(data: str) -> Press | None:
    """Return the press that `data` stands for; None for data that no button of this bot has."""
    code, *given = data.split(":")
    kind = _KINDS.get(code)
    if kind is None or not all(_is_number(each) for each in given):
        return None
    names = [each.name for each in fields(kind)]  # type: ignore[arg-type]
    if len(names) != len(given):
        return None
    return kind(**dict(zip(names, map(int, given), strict=True)))


def code_of(data: str) -> str:
    """Return the code with which the data of a press begins, whatever else it holds."""
    return data.partition(":")[0]


def kinds() -> tuple[type[Press], ...]:
    """Return every kind of press that a module which was imported has."""
    return tuple(_KINDS.values())


def values(pressed: Press) -> list[int]:
    """Return what a press carries, in the order of its fields."""
    carried = [getattr(pressed, each.name) for each in fields(pressed)]  # type: ignore[arg-type]
    return [int(each) for each in carried]


def _is_number(field: str) -> bool:
    return field.isascii() and field.isdigit() and len(field) < 20 and int(field) <= _LARGEST_ID
