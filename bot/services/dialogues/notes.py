"""What the steps of a dialogue keep, between a frozen dataclass and the JSON of its proposal."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, TypeVar, get_args, get_origin, get_type_hints

from db.records import FactDraft, Moment
from db.types import draft_from_json, draft_to_json

Note = TypeVar("Note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What every dialogue keeps that ends with a version of a fact."""

    version: int | None = None  # that was published


def read(kind: type[Note], stored: Mapping[str, Any]) -> Note:
    """Return the note of this kind; names that it does not have, of other versions, are skipped."""
    dataclass_of: Any = kind
    read_by = _readers(dataclass_of)
    return kind(**{name: read_by[name](value) for name, value in stored.items() if name in read_by})


def stored(note: Any) -> dict[str, Any]:
    """Return a note as JSON, without its empty fields."""
    given = {each.name: getattr(note, each.name) for each in fields(note)}
    return {name: _plain(value) for name, value in given.items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, FactDraft):
        return draft_to_json(value)
    if isinstance(value, Moment):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return stored(value)
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value


@cache
def _readers(kind: type) -> Mapping[str, Callable[[Any], Any]]:
    hints = get_type_hints(kind)
    return {each.name: _reader(hints[each.name]) for each in fields(kind)}


def _reader(hint: Any) -> Callable[[Any], Any]:
    """Return what makes a value of this type from JSON."""
    if get_origin(hint) is UnionType:
        (inner,) = (_reader(each) for each in get_args(hint) if each is not NoneType)
        return lambda value: None if value is None else inner(value)
    if get_origin(hint) is tuple:
        item = _reader(get_args(hint)[0])
        return lambda value: tuple(item(each) for each in value)
    if hint in _READERS:
        return _READERS[hint]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    if is_dataclass(hint):
        return lambda value: _entry(hint, value)
    return lambda value: value


def _entry(kind: Any, value: Any) -> Any:
    """Return an entry of a note; earlier versions kept some as lists, field after field."""
    if isinstance(value, list):
        names = [each.name for each in fields(kind)]
        value = dict(zip(names, value, strict=False))
    return read(kind, value)


_READERS: Final[Mapping[Any, Callable[[Any], Any]]] = {
    FactDraft: draft_from_json,
    Moment: Moment.parse,
}
