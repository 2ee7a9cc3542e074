"""The fields of a fact, stated once: commands, files, previews and the records read them here."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from db.records import TOLD_FIELDS


class Kind(Enum):
    """What the value of a field is, and so how it is read."""

    KEY = auto()
    LINE = auto()
    TEXT = auto()
    SOURCE = auto()
    ADDRESS = auto()
    SAID = auto()
    HAPPENED = auto()
    STATUS = auto()
    WEIGHT = auto()
    TOPICS = auto()
    PHRASINGS = auto()
    NEXT_WORD = auto()
    INSTANT = auto()


LISTS: Final = (Kind.TOPICS, Kind.PHRASINGS)
"""Kinds whose value is several texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactField:
    """One field of a fact."""

    name: str  # of the attribute, and in files
    kind: Kind
    called: str  # in the middle of a sentence, behind "the"
    heading: str  # before its value, in the records
    labels: tuple[str, ...] = ()  # what a line of an editor's may begin with; none: not typed so
    limit: int = 0  # characters, of each where there are several; 0: its kind bounds it
    most: int = 1  # values

    @property
    def is_told(self) -> bool:
        """Return whether readers see it: a change of it makes a new version."""
        return self.name in TOLD_FIELDS


FIELDS: Final = (
    FactField(name="key", kind=Kind.KEY, called="key", heading="Key"),
    FactField(
        name="question",
        kind=Kind.LINE,
        called="question",
        heading="Question",
        labels=("question",),
        limit=300,
    ),
    FactField(
        name="text",
        kind=Kind.TEXT,
        called="answer",
        heading="Text",
        labels=("answer", "text"),
        limit=1_000,
    ),
    FactField(
        name="source",
        kind=Kind.SOURCE,
        called="source",
        heading="Source",
        labels=("source",),
        limit=300,
    ),
    FactField(
        name="source_url",
        kind=Kind.ADDRESS,
        called="link",
        heading="Link",
        labels=("link",),
        limit=2_000,
    ),
    FactField(
        name="as_of",
        kind=Kind.SAID,
        called="time when it was said",
        heading="Said",
        labels=("said",),
    ),
    FactField(
        name="happened",
        kind=Kind.HAPPENED,
        called="time when it happened",
        heading="Happened",
        labels=("when", "happened"),
    ),
    FactField(
        name="status",
        kind=Kind.STATUS,
        called="status",
        heading="Status",
        labels=("status",),
    ),
    FactField(
        name="weight", kind=Kind.WEIGHT, called="weight", heading="Weight", labels=("weight",)
    ),
    FactField(
        name="topics",
        kind=Kind.TOPICS,
        called="topics",
        heading="Topics",
        labels=("topics", "topic"),
        limit=60,
        most=20,
    ),
    FactField(
        name="next_word",
        kind=Kind.NEXT_WORD,
        called="word on when news is expected",
        heading="Next word",
        labels=("next", "next word"),
        limit=300,
    ),
    FactField(
        name="check_by",
        kind=Kind.INSTANT,
        called="time of the next look",
        heading="Next look",
        labels=("check", "check by"),
    ),
    FactField(
        name="phrasings",
        kind=Kind.PHRASINGS,
        called="ways of asking",
        heading="Other ways of asking",
        limit=300,
        most=200,
    ),
)
"""In the order in which files have them; a field that another one sets stands behind it."""

FIELD: Final = {field.name: field for field in FIELDS}
LABELS: Final = {label: field.name for field in FIELDS for label in field.labels}
"""What a line of an editor's may begin with, and the field that it stands for."""
