"""Storydesk's own documents, as TOML, JSON and JSONL → records with the places where they stand."""

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Any, Final, TypeAlias

from bot.stories.fields import shown
from bot.stories.formats import exports, syntax
from bot.stories.storyfile import SECTIONS, Faults, Raw, RawFile


def toml(text: str, faults: Faults) -> RawFile:
    if (line := _long_key(text)) is not None:
        faults.add(f"line {line}", syntax.LONG_KEY, spoils_all=True)
        return RawFile()
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        faults.add(*syntax.toml(str(error), text), spoils_all=True)
        return RawFile()
    except ValueError:  # a number of thousands of digits
        faults.add("the file", syntax.LONG_NUMBER, spoils_all=True)
        return RawFile()
    headers = _toml_headers(text)

    def place(section: str, number: int) -> tuple[int | None, dict[str, int]]:
        found = headers.get(section, [])
        return found[number] if number < len(found) else (None, {})

    return _sections(document, faults, place)


_BRACKETS: Final = 1_000_000
"""Lists and records of a JSON file at most: an empty one takes thirty times its length in memory.
"""

_PARTS: Final = 10
"""Parts of a name, with dots between, that are read; Storydesk's own have one. Python's reader
takes memory by the square of their number."""

_PART: Final = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
_LONG_KEY: Final = re.compile(rf"(?<![\w-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{_PARTS}}}")
_TOKEN: Final = re.compile(
    r"""(?P<text>\"{3}(?:\\.|(?!\"{3})[^\\])*+\"{3,5}|'{3}(?:(?!'{3}).)*+'{3,5}|\#[^\n]*+)"""
    r"""|(?P<part>[\w-]++|"(?:\\.|[^"\\\n])*+"|'[^'\n]*+')|(?P<dot>\.)|[ \t]++|(?P<other>.)""",
    re.DOTALL,
)


def _long_key(text: str) -> int | None:
    """Return the line of a name with more parts than are read; None where there is none."""
    if _LONG_KEY.search(text) is None:  # most files: texts with so many dots are rare
        return None
    dots = 0
    for token in _TOKEN.finditer(text):
        if token["dot"]:
            dots += 1
            if dots >= _PARTS:
                return text.count("\n", 0, token.start()) + 1
        elif token["text"] or token["other"]:
            dots = 0
    return None


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


def json_(text: str, faults: Faults) -> RawFile:
    if text.count("[") + text.count("{") > _BRACKETS:
        faults.add("the file", syntax.TOO_MANY, spoils_all=True)
        return RawFile()
    decoder = json.JSONDecoder(object_pairs_hook=_unique)
    try:
        document = decoder.decode(text)
    except json.JSONDecodeError as error:
        place, reason = f"line {error.lineno}", syntax.json_(error.msg, error.pos, text)
        faults.add(place, reason, spoils_all=True)
        return RawFile()
    except _TwiceError as error:
        faults.add("the file", str(error), spoils_all=True)
        return RawFile()
    except ValueError:
        faults.add("the file", syntax.LONG_NUMBER, spoils_all=True)
        return RawFile()
    own = isinstance(document, dict) and any(name in SECTIONS for name in document)
    if not own and (found := exports.read(document)) is not None:
        return found
    if not isinstance(document, dict):
        reason = (
            "no list of questions with answers is in it; each needs a question and an answer (or "
            "text)"
        )
        faults.add("the file", reason, spoils_all=True)
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
            near = get_close_matches(str(name), SECTIONS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(SECTIONS)}"
            faults.add(
                f"line {line}" if line else "the file",
                f"{shown(name)} is not a section; {hint}",
                about_file=True,
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


def jsonl(text: str, faults: Faults) -> RawFile:
    if text.count("\n") > syntax.LINES_LIMIT:
        faults.add("the file", syntax.TOO_LONG, spoils_all=True)
        return RawFile()
    facts = []
    # Not splitlines: a text may hold other line separators than the file's.
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line, object_pairs_hook=_unique)
        except json.JSONDecodeError as error:
            faults.add(f"line {number}", syntax.json_(error.msg, error.pos, line))
            continue
        except _TwiceError as error:
            faults.add(f"line {number}", str(error))
            continue
        except RecursionError:
            faults.add(f"line {number}", syntax.NESTED)
            continue
        except ValueError:
            faults.add(f"line {number}", syntax.LONG_NUMBER)
            continue
        if isinstance(value, dict):
            facts.append(Raw(place=f"line {number}", values=value))
        else:
            faults.add(f"line {number}", f"must be a fact with its fields, not {shown(value)}")
    return RawFile(facts=facts)


class _TwiceError(ValueError):
    """A field stands twice in one JSON object."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in pairs:
        if name in values:
            raise _TwiceError(f"the field {shown(name)} stands twice in one record")
        values[name] = value
    return values
