"""What the answering gives back: frozen values, ready to be shown."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot import search
from bot.search import Courtesy, Part, Request, Screen
from bot.services.alerts.parcels import Change
from db.records import ChatKind, Fact, Outcome, Story

__all__ = [
    "Answer",
    "Courtesy",
    "Found",
    "Look",
    "Offer",
    "Outcome",
    "Overview",
    "Part",
    "Place",
    "Request",
    "Screen",
    "Source",
    "Standing",
    "Whole",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where somebody writes: a chat, or one topic of a forum."""

    chat_id: int
    kind: ChatKind
    title: str | None = None  # None in private chats: readers' names are not kept
    thread_id: int | None = None  # the forum topic; None outside forums


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A fact with the probability, 0..1, that it answers the question."""

    fact: Fact
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one message is told."""

    exchange_id: int | None  # None: not recorded, so no button can refer to it
    question: str  # as it was read: cleaned and bounded
    outcome: Outcome
    told: tuple[Found, ...] = ()  # ANSWER: one to three; UNKNOWN: the known unknown
    choices: tuple[Found, ...] = ()  # CHOOSE: two or three
    candidates: tuple[Found, ...] = ()  # up to five, those told or offered first
    courtesy: Courtesy | None = None  # SMALLTALK only
    parts: tuple[Part, ...] = ()  # of a message with several questions, in their order
    disputed: bool = False  # ANSWER: what is told answers one question, differently
    rest_id: int | None = None  # the exchange of those parts that the desk can be asked
    whole: "Whole | None" = None  # SCREEN, and a doubt about what was just told
    self_contained: bool = False  # one question of the reader's, understood by itself
    story: Story
    at: datetime  # when it was given, aware

    @property
    def closest(self) -> Found | None:
        """The one fact worth offering when none fits; None when there is none."""
        return self.candidates[0] if self.candidates else None

    @property
    def rest(self) -> str | None:
        """The parts that were not found beside others that were; None where there are none."""
        missing = [part.question for part in self.parts if part.outcome is search.Outcome.MISSING]
        return "\n".join(missing) if missing and self.told else None

    @property
    def looked(self) -> "Look | None":
        """What changed since the chat last looked, if that is what it was shown."""
        if self.whole is None or self.whole.request.days is not None:
            return None
        return self.whole.look

    @property
    def shown(self) -> int:
        """How many candidates the reader was shown as a choice; those told are known as told."""
        return len(self.choices)

    @property
    def has_more(self) -> bool:
        """Whether there are candidates that the reader has not seen."""
        return len(self.candidates) > len(self.told) + len(self.choices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Other facts for a reader who was told something else than they asked for."""

    exchange_id: int
    facts: tuple[Fact, ...]  # none, one or two


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What became of a version that somebody holds."""

    fact: Fact | None  # as it stands; None: there is no such fact, or it was withdrawn
    change: Change | None = None  # what became of the version; None: it still stands
    changed_at: datetime | None = None  # None: it still stands
    checked_at: datetime | None = None  # when an editor last looked at it; None: no such fact
    story: Story
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What is known, for one screen."""

    story: Story
    known: tuple[Fact, ...]  # those most worth reading first, each topic by its best fact
    unknown: tuple[Fact, ...]  # known unknowns
    total: int  # of everything that can be answered, known unknowns left out
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What changed, as one chat sees it."""

    since: datetime
    changes: tuple[Change, ...]  # corrected, withdrawn, changed, new, answered; each fact once
    more: int  # than these
    story: Story
    at: datetime
    zone: str | None = None  # of the chat's hours, where it has named one

    @property
    def by_its_clock(self) -> Story:
        """The story as this chat dates it: by its own clock."""
        return self.story if self.zone is None else replace(self.story, time_zone=self.zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who says something, and how many facts are theirs."""

    name: str
    facts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """What a request about the story as a whole is shown."""

    request: Request
    overview: Overview
    expected: tuple[Fact, ...]  # what is to happen, the soonest first, then what news is due of
    sources: tuple[Source, ...]  # those of most facts first
    newest: tuple[Fact, ...]  # what was said or happened last
    changed_at: datetime | None  # when a fact changed last; None without facts
    look: Look | None = None  # NEWS only
