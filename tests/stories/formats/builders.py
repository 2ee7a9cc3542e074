"""What makes files as the programs of desks make them, sound and damaged."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import openpyxl

from bot.stories.storyfile import Format
from db.records import Moment

Facts = tuple[dict[str, object], ...]


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A file, the fields of its facts, and the file damaged."""

    name: str
    data: bytes
    facts: Facts
    damaged: bytes
    refusal: str  # how the sentence about the damaged file goes on after its name
    notes: frozenset[str] = field(default_factory=frozenset)  # classes of notes that it must bring

    @property
    def format(self) -> Format:
        """The format that its name ends in."""
        return Format.of(self.name)


TOWN: Final[dict[str, object]] = {
    "question": "Who pays for the repair?",
    "text": "The town pays, and the state doesn't.",
}
JUNE: Final[dict[str, object]] = {
    "question": "When does the café reopen?",
    "text": "Nobody has named a day.",
}
PAIRS: Final = (TOWN, JUNE)
ROWS: Final = tuple((str(each["question"]), str(each["text"])) for each in PAIRS)
HEADER: Final = ("Question", "Answer")

OPEN_QUOTE: Final = "a quotation mark is open"
NO_ANSWERS: Final = "no column holds the answers"
NO_TEXT: Final = "this is no text and no spreadsheet"
DAMAGED: Final = "a letter is damaged"
BROKEN: Final = "the workbook is damaged"
ENDS: Final = "the file ends in the middle"
NO_QUESTION: Final = "no question with an answer below it was found"
NO_LIST: Final = "no list of questions with answers is in it"


def separated(rows: Iterable[Sequence[object]], sign: str = ",", end: str = "\r\n") -> str:
    """Return rows as a spreadsheet writes them."""
    text = io.StringIO()
    csv.writer(text, delimiter=sign, lineterminator=end).writerows(rows)
    return text.getvalue()


def workbook(*sheets: tuple[str, Iterable[Sequence[object]]], hidden: Sequence[str] = ()) -> bytes:
    """Return a workbook with these sheets."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
        sheet.sheet_state = "hidden" if title in hidden else "visible"
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def merged(rows: Iterable[Sequence[object]], *cells: str) -> bytes:
    """Return a workbook with cells merged."""
    book = openpyxl.load_workbook(io.BytesIO(workbook(("FAQ", rows))))
    for each in cells:
        book["FAQ"].merge_cells(each)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def facts(**fields: object) -> Facts:
    """Return the pairs, the first with these fields besides."""
    return ({**TOWN, **fields}, JUNE)


def cut_short(data: bytes) -> bytes:
    return data[: len(data) * 2 // 3]


def table(
    name: str,
    rows: Sequence[Sequence[object]],
    found: Facts = PAIRS,
    *,
    notes: Iterable[str] = (),
    sign: str = ",",
    letters: str = "utf-8",
    before: str = "",
    spoil: Callable[[str], str] | None = None,
    refusal: str = NO_ANSWERS,
) -> Sample:
    """Return a text with a sign between its columns; damaged, it has lost that of the answers."""
    text = before + separated(rows, sign)
    row = next(row for row in rows if any("town" in str(cell).lower() for cell in row))
    answers = next(n for n, cell in enumerate(row) if "town" in str(cell).lower())
    rest = separated([[*row[:answers], *row[answers + 1 :]] for row in rows], sign)
    return Sample(
        name=name,
        data=text.encode(letters),
        facts=found,
        damaged=(spoil(text) if spoil else before + rest).encode(letters),
        refusal=refusal,
        notes=frozenset(notes),
    )


def document(
    name: str, value: object, found: Facts = PAIRS, *, notes: Iterable[str] = (), cut: bool = True
) -> Sample:
    """Return a JSON file; damaged it ends early, or asks nothing."""
    data = json.dumps(value, ensure_ascii=False, indent=1).encode()
    other = json.dumps([{"kind": "page", "words": 3}]).encode()
    return Sample(
        name=name,
        data=data,
        facts=found,
        damaged=cut_short(data) if cut else other,
        refusal="" if cut else NO_LIST,
        notes=frozenset(notes),
    )


def page(name: str, text: str, found: Facts = PAIRS, *, notes: Iterable[str] = ()) -> Sample:
    """Return a page; damaged, its questions have lost their marks."""
    spoilt = text.replace("?", ".").replace("Q: ", "").replace("A: ", "")
    return Sample(
        name=name,
        data=text.encode(),
        facts=found,
        damaged=spoilt.encode(),
        refusal=NO_QUESTION,
        notes=frozenset({"Recognised", *notes}),
    )


def book(
    name: str,
    data: bytes,
    found: Facts = PAIRS,
    *,
    notes: Iterable[str] = (),
    damaged: bytes | None = None,
    refusal: str = BROKEN,
) -> Sample:
    """Return a workbook; damaged, its download was cut short."""
    return Sample(
        name=name,
        data=data,
        facts=found,
        damaged=cut_short(data) if damaged is None else damaged,
        refusal=refusal,
        notes=frozenset(notes),
    )


def open_quote(text: str) -> str:
    return text.replace("The town", '"The town', 1)


def _moment(text: str) -> Moment:
    return Moment.parse(text)


def dated(days: tuple[object, object]) -> list[Sequence[object]]:
    return [(*HEADER, "Date"), (*ROWS[0], days[0]), (*ROWS[1], days[1])]


def both(first: str, second: str) -> Facts:
    return ({**TOWN, "as_of": _moment(first)}, {**JUNE, "as_of": _moment(second)})


def fields_of(draft: Any, names: Iterable[str]) -> dict[str, object]:
    """Return these fields of a draft."""
    return {name: getattr(draft, name) for name in names}
