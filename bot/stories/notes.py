"""What the reading of a file recognised, assumed and changed: frozen values, worded elsewhere."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias


class Shape(StrEnum):
    """What a file that was not made for Storydesk was taken for."""

    QUESTION_PAGE = "question page"  # questions with their answers below them
    WEB_PAGE = "web page"
    FAQ_DATA = "faq data"  # the FAQPage of schema.org
    AZURE = "azure"  # QnA Maker and the custom question answering that followed it
    QNABOT = "qnabot"
    LIST = "list"  # objects with a question and an answer each


class Encoding(StrEnum):
    """How the letters of a file were stored, where it is not UTF-8."""

    UTF_16 = "UTF-16"
    WINDOWS_1252 = "Windows-1252"


class DateOrder(StrEnum):
    """What comes first in a date such as 5/6/2025."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """The file is of another tool, or a page."""

    shape: Shape
    questions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodingAssumed:
    """The letters were stored otherwise than as UTF-8."""

    encoding: Encoding
    example: str  # a word of the file with a letter that shows whether it was right; may be empty


@dataclass(frozen=True, slots=True, kw_only=True)
class SeparatorAssumed:
    """The columns of a text are not separated by commas."""

    separator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetTaken:
    """One sheet of several was read."""

    name: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsAbove:
    """Rows above the names of the columns were left out."""

    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnsAssumed:
    """No row names the two columns in known words: one asks, the other answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnsTaken:
    """Columns that were read as a field of another name."""

    pairs: tuple[tuple[str, str], ...]  # (column, field)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnsLeftOut:
    """Columns that are no field of a fact."""

    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DatesAssumed:
    """Dates in numbers were read in one order."""

    order: DateOrder
    example: str
    day: date  # what the example was read as


@dataclass(frozen=True, slots=True, kw_only=True)
class DatesUnclear:
    """Dates in numbers can mean two things, and nothing in the file decides."""

    example: str
    place: str
    day_first: date
    month_first: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkupRemoved:
    """Texts lost their tags, and letters written as codes became letters."""

    texts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinksTaken:
    """Links within texts; the first became the address of a source that had none."""

    kept: int
    left_out: tuple[str, ...]  # the first few that found no place
    left_out_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListsDivided:
    """Lists within one cell were divided at a sign."""

    sign: str
    cells: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsJoined:
    """Rows with one answer became phrasings of one fact."""

    rows: int
    facts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCut:
    """An answer was longer than a fact may be."""

    place: str
    question: str
    left_out: str  # the end that is not kept


@dataclass(frozen=True, slots=True, kw_only=True)
class PassagesLeftOut:
    """Text of a page that belongs to no question."""

    count: int
    first: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpellingsRead:
    """Words such as a status were written in another way."""

    words: tuple[str, ...]


Note: TypeAlias = (
    Recognised
    | EncodingAssumed
    | SeparatorAssumed
    | SheetTaken
    | RowsAbove
    | ColumnsAssumed
    | ColumnsTaken
    | ColumnsLeftOut
    | DatesAssumed
    | DatesUnclear
    | MarkupRemoved
    | LinksTaken
    | ListsDivided
    | RowsJoined
    | AnswerCut
    | PassagesLeftOut
    | SpellingsRead
)
