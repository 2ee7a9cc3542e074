"""Workbooks (.xlsx) → rows of the first sheet with answers; bounded, whatever the file claims."""

import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, Final

from bot.stories.formats import syntax, tables
from bot.stories.formats.tables import ABOVE, Row
from bot.stories.notes import Note, SheetTaken
from bot.stories.storyfile import Faults

UNPACKED_LIMIT: Final = 60_000_000  # bytes of all parts
PARTS_LIMIT: Final = 2_000
COLUMNS_LIMIT: Final = 100
SHEETS_LIMIT: Final = 50
BLANK_ROWS: Final = 1_000
"""Empty rows in sequence after which a sheet is taken to have ended."""

BROKEN: Final = "the workbook is damaged; save it again as .xlsx, or as CSV (UTF-8)"
_FAULTS: Final = (
    zipfile.BadZipFile,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
    EOFError,
    NotImplementedError,
    SyntaxError,  # of the XML within; its parser's error is one
    AssertionError,
    OverflowError,
    RuntimeError,  # a part that is encrypted
)
"""What a damaged workbook raises."""


class _TooLargeError(Exception):
    """A sheet has more cells than are read."""


def rows(data: bytes, faults: Faults) -> tuple[list[Row], tuple[Note, ...]]:
    """Return the rows of the first sheet that names a column of answers, hidden sheets last.

    Where none does, those of the first sheet that holds anything.
    """
    reason = _refusal(data)
    if reason is not None:
        faults.add("the file", reason, spoils_all=True)
        return [], ()
    try:
        # What a workbook holds besides its cells, such as drop-down lists, is nobody's concern.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _sheet(data)
    except _TooLargeError:
        reason = (
            f"it has more than {syntax.CELLS_LIMIT:,} cells; split it, or save the sheet as CSV"
        )
        faults.add("the file", reason, spoils_all=True)
    except _FAULTS:
        faults.add("the file", BROKEN, spoils_all=True)
    return [], ()


def _refusal(data: bytes) -> str | None:
    """Return why the bytes cannot be a workbook that is safe to open; None where they can."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "it is an older workbook, or has a password; save it as .xlsx without one"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except _FAULTS:
        return BROKEN
    if not any(part.filename.lower() == "xl/workbook.xml" for part in parts):
        return "it is no workbook; save the spreadsheet as .xlsx, or as CSV (UTF-8)"
    if len(parts) > PARTS_LIMIT or sum(part.file_size for part in parts) > UNPACKED_LIMIT:
        return (
            f"unpacked it has more than {UNPACKED_LIMIT // 1_000_000} MB; save the sheet with the "
            "answers as CSV"
        )
    return None


def _sheet(data: bytes) -> tuple[list[Row], tuple[Note, ...]]:
    import openpyxl  # takes a third of a second, and most files are no workbooks

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    try:
        sheets = book.worksheets[:SHEETS_LIMIT]
        seen_first = sorted(sheets, key=lambda sheet: sheet.sheet_state != "visible")
        first: Any = None
        for sheet in seen_first:
            head = list(_rows(sheet, most=ABOVE))
            if tables.holds_answers(head):
                return _taken(sheet, sheets)
            first = first or (sheet if head else None)
        return ([], ()) if first is None else _taken(first, sheets)
    finally:
        book.close()


def _taken(sheet: Any, sheets: list[Any]) -> tuple[list[Row], tuple[Note, ...]]:
    others = tuple(each.title for each in sheets if each is not sheet)
    notes = (SheetTaken(name=sheet.title, others=others),) if others else ()
    return list(_rows(sheet)), notes


def _rows(sheet: Any, most: int | None = None) -> Iterator[Row]:
    """Yield the rows that hold anything, at most `most` of them."""
    sheet.reset_dimensions()  # what a sheet says of its size may be wrong
    cells = blank = found = 0
    table = sheet.iter_rows(max_col=COLUMNS_LIMIT, values_only=True)
    for number, values in enumerate(table, start=1):
        cells += len(values)
        if cells > syntax.CELLS_LIMIT:
            raise _TooLargeError
        row = Row(place=f"row {number}", cells=_trimmed(values))
        if row.is_empty:
            blank += 1
            if blank > BLANK_ROWS:
                return
            continue
        blank = 0
        yield row
        found += 1
        if found == most:
            return


def _trimmed(values: tuple[object, ...]) -> tuple[object, ...]:
    """Return the cells up to the last that holds anything."""
    last = max((n for n, each in enumerate(values) if not tables.is_empty(each)), default=-1)
    return tuple(_cell(each) for each in values[: last + 1])


def _cell(value: object) -> object:
    """Return a day without a time as a day; a time of the day alone as text."""
    if isinstance(value, datetime) and value.time() == time(0):
        return value.date()
    if isinstance(value, (str, int, float, date)) or value is None:
        return value
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)
