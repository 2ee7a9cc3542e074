"""Text with a sign between its columns → rows: what spreadsheets write as CSV or TSV."""

import csv
import io
import re
from typing import Final

from bot.stories import formulas
from bot.stories.formats import headers, syntax
from bot.stories.formats.tables import ABOVE, Row
from bot.stories.notes import Note, SeparatorAssumed
from bot.stories.storyfile import Faults

_SIGNS: Final = ",;\t|"
_NAMED: Final = re.compile(r'"?sep=(.)"?\r?\n?', re.IGNORECASE)
SAMPLE: Final = 20_000
"""Characters at the beginning in which the names of the columns are looked for."""

LONG_CELL: Final = (
    f"a cell has more than {csv.field_size_limit():,} characters; a quotation mark before it may "
    "be open"
)


def rows(text: str, faults: Faults, *, usual: str = ",") -> tuple[list[Row], tuple[Note, ...]]:
    """Return the rows with their lines, and the sign between columns where it is not `usual`."""
    named = _NAMED.match(text)
    sign = named[1] if named else _sign(text, usual)
    skipped = 1 if named else 0
    body = text[named.end() :] if named else text
    found: list[Row] = []
    table = csv.reader(io.StringIO(body, newline=""), delimiter=sign, strict=True)
    line, count = 1 + skipped, 0
    try:
        for cells in table:
            count += len(cells)
            if count > syntax.CELLS_LIMIT or len(found) >= syntax.LINES_LIMIT:
                faults.add("the file", syntax.TOO_LONG, spoils_all=True)
                return [], ()
            found.append(Row(place=f"line {line}", cells=list(map(formulas.meant, cells))))
            line = table.line_num + 1 + skipped
    except csv.Error as error:
        if "field limit" in str(error):
            faults.add(f"line {line}", LONG_CELL, spoils_all=True)
            return [], ()
        if sign == "\t" and (plain := _unquoted(body, skipped)):
            return plain, () if sign == usual else (SeparatorAssumed(separator=sign),)
        reason = (
            'a quotation mark is open or stands within a text; write it twice there ("") and put '
            "the whole text in quotation marks"
        )
        faults.add(f"line {line}", reason, spoils_all=True)
    return found, () if sign == usual else (SeparatorAssumed(separator=sign),)


def _unquoted(body: str, skipped: int) -> list[Row]:
    """Return the rows of a text whose quotation marks are its own, as some tools write with tabs;
    none where a row is longer than the first, or a mark is open in a cell."""
    lines = body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    found = [
        Row(place=f"line {number + skipped}", cells=line.split("\t"))
        for number, line in enumerate(lines, start=1)
        if line.strip()
    ]
    sound = all(
        len(row.cells) <= len(found[0].cells)
        and all(str(cell).count('"') % 2 == 0 for cell in row.cells)
        for row in found
    )
    return found if sound else []


def is_table(text: str) -> bool:
    """Return whether the first line names columns of answers with tabs between them."""
    first = text.lstrip("\n\r").partition("\n")[0]
    return "\t" in first and _known(_first_rows(first, "\t"))[0] >= 2


def _sign(text: str, usual: str) -> str:
    """Return the sign with which most columns have a known name; else the most frequent."""
    head = text[:SAMPLE]
    first = head.lstrip("\r\n").partition("\n")[0]
    order = usual + _SIGNS.replace(usual, "")

    def fit(sign: str) -> tuple[int, int]:
        known = _known(_first_rows(head, sign))
        # With one known column the sign may as well stand within its name.
        return known if known[0] else (0, first.count(sign))

    return max(order, key=fit)


def _first_rows(text: str, sign: str) -> list[list[str]]:
    found: list[list[str]] = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=sign):
            found.append(cells)
            if len(found) == ABOVE:
                break
    except csv.Error:
        pass
    return found


def _known(rows_: list[list[str]]) -> tuple[int, int]:
    """Return how many names of columns the best of the rows holds, and how wide it is."""
    fits = [
        (sum(each.field is not None for each in headers.meanings(cells)), len(cells))
        for cells in rows_
    ]
    return max(fits, default=(0, 0))
