"""Checks a request against the Bot API's rules, whatever the state of the chats."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from bot.rehearsal.api import html
from bot.rehearsal.api.fields import METHODS, Field
from bot.rehearsal.api.refusals import Violated, violation
from bot.rehearsal.world.entities import Entity, completed, tidy, units

LONGEST_TEXT: Final = 4096
LONGEST_CAPTION: Final = 1024
LONGEST_SOURCE: Final = 32_768
"""Bytes of a text before its markup is read."""


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file that came with a request."""

    name: str
    content: bytes
    mime: str


def checked(method: str, raw: dict[str, Any], files: dict[str, Upload]) -> dict[str, Any]:
    """Return the parameters of `method` in Python's types, files in place.

    Raises:
        Violated: one is missing, unknown, of the wrong type or too long.
    """
    known = METHODS[method]
    unknown = sorted(set(raw) - set(known))
    if unknown:
        raise violation(f"{method} has no parameter {', '.join(unknown)}")
    typed: dict[str, Any] = {}
    for name, field in known.items():
        value = _file(raw.get(name), name, files) if field.kind == "file" else raw.get(name)
        if value is None or value == "":
            if field.is_required:
                raise violation(field.refusal or f'parameter "{name}" is required')
            if value is None:
                continue
        typed[name] = _typed(name, field, value)
        _sized(name, field, typed[name])
    return typed


def _file(value: Any, name: str, files: dict[str, Upload]) -> Any:
    """Return the upload that a parameter means, or the text that names a file elsewhere."""
    if isinstance(value, str) and value.startswith("attach://"):
        return files.get(value.removeprefix("attach://"))
    return files.get(name, value)


def _typed(name: str, field: Field, value: Any) -> Any:
    if field.kind == "file":
        return value
    readers: dict[str, Callable[[str, Any], Any]] = {
        "integer": _integer,
        "text": _text,
        "flag": _flag,
        "chat": _chat,
        "object": _object,
        "list": _list,
    }
    return readers[field.kind](name, value)


def _sized(name: str, field: Field, value: Any) -> None:
    """Refuse a text or list that is too long, and keys that an object does not have."""
    if field.most is not None and len(value) > field.most:
        raise violation(field.refusal or f"{name} is longer than {field.most}")
    if field.keys is not None and (unknown := sorted(set(value) - field.keys)):
        raise violation(f"{name} has no field {', '.join(unknown)}")


def _integer(name: str, value: Any) -> int:
    try:
        return int(str(value))
    except ValueError:
        raise violation(f'field "{name}" must be of type Number') from None


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise violation(f'field "{name}" must be of type String')
    try:
        value.encode()
    except UnicodeEncodeError:
        raise violation("strings must be encoded in UTF-8") from None
    return value


def _flag(name: str, value: Any) -> bool:
    known = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    try:
        return known[str(value).lower()]
    except KeyError:
        raise violation(f'field "{name}" must be of type Boolean') from None


def _chat(name: str, value: Any) -> int | str:
    text = str(value)
    if text.startswith("@"):
        return text
    return _integer(name, value)


def _json(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        what = "reply keyboard markup" if name == "reply_markup" else name
        raise violation(f"can't parse {what} JSON object") from None


def _object(name: str, value: Any) -> dict[str, Any]:
    read = _json(name, value) if value != "" else {}
    if not isinstance(read, dict):
        raise violation(f"can't parse {name}: expected an Object")
    return read


def _list(name: str, value: Any) -> list[Any]:
    read = _json(name, value) if value != "" else []
    if not isinstance(read, list):
        raise violation(f"can't parse {name}: expected an Array")
    return read


def formatted(
    source: str, parse_mode: str | None, entities: list[Any] | None, *, most: int = LONGEST_TEXT
) -> tuple[str, list[Entity]]:
    """Return the visible text and all entities of what a bot sends.

    `most` is the longest visible text in characters.

    Raises:
        Violated: the markup is wrong, or the text is empty or too long.
    """
    if len(source.encode()) > LONGEST_SOURCE:
        raise violation("text is too long")
    text, marked = _marked(source, parse_mode, entities)
    text, marked = tidy(text, marked)
    if not text and most == LONGEST_TEXT:
        raise violation("text must be non-empty")
    if len(text) > most:
        caption = " caption" if most == LONGEST_CAPTION else ""
        raise violation(f"message{caption} is too long")
    return text, completed(text, marked)


def _marked(
    source: str, parse_mode: str | None, entities: list[Any] | None
) -> tuple[str, list[Entity]]:
    mode = (parse_mode or "").lower()
    if mode not in ("", "none", "html"):
        raise _mode_refused(mode)
    if mode == "html":
        try:
            return html.parse(source)
        except html.MarkupError as error:
            raise violation(f"can't parse entities: {error}") from None
    return source, [_entity(entity, units(source)) for entity in entities or []]


def _mode_refused(mode: str) -> Violated:
    if mode in ("markdown", "markdownv2"):
        return violation("this rehearsal reads HTML only; the project sends no Markdown")
    return violation("unsupported parse_mode")


def _entity(entity: Any, length: int) -> Entity:
    if not isinstance(entity, dict) or not {"type", "offset", "length"} <= set(entity):
        raise violation("can't parse MessageEntity: expected an Object")
    built = Entity(
        type=entity["type"],
        offset=entity["offset"],
        length=entity["length"],
        url=entity.get("url"),
        language=entity.get("language"),
    )
    if built.offset < 0 or built.length <= 0 or built.end > length:
        raise violation("entity lies outside of the text")
    return built
