"""A turn of a dialogue: the stored proposal, typed, and the one way to its next state."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final, Generic, Self, TypeVar

from bot.services.answers.index_cache import Snapshot
from bot.services.dialogues import notes
from bot.services.rights import Acting
from db import story
from db.desk import cards, proposals
from db.records import FactDraft, Story
from db.records.desk import Card, CardKind, Proposal, ProposalKind, ProposalState

State = TypeVar("State", bound=StrEnum)
Note = TypeVar("Note")

DOUBTED: Final = "doubted"
"""Beside the note of a dialogue: words of which their writer is asked what they are for."""

_LAST: Final = (ProposalState.DONE, ProposalState.DROPPED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a move works with besides its proposal."""

    act: Acting
    at_once: bool = True  # whether readers' words count before an editor looks
    index: Snapshot | None = None

    @property
    def indexed(self) -> Snapshot:
        """The story as last committed before the move; for dialogues that read the index."""
        assert self.index is not None  # noqa: S101 - the dialogue says whether it reads it
        return self.index

    async def story(self) -> Story:
        """Return the story."""
        return await story.get(self.act.session) or story.UNNAMED


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn(Generic[State, Note]):
    """A proposal at a state of its dialogue, in the transaction of who acts.

    It is changed in memory, and stored by `go` or `end`, which lead only to where the move that
    is made is declared to lead.
    """

    parts: Parts
    proposal: Proposal
    state: State
    note: Note
    to: Collection[State] = field(default=(), repr=False)
    ends: Collection[ProposalState] = field(default=(), repr=False)

    @property
    def act(self) -> Acting:
        """Who acts, and the transaction."""
        return self.parts.act

    def noting(self, **fields: Any) -> Self:
        """Return the turn with these fields of its note."""
        note: Note = replace(self.note, **fields)  # type: ignore[type-var]
        return replace(
            self, note=note, proposal=replace(self.proposal, notes=self._as_stored(note))
        )

    def drafting(self, draft: FactDraft, *, on: int | None = None) -> Self:
        """Return the turn with this draft, `on` a newer version of its fact if that is given."""
        version = self.proposal.base_version if on is None else on
        return replace(self, proposal=replace(self.proposal, draft=draft, base_version=version))

    def under(self, action: str) -> Self:
        """Return the turn whose records are kept under another action."""
        return replace(self, parts=replace(self.parts, act=replace(self.act, action=action)))

    async def go(self, to: State, **columns: Any) -> Self:
        """Store the turn at its next state, and return it."""
        assert to in self.to, f"no move leads to {to}"  # noqa: S101 - what is declared is true
        return replace(self, proposal=await self._store(step=to, **columns), state=to)

    async def end(self, how: ProposalState, **columns: Any) -> Self:
        """Store the turn as the last of its author, and return it."""
        assert how in self.ends, f"no move ends {how}"  # noqa: S101 - what is declared is true
        if how is ProposalState.DONE:
            columns["done_at"] = self.act.at
        ended = await self._store(state=how, **columns)
        if how in _LAST and ended.message_id is not None and ended.fact_id is not None:
            # What was shown as a proposal shows a fact from now on: a reply to it is about that.
            card = Card(
                chat_id=ended.chat_id,
                message_id=ended.message_id,
                kind=CardKind.FACT,
                about=ended.fact_id,
            )
            await cards.put(self.act.session, card)
        return replace(self, proposal=ended)

    async def let_go(self) -> Self:
        """Drop the proposal; its draft stays in the records."""
        before = summary(self.proposal.draft)
        if before is not None:
            await self.act.record(fact_id=self.proposal.fact_id, before=before)
        return await self.end(ProposalState.DROPPED)

    async def become(
        self, kind: ProposalKind, to: StrEnum, note: object, **columns: Any
    ) -> Proposal:
        """Store the proposal as one of another dialogue, and return it."""
        return await self._store(kind=kind, step=to, notes=notes.stored(note), **columns)

    def _as_stored(self, note: Note) -> dict[str, Any]:
        """Return a note beside what is kept of a proposal whatever its dialogue."""
        beside = {
            name: self.proposal.notes[name] for name in (DOUBTED,) if name in self.proposal.notes
        }
        return notes.stored(note) | beside

    async def _store(self, **columns: Any) -> Proposal:
        kept = {
            "draft": self.proposal.draft,
            "base_version": self.proposal.base_version,
            "notes": self._as_stored(self.note),
        }
        stored = await proposals.advance(
            self.act.session, self.proposal, at=self.act.at, **(kept | columns)
        )
        assert stored is not None  # noqa: S101 - its turn was read in this same transaction
        return stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening(Generic[State, Note]):
    """A dialogue that begins, in the transaction of who acts."""

    parts: Parts
    kind: ProposalKind
    to: Collection[State] = field(repr=False)

    @property
    def act(self) -> Acting:
        """Who acts, and the transaction."""
        return self.parts.act

    async def begin(self, at: State, note: Note, **columns: Any) -> Turn[State, Note]:
        """Store a new proposal at this state and return its first turn."""
        assert at in self.to, f"nothing begins at {at}"  # noqa: S101 - what is declared is true
        place = self.act.actor.place
        made = await proposals.make(
            self.act.session,
            chat_id=place.chat_id,
            thread_id=place.thread_id,
            editor=self.act.actor.person_id,
            kind=self.kind,
            step=at,
            at=self.act.at,
            notes=notes.stored(note),
            **columns,
        )
        return self.turn(made, at, note)

    def turn(self, proposal: Proposal, at: State, note: Note) -> Turn[State, Note]:
        """Return the turn of a proposal that is open already."""
        return Turn(parts=self.parts, proposal=proposal, state=at, note=note, to=self.to)


def summary(draft: FactDraft | None) -> str | None:
    """Return a draft as the records keep it; None where there is none."""
    if draft is None:
        return None
    lines = [draft.question, draft.text, draft.source and f"Source: {draft.source}"]
    return "\n".join(line for line in lines if line)
