"""TOML, JSON, JSONL and CSV → records with the places where they stand."""

import csv
import io
import json
import re
import tomllib
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias

from bot.stories.fields import shown
from bot.stories.storyfile import LIST_FIELDS, SECTIONS, Faults, Format, Raw, RawFile


def decode(data: bytes, kind: Format, faults: Faults) -> RawFile:
    """Return the records of a file; notes in `faults` what keeps it from being read."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reason = "the file is not UTF-8 text; save it as UTF-8"
        faults.add(f"line {line}", reason, spoils_all=True)
        return RawFile()
    try:
        return _DECODERS[kind](text, faults)
    except RecursionError:
        faults.add("the file", "it is nested too deeply", spoils_all=True)
        return RawFile()


def _toml(text: str, faults: Faults) -> RawFile:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason, _, where = str(error).partition(" (at ")
        where = where.removesuffix(")").partition(",")[0]
        where = where if where.startswith("line") else "the end of the file"
        faults.add(where, _small(reason), spoils_all=True)
        return RawFile()
    except ValueError as error:  # a number of thousands of digits
        faults.add("the file", _small(str(error)), spoils_all=True)
        return RawFile()
    headers = _toml_headers(text)

    def place(section: str, number: int) -> tuple[int | None, dict[str, int]]:
        found = headers.get(section, [])
        return found[number] if number < len(found) else (None, {})

    return _sections(document, faults, place)


Place: TypeAlias = Callable[[str, int], tuple[int | None, dict[str, int]]]
"""(section, number of the record) → its line, if known, and the lines of its fields."""

_HEADER: Final = re.compile(r"\s*\[\[?\s*(\w+)\s*\]\]?\s*(#.*)?")
_FIELD: Final = re.compile(r"\s*(\w+)\s*=")


def _toml_headers(text: str) -> dict[str, list[tuple[int, dict[str, int]]]]:
    """Return each section's headers: (line, lines of its fields)."""
    headers: dict[str, list[tuple[int, dict[str, int]]]] = {}
    fields: dict[str, int] = {}
    doubled: set[str] = set()
    for number, line in enumerate(text.split("\n"), 1):
        if found := _HEADER.fullmatch(line):
            fields, doubled = {}, set()
            headers.setdefault(found[1], []).append((number, fields))
        elif found := _FIELD.match(line):
            if found[1] in fields or found[1] in doubled:
                # One of the two stands within a text of several lines: which, nobody can say.
                fields.pop(found[1], None)
                doubled.add(found[1])
            else:
                fields[found[1]] = number
    return headers


def _json(text: str, faults: Faults) -> RawFile:
    decoder = json.JSONDecoder(object_pairs_hook=_unique)
    try:
        document = decoder.decode(text)
    except json.JSONDecodeError as error:
        faults.add(f"line {error.lineno}", _small(error.msg), spoils_all=True)
        return RawFile()
    except ValueError as error:
        faults.add("the file", _small(str(error)), spoils_all=True)
        return RawFile()
    if not isinstance(document, dict):
        reason = f"the file must be a table of {', '.join(SECTIONS)}"
        faults.add("line 1", reason, spoils_all=True)
        return RawFile()
    lines = dict(_json_lines(text))
    return _sections(document, faults, lambda section, number: (lines.get((section, number)), {}))


def _json_lines(text: str) -> Iterator[tuple[tuple[str, int], int]]:
    """Yield ((section, number), line) of each record of a JSON text that is known to be good."""
    scan = json.JSONDecoder().raw_decode
    blank = re.compile(r"[ \t\r\n]*")

    def after_blank(position: int) -> int:
        found = blank.match(text, position)
        return found.end() if found else position

    line, counted = 1, 0
    position = after_blank(after_blank(0) + 1)
    while text[position] != "}":
        section, position = scan(text, position)
        position = after_blank(after_blank(position) + 1)  # past the colon
        if text[position] == "[":
            number = 0
            position = after_blank(position + 1)
            while text[position] != "]":
                line, counted = line + text.count("\n", counted, position), position
                yield (section, number), line
                _, position = scan(text, position)
                number += 1
                position = after_blank(position)
                if text[position] == ",":
                    position = after_blank(position + 1)
            position += 1
        else:
            line, counted = line + text.count("\n", counted, position), position
            yield (section, 0), line
            _, position = scan(text, position)
        position = after_blank(position)
        if text[position] == ",":
            position = after_blank(position + 1)


def _sections(
    document: dict[str, Any],
    faults: Faults,
    place: Place,
) -> RawFile:
    for name in document:
        if name not in SECTIONS:
            line, _ = place(name, 0)
            faults.add(
                f"line {line}" if line else "the file",
                f"{shown(name)} is not a section; known are {', '.join(SECTIONS)}",
            )

    def records(section: str) -> list[Raw] | None:
        if section not in document:
            return None
        value = document[section]
        if not isinstance(value, list):
            reason = f"{section} must be a list of tables, not {shown(value)}"
            faults.add("the file", reason, spoils_all=True)
            return None
        found = []
        named = len(value) == _count(place, section, len(value))
        for number, each in enumerate(value):
            line, lines = place(section, number) if named else (None, {})
            record = f"{section.removesuffix('s')} {number + 1}"
            where = f"line {line} ({record})" if line else record
            if isinstance(each, dict):
                found.append(Raw(place=where, values=each, lines=lines))
            else:
                faults.add(where, f"must be a table of fields, not {shown(each)}")
        return found

    story = document.get("story")
    if story is not None and not isinstance(story, dict):
        reason = f"story must be a table of fields, not {shown(story)}"
        faults.add("the file", reason, spoils_all=True)
        story = None
    line, lines = place("story", 0) if _count(place, "story", 1) == 1 else (None, {})
    return RawFile(
        story=None
        if story is None
        else Raw(place=f"line {line}" if line else "story", values=story, lines=lines),
        facts=records("facts") or (),
        names=records("names"),
        synonyms=records("synonyms"),
    )


def _count(place: Place, section: str, most: int) -> int:
    """Return how many records have a line; more than there are if a text only looks like one."""
    return next((n for n in range(most + 1) if place(section, n)[0] is None), most + 1)


def _jsonl(text: str, faults: Faults) -> RawFile:
    facts = []
    # Not splitlines: a text may hold other line separators than the file's.
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line, object_pairs_hook=_unique)
        except json.JSONDecodeError as error:
            faults.add(f"line {number}", _small(error.msg))
            continue
        except (ValueError, RecursionError) as error:
            faults.add(f"line {number}", _small(str(error)))
            continue
        if isinstance(value, dict):
            facts.append(Raw(place=f"line {number}", values=value))
        else:
            faults.add(f"line {number}", f"must be a fact with its fields, not {shown(value)}")
    return RawFile(facts=facts)


def _csv(text: str, faults: Faults) -> RawFile:
    # Spreadsheets write ; or tabs in some countries; no field has either in its name.
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    facts: list[Raw] = []
    names: list[str] = []
    line = 1
    try:
        for row in rows:
            place, line = f"line {line}", rows.line_num + 1
            if not any(cell.strip() for cell in row):
                continue
            if not names:
                names = [cell.strip().lower() for cell in row]
                if len(set(names)) < len(names):
                    faults.add(place, "the first row names a field twice", spoils_all=True)
            elif len(row) != len(names):
                faults.add(place, f"it has {len(row)} cells under {len(names)} field names")
            else:
                facts.append(Raw(place=place, values=_cells(names, row)))
    except csv.Error as error:
        faults.add(f"line {rows.line_num}", _small(str(error)), spoils_all=True)
    if not names and not faults:
        reason = "the first row must name the fields, such as key,question,text"
        faults.add("line 1", reason, spoils_all=True)
    return RawFile(facts=facts)


def _cells(names: list[str], row: list[str]) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, cell in zip(names, row, strict=True):
        if name in LIST_FIELDS:
            lines = cell.replace("\r", "\n").split("\n")
            values[name] = [item for item in lines if item.strip()]
        else:
            values[name] = cell
    return values


class _TwiceError(ValueError):
    """A field stands twice in one JSON object."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in pairs:
        if name in values:
            raise _TwiceError(f"the field {shown(name)} stands twice in one record")
        values[name] = value
    return values


def _small(reason: str) -> str:
    return reason[:1].lower() + reason[1:].rstrip(".")


_DECODERS: Final[dict[Format, Callable[[str, Faults], RawFile]]] = {
    Format.TOML: _toml,
    Format.JSON: _json,
    Format.JSONL: _jsonl,
    Format.CSV: _csv,
}
