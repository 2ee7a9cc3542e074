"""Bytes of a file → records with the places where they stand, whatever program wrote it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from bot.stories.fields import shown
from bot.stories.formats import (
    dates,
    documents,
    headers,
    letters,
    markup,
    pages,
    separated,
    syntax,
    tables,
    webpages,
    workbooks,
)
from bot.stories.notes import ColumnsLeftOut, ColumnsTaken, DateOrder, Note
from bot.stories.storyfile import FACT_FIELDS, Faults, Format, Raw, RawFile

PAGE_LIMIT: Final = 5_000_000
"""Bytes of a page at most: it is taken apart whole, in many times its length of memory."""

_PAGES: Final = (Format.HTML, Format.MD, Format.TXT)
_WORKBOOK: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How workbooks begin, whatever the name of the file says."""


def decode(data: bytes, kind: Format, faults: Faults, order: DateOrder | None = None) -> RawFile:
    """Return the records of a file; notes in `faults` what keeps it from being read.

    `order` settles days that can mean two things; without it they are noted.
    """
    try:
        raw = _decoded(data, kind, faults)
        raw = markup.cleaned(raw) if raw.loose else _named(raw, faults)
    except RecursionError:
        faults.add("the file", syntax.NESTED, spoils_all=True)
        return RawFile()
    return raw if faults.spoil_all else dates.settled(raw, order, faults)


def text(data: bytes) -> str | None:
    """Return the text that bytes are, however a program stored it; None where they are none."""
    decoded = letters.decoded(data, Faults("the text"))
    return None if decoded is None else decoded[0]


def holds_facts(data: bytes, kind: Format) -> bool:
    """Return whether a text is a table or a page of questions and answers, not an article."""
    words = text(data)
    if words is None:
        return False
    return (kind is Format.TXT and separated.is_table(words)) or pages.parsed(words).is_faq


def _decoded(data: bytes, kind: Format, faults: Faults) -> RawFile:
    if kind is Format.XLSX or data.startswith(_WORKBOOK):
        rows, notes = workbooks.rows(data, faults)
        return RawFile() if faults.spoil_all else _noted(tables.read(rows, faults), notes)
    if kind in _PAGES and len(data) > PAGE_LIMIT:
        reason = (
            f"it has {len(data) / 1e6:,.1f} MB, and at most {PAGE_LIMIT // 1_000_000} MB of a page "
            "are read at once; split it"
        )
        faults.add("the file", reason, spoils_all=True)
        return RawFile()
    decoded = letters.decoded(data, faults)
    if decoded is None:
        return RawFile()
    text, notes = decoded
    return _noted(_DECODERS[kind](text, faults), notes)


def _noted(raw: RawFile, notes: tuple[Note, ...]) -> RawFile:
    return replace(raw, notes=(*notes, *raw.notes)) if notes else raw


def _csv(text: str, faults: Faults) -> RawFile:
    return _table(text, faults, ",")


def _tsv(text: str, faults: Faults) -> RawFile:
    return _table(text, faults, "\t")


def _table(text: str, faults: Faults, usual: str) -> RawFile:
    rows, notes = separated.rows(text, faults, usual=usual)
    return RawFile() if faults.spoil_all else _noted(tables.read(rows, faults), notes)


def _page(text: str, faults: Faults) -> RawFile:
    if separated.is_table(text):
        return _tsv(text, faults)
    page = pages.parsed(text)
    if page.answered and not page.is_faq:
        reason = (
            "most of it is no question with an answer, so it reads as an article; send it to the "
            "bot in the chat, where an article is gone through sentence by sentence"
        )
        faults.add("the file", reason, spoils_all=True)
        return RawFile()
    return pages.read(page, faults)


def _named(raw: RawFile, faults: Faults) -> RawFile:
    """Return the records with their fields under our names; a wrong name is one fault."""
    fields: dict[str, str | None] = {}
    left_out: list[str] = []
    for record in raw.facts:
        for name in record.values:
            if name in fields:
                continue
            meant = headers.Meaning(field=name) if name in FACT_FIELDS else headers.meaning(name)
            fields[name] = meant.field
            if meant.near is not None:
                reason = f"{shown(name)} is not a field; did you mean {meant.near!r}?"
                faults.add(record.place_of(name), reason, about_file=True)
            elif meant.field is None:
                left_out.append(name)
    if all(name == field for name, field in fields.items()):
        return raw
    facts = [_renamed(each, fields) for each in raw.facts]
    taken = tuple((name, field) for name, field in fields.items() if field and name != field)
    notes: list[Note] = [ColumnsTaken(pairs=taken)] if taken else []
    notes += [ColumnsLeftOut(columns=tuple(left_out))] if left_out else []
    return replace(raw, facts=facts, notes=(*raw.notes, *notes))


def _renamed(record: Raw, fields: Mapping[str, str | None]) -> Raw:
    values: dict[str, object] = {}
    lines: dict[str, int] = {}
    # A field under its own name stands before the same in other words.
    for name in sorted(record.values, key=lambda each: each != fields[each]):
        field = fields[name]
        if field is not None and field not in values:
            values[field] = record.values[name]
            if name in record.lines:
                lines[field] = record.lines[name]
    return replace(record, values=values, lines=lines)


_DECODERS: Final[dict[Format, Callable[[str, Faults], RawFile]]] = {
    Format.TOML: documents.toml,
    Format.JSON: documents.json_,
    Format.JSONL: documents.jsonl,
    Format.CSV: _csv,
    Format.TSV: _tsv,
    Format.TXT: _page,
    Format.MD: _page,
    Format.HTML: webpages.read,
}
