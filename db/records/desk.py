"""Frozen values that leave the database: the people of the desk and what they are at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from db.records import FactDraft, Outcome


class Role(StrEnum):
    """What a member of the desk may do; each may do what those before it may."""

    CONTRIBUTOR = "contributor"  # drafts, which an editor publishes
    EDITOR = "editor"  # the facts, and readers' questions
    OWNER = "owner"  # the people, and the story as a whole

    def covers(self, needed: "Role") -> bool:
        """Return whether this role may do what `needed` may."""
        order = tuple(Role)
        return order.index(self) >= order.index(needed)


class ProposalKind(StrEnum):
    """What an editor is about to do."""

    ADD = "add"
    CHANGE = "change"
    WITHDRAW = "withdraw"
    IMPORT = "import"
    STORY = "story"  # a new story begun, or an old one brought back
    PHRASE = "phrase"  # readers' words taken as phrasings, or dismissed


class ProposalState(StrEnum):
    """How far a proposal has come."""

    OPEN = "open"  # its author is still at it
    SUBMITTED = "submitted"  # a contributor's draft, waiting for an editor
    DONE = "done"
    UNDONE = "undone"
    DROPPED = "dropped"


class CardKind(StrEnum):
    """What a message of the bot shows, so that a reply to it is understood."""

    FACT = "fact"
    QUESTION = "question"  # readers' waiting question
    PROPOSAL = "proposal"


class Wait(StrEnum):
    """How a passed-on question stands."""

    WAITING = "waiting"
    ANSWERED = "answered"
    GIVEN_UP = "given_up"  # the desk could not find out
    EXPIRED = "expired"  # nobody answered in time
    NEVER_MIND = "never_mind"  # the reader took it back
    REVIEW = (
        "review"  # of a reader, in a backup that was restored: they may have heard how it ended
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """A member of the desk."""

    id: int  # Telegram's number of the person
    name: str  # as they were called when they last acted
    role: Role
    invited_by: int | None  # None: an owner by the settings, or by the first link
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A link that lets one person in, once."""

    id: int
    role: Role
    made_by: int | None  # None: printed at start
    made_at: datetime
    expires_at: datetime
    used_by: int | None = None
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What an editor is about to do: shown to them, kept until they decide, undone from here."""

    id: int
    chat_id: int
    thread_id: int | None
    editor: int
    kind: ProposalKind
    state: ProposalState
    step: str  # where the conversation stands; the service that owns the kind names the steps
    turn: int  # counts up with every change; buttons carry the turn that they were shown at
    draft: FactDraft | None  # the fact as it would be; fields not yet given are empty
    fact_id: int | None  # the fact that it is about; None before an addition is published
    base_version: int | None  # the version that its author saw; None: there was no fact
    notes: Mapping[str, Any]  # what else the steps keep, as JSON
    message_id: int | None  # the bot's message that shows it
    made_at: datetime
    touched_at: datetime
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A message of the bot that shows something which a reply to it is about."""

    chat_id: int
    message_id: int
    kind: CardKind
    about: int  # the number of the fact, the desk's question or the proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One action of a member of the desk, or one that was refused. Never changed nor removed."""

    id: int
    at: datetime
    person: int | None  # None: the program itself, or the command line
    name: str
    action: str  # "fact.add", "editor.remove", …
    fact_id: int | None
    before: str | None
    after: str | None
    refused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskQuestion:
    """What readers wait for: questions that ask the same, as one."""

    id: int
    question: str  # in the words of the first, without personal data
    state: Wait
    fact_id: int | None  # that answered it; while it waits, the known unknown that it waits for
    opened_at: datetime
    settled_at: datetime | None = None
    settled_by: int | None = None
    waiting: int = 0  # readers


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingReader:
    """A reader who waits for an answer, and how to reach them."""

    id: int
    question_id: int  # the desk's
    exchange_id: int
    chat_id: int
    thread_id: int | None
    question_message_id: int | None
    words: str  # their own, without personal data
    state: Wait
    since: datetime
    told_at: datetime | None = None  # when they heard how it ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """A reader said that a fact was not what they had asked."""

    exchange_id: int
    fact_id: int
    words: str  # the question, without personal data
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedQuestion:
    """A question with the fact that it should get, and what it got when last run."""

    id: int
    question: str
    fact_id: int | None  # None: it should be declined
    saved_by: int | None
    saved_at: datetime
    last_outcome: Outcome | None = None
    last_fact_id: int | None = None
    last_run_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that an editor sent, kept until they decide about it."""

    proposal_id: int
    name: str
    data: bytes
