"""Adds facts: from one message, or from a conversation that asks for what is missing.

Every step is stored before it is shown, so that a restart loses nothing. A step is taken only from
the turn that its author saw.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeAlias

from bot.clock import Clock, now
from bot.services.answers.index_cache import IndexCache
from bot.services.facts import parsing
from bot.services.facts.additions import state, steps
from bot.services.facts.additions.state import Addition, Notes
from bot.services.facts.additions.steps import OPEN
from bot.services.facts.parsing import EMPTY, Parsed
from bot.services.rights import Acting, Actor, acting
from db import story
from db.desk import cards, proposals
from db.engine import Database
from db.records import FactDraft, Status
from db.records.desk import Card, CardKind, Proposal, ProposalKind, Role

__all__ = ["Addition", "Additions"]

_ASKED: Final[Mapping[Status | None, tuple[str, ...]]] = {
    None: ("as_of",),
    Status.UNKNOWN: ("next_word",),
    Status.NOT_COVERED: (),
}
"""What a conversation asks for besides what is needed, by the sort of gap; None: an answer."""

_Read: TypeAlias = Callable[[Proposal, datetime], Parsed | None]
"""What an addition gains from words that its author writes at a time of the story's clock."""


class Additions:
    """What their author does with additions. Each method is one unit of work.

    All raise NotAllowed for whoever may not, and DeskError for what cannot be understood; nothing
    has changed then. They return None for an old button, or one that was never the actor's.
    """

    def __init__(self, database: Database, cache: IndexCache, *, clock: Clock = now) -> None:
        self._database = database
        self._cache = cache
        self._clock = clock

    async def begin(self, actor: Actor, text: str, *, gap: Status | None = None) -> Addition:
        """Begin an addition with what `text` gives; without text, go on with the one begun.

        With `gap` it says why there is no answer: UNKNOWN or NOT_COVERED.
        """
        async with self._acting(actor, "proposal.make") as act:
            place = actor.place
            mine = await proposals.open_of(act.session, place.chat_id, actor.person_id)
            begun = [each for each in mine if state.is_begun(each)]
            for each in begun:
                if not text and _gap_of(each) is gap:
                    return await _resumed(act, each)
            for each in begun:
                await proposals.pause(act.session, each)
            draft, notes = await _first(act, text, gap)
            proposal = await proposals.make(
                act.session,
                chat_id=place.chat_id,
                thread_id=place.thread_id,
                editor=actor.person_id,
                kind=ProposalKind.ADD,
                step=state.next_step(draft, notes),
                at=act.at,
                draft=draft,
                notes=notes.stored(),
            )
            given = await steps.shown(act, proposal)
        return replace(await self._compared(actor, given), another_waits=bool(begun))

    async def words(
        self, actor: Actor, text: str, *, reply_to: int | None = None
    ) -> Addition | None:
        """Take words for what was asked, or, as a reply to a preview, for what shall change.

        None: nobody waits for these words.
        """
        meant = await self._meant(actor, reply_to)
        if meant is None:
            return None

        def read(proposal: Proposal, here: datetime) -> Parsed:
            asked = state.asked_field(proposal)
            if asked is None:
                return parsing.draft_changes(text, here)
            return parsing.one(asked, text, here)

        return await self._onward(actor, meant.id, meant.turn, read)

    async def skip(self, actor: Actor, proposal_id: int, turn: int) -> Addition | None:
        """Leave out the field that is asked for, or change nothing after all."""

        def read(proposal: Proposal, _: datetime) -> Parsed | None:
            asked = state.asked_field(proposal)
            if asked in state.needed(proposal.draft or EMPTY):
                return None  # no button offers that
            if asked is None:
                return Parsed() if proposal.step == state.CHANGE else None
            # What was there before, or nothing, counts as given.
            return Parsed(given={asked: getattr(proposal.draft or EMPTY, asked)})

        return await self._onward(actor, proposal_id, turn, read)

    async def change(self, actor: Actor, proposal_id: int, turn: int) -> Addition | None:
        """Wait for words on what shall be different."""
        async with self._acting(actor, "proposal.change") as act:
            proposal = await steps.own(act, proposal_id, turn, states=OPEN)
            if proposal is None or proposal.step != state.PREVIEW:
                return None
            return await steps.stepped(act, proposal, step=state.CHANGE)

    async def is_new(self, actor: Actor, proposal_id: int, turn: int) -> Addition | None:
        """Go on although a fact says nearly the same: its author knows better."""
        async with self._acting(actor, "proposal.change") as act:
            proposal = await steps.own(act, proposal_id, turn, states=OPEN)
            if proposal is None or proposal.step != state.TWIN:
                return None
            notes = Notes.of(proposal)
            seen = replace(notes, seen=(*notes.seen, *notes.twins), twins=())
            return await steps.stepped(act, proposal, step=state.PREVIEW, notes=seen.stored())

    async def delivered(
        self, proposal: Proposal, *, fact_id: int | None, chat_id: int, message_id: int
    ) -> None:
        """Note which message shows an addition, or the fact that became of it."""
        kind, about = CardKind.PROPOSAL, proposal.id
        if fact_id is not None:
            kind, about = CardKind.FACT, fact_id
        card = Card(chat_id=chat_id, message_id=message_id, kind=kind, about=about)
        async with self._database.writing() as session:
            await cards.put(session, card)
            if chat_id == proposal.chat_id:
                await proposals.shown(session, proposal.id, message_id)

    def _acting(self, actor: Actor, action: str) -> AbstractAsyncContextManager[Acting]:
        return acting(self._database, actor, Role.CONTRIBUTOR, action, at=self._clock())

    async def _meant(self, actor: Actor, reply_to: int | None) -> Proposal | None:
        """Return the addition that the actor's words are for."""
        place, at = actor.place, self._clock()
        async with self._database.reading() as session:
            card = None
            if reply_to is not None:
                card = await cards.by_message(session, place.chat_id, reply_to)
            if card is not None:
                found = None
                if card.kind is CardKind.PROPOSAL:
                    found = await proposals.by_id(session, card.about)
                if found is None or found.editor != actor.person_id:
                    return None
                return found if state.is_addition(found) else None
            mine = await proposals.open_of(session, place.chat_id, actor.person_id)
        for each in mine:  # what was touched last comes first, additions or not
            if each.kind is not ProposalKind.ADD:
                return None
            if state.awaits_words(each):
                fresh = at - each.touched_at <= state.PATIENCE
                return each if fresh and each.thread_id == place.thread_id else None
        return None

    async def _onward(
        self, actor: Actor, proposal_id: int, turn: int, read: _Read
    ) -> Addition | None:
        """Take what is read into the draft, and go on to whatever is missing then."""
        async with self._acting(actor, "proposal.change") as act:
            proposal = await steps.own(act, proposal_id, turn, states=OPEN)
            if proposal is None:
                return None
            here = state.here(await story.get(act.session) or story.UNNAMED, act.at)
            parsed = read(proposal, here)
            if parsed is None:
                return None
            notes = replace(Notes.of(proposal), twins=())
            draft, notes = state.taken(proposal.draft or EMPTY, notes, parsed)
            given = await steps.stepped(
                act,
                proposal,
                draft=state.complete(draft, notes, here),
                step=state.next_step(draft, notes),
                notes=notes.stored(),
            )
        return await self._compared(actor, given)

    async def _compared(self, actor: Actor, given: Addition) -> Addition:
        """Return a complete addition at the facts that say nearly the same, if there are any."""
        if given.proposal.step != state.PREVIEW:
            return given
        twins = await steps.twins_of(self._cache, given.draft, given.notes)
        if not twins:
            return given
        async with self._acting(actor, "proposal.change") as act:
            proposal = await steps.own(act, given.proposal.id, given.proposal.turn, states=OPEN)
            return given if proposal is None else await steps.at_twins(act, proposal, twins)


def _gap_of(begun: Proposal) -> Status | None:
    """Return what sort of gap an addition is about; None for an answer."""
    status = (begun.draft or EMPTY).status
    return status if status.is_gap else None


async def _first(act: Acting, text: str, gap: Status | None) -> tuple[FactDraft, Notes]:
    """Return the draft that `text` makes; without text, what a conversation will ask for."""
    here = state.here(await story.get(act.session) or story.UNNAMED, act.at)
    asked: tuple[str, ...] = ()
    if not text:
        asked = _ASKED[gap]
    notes = Notes(author=act.actor.name, asked=asked)
    read = parsing.known_unknown if gap is Status.UNKNOWN else parsing.addition
    start = EMPTY if gap is None else replace(EMPTY, status=gap)
    draft, notes = state.taken(start, notes, read(text, here))
    return state.complete(draft, notes, here), notes


async def _resumed(act: Acting, begun: Proposal) -> Addition:
    return await steps.stepped(act, begun, thread_id=act.actor.place.thread_id)
