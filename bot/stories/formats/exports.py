"""JSON of other tools → records: wherever in it a list of questions with answers stands."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias

from bot.stories.formats import azure, headers
from bot.stories.notes import ColumnsLeftOut, Note, Recognised, Shape
from bot.stories.storyfile import LIST_FIELDS, Raw, RawFile

DEPTH: Final = 8
"""Levels of nesting within which the list is looked for."""

LEFT_OUT_SHOWN: Final = 20

_INSIDE: Final = ("text", "markdown", "value", "answer")
"""Where the words of an answer stand that is no text by itself, the best first."""

Record: TypeAlias = Mapping[str, Any]


def read(document: object) -> RawFile | None:
    """Return the records of the longest list of questions with answers; None: there is none."""
    found = max(_lists(document, 0), key=len, default=[])
    if not found:
        return None
    read_ = [_values(record) for record in found]
    names = dict.fromkeys(name for _, left_out in read_ for name in left_out)
    shape = _shape(document, found)
    facts = [
        Raw(place=f"question {number}", values=values)
        for number, (values, _) in enumerate(read_, start=1)
    ]
    notes: list[Note] = [Recognised(shape=shape, questions=len(facts))]
    if names:
        notes.append(ColumnsLeftOut(columns=tuple(names)[:LEFT_OUT_SHOWN]))
    raw = RawFile(facts=facts, notes=tuple(notes), loose=True)
    if shape is not Shape.AZURE:
        return raw
    # The shape is noted already.
    joined = azure.joined(raw)
    return replace(joined, notes=joined.notes[1:])


def _lists(value: object, depth: int) -> Iterator[list[Record]]:
    """Yield each list of objects of which most ask and answer."""
    if depth > DEPTH:
        return
    if isinstance(value, Mapping):
        if _is_pair(value) and depth == 0:
            yield [value]
        for each in value.values():
            yield from _lists(each, depth + 1)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        records = [each for each in value if isinstance(each, Mapping)]
        pairs = [each for each in records if _is_pair(each)]
        if pairs and len(pairs) * 2 >= len(value):
            yield records
        else:
            for each in value:
                yield from _lists(each, depth + 1)


def _is_pair(record: Record) -> bool:
    values, _ = _values(record)
    return bool(values.get("question")) and bool(values.get("text"))


def _values(record: Record) -> tuple[dict[str, object], list[str]]:
    """Return the fields of a record, and the names of what is no field."""
    values: dict[str, object] = {}
    left_out: list[str] = []
    for name, value in record.items():
        field = _field(record, name)
        if field is None or field in values:
            if not name.startswith("@") and value not in (None, "", [], {}):
                left_out.append(name)
        elif field == "question" and isinstance(value, list):
            asked = [text for each in value if (text := _words(each))]
            values |= {"question": asked[0] if asked else ""}
            if asked[1:]:
                values["phrasings"] = asked[1:]
        elif field in LIST_FIELDS:
            items = [text for each in _as_list(value) if (text := _words(each))]
            if items:
                values[field] = items
        elif (text := _words(value)) or field in ("question", "text"):
            values[field] = text
    return values, left_out


def _field(record: Record, name: str) -> str | None:
    if _asks(record):
        return {"name": "question", "acceptedAnswer": "text", "url": "source_url"}.get(name)
    return headers.PAIR.get(name.lower()) or headers.meaning(name).field


def _asks(record: Record) -> bool:
    """Return whether a record is a Question of schema.org."""
    return "Question" in re.findall(r"\w+", str(record.get("@type", "")))


def _words(value: object) -> str:
    """Return the words of a value, wherever in it they stand."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, list):
        return _words(value[0]) if value else ""
    if isinstance(value, Mapping):
        return next((text for name in _INSIDE if (text := _words(value.get(name)))), "")
    return ""


def _as_list(value: object) -> list[object]:
    if isinstance(value, list):
        return value
    return [part for part in value.split("\n") if part.strip()] if isinstance(value, str) else []


def _shape(document: object, found: Sequence[Record]) -> Shape:
    first = found[0]
    if _asks(first):
        return Shape.FAQ_DATA
    names = {name.lower() for name in first}
    if {"q", "a"} <= names:
        return Shape.QNABOT
    top = {str(name).lower() for name in document} if isinstance(document, Mapping) else set()
    marks = {"metadata", "context", "dialog", "isdocumenttext", "suggestedquestions", "qnaid"}
    if top & {"qnadocuments", "qnalist", "assets"} or len(names & marks) >= 1:
        return Shape.AZURE
    return Shape.LIST
