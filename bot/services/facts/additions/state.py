"""Additions on their way to become facts: what they keep, and what is asked next. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.services.facts import time_expressions
from bot.services.facts.comparison.near_duplicates import NearDuplicate
from bot.services.facts.parsing import EMPTY, Parsed
from db.desk import proposals
from db.records import Fact, FactDraft, Story
from db.records.desk import Proposal, ProposalKind, ProposalState, Role

ASK: Final = "ask:"
"""Begins the step at which a field is asked for: `ask:source`."""
TWIN: Final = "twin"  # a fact that says nearly the same is shown
PREVIEW: Final = "preview"
CHANGE: Final = "change"  # its author said that something shall be different, and writes what
REASON: Final = "reason"  # an editor sends a draft back, and writes why
KIND: Final = "kind"  # it became a change of a fact: what kind of change is asked next
DONE: Final = "done"

PATIENCE: Final = timedelta(hours=1)
"""For how long plain words are the answer to what was asked; later they are a reader's question
again, and /add or /drafts goes on."""

NEEDED: Final = ("question", "text", "source")
NEEDED_FOR_A_GAP: Final = ("question", "text")
"""Fields that are asked for until they are there; nobody says what is missing."""

_ORDER: Final = (*NEEDED, "source_url", "status", "weight", "as_of", "happened", "next_word")
ORDER: Final = (*_ORDER, "check_by", "topics")
"""The order in which fields are asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """What the steps of an addition keep besides the draft."""

    author: str  # as they were called when they began
    asked: tuple[str, ...] = ()  # optional fields that a guided conversation has yet to ask for
    troubles: Mapping[str, str] = field(default_factory=dict)  # by field: why it is asked again
    twins: tuple[int, ...] = ()  # facts that are shown as saying nearly the same
    seen: tuple[int, ...] = ()  # those of which its author said that it is new nevertheless
    returned: str | None = None  # why an editor sent it back
    returning: int | None = None  # the editor who is writing why
    returning_chat: int | None = None  # and where
    publisher: str | None = None
    version: int | None = None  # that was published

    @classmethod
    def of(cls, proposal: Proposal) -> "Notes":
        """Return the notes of an addition."""
        lists = ("asked", "twins", "seen")
        known = {each.name for each in fields(cls)}  # an earlier version may have kept others
        plain = {name: value for name, value in proposal.notes.items() if name in known}
        return cls(**plain | {name: tuple(plain[name]) for name in lists})

    def stored(self) -> dict[str, Any]:
        """Return the notes as JSON."""
        return asdict(self)


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


def asked_field(proposal: Proposal) -> str | None:
    """Return the field that is asked for; None at any other step."""
    return proposal.step.removeprefix(ASK) if proposal.step.startswith(ASK) else None


def awaits_words(proposal: Proposal) -> bool:
    """Return whether its author's next words are for it."""
    return is_begun(proposal) and not proposals.paused(proposal)


def is_begun(proposal: Proposal) -> bool:
    """Return whether it is an addition that lacks words, paused or not."""
    at_words = asked_field(proposal) is not None or proposal.step == CHANGE
    return is_addition(proposal) and at_words


def is_addition(proposal: Proposal) -> bool:
    """Return whether it is an addition that its author is still at."""
    return proposal.kind is ProposalKind.ADD and proposal.state is ProposalState.OPEN


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


def next_step(draft: FactDraft, notes: Notes) -> str:
    """Return the step that follows from what is there and what is missing."""
    missing = [name for name in needed(draft) if not getattr(draft, name)]
    for name in ORDER:
        if name in missing or name in notes.troubles or name in notes.asked:
            return ASK + name
    return PREVIEW


def complete(draft: FactDraft, notes: Notes, now: datetime) -> FactDraft:
    """Return `draft` with the time of its source: now, once nothing else is to be asked for."""
    if draft.as_of is not None or next_step(draft, notes) != PREVIEW:
        return draft
    return replace(draft, as_of=time_expressions.of(now))


def summary(draft: FactDraft) -> str:
    """Return the draft as the records keep it."""
    lines = [draft.question, draft.text, draft.source and f"Source: {draft.source}"]
    return "\n".join(line for line in lines if line)
