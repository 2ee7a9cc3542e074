"""The values that go into the search and come out of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """What a message turned out to be, and so what its sender gets."""

    ANSWER = "answer"
    CHOOSE = "choose"
    UNKNOWN = "unknown"  # the document that fits is a gap
    MISSING = "missing"
    OFF_TOPIC = "off_topic"
    SMALLTALK = "smalltalk"
    SCREEN = "screen"  # it is about the story as a whole


class Courtesy(StrEnum):
    """The kinds of small talk, each with its own short line."""

    GREETING = "greeting"
    THANKS = "thanks"
    FAREWELL = "farewell"
    IDENTITY = "identity"  # "are you a robot?"
    ABUSE = "abuse"
    NOISE = "noise"  # emoji, gibberish, "ok"


class Screen(StrEnum):
    """What a request about the story as a whole is for."""

    OVERVIEW = "overview"  # everything, in short
    NEWS = "news"  # what changed
    GAPS = "gaps"  # what nobody knows yet
    NEXT = "next"  # what is expected
    SOURCES = "sources"  # who says so, and why it can be believed
    ABOUT = "about"  # who runs the bot
    HELP = "help"  # what can be asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request about the story as a whole."""

    screen: Screen
    days: int | None = None  # NEWS: since the midnight so many days ago; None: since the last look


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A fact as the search sees it."""

    id: int
    text: str
    question: str | None = None
    phrasings: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()  # ways of asking that readers showed and no editor has confirmed
    topics: tuple[str, ...] = ()
    source: str | None = None
    unknown: bool = False  # a gap: says that nobody knows yet, or that the story does not hold it


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The last exchange in the same chat, while it is fresh enough to lean on."""

    question: str
    documents: tuple[int, ...]  # ids of what was told, in order


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A document with the evidence for it."""

    document: Document
    score: float  # of the ranker; comparable within one question only
    confidence: float  # calibrated probability, 0..1, that the document answers the question
    evidence: Mapping[str, float] = field(default_factory=dict)  # by name


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of several questions in a message, and what became of it."""

    question: str
    outcome: Outcome | None  # None: it is to be asked again, by itself

    @property
    def told(self) -> bool:
        """Whether it got an answer, or heard that nobody knows."""
        return self.outcome in (Outcome.ANSWER, Outcome.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the search decided about a message."""

    outcome: Outcome
    told: tuple[Candidate, ...] = ()  # ANSWER: one to three; UNKNOWN: the known unknown
    choices: tuple[Candidate, ...] = ()  # CHOOSE: two or three
    candidates: tuple[Candidate, ...] = ()  # up to five, best first, whatever the outcome
    courtesy: Courtesy | None = None  # SMALLTALK only
    request: Request | None = None  # SCREEN, and a doubt about what was just told
    parts: tuple[Part, ...] = ()  # of a message with several questions, in their order
    self_contained: bool = True  # one question, understood without the last exchange
