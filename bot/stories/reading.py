"""Bytes of a file → a StoryFile of checked fields, or every fault it has."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, Final, TypeAlias

from bot.errors import StoryFileError
from bot.stories import decoding
from bot.stories.fields import KEY_LIMIT, Fields, zone_named
from bot.stories.formats import lengths
from bot.stories.notes import DateOrder, DatesUnclear, Recognised, SpellingsRead
from bot.stories.schema import FIELD, FIELDS, FactField, Kind
from bot.stories.storyfile import (
    FACT_FIELDS,
    NAME_FIELDS,
    STORY_FIELDS,
    SYNONYM_FIELDS,
    Entry,
    Faults,
    Format,
    Raw,
    RawFile,
    StoryFile,
)
from db.records import Name, NameKind, Status, Weight

FILE_LIMIT: Final = 20_000_000  # bytes
ROW_LIMIT: Final = 200_000
NAME_LIMIT: Final = 120  # characters, as all below
ALSO_LIMIT: Final = 200  # items
TITLE_LIMIT: Final = 200
ABOUT_LIMIT: Final = 300
MADE_KEY_LIMIT: Final = 60
SPELLINGS_SHOWN: Final = 10
TELL_EACH: Final = 500
"""Entries after which a reader who listens hears how far the reading has come."""
_LANGUAGE: Final = re.compile("[a-z]{2}")

Told: TypeAlias = Callable[[int, int], None]
"""Hears (done, total)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """What is sound in a file, and what was left out of it."""

    file: StoryFile
    refused: int  # entries
    faults: tuple[str, ...]  # the first hundred, such as `line 3: text is missing`
    fault_count: int


def read(
    data: bytes,
    kind: Format,
    *,
    name: str,
    time_zone: str = "UTC",
    order: DateOrder | None = None,
) -> StoryFile:
    """Return what the file holds.

    Args:
        data: the file.
        kind: its format.
        name: what faults call it.
        time_zone: for times without a zone, unless the file names the story's zone itself.
        order: of day and month, where nothing in the file decides it.

    Raises:
        StoryFileError: something is wrong; names every fault with its line, or its record where
            the format does not give the line.
    """
    faults = Faults(name)
    raw = _decoded(data, kind, faults, name=name, most=ROW_LIMIT, order=order)
    if faults.spoil_all:
        faults.raise_any()
    for note in raw.notes:
        if isinstance(note, DatesUnclear):
            faults.add(note.place, _unclear(note), about_file=True)
    file = _checked(raw, faults, time_zone, _untold)
    faults.raise_any()
    return file


def read_sound(
    data: bytes,
    kind: Format,
    *,
    name: str,
    time_zone: str = "UTC",
    most: int = ROW_LIMIT,
    told: Told | None = None,
    order: DateOrder | None = None,
) -> Sound:
    """Return what is sound in the file, its unsound entries left out.

    Where an entry of `names` or `synonyms`, or the story's name, is unsound, all of that section
    is left out. `told` hears now and then how many entries of how many are checked. Days that can
    mean two things are read as `order` says; without it as day first, with a note.

    Raises:
        StoryFileError: it cannot be read at all, or has more than `most` entries.
    """
    faults = Faults(name)
    raw = _decoded(data, kind, faults, name=name, most=most, order=order)
    if faults.spoil_all:
        faults.raise_any()
    refused = faults.count - faults.about_file
    before = faults.count
    story = {} if raw.story is None else _story(raw.story, faults)
    if faults.count > before:
        story = {}
    before = faults.count
    names = None if raw.names is None else _names(raw.names, faults)
    names = names if faults.count == before else None
    before = faults.count
    synonyms = None if raw.synonyms is None else _synonyms(raw.synonyms, faults)
    synonyms = synonyms if faults.count == before else None
    zone = story.get("time_zone", time_zone)
    entries, respelled = _entries(raw.facts, faults, zone, told or _untold)
    return Sound(
        file=StoryFile(
            story=story,
            entries=entries,
            names=names,
            synonyms=synonyms,
            notes=(*raw.notes, *respelled),
        ),
        refused=refused + len(raw.facts) - len(entries),
        faults=faults.shown,
        fault_count=faults.count,
    )


def _decoded(
    data: bytes,
    kind: Format,
    faults: Faults,
    *,
    name: str,
    most: int,
    order: DateOrder | None,
) -> RawFile:
    if len(data) > FILE_LIMIT:
        raise StoryFileError(
            f"Nothing was imported from {name}: it has {len(data) / 1e6:,.1f} MB, and at most "
            f"{FILE_LIMIT // 1_000_000} MB are read at once; split it."
        )
    raw = decoding.decode(data, kind, faults, order)
    if any(isinstance(note, Recognised) for note in raw.notes):
        # Nobody wrote it for here, so nobody could keep to what a fact may hold.
        raw = lengths.cut(raw, FIELD["text"].limit)
    if len(raw.facts) > most:
        raise StoryFileError(
            f"Nothing was imported from {name}: it has {len(raw.facts):,} facts, and at most "
            f"{most:,} are read at once; split it."
        )
    return raw


def _checked(raw: RawFile, faults: Faults, time_zone: str, told: Told) -> StoryFile:
    story = {} if raw.story is None else _story(raw.story, faults)
    zone = story.get("time_zone", time_zone)
    entries, respelled = _entries(raw.facts, faults, zone, told)
    return StoryFile(
        story=story,
        entries=entries,
        names=None if raw.names is None else _names(raw.names, faults),
        synonyms=None if raw.synonyms is None else _synonyms(raw.synonyms, faults),
        notes=(*raw.notes, *respelled),
    )


def _unclear(note: DatesUnclear) -> str:
    return (
        f"{note.example!r} can be {note.day_first.day} {note.day_first:%B} or "
        f"{note.month_first:%B} {note.month_first.day}: add "
        f"--dates {DateOrder.DAY_FIRST} or --dates {DateOrder.MONTH_FIRST}"
    )


def _untold(done: int, total: int) -> None:
    """Tell nobody."""


def _story(raw: Raw, faults: Faults) -> dict[str, str]:
    fields = Fields(raw, faults, STORY_FIELDS)
    language = fields.text("language", KEY_LIMIT)
    if language and not _LANGUAGE.fullmatch(language):
        fields.fault("language", f"language {language!r} is not two small letters such as en")
    values = {
        "title": fields.text("title", TITLE_LIMIT),
        "about": fields.text("about", ABOUT_LIMIT),
        "time_zone": fields.zone("time_zone"),
        "language": language,
    }
    return {name: value for name, value in values.items() if value}


def _entries(
    raws: Sequence[Raw], faults: Faults, time_zone: str, told: Told
) -> tuple[tuple[Entry, ...], tuple[SpellingsRead, ...]]:
    """Return the entries without fault, and the odd spellings in them.

    Keys of the others are taken nevertheless.
    """
    zone = zone_named(time_zone) or zone_named("UTC")
    assert zone is not None  # noqa: S101 - tzdata is a dependency
    read: list[tuple[Raw, dict[str, Any]]] = []
    respelled: dict[str, None] = {}
    places: dict[str, str] = {}
    for number, raw in enumerate(raws):
        if number % TELL_EACH == 0:
            told(number, len(raws))
        before = faults.count
        fields = Fields(raw, faults, FACT_FIELDS)
        values = {each.name: _READERS[each.kind](fields, each, zone) for each in FIELDS}
        key = values["key"]
        if key in places:
            fields.fault("key", f"the key {key!r} stands already at {places[key]}")
        elif key is not None:
            places[key] = raw.place_of("key")
        if faults.count == before:
            read.append((raw, {name: value for name, value in values.items() if name in fields}))
            respelled |= dict.fromkeys(fields.respelled)
    odd = (SpellingsRead(words=tuple(respelled)[:SPELLINGS_SHOWN]),) if respelled else ()
    return tuple(_with_keys(read, taken=set(places))), odd


def _text(fields: Fields, field: FactField, _: tzinfo) -> Any:
    return fields.text(field.name, field.limit)


def _moment(fields: Fields, field: FactField, zone: tzinfo) -> Any:
    return fields.moment(field.name, zone)


def _texts(fields: Fields, field: FactField, _: tzinfo) -> Any:
    return fields.texts(field.name, field.limit, field.most)


_READERS: Final[Mapping[Kind, Callable[[Fields, FactField, tzinfo], Any]]] = {
    Kind.KEY: lambda fields, field, _: fields.key(field.name),
    Kind.LINE: _text,
    Kind.TEXT: lambda fields, field, _: fields.text(
        field.name, field.limit, required=True, several_lines=True
    ),
    Kind.SOURCE: _text,
    Kind.ADDRESS: lambda fields, field, _: fields.address(field.name, field.limit),
    Kind.SAID: _moment,
    Kind.HAPPENED: _moment,
    Kind.STATUS: lambda fields, field, _: fields.choice(field.name, Status, Status.CONFIRMED),
    Kind.WEIGHT: lambda fields, field, _: fields.choice(field.name, Weight, Weight.ORDINARY),
    Kind.TOPICS: _texts,
    Kind.PHRASINGS: _texts,
    Kind.NEXT_WORD: _text,
    Kind.INSTANT: lambda fields, field, zone: fields.instant(field.name, zone),
}


def _with_keys(read: list[tuple[Raw, dict[str, Any]]], taken: set[str]) -> list[Entry]:
    """Give a key to each entry without one, the same in every reading of the same file."""
    entries = []
    for raw, given in read:
        key = given.get("key")
        if key is None:
            base = made_key(given.get("question") or given["text"])
            key = base
            number = 2
            while key in taken:
                key = f"{base}-{number}"
                number += 1
            taken.add(key)
        entries.append(Entry(key=key, given={**given, "key": key}, place=raw.place))
    return entries


def made_key(text: str) -> str:
    """Return a key made of the first words of `text`: `How long was it?` → `how-long-was-it`."""
    plain = unicodedata.normalize("NFKD", text.replace("'", "").replace("’", "").casefold())
    words = re.findall(r"[^\W_]+", "".join(c for c in plain if not unicodedata.combining(c)))
    key = ""
    for word in words:
        longer = f"{key}-{word}" if key else word[:MADE_KEY_LIMIT]
        if len(longer) > MADE_KEY_LIMIT:
            break
        key = longer
    return key or "fact"


def _names(raws: Sequence[Raw], faults: Faults) -> tuple[Name, ...]:
    names = []
    for raw in raws:
        fields = Fields(raw, faults, NAME_FIELDS)
        names.append(
            Name(
                name=fields.text("name", NAME_LIMIT, required=True) or "",
                kind=fields.choice("kind", NameKind) or NameKind.THING,
                also=fields.texts("also", NAME_LIMIT, ALSO_LIMIT),
            )
        )
    return tuple(names)


def _synonyms(raws: Sequence[Raw], faults: Faults) -> tuple[tuple[str, ...], ...]:
    groups = []
    for raw in raws:
        fields = Fields(raw, faults, SYNONYM_FIELDS)
        words = fields.texts("words", NAME_LIMIT, ALSO_LIMIT)
        if len(words) < 2:
            fields.fault("words", "words needs two or more words that mean the same")
        groups.append(words)
    return tuple(groups)
