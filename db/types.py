"""Column types: what Python values become in the database and back."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import JSON, DateTime, Dialect, Enum, String
from sqlalchemy.types import TypeDecorator

from db.records import FactDraft, Lexicon, Moment, Name, NameKind, Status, Weight


class UTCDateTime(TypeDecorator[datetime]):
    """A point in time: aware on both sides, UTC in the database.

    A naive datetime is refused with ValueError: nobody could say later which clock it was.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return `value` in UTC."""
        if value is None:
            return None
        if value.tzinfo is None or value.utcoffset() is None:
            raise ValueError(f"{value!r} has no time zone; the database keeps aware times only")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return `value` aware; SQLite gives it back without its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class MomentText(TypeDecorator[Moment]):
    """A day, or a minute of it, as `2025-05-19` or `2025-05-19 14:20`; sorts by time as text."""

    impl = String(16)
    cache_ok = True

    def process_bind_param(self, value: Moment | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the text; ValueError for a minute with seconds or a zone, which it would lose."""
        if value is None:
            return None
        text = str(value)
        if Moment.parse(text) != value:
            raise ValueError(f"{value!r} is finer than a minute or has a time zone")
        return text

    def process_result_value(self, value: str | None, dialect: Dialect) -> Moment | None:  # noqa: ARG002
        """Return the moment."""
        return None if value is None else Moment.parse(value)


class StringTuple(TypeDecorator[tuple[str, ...]]):
    """A tuple of strings, as a JSON list."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> list[str]:  # noqa: ARG002
        """Return the list that is written as JSON."""
        return list(value or ())

    def process_result_value(self, value: list[str] | None, dialect: Dialect) -> tuple[str, ...]:  # noqa: ARG002
        """Return the tuple."""
        return tuple(value or ())


class IntegerTuple(TypeDecorator[tuple[int, ...]]):
    """A tuple of whole numbers, as a JSON list."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[int, ...] | None, dialect: Dialect) -> list[int]:  # noqa: ARG002
        """Return the list that is written as JSON."""
        return list(value or ())

    def process_result_value(self, value: list[int] | None, dialect: Dialect) -> tuple[int, ...]:  # noqa: ARG002
        """Return the tuple."""
        return tuple(value or ())


class LexiconJSON(TypeDecorator[Lexicon]):
    """The story's words. One JSON value, since they are only ever read and written together."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Lexicon | None, dialect: Dialect) -> dict[str, Any]:  # noqa: ARG002
        """Return the object that is written as JSON."""
        lexicon = value or Lexicon()
        return {
            "names": [
                {"name": each.name, "kind": each.kind.value, "also": list(each.also)}
                for each in lexicon.names
            ],
            "synonyms": [list(words) for words in lexicon.synonyms],
        }

    def process_result_value(self, value: dict[str, Any] | None, dialect: Dialect) -> Lexicon:  # noqa: ARG002
        """Return the lexicon."""
        if value is None:
            return Lexicon()
        return Lexicon(
            names=tuple(
                Name(name=each["name"], kind=NameKind(each["kind"]), also=tuple(each["also"]))
                for each in value["names"]
            ),
            synonyms=tuple(tuple(words) for words in value["synonyms"]),
        )


class DraftJSON(TypeDecorator[FactDraft]):
    """A fact as somebody wishes it to be, as a JSON object without its empty fields."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(
        self,
        value: FactDraft | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> dict[str, Any] | None:
        """Return the object that is written as JSON."""
        if value is None:
            return None
        return draft_to_json(value)

    def process_result_value(
        self,
        value: dict[str, Any] | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> FactDraft | None:
        """Return the draft."""
        if value is None:
            return None
        return draft_from_json(value)


def draft_to_json(draft: FactDraft) -> dict[str, Any]:
    """Return a draft as a JSON object without its empty fields."""
    plain = {each.name: getattr(draft, each.name) for each in fields(draft)}
    return {
        name: _DRAFT_TO_JSON.get(name, _same)(field)
        for name, field in plain.items()
        if field not in (None, ())
    }


def draft_from_json(value: Mapping[str, Any]) -> FactDraft:
    """Return the draft that `draft_to_json` made an object of."""
    return FactDraft(
        **{name: _DRAFT_FROM_JSON.get(name, _same)(field) for name, field in value.items()}
    )


def _same(value: Any) -> Any:
    return value


_DRAFT_TO_JSON: Final[dict[str, Callable[[Any], Any]]] = {
    "as_of": str,
    "happened": str,
    "check_by": datetime.isoformat,
    "phrasings": list,
    "topics": list,
}
_DRAFT_FROM_JSON: Final[dict[str, Callable[[Any], Any]]] = {
    "as_of": Moment.parse,
    "happened": Moment.parse,
    "check_by": datetime.fromisoformat,
    "phrasings": tuple,
    "topics": tuple,
    "status": Status,
    "weight": Weight,
}


def enumerated(kind: type[StrEnum]) -> Enum:
    """Return a column type that holds the values of `kind` and refuses others with LookupError.

    Text without a CHECK: a new member is then no change of the schema.
    """
    return Enum(
        kind,
        native_enum=False,
        length=16,
        values_callable=lambda members: [member.value for member in members],
        validate_strings=True,
    )


def storable(text: str, limit: int) -> str:
    """Return what people typed, cut to `limit` characters and fit for any database.

    NUL (refused by PostgreSQL) is dropped and half a surrogate pair (refused by UTF-8) becomes `?`.
    """
    return text[:limit].replace("\0", "").encode("utf-8", "replace").decode("utf-8")
