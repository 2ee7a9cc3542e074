"""Publishes additions: at once by an editor, or a contributor's draft after it was handed in."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Final

from bot.clock import Clock, now
from bot.services.answers.index_cache import IndexCache
from bot.services.facts import parsing
from bot.services.facts.additions import state, steps
from bot.services.facts.additions.state import Addition, Notes, Notice
from bot.services.facts.additions.steps import OPEN
from bot.services.facts.comparison.near_duplicates import NearDuplicate
from bot.services.rights import Acting, Actor, acting, looking, role_of
from db import story
from db.desk import proposals
from db.engine import Database
from db.facts import facts
from db.records import FactDraft, Story
from db.records.desk import Proposal, ProposalKind, ProposalState, Role

__all__ = ["Drafts", "Publication"]

MOST_DRAFTS: Final = 100
REASON_LIMIT: Final = 500
"""Characters of the reason why a draft is sent back."""

SUBMITTED: Final = (ProposalState.SUBMITTED,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """Drafts that wait for an editor."""

    waiting: tuple[Proposal, ...]  # the oldest first
    own: bool  # only the actor's own, who is a contributor
    story: Story


class Publication:
    """What becomes of additions. Each method is one unit of work; see `Adding`."""

    def __init__(self, database: Database, cache: IndexCache, *, clock: Clock = now) -> None:
        self._database = database
        self._cache = cache
        self._clock = clock

    async def publish(self, actor: Actor, proposal_id: int, turn: int) -> Addition | None:
        """Make a fact of one's own addition, or of a draft that was handed in.

        If a fact that says nearly the same has appeared since the preview, that is shown first.
        """
        async with self._database.reading() as session:
            found = await proposals.by_id(session, proposal_id)
        twins: tuple[NearDuplicate, ...] = ()
        mine = found is not None and found.editor == actor.person_id
        if found is not None and mine and found.draft is not None and _ready(found, turn):
            twins = await steps.twins_of(self._cache, found.draft, Notes.of(found))
        async with self._acting(actor, Role.EDITOR, "fact.add") as act:
            proposal = await self._publishable(act, proposal_id, turn)
            if proposal is None:
                return None
            if twins and proposal.state is ProposalState.OPEN:
                return await steps.at_twins(act, proposal, twins)
            done, fact = await steps.publish(act, proposal)
            given = replace(await steps.shown(act, done), fact=fact)
        return _told(given, actor)

    async def caught_up(self) -> None:
        """Return when questions are answered from what was published; without this, the next
        question would begin to wait for it only when it comes."""
        await self._cache.current()

    async def submit(self, actor: Actor, proposal_id: int, turn: int) -> Addition | None:
        """Hand a draft in, for an editor to publish."""
        async with self._acting(actor, Role.CONTRIBUTOR, "proposal.submit") as act:
            proposal = await steps.own(act, proposal_id, turn, states=OPEN)
            if proposal is None or proposal.step != state.PREVIEW or proposal.draft is None:
                return None
            await act.record(after=state.summary(proposal.draft))
            given = await steps.stepped(act, proposal, state=ProposalState.SUBMITTED)
        desk = given.story.desk_chat_id
        if desk is None or desk == actor.place.chat_id:
            return given
        return _telling(given, actor, chat_id=desk, thread_id=None)

    async def drop(self, actor: Actor, proposal_id: int, turn: int) -> Addition | None:
        """Drop one's own addition, handed in or not."""
        async with self._acting(actor, Role.CONTRIBUTOR, "proposal.drop") as act:
            states = (*OPEN, *SUBMITTED)
            proposal = await steps.own(act, proposal_id, turn, states=states)
            return None if proposal is None else await steps.dropped(act, proposal)

    async def instead(
        self, actor: Actor, proposal_id: int, turn: int, fact_id: int
    ) -> Addition | None:
        """Turn one's own addition into a change of the fact that says nearly the same."""
        async with self._acting(actor, Role.EDITOR, "fact.update") as act:
            proposal = await steps.own(act, proposal_id, turn, states=OPEN)
            if proposal is None or proposal.step != state.TWIN or proposal.draft is None:
                return None
            fact = await facts.by_id(act.session, fact_id)
            if fact is None or fact_id not in Notes.of(proposal).twins:
                return None
            given = await steps.stepped(
                act,
                proposal,
                kind=ProposalKind.CHANGE,
                step=state.KIND,
                fact_id=fact.id,
                base_version=fact.version,
                draft=_in_new_words(FactDraft.of(fact), proposal.draft),
                notes={},
            )
            return replace(given, fact=fact)

    async def drafts(self, actor: Actor) -> Drafts:
        """Return the drafts that wait: all of them to an editor, their own to a contributor."""
        at = self._clock()
        async with looking(
            self._database, actor, Role.CONTRIBUTOR, "proposal.see", at=at
        ) as session:
            waiting = await proposals.in_state(
                session, SUBMITTED, kinds=(ProposalKind.ADD,), limit=MOST_DRAFTS
            )
            role = await role_of(session, actor)
            own = role is None or not role.covers(Role.EDITOR)
            return Drafts(
                waiting=tuple(
                    each for each in waiting if not own or each.editor == actor.person_id
                ),
                own=own,
                story=await story.get(session) or story.UNNAMED,
            )

    async def look(self, actor: Actor, proposal_id: int) -> Addition | None:
        """Return a draft that waits, with the facts that say nearly the same."""
        async with self._acting(actor, Role.CONTRIBUTOR, "proposal.see") as act:
            proposal = await self._waiting(act, proposal_id)
            if proposal is None or proposal.draft is None:
                return None
            given = await _decided_anew(act, proposal)
        # What its author has seen and thought new, whoever decides has yet to see.
        unseen = replace(given.notes, seen=())
        twins = await steps.twins_of(self._cache, proposal.draft, unseen)
        return replace(given, twins=twins)

    async def send_back(self, actor: Actor, proposal_id: int, turn: int) -> Addition | None:
        """Wait for the reason why a draft is sent back."""
        async with self._acting(actor, Role.EDITOR, "proposal.send_back") as act:
            proposal = await self._waiting(act, proposal_id, turn=turn)
            if proposal is None:
                return None
            notes = replace(
                Notes.of(proposal),
                returning=actor.person_id,
                returning_chat=actor.place.chat_id,
            )
            return await steps.stepped(act, proposal, step=state.REASON, notes=notes.stored())

    async def reason(self, actor: Actor, text: str) -> Addition | None:
        """Send a draft back with this reason; None when no draft waits for one from the actor."""
        meant = await self._returned_by(actor)
        if meant is None:
            return None
        reason = " ".join(parsing.cleaned(text).split())[:REASON_LIMIT]
        async with self._acting(actor, Role.EDITOR, "proposal.send_back") as act:
            proposal = await self._waiting(act, meant.id, turn=meant.turn)
            if proposal is None or not reason:
                return None
            notes = replace(
                Notes.of(proposal), returned=reason, returning=None, returning_chat=None
            )
            await act.record(before=state.summary(proposal.draft or parsing.EMPTY), after=reason)
            given = await steps.stepped(
                act,
                proposal,
                state=ProposalState.OPEN,
                step=state.PREVIEW,
                notes=notes.stored(),
            )
        return _told(given, actor)

    def _acting(
        self, actor: Actor, needs: Role, action: str
    ) -> AbstractAsyncContextManager[Acting]:
        return acting(self._database, actor, needs, action, at=self._clock())

    async def _publishable(self, act: Acting, proposal_id: int, turn: int) -> Proposal | None:
        waiting = await self._waiting(act, proposal_id, turn=turn)
        if waiting is not None:
            return waiting
        proposal = await steps.own(act, proposal_id, turn, states=OPEN)
        return proposal if proposal is not None and _ready(proposal, turn) else None

    async def _waiting(
        self, act: Acting, proposal_id: int, *, turn: int | None = None
    ) -> Proposal | None:
        """Return a draft that was handed in, if the actor may see it."""
        found = await proposals.by_id(act.session, proposal_id)
        if found is None or found.kind is not ProposalKind.ADD or found.state not in SUBMITTED:
            return None
        if not act.role.covers(Role.EDITOR) and found.editor != act.actor.person_id:
            await act.refuse()
            return None
        return found if turn is None or found.turn == turn else None

    async def _returned_by(self, actor: Actor) -> Proposal | None:
        async with self._database.reading() as session:
            if await role_of(session, actor) is None:
                return None
            waiting = await proposals.in_state(
                session, SUBMITTED, kinds=(ProposalKind.ADD,), limit=MOST_DRAFTS
            )
        mine, at = (actor.person_id, actor.place.chat_id), self._clock()
        for each in waiting:
            notes = Notes.of(each)
            fresh = at - each.touched_at <= state.PATIENCE
            if fresh and (notes.returning, notes.returning_chat) == mine:
                return each
        return None


async def _decided_anew(act: Acting, proposal: Proposal) -> Addition:
    """Return a draft to be decided on; whoever was writing why it goes back, no longer is."""
    notes = Notes.of(proposal)
    if notes.returning != act.actor.person_id:
        return await steps.shown(act, proposal)
    cleared = replace(notes, returning=None, returning_chat=None)
    return await steps.stepped(act, proposal, step=state.PREVIEW, notes=cleared.stored())


def _ready(proposal: Proposal, turn: int) -> bool:
    """Return whether it is an addition that its author has before them, to be published."""
    return state.is_addition(proposal) and proposal.step == state.PREVIEW and proposal.turn == turn


def _told(given: Addition, actor: Actor) -> Addition:
    """Return what was done, with the word to the author where somebody else did it."""
    proposal = given.proposal
    if proposal.editor == actor.person_id:
        return given
    return _telling(given, actor, chat_id=proposal.chat_id, thread_id=proposal.thread_id)


def _telling(given: Addition, actor: Actor, *, chat_id: int, thread_id: int | None) -> Addition:
    told = Notice(
        chat_id=chat_id,
        thread_id=thread_id,
        proposal=given.proposal,
        by=actor.name,
        zone=given.story.time_zone,
        fact=given.fact,
    )
    return replace(given, notices=(told,))


def _in_new_words(fact: FactDraft, words: FactDraft) -> FactDraft:
    """Return the fact as the new words would have it; what they do not say stays."""
    return replace(
        fact,
        text=words.text,
        status=words.status,
        source=words.source,
        source_url=words.source_url,
        as_of=words.as_of,
        happened=words.happened or fact.happened,
        next_word=words.next_word,
        check_by=words.check_by or fact.check_by,
        topics=tuple(dict.fromkeys((*fact.topics, *words.topics))),
    )
