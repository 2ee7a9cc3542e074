"""Entities: marked stretches of a text, and those that Telegram finds by itself."""

import re
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlsplit

MOST: Final = 100
"""A message keeps no more entities than this; the rest are ignored."""

FOUND: Final = (
    ("url", re.compile(r"\bhttps?://[^\s<>\"]+[^\s<>\".,;:!?)\]’”]|\b(?:t\.me)/[\w+/?=&-]+")),
    ("email", re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")),
    ("mention", re.compile(r"(?<![\w@/])@[A-Za-z]\w{2,31}\b")),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#])#\w*[^\W\d]\w*")),
)
"""What Telegram marks without being asked, in the order that decides an overlap."""


@dataclass(frozen=True, kw_only=True)
class Entity:
    """A stretch of a text; `offset` and `length` count UTF-16 units."""

    type: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None

    @property
    def end(self) -> int:
        """The first unit after it."""
        return self.offset + self.length

    def json(self) -> dict[str, Any]:
        """Return it as a `MessageEntity`."""
        body: dict[str, Any] = {"type": self.type, "offset": self.offset, "length": self.length}
        if self.url:
            body["url"] = self.url
        if self.language and self.type == "pre":
            body["language"] = self.language
        return body


def units(text: str) -> int:
    """Return the length of `text` in UTF-16 units."""
    return len(text) + sum(character > "\uffff" for character in text)


def cut(text: str, entity: Entity) -> str:
    """Return the part of `text` that `entity` marks."""
    encoded = text.encode("utf-16-le")
    return encoded[2 * entity.offset : 2 * entity.end].decode("utf-16-le")


def checked_link(url: str) -> str | None:
    """Return `url` as Telegram keeps it (scheme added, host lowered, a path at least `/`).

    Returns None for what it does not accept as a link: no host, or another scheme.
    """
    if url.startswith(("tg://", "ton://", "tonsite://")):
        return url
    full = url if "://" in url else f"http://{url}"
    try:
        parts = urlsplit(full)
        host = parts.hostname
        _ = parts.port  # an impossible port raises
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or " " in url:
        return None
    if "." not in host and host != "localhost":
        return None
    path = parts.path or "/"
    return parts._replace(netloc=parts.netloc.lower(), path=path).geturl()


def found(text: str) -> list[Entity]:
    """Return what Telegram marks in `text` by itself: links, mentions, commands, hashtags."""
    taken: list[Entity] = []
    for kind, pattern in FOUND:
        for match in pattern.finditer(text):
            entity = Entity(
                type=kind, offset=units(text[: match.start()]), length=units(match.group())
            )
            if not any(overlap(entity, other) for other in taken):
                taken.append(entity)
    return sorted(taken, key=lambda entity: entity.offset)


def overlap(one: Entity, other: Entity) -> bool:
    """Tell whether two entities share a unit."""
    return one.offset < other.end and other.offset < one.end


def completed(text: str, marked: list[Entity]) -> list[Entity]:
    """Return the entities of a message: `marked` by its sender and what Telegram adds.

    Nothing is marked inside code, and a found link yields to a sender's own.
    """
    solid = [entity for entity in marked if entity.type in ("code", "pre")]
    kept = [
        entity
        for entity in marked
        if not any(overlap(entity, other) for other in solid if other is not entity)
    ]
    blocking = [entity for entity in kept if entity.type in ("code", "pre", "text_link")]
    added = [
        entity for entity in found(text) if not any(overlap(entity, other) for other in blocking)
    ]
    ordered = sorted(kept + added, key=lambda entity: (entity.offset, -entity.length))
    return ordered[:MOST]


def tidy(text: str, marked: list[Entity]) -> tuple[str, list[Entity]]:
    """Return the text as it is stored: control characters gone, ends trimmed, entities shifted.

    A leading blank that an entity begins with stays, as on the real server.
    """
    characters: list[str] = []
    where = [0]  # unit in the old text → unit in the new one
    position = 0
    for character in text:
        kept = _kept(character)
        characters.append(kept)
        size = units(character)
        where.extend(
            [position + (units(kept) if step == size else 0) for step in range(1, size + 1)]
        )
        position += units(kept)
    clean = "".join(characters)
    moved = [
        replace(
            entity, offset=where[entity.offset], length=where[entity.end] - where[entity.offset]
        )
        for entity in marked
        if entity.end < len(where)
    ]
    first = moved[0].offset if moved else len(clean)
    lead = min(len(clean) - len(clean.lstrip(" \n")), first)
    trimmed = clean[lead:].rstrip(" \n")
    last = units(trimmed)
    shifted = [
        replace(
            entity,
            offset=entity.offset - lead,
            length=min(entity.end - lead, last) - entity.offset + lead,
        )
        for entity in moved
    ]
    return trimmed, [entity for entity in shifted if entity.length > 0]


def _kept(character: str) -> str:
    """Return what becomes of one character: itself, a blank, or nothing."""
    if character == "\r" or "\u2028" <= character <= "\u202e":
        return ""
    return " " if character < " " and character != "\n" else character
