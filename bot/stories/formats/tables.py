"""Rows of cells under the names of columns → records; the same for text and for workbooks."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bot.stories.fields import choice_of, shown
from bot.stories.formats import azure, dates, headers
from bot.stories.notes import (
    ColumnsAssumed,
    ColumnsLeftOut,
    ColumnsTaken,
    ListsDivided,
    Note,
    RowsAbove,
)
from bot.stories.storyfile import FACT_FIELDS, LIST_FIELDS, Faults, Raw, RawFile
from db.records import Status, Weight

ABOVE: Final = 10
"""Rows within which the names of the columns are looked for, below titles and remarks."""

NAMED: Final = 6
"""Columns that a fault names."""

LEAST_ASKING: Final = 2
"""Questions from which a column without a name is taken to ask."""

LEAST_GIVEN: Final = 3
"""Cells of a column from which it is judged as a whole."""

_ERRORS: Final = frozenset(
    ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#ERROR!", "#SPILL!")
)
_BULLET: Final = re.compile(r"^(?:[-*•–]\s+)")
_ASKS: Final = re.compile(r"\?[\"'”’»)\]]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a table, with the place that a fault names."""

    place: str
    cells: Sequence[object]  # text, numbers, days and times; None and "" are empty

    @property
    def is_empty(self) -> bool:
        """Whether no cell holds anything."""
        return all(is_empty(cell) for cell in self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What the columns of a table mean."""

    fields: tuple[str | None, ...]  # by place in the row; None: left out
    names: tuple[str, ...]
    own: bool = False  # as Storydesk itself writes them: the cells are taken as they stand


def is_empty(cell: object) -> bool:
    """Return whether a cell holds nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def holds_answers(rows: Sequence[Row]) -> bool:
    """Return whether one of the first rows names a column of answers."""
    return _header(rows) is not None


def read(rows: Iterable[Row], faults: Faults) -> RawFile:
    """Return the records of a table; empty rows and columns are passed over."""
    kept = [row for row in rows if not row.is_empty]
    if not kept:
        reason = "the first row must name the fields, such as key,question,text"
        faults.add("line 1", reason, spoils_all=True)
        return RawFile()
    number = _header(kept)
    notes: list[Note] = []
    if number is None and (unnamed := _unnamed(kept)) is not None:
        notes.append(ColumnsAssumed())
        columns, body = unnamed
    else:
        number = number or 0
        columns, about = _columns(kept[number], faults)
        notes += [RowsAbove(rows=number)] if number else []
        notes += about
        body = kept[number + 1 :]
    if faults.spoil_all:
        return RawFile()
    facts, divided = _records(body, columns, faults)
    _check_choices(facts, columns, faults)
    raw = RawFile(facts=facts, notes=(*notes, *divided), loose=not columns.own)
    return azure.joined(raw) if azure.is_export(columns.names) else raw


def _header(rows: Sequence[Row]) -> int | None:
    """Return which of the first rows names most fields, a column of answers among them."""
    best, most = None, 0
    for number, row in enumerate(rows[:ABOVE]):
        texts = [cell for cell in row.cells if isinstance(cell, str) and cell.strip()]
        named = {each.field for each in headers.meanings(texts)} - {None}
        if "text" in named and len(named) > most:
            best, most = number, len(named)
    return best


def _unnamed(rows: Sequence[Row]) -> tuple[Columns, Sequence[Row]] | None:
    """Return the columns of a table of two, without names that are known, whose first column
    asks, and the rows below the names; None for any other table."""
    width = max(len(row.cells) for row in rows)
    filled = [
        place
        for place in range(width)
        if any(place < len(row.cells) and not is_empty(row.cells[place]) for row in rows)
    ]
    if len(filled) != 2:
        return None
    asks = [
        filled[1] < len(row.cells) and bool(_ASKS.search(_text(row.cells[filled[0]])))
        for row in rows
    ]
    body = rows if asks[0] else rows[1:]
    if not asks[0]:
        names = [_text(cell) for cell in rows[0].cells]
        known = [each.field for each in headers.meanings(names)]
        if any(field not in (None, "question") for field in known):
            return None  # the other column is known, and not for answers
    if sum(asks) < LEAST_ASKING or sum(asks) * 3 < len(body) * 2:
        return None
    fields: list[str | None] = [None] * width
    fields[filled[0]], fields[filled[1]] = "question", "text"
    return Columns(fields=tuple(fields), names=("",) * width), body


def _columns(row: Row, faults: Faults) -> tuple[Columns, list[Note]]:
    names = tuple(_text(cell) for cell in row.cells)
    if tuple(name.lower() for name in names) == FACT_FIELDS:
        return Columns(fields=FACT_FIELDS, names=names, own=True), []
    fields: list[str | None] = []
    taken: list[tuple[str, str]] = []
    left_out: list[str] = []
    for name, meant in zip(names, headers.meanings(names), strict=True):
        field = meant.field
        if field == "question" and field in fields and headers.plain(name) == "questions":
            field = "phrasings"
        if field in fields and field not in LIST_FIELDS:
            if field == "text" or name.lower() == field:
                reason = f"two columns of the first row mean the field {field!r}: leave one of them"
                faults.add(row.place, reason, spoils_all=True)
            field = None
        elif field is None and meant.near is not None:
            reason = f"{shown(name)} is not a field; did you mean {meant.near!r}?"
            faults.add(row.place, reason, about_file=True, spoils_all=meant.near == "text")
        if field is None and name and meant.near is None:
            left_out.append(name)
        if field is not None and name.lower() != field:
            taken.append((name, field))
        fields.append(field)
    if "text" not in fields and not faults.spoil_all:
        named = ", ".join(shown(name) for name in names[:NAMED] if name)
        reason = f"no column holds the answers; the first row names {named}: call that one 'answer'"
        faults.add(row.place, reason, spoils_all=True)
    notes: list[Note] = [ColumnsTaken(pairs=tuple(taken))] if taken else []
    notes += [ColumnsLeftOut(columns=tuple(left_out))] if left_out else []
    return Columns(fields=tuple(fields), names=names), notes


def _records(rows: Sequence[Row], columns: Columns, faults: Faults) -> tuple[list[Raw], list[Note]]:
    width = len(columns.fields)
    signs = {} if columns.own else _signs(rows, columns)
    numbered = azure.numbers(columns.names)
    facts: list[Raw] = []
    for row in rows:
        beyond = [cell for cell in row.cells[width:] if not is_empty(cell)]
        if beyond:
            reason = (
                f"it has {len(row.cells)} cells, and the first row names {width} columns; a text "
                "with the separating sign in it must stand in quotation marks"
            )
            faults.add(row.place, reason)
            continue
        broken = next((str(cell) for cell in row.cells if cell in _ERRORS), None)
        if broken is not None:
            reason = f"a cell shows the error {broken}: mend its formula, or type the value"
            faults.add(row.place, reason)
            continue
        group = _text(row.cells[numbered]) if 0 <= numbered < len(row.cells) else ""
        values = _values(row, columns, signs)
        facts.append(Raw(place=row.place, values=values, group=group or None))
    divided = {
        sign: sum(
            sign in _text(cell)
            for row in rows
            for field, cell in zip(columns.fields, row.cells, strict=False)
            if signs.get(field or "") == sign
        )
        for sign in dict.fromkeys(signs.values())
    }
    return facts, [ListsDivided(sign=sign, cells=cells) for sign, cells in divided.items() if cells]


def _values(row: Row, columns: Columns, signs: dict[str, str]) -> dict[str, object]:
    values: dict[str, object] = {}
    for place, field in enumerate(columns.fields):
        if field is None:
            continue
        cell = row.cells[place] if place < len(row.cells) else ""
        if field in LIST_FIELDS:
            items = _items(_text(cell), signs.get(field), own=columns.own)
            known = values.get(field)
            values[field] = [*known, *items] if isinstance(known, list) else items
        elif isinstance(cell, date) and field not in dates.FIELDS:
            values[field] = _in_words(cell)
        else:
            values[field] = _plain(cell)
    return values if columns.own else _asked_in_lines(values)


def _asked_in_lines(values: dict[str, object]) -> dict[str, object]:
    """Return the values with one question; more of them in one cell are other phrasings."""
    question = values.get("question")
    lines = question.splitlines() if isinstance(question, str) else []
    asked = [line.strip() for line in lines if line.strip()]
    if len(asked) < 2 or not all(_ASKS.search(line) for line in asked):
        return values
    known = values.get("phrasings")
    others = [*asked[1:], *(known if isinstance(known, list) else [])]
    return {**values, "question": asked[0], "phrasings": others}


def _items(cell: str, sign: str | None, *, own: bool) -> list[str]:
    lines = cell.replace("\r", "\n").split("\n")
    if own:
        return [line for line in lines if line.strip()]
    parts = [part for line in lines for part in (line.split(sign) if sign else [line])]
    return [item for part in parts if (item := _BULLET.sub("", part.strip()))]


def _signs(rows: Sequence[Row], columns: Columns) -> dict[str, str]:
    """Return the sign at which each field's lists are divided within a line, where it is evident.

    A bar is; a semicolon is where no cell of the column has several lines; a comma only between
    topics, which are no sentences.
    """
    found: dict[str, str] = {}
    for field in LIST_FIELDS:
        cells = [
            text
            for row in rows
            for name, cell in zip(columns.fields, row.cells, strict=False)
            if name == field and (text := _text(cell))
        ]
        if any("|" in cell for cell in cells):
            found[field] = "|"
        elif any("\n" in cell for cell in cells):
            continue
        elif any(";" in cell for cell in cells):
            found[field] = ";"
        elif field == "topics" and any("," in cell for cell in cells):
            found[field] = ","
    return found


def _check_choices(facts: Sequence[Raw], columns: Columns, faults: Faults) -> None:
    """Note one fault, not one a row, for a column that holds nothing of what its field may be."""
    for field, kind in (("status", Status), ("weight", Weight)):
        given = [value for raw in facts if not is_empty(value := raw.values.get(field))]
        if len(given) < LEAST_GIVEN or any(choice_of(value, kind) for value in given):
            continue
        column = columns.names[columns.fields.index(field)]
        reason = (
            f"the column {shown(column)} holds {shown(given[0])} and the like, none of which is "
            f"one of {', '.join(kind)}: write these, or call the column otherwise"
        )
        faults.add("the file", reason, spoils_all=True)


def _plain(cell: object) -> object:
    """Return a cell as text, but for days and times; whole numbers have no decimals."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return f"{cell:.15g}"
    if isinstance(cell, int):
        return str(cell)
    return "" if cell is None else cell


def _in_words(day: date) -> str:
    """Return the day of a cell in which words are wanted, with its time where it has one."""
    clock = f", {day:%H:%M}" if isinstance(day, datetime) else ""
    return f"{day.day} {day:%B %Y}{clock}"


def _text(cell: object) -> str:
    plain = _plain(cell)
    return plain.strip() if isinstance(plain, str) else str(plain)
