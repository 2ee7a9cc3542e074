"""Additions on their way to become facts: what they keep, and what is asked next. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from bot.services.dialogues import notes
from bot.services.dialogues.notes import Published
from bot.services.facts import time_expressions
from bot.services.facts.comparison.near_duplicates import NearDuplicate
from bot.services.facts.parsing import EMPTY, Parsed
from db.records import Fact, FactDraft, Story
from db.records.desk import Proposal, Role


class Step(StrEnum):
    """Where an addition stands."""

    ASK_QUESTION = "ask:question"
    ASK_TEXT = "ask:text"
    ASK_SOURCE = "ask:source"
    ASK_SOURCE_URL = "ask:source_url"
    ASK_STATUS = "ask:status"
    ASK_WEIGHT = "ask:weight"
    ASK_AS_OF = "ask:as_of"
    ASK_HAPPENED = "ask:happened"
    ASK_NEXT_WORD = "ask:next_word"
    ASK_CHECK_BY = "ask:check_by"
    ASK_TOPICS = "ask:topics"
    TWIN = "twin"  # a fact that says nearly the same is shown
    PREVIEW = "preview"
    CHANGE = "change"  # its author said that something shall be different, and writes what
    REASON = "reason"  # an editor sends a draft back, and writes why
    DONE = "done"

    @property
    def field(self) -> str | None:
        """The field that is asked for; None where none is."""
        return self.removeprefix(_ASK) if self.startswith(_ASK) else None


_ASK: Final = "ask:"

ASKS: Final = tuple(each for each in Step if each.field is not None)
"""The steps that ask for a field, in the order in which they do."""

PATIENCE: Final = timedelta(hours=1)
"""For how long plain words are the answer to what was asked; later they are a reader's question
again, and /add or /drafts goes on."""

NEEDED: Final = ("question", "text", "source")
NEEDED_FOR_A_GAP: Final = ("question", "text")
"""Fields that are asked for until they are there; nobody says what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes(Published):
    """What the steps of an addition keep besides the draft."""

    author: str = ""  # as they were called when they began
    asked: tuple[str, ...] = ()  # optional fields that a guided conversation has yet to ask for
    troubles: Mapping[str, str] = field(default_factory=dict)  # by field: why it is asked again
    twins: tuple[int, ...] = ()  # facts that are shown as saying nearly the same
    seen: tuple[int, ...] = ()  # those of which its author said that it is new nevertheless
    returned: str | None = None  # why an editor sent it back
    returning: int | None = None  # the editor who is writing why
    returning_chat: int | None = None  # and where
    publisher: str | None = None

    @classmethod
    def of(cls, proposal: Proposal) -> "Notes":
        """Return the notes of an addition."""
        return notes.read(cls, proposal.notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What somebody else must hear: the author of a draft, or the desk group."""

    chat_id: int
    thread_id: int | None
    proposal: Proposal
    by: str  # who did it
    zone: str  # the story's
    fact: Fact | None = None  # published; None: sent back, or handed in


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """An addition as it stands, to be shown to one person."""

    proposal: Proposal
    story: Story
    role: Role  # of who sees it
    at: datetime
    twins: tuple[NearDuplicate, ...] = ()
    fact: Fact | None = None  # as published
    another_waits: bool = False  # one that was begun before; /add goes on with it
    notices: tuple[Notice, ...] = ()

    @property
    def step(self) -> Step:
        """Where it stands."""
        return Step(self.proposal.step)

    @property
    def notes(self) -> Notes:
        """What its steps have kept."""
        return Notes.of(self.proposal)

    @property
    def draft(self) -> FactDraft:
        """The fact as it would be."""
        return self.proposal.draft or EMPTY


def here(story: Story, at: datetime) -> datetime:
    """Return `at` on the story's clock."""
    return at.astimezone(ZoneInfo(story.time_zone))


def needed(draft: FactDraft) -> tuple[str, ...]:
    """Return the fields that the fact cannot do without."""
    return NEEDED_FOR_A_GAP if draft.status.is_gap else NEEDED


def taken(draft: FactDraft, notes: Notes, parsed: Parsed) -> tuple[FactDraft, Notes]:
    """Return draft and notes with what a message gave; a field given is no trouble any more."""
    left = {name: why for name, why in notes.troubles.items() if name not in parsed.given}
    settled = (*parsed.given, *parsed.troubles)
    return parsed.on(draft), replace(
        notes,
        troubles=left | dict(parsed.troubles),
        asked=tuple(name for name in notes.asked if name not in settled),
    )


def next_step(draft: FactDraft, notes: Notes) -> Step:
    """Return the step that follows from what is there and what is missing."""
    missing = [name for name in needed(draft) if not getattr(draft, name)]
    for ask in ASKS:
        if ask.field in missing or ask.field in notes.troubles or ask.field in notes.asked:
            return ask
    return Step.PREVIEW


def complete(draft: FactDraft, notes: Notes, now: datetime) -> FactDraft:
    """Return `draft` with the time of its source: now, once nothing else is to be asked for."""
    if draft.as_of is not None or next_step(draft, notes) is not Step.PREVIEW:
        return draft
    return replace(draft, as_of=time_expressions.of(now))
