"""What a file of facts holds, whatever its format, and what is wrong with it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePath
from typing import Any, Final

from bot.errors import StoryFileError
from bot.stories import schema
from bot.stories.notes import Note
from db.records import FactDraft, Lexicon, Name, Story

FACT_FIELDS: Final = tuple(each.name for each in schema.FIELDS)
"""The fields of a fact in a file, in the order in which they are written."""
LIST_FIELDS: Final = tuple(each.name for each in schema.FIELDS if each.kind in schema.LISTS)
STORY_FIELDS: Final = ("title", "about", "time_zone", "language")
NAME_FIELDS: Final = ("name", "kind", "also")
SYNONYM_FIELDS: Final = ("words",)
SECTIONS: Final = ("story", "facts", "names", "synonyms")
FAULTS_SHOWN: Final = 100


class Format(StrEnum):
    """The formats of a file of facts."""

    TOML = "toml"  # the whole: story, facts, names and synonyms
    JSON = "json"  # the whole, in the same sections
    JSONL = "jsonl"  # facts only, one a line
    CSV = "csv"  # facts only; topics and phrasings one a line within their cell
    TSV = "tsv"  # the same with tabs; this and all below are read, never written
    XLSX = "xlsx"  # the first sheet that has a column of answers
    TXT = "txt"  # questions with their answers below them
    MD = "md"
    HTML = "html"

    @classmethod
    def of(cls, name: str) -> "Format":
        """Return the format that a file's name ends in.

        Raises:
            StoryFileError: it ends in none of them.
        """
        suffix = PurePath(name).suffix.lower().removeprefix(".")
        try:
            return cls(_ALSO.get(suffix, suffix))
        except ValueError:
            todo = _SAVE_AS.get(suffix, "")
            raise StoryFileError(
                f"The format of {name} is not known: {todo}a file of facts ends in "
                f"{', '.join('.' + each for each in cls)}."
            ) from None

    @classmethod
    def written(cls, name: str) -> "Format":
        """Return the format of an export that a file's name ends in.

        Raises:
            StoryFileError: it ends in none of them.
        """
        suffix = PurePath(name).suffix.lower().removeprefix(".")
        if suffix not in WRITTEN:
            raise StoryFileError(
                f"The format of {name} is not one that facts are written in: an export ends in "
                f"{', '.join('.' + each for each in WRITTEN)}."
            )
        return cls(suffix)


WRITTEN: Final = (Format.TOML, Format.JSON, Format.JSONL, Format.CSV)
"""The formats of an export."""

_ALSO: Final = {
    "tab": "tsv",
    "xlsm": "xlsx",
    "text": "txt",
    "markdown": "md",
    "htm": "html",
    "ndjson": "jsonl",
    "jsonld": "json",
}
_SAVE_AS: Final = {
    **dict.fromkeys(("xls", "ods", "numbers"), "open it and save it as .xlsx or .csv; "),
    **dict.fromkeys(("doc", "docx", "odt", "rtf", "pdf", "pages"), "save its text as .txt; "),
    **dict.fromkeys(("yml", "yaml"), "export it as .json or .csv; "),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A fact as a file gives it: only the fields that stand there."""

    key: str
    given: Mapping[str, Any]  # by name, checked; an empty one clears what was stored
    place: str = ""  # in the file, as faults name it

    def draft(self) -> FactDraft:
        """Return the fact that this makes where there was none."""
        return FactDraft(**self.given)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFile:
    """What a file holds. None: the file says nothing about it, and what is stored stays."""

    story: Mapping[str, str] = field(default_factory=dict)  # by name, checked
    entries: tuple[Entry, ...] = ()
    names: tuple[Name, ...] | None = None
    synonyms: tuple[tuple[str, ...], ...] | None = None
    notes: tuple[Note, ...] = ()

    @classmethod
    def of(cls, story: Story | None, drafts: Iterable[FactDraft]) -> "StoryFile":
        """Return the file that holds all of this."""
        lexicon = story.lexicon if story else Lexicon()
        return cls(
            story={name: getattr(story, name) for name in STORY_FIELDS} if story else {},
            entries=tuple(
                Entry(
                    key=draft.key,
                    given={
                        name: value
                        for name in FACT_FIELDS
                        if (value := getattr(draft, name)) not in (None, ())
                    },
                )
                for draft in drafts
            ),
            names=lexicon.names,
            synonyms=lexicon.synonyms,
        )


@dataclass(slots=True, kw_only=True)
class Raw:
    """One record of a file before its fields are checked."""

    place: str  # "line 12", or "fact 3" where the line is not known
    values: Mapping[str, object]
    lines: Mapping[str, int] = field(default_factory=dict)  # of single fields, where known
    group: str | None = None  # records of one group are one fact, asked in several ways

    def place_of(self, name: str) -> str:
        """Return where the field stands, or else the record."""
        return f"line {self.lines[name]}" if name in self.lines else self.place


@dataclass(slots=True, kw_only=True)
class RawFile:
    """The records of a file before their fields are checked. None: there is no such section."""

    story: Raw | None = None
    facts: Sequence[Raw] = ()
    names: Sequence[Raw] | None = None
    synonyms: Sequence[Raw] | None = None
    notes: tuple[Note, ...] = ()
    loose: bool = False
    """Whether people or other tools wrote it, so that texts may hold markup."""


class Faults:
    """Everything that is wrong with one file; the first hundred in words, the rest as a number."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._shown: list[str] = []
        self.count = 0
        self.about_file = 0
        """How many of them are about no single entry."""
        self.spoil_all = False
        """Whether the file cannot be read beyond one of them, so that nothing in it is sure."""

    def add(
        self, place: str, reason: str, *, spoils_all: bool = False, about_file: bool = False
    ) -> None:
        """Note one fault."""
        self.count += 1
        self.about_file += about_file
        self.spoil_all = self.spoil_all or spoils_all
        if self.count <= FAULTS_SHOWN:
            self._shown.append(f"{place}: {reason}")

    def __bool__(self) -> bool:
        """Return whether anything is wrong."""
        return self.count > 0

    @property
    def shown(self) -> tuple[str, ...]:
        """The first hundred, each as `line 3: text is missing`, by line."""
        return tuple(sorted(self._shown, key=_line_of))

    def raise_any(self) -> None:
        """Raise StoryFileError with every fault, if there is one."""
        if not self:
            return
        if self.count == 1:
            # Of the file as a whole, its name is place enough.
            fault = self._shown[0]
            told = fault.removeprefix("the file: ")
            sign = "." if told == fault else ":"
            raise StoryFileError(f"Nothing was imported from {self._name}{sign} {told}.")
        more = self.count - len(self._shown)
        raise StoryFileError(
            f"Nothing was imported from {self._name}: {self.count:,} faults.\n"
            + "\n".join(f"  {each}" for each in self.shown)
            + (f"\n  and {more:,} more" if more else "")
        )


def _line_of(fault: str) -> int:
    found = re.match(r"(?:line|row) (\d+)", fault)
    return int(found[1]) if found else 0
