"""Frozen values that leave the database: what the rest of the bot knows of the story."""

from dataclasses import dataclass, field, fields
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """How sure a fact is."""

    CONFIRMED = "confirmed"  # on record, or several sources agree; shown without a label
    REPORTED = "reported"  # one source says so
    DISPUTED = "disputed"  # the sides differ
    UNKNOWN = "unknown"  # a known unknown: nobody knows yet
    NOT_COVERED = "not covered"  # the story does not hold it, though others may know
    WITHDRAWN = "withdrawn"  # no longer stood by; never answered

    @property
    def is_gap(self) -> bool:
        """Whether it says why there is no answer: a known unknown, or not covered."""
        return self in (Status.UNKNOWN, Status.NOT_COVERED)

    @property
    def is_answer(self) -> bool:
        """Whether a fact of this status answers its question: it is no gap and not withdrawn."""
        return not self.is_gap and self is not Status.WITHDRAWN


class Weight(StrEnum):
    """How loud an alert about a fact is."""

    BIG = "big"
    ORDINARY = "ordinary"


class ChangeKind(StrEnum):
    """What a version of a fact did to the one before it."""

    NEW = "new"
    UPDATE = "update"  # the world changed
    CORRECTION = "correction"  # the desk had it wrong
    WORDING = "wording"  # the same statement in other words
    WITHDRAWAL = "withdrawal"
    UNDO = "undo"  # taken back within the minute: the version before it stands again


class NameKind(StrEnum):
    """What a name of the lexicon stands for; feeds the expected kind of answer."""

    PERSON = "person"
    PLACE = "place"
    BODY = "body"  # an organisation, a government, a medium
    EVENT = "event"
    THING = "thing"


class ChatKind(StrEnum):
    """Telegram's kinds of chat."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class Outcome(StrEnum):
    """What became of a reader's message."""

    ANSWER = "answer"  # one fact clearly fits (two or three where two things were asked)
    CHOOSE = "choose"  # two or three fit about equally: the reader is asked which
    UNKNOWN = "unknown"  # the fact that fits is a known unknown
    NOT_COVERED = "not_covered"  # the fact that fits says that the story does not hold it
    MISSING = "missing"  # the story's subject, but no fact fits
    OFF_TOPIC = "off_topic"  # not this story
    SMALLTALK = "smalltalk"  # greeting, thanks, abuse, noise
    SCREEN = "screen"  # it is about the story as a whole

    @property
    def tells_facts(self) -> bool:
        """Whether the reader got a fact, be it one that says why there is no answer."""
        return self in (Outcome.ANSWER, Outcome.UNKNOWN, Outcome.NOT_COVERED)


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was said or took place: a day, or a minute of it, in the story's zone."""

    day: date
    minute: time | None = None  # None: only the day is known

    def __str__(self) -> str:
        """Return `2025-05-19` or `2025-05-19 14:20`."""
        if self.minute is None:
            return self.day.isoformat()
        return f"{self.day.isoformat()} {self.minute:%H:%M}"

    @classmethod
    def parse(cls, text: str) -> "Moment":
        """Return the moment written as `str` writes it; ValueError for anything else."""
        day, _, minute = text.strip().replace("T", " ").partition(" ")
        return cls(date.fromisoformat(day), time.fromisoformat(minute) if minute else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A person, place, body, event or thing of the story, with every other name it goes by."""

    name: str
    kind: NameKind
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The words of one story: names, and groups of words that mean the same in it."""

    names: tuple[Name, ...] = ()
    synonyms: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The one story that this desk follows."""

    title: str
    about: str  # ends the sentence "I only follow …"
    time_zone: str  # IANA name
    language: str  # two letters
    revision: int  # counts every committed change of what can be answered
    lexicon: Lexicon = field(default_factory=Lexicon)
    lexicon_revision: int = 0  # the revision at which the lexicon last changed
    closed_at: datetime | None = None  # since when answers are shown as they stood
    desk_chat_id: int | None = None  # the group in which the desk works; None: private chats only


UNNAMED: Final = Story(
    title="This story", about="this story", time_zone="UTC", language="en", revision=0
)
"""What a story is called when facts came before a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One checkable statement that answers one question, as its newest version stands."""

    id: int  # the short number that editors see
    key: str  # the stable slug for import and export
    version: int  # counts from 1
    text: str
    question: str | None = None
    phrasings: tuple[str, ...] = ()
    source: str | None = None
    source_url: str | None = None
    as_of: Moment | None = None  # when the source said it
    happened: Moment | None = None  # when the event took place
    status: Status = Status.CONFIRMED
    weight: Weight = Weight.ORDINARY
    topics: tuple[str, ...] = ()
    next_word: str | None = None  # a known unknown only: when news is expected
    check_by: datetime | None = None  # when an editor must look at it again
    hints: tuple[str, ...] = ()  # ways of asking that readers showed and no editor has confirmed
    changed_at: datetime  # when this version was committed


@dataclass(frozen=True, slots=True, kw_only=True)
class FactDraft:
    """A fact as an editor or a file wishes it to be, before the database gives it a number."""

    key: str
    text: str
    question: str | None = None
    phrasings: tuple[str, ...] = ()
    source: str | None = None
    source_url: str | None = None
    as_of: Moment | None = None
    happened: Moment | None = None
    status: Status = Status.CONFIRMED
    weight: Weight = Weight.ORDINARY
    topics: tuple[str, ...] = ()
    next_word: str | None = None
    check_by: datetime | None = None

    @classmethod
    def of(cls, fact: Fact) -> "FactDraft":
        """Return the draft that would leave `fact` as it is; `replace` it to change something."""
        return cls(**{each.name: getattr(fact, each.name) for each in fields(cls)})


@dataclass(frozen=True, slots=True, kw_only=True)
class FactVersion:
    """One version of a fact, kept for ever as it was told."""

    fact_id: int
    version: int
    kind: ChangeKind
    text: str
    source: str | None
    as_of: Moment | None
    status: Status
    reason: str | None  # why it changed; None for the first version
    editor: int | None  # the editor's Telegram id; None for an import
    at: datetime
    question: str | None = None
    source_url: str | None = None
    happened: Moment | None = None
    next_word: str | None = None


TOLD_FIELDS: Final = (
    "text",
    "question",
    "source",
    "source_url",
    "as_of",
    "happened",
    "status",
    "next_word",
)
"""What readers are told of a fact: a change of one of these is a new version."""


def tell_the_same(
    one: Fact | FactDraft | FactVersion, other: Fact | FactDraft | FactVersion
) -> bool:
    """Return whether readers are told the same by two versions of a fact."""
    return all(getattr(one, name) == getattr(other, name) for name in TOLD_FIELDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A chat that has written to the bot."""

    id: int  # Telegram's; negative for groups
    kind: ChatKind
    title: str | None  # None in private chats: readers' names are not kept
    first_seen: datetime
    last_seen: datetime
    looked_at: datetime | None = None  # up to when it has seen what changed; None: never looked


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One question and what the bot told."""

    id: int
    chat_id: int
    thread_id: int | None  # the forum topic; None outside forums
    question: str
    outcome: Outcome
    told: tuple[tuple[int, int], ...]  # (fact id, version), in the order told
    offered: tuple[int, ...]  # ids of the candidates, best first, kept for the buttons
    question_message_id: int | None
    reply_message_id: int | None  # None until the reply was delivered
    asked_at: datetime
    confidence: float | None = None  # that what was told or offered first answers; None: nothing
    self_contained: bool = False  # one question, understood without the one before it
