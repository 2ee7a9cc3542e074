"""A StoryFile → TOML, JSON, JSONL or CSV, as `bot.stories.reading` reads them."""

import csv
import io
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import tomli_w

from bot.stories import formulas
from bot.stories.storyfile import FACT_FIELDS, Entry, Format, StoryFile
from db.records import Moment


def write(file: StoryFile, kind: Format) -> str:
    """Return the file as text. JSONL and CSV hold the facts only."""
    return _WRITERS[kind](file)


def _toml(file: StoryFile) -> str:
    return tomli_w.dumps(_document(file))


def _json(file: StoryFile) -> str:
    return json.dumps(_document(file), ensure_ascii=False, indent=2) + "\n"


def _jsonl(file: StoryFile) -> str:
    return "".join(json.dumps(_fact(each), ensure_ascii=False) + "\n" for each in file.entries)


def _csv(file: StoryFile) -> str:
    text = io.StringIO()
    rows = csv.DictWriter(text, FACT_FIELDS, restval="", lineterminator="\n")
    rows.writeheader()
    for entry in file.entries:
        rows.writerow(
            {
                name: formulas.harmless("\n".join(value) if isinstance(value, list) else str(value))
                for name, value in _fact(entry).items()
            }
        )
    return text.getvalue()


def _document(file: StoryFile) -> dict[str, Any]:
    document: dict[str, Any] = {"story": dict(file.story)} if file.story else {}
    document["facts"] = [_fact(each) for each in file.entries]
    document["names"] = [
        {"name": each.name, "kind": each.kind.value, "also": list(each.also)}
        for each in file.names or ()
    ]
    document["synonyms"] = [{"words": list(words)} for words in file.synonyms or ()]
    return document


def _fact(entry: Entry) -> dict[str, Any]:
    return {name: _plain(entry.given[name]) for name in FACT_FIELDS if name in entry.given}


def _plain(value: object) -> object:
    if isinstance(value, Moment):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, tuple):
        return list(value)
    return str(value)


_WRITERS: Final[dict[Format, Callable[[StoryFile], str]]] = {
    Format.TOML: _toml,
    Format.JSON: _json,
    Format.JSONL: _jsonl,
    Format.CSV: _csv,
}
