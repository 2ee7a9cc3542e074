"""A change on its way: what is shown at each step, and what follows from the words. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from bot.search.comparison.comparison import Comparison
from bot.search.comparison.reading import reader
from bot.services.answers.index_cache import words
from bot.services.dialogues import notes
from bot.services.dialogues.notes import Published
from bot.services.facts.changes.echoes import Decision, Echoed
from bot.services.facts.single_values import REASON_LIMIT
from bot.stories.schema import FIELD
from db.facts.facts import DESK_FIELDS
from db.records import (
    TOLD_FIELDS,
    ChangeKind,
    Fact,
    FactDraft,
    FactVersion,
    Lexicon,
    Moment,
    Status,
    Story,
)
from db.records.desk import Proposal

SOURCES_OFFERED: Final = 3


class Step(StrEnum):
    """Where a change or a withdrawal stands."""

    WORDS = "words"  # the new words are awaited
    KIND = "kind"  # did it move on, or was it wrong?
    SOURCE = "source"  # who says so?
    PREVIEW = "preview"
    ECHOES = "echoes"  # facts that say the same error, one after the other
    CONFLICT = "conflict"  # somebody else was faster
    REASON = "reason"  # of a withdrawal, awaited
    CONFIRM = "confirm"  # of a withdrawal
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """Why a change is more than wording."""

    what: str  # "number", "the status", …
    was: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedEcho:
    """A fact that says the same error, and what was decided of it."""

    id: int
    version: int  # that says it
    says: str  # the wrong words as they stand in it
    text: str | None = None  # what it would say; None: an editor has to write it
    decision: Decision = Decision.OPEN
    now: int | None = None  # the version that it was given
    before: FactDraft | None = None  # as it was before that


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Published):
    """What the steps of a change or a withdrawal keep besides the draft."""

    kind: ChangeKind | None = None  # until that is said, and where readers see nothing
    changed: tuple[str, ...] | None = None  # names of fields; None: not compared yet
    reason: str | None = None  # what was wrong, or why it is withdrawn
    sources: tuple[str, ...] = ()  # that are offered
    refused: tuple[Objection, ...] = ()  # why it was not taken as a wording
    theirs: int | None = None  # the version of whoever was faster
    echoes: tuple[NotedEcho, ...] | None = None  # None: not looked for yet
    before: FactDraft | None = None  # the fact, for an undo


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A proposal to change or withdraw a fact, as it is shown."""

    proposal: Proposal
    was: Fact  # as it stands
    now: FactDraft  # as it would stand
    story: Story
    at: datetime
    by: str = ""  # CONFLICT: who was faster
    told: int = 0  # readers who were told the fact as it stands, or one corrected with it
    echoes: tuple[Echoed, ...] = ()  # other facts that say the same error

    @property
    def step(self) -> Step:
        """Where it stands."""
        return Step(self.proposal.step)

    @property
    def note(self) -> Note:
        """What its steps have kept."""
        return note_of(self.proposal)

    @property
    def kind(self) -> ChangeKind | None:
        """What sort of change it is; None until that was said, and where readers see nothing."""
        return self.note.kind

    @property
    def changed(self) -> tuple[str, ...]:
        """The names of the fields that change."""
        return self.note.changed or ()

    @property
    def reason(self) -> str | None:
        """What was wrong, or why the fact is withdrawn."""
        return reason_of(self.note, self.was, self.now)

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that are offered."""
        return self.note.sources

    @property
    def objections(self) -> tuple[Objection, ...]:
        """Why it is more than wording, where that was asked for."""
        return self.note.refused

    @property
    def current(self) -> Echoed | None:
        """The fact that says the same error and is to be decided now; None: none is left."""
        return next((each for each in self.echoes if each.decision is Decision.OPEN), None)


def note_of(proposal: Proposal) -> Note:
    """Return what the steps of a change or a withdrawal have kept."""
    return notes.read(Note, proposal.notes)


def reason_of(note: Note, was: Fact, now: FactDraft) -> str | None:
    """Return what was wrong, said or not, or why the fact is withdrawn."""
    if note.reason is None and note.kind is ChangeKind.CORRECTION:
        return default_reason(was, now)
    return note.reason


def stood_as(history: Sequence[FactVersion]) -> Status:
    """Return the status that a fact last had before it was withdrawn; `history` oldest first."""
    stood = (each.status for each in reversed(history) if each.status is not Status.WITHDRAWN)
    return next(stood, Status.REPORTED)


def changed_names(was: FactDraft, now: FactDraft) -> tuple[str, ...]:
    """Return the names of the fields in which `now` differs, phrasings left out."""
    return tuple(
        name for name in (*TOLD_FIELDS, *DESK_FIELDS) if getattr(was, name) != getattr(now, name)
    )


def is_told(names: Iterable[str]) -> bool:
    """Return whether readers are told something else when these fields change."""
    return any(name in TOLD_FIELDS for name in names)


def patched(fact: Fact, now: FactDraft, names: Sequence[str]) -> FactDraft:
    """Return `fact` with these fields as in `now`: what others changed elsewhere in it stays."""
    return replace(FactDraft.of(fact), **{name: getattr(now, name) for name in names})


def objections(was: Fact, now: FactDraft, lexicon: Lexicon) -> tuple[Objection, ...]:
    """Return why the change is more than wording; nothing where it is not."""
    fields = [name for name in TOLD_FIELDS if name not in ("text", "question", "source_url")]
    found = [
        Objection(
            what=f"the {FIELD[name].called}",
            was=_shown(getattr(was, name)),
            now=_shown(getattr(now, name)),
        )
        for name in fields
        if getattr(was, name) != getattr(now, name)
    ]
    read = reader(words(lexicon)).read
    for name in ("text", "question"):
        before, after = getattr(was, name) or "", getattr(now, name) or ""
        if not before or not after:
            continue  # a question where there was none is no claim
        found += [
            Objection(what=each.kind.value, was=each.was, now=each.now)
            for each in Comparison(read(before), read(after)).changed_claims
        ]
    return tuple(found)


def tidied(was: Fact, now: FactDraft) -> FactDraft:
    """Return the draft without the next word where it is known now."""
    if was.status.is_gap and not now.status.is_gap:
        return replace(now, next_word=None)
    return now


def sourced(
    now: FactDraft,
    was: Fact,
    source: tuple[str, str | None] | None,
    *,
    kind: ChangeKind,
    changed: Sequence[str],
    at: datetime,
    time_zone: str,
) -> FactDraft:
    """Return the draft said by `source` (None: by the same as before).

    Who says something new says it now, unless the editor wrote when. A correction by the same
    source is what that source said all along.
    """
    draft = now
    if source is not None:
        draft = replace(draft, source=source[0])
        if "source_url" not in changed and (source[1] or source[0] != was.source):
            draft = replace(draft, source_url=source[1])
    same = draft.source == was.source
    if "as_of" not in changed and not (same and kind is ChangeKind.CORRECTION):
        there = at.astimezone(ZoneInfo(time_zone))
        draft = replace(
            draft,
            as_of=Moment(there.date(), there.time().replace(second=0, microsecond=0, tzinfo=None)),
        )
    return draft


def default_reason(was: Fact, now: FactDraft) -> str:
    """Return what to say was wrong where the editor does not say it themselves."""
    if was.text == now.text:
        if was.status is not now.status:
            return f"We called it {was.status}."
        if was.source != now.source:
            return f"We named {was.source} as the source." if was.source else "We named no source."
    said = " ".join(was.text.split())
    return f"We said: {said if len(said) <= REASON_LIMIT else said[: REASON_LIMIT - 1] + '…'}"


def _shown(value: object) -> str:
    return "" if value is None else str(value)
