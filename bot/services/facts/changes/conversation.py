"""Changes facts: from an editor's new words to a new version, step by step."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.clock import Clock, now
from bot.errors import DeskError
from bot.services.facts import parsing, proposal_turns, references, single_values
from bot.services.facts.changes import state, transitions
from bot.services.facts.changes import steps as change_steps
from bot.services.facts.changes.state import Change, Step
from bot.services.facts.references import Order
from bot.services.rights import Acting, Actor, acting, looking
from db.desk import proposals
from db.engine import Database, Session
from db.records import ChangeKind, Fact, FactDraft, Status
from db.records.desk import Proposal, ProposalKind, Role

CHOSEN: Final = (ChangeKind.UPDATE, ChangeKind.CORRECTION, ChangeKind.WORDING)
"""What an editor can call a change."""


class Changes:
    """Everything from new words to a new version. Each method is one unit of work.

    Methods that a button stands for return None when the button is old, was pressed twice, or is
    somebody else's: nothing changed. All raise NotAllowed for whoever is no editor.
    """

    def __init__(self, database: Database, *, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock

    async def edit(self, actor: Actor, order: Order) -> Change:
        """Return the change to the words of an /edit or of a reply to a card.

        Raises:
            DeskError: there is no such fact, it cannot be changed so, or nothing would change.
        """
        async with self._acting(actor, "fact.change") as done:
            fact, words = await references.resolve(done.session, actor.place, order)
            return await _opened(done, fact, words)

    async def status(self, actor: Actor, order: Order) -> Change:
        """Return the change of a fact's status; one that was withdrawn stands again by it.

        Raises:
            DeskError: there is no such fact or status, or the fact has it already.
        """
        async with self._acting(actor, "fact.change") as done:
            fact, word = await references.resolve(done.session, actor.place, order)
            becomes = single_values.status(word, of=fact)
            wished = state.tidied(fact, replace(FactDraft.of(fact), status=becomes))
            return await _made(done, fact, wished, kind=ChangeKind.UPDATE)

    async def correct(self, actor: Actor, fact_id: int) -> Change:
        """Return a correction of a fact that waits for the right words.

        Raises:
            DeskError: there is no such fact, or it was withdrawn.
        """
        async with self._acting(actor, "fact.change") as done:
            fact = await references.existing(done.session, fact_id)
            await _refuse_withdrawn(done, fact)
            return await _made(done, fact, None, kind=ChangeKind.CORRECTION)

    async def say(self, actor: Actor, words: str, reply_to: int | None) -> Change | None:
        """Return the change after what was typed for it; None if the words are for nothing here.

        New words, a source, or for a correction what was wrong, each where it is awaited; and new
        words in a reply to a fact's card. A question that replies to nothing is a question.

        Raises:
            DeskError: the words are too long or cannot be read.
        """
        if proposal_turns.is_question(words, reply_to):
            return None
        at = self._clock()
        async with looking(
            self._database, actor, Role.CONTRIBUTOR, "fact.change", at=at
        ) as session:
            found = await _awaiting(session, actor, reply_to, at)
            if found is None and await references.carded(session, actor.place, reply_to) is None:
                return None
        async with self._acting(actor, "fact.change") as done:
            found = await _awaiting(done.session, actor, reply_to, done.at)
            if found is None:
                order = Order(command="edit", words=words, reply_to=reply_to)
                return await _opened(
                    done, *await references.resolve(done.session, actor.place, order)
                )
            if found.step in (Step.WORDS, Step.KIND):
                fact = await change_steps.fact_of(done, found)
                wished = await _read(done, fact, words)
                transitions.refuse_nothing(fact, wished)
                return await transitions.wished(done, found, fact, wished)
            kind = state.kind_of(found)
            if found.step == Step.SOURCE and kind is not None:
                return await transitions.sourced(done, found, kind, single_values.source(words))
            notes = state.noted(found, reason=single_values.reason(words))
            return await change_steps.step(done, replace(found, notes=notes), Step.PREVIEW)

    async def resume(self, actor: Actor, proposal_id: int, turn: int) -> Change | None:
        """Return one's own open change as it is to be shown, such as one that began as an addition.

        Raises:
            DeskError: it would change nothing.
        """
        async with self._acting(actor, "fact.change") as done:
            found = await _own(done, proposal_id, turn, *Step)
            if found is None:
                return None
            fact = await change_steps.fact_of(done, found)
            if found.draft is not None:
                found = _taken_over(found, fact)
            return await change_steps.view(done, found, fact)

    async def choose_kind(
        self, actor: Actor, proposal_id: int, turn: int, kind: ChangeKind
    ) -> Change | None:
        """Return the change called an update, a correction or a wording.

        A wording that is more than that stays where it was, with the objections to it.
        """
        async with self._acting(actor, "fact.change") as done:
            found = await _own(done, proposal_id, turn, Step.KIND)
            if found is None or kind not in CHOSEN:
                return None
            fact = await change_steps.fact_of(done, found)
            found = _taken_over(found, fact)
            if fact.version != found.base_version:
                return await change_steps.conflicted(done, found, fact)
            if kind is ChangeKind.WORDING:
                story = await change_steps.story_of(done)
                against = state.objections(fact, change_steps.draft_of(found), story.lexicon)
                if against:
                    notes = state.noted(found, refused=state.listed(against))
                    return await change_steps.step(done, replace(found, notes=notes), Step.KIND)
            return await transitions.kind_chosen(done, found, fact, kind)

    async def choose_source(
        self, actor: Actor, proposal_id: int, turn: int, number: int
    ) -> Change | None:
        """Return the change said by the source offered under `number`; 0 is the same as before."""
        async with self._acting(actor, "fact.change") as done:
            found = await _own(done, proposal_id, turn, Step.SOURCE)
            if found is None or (kind := state.kind_of(found)) is None:
                return None
            offered: Sequence[str] = found.notes.get("sources", ())
            if number > len(offered):
                return None
            fact = await change_steps.fact_of(done, found)
            if not number and fact.source is None:
                return None
            source = (offered[number - 1], None) if number else None
            return await transitions.sourced(done, found, kind, source)

    async def publish(self, actor: Actor, proposal_id: int, turn: int) -> Change | None:
        """Return the change as published, or the conflict if somebody else was faster."""
        async with self._acting(actor, "fact.change") as done:
            found = await _own(done, proposal_id, turn, Step.PREVIEW)
            return None if found is None else await change_steps.change(done, found)

    async def insist(self, actor: Actor, proposal_id: int, turn: int) -> Change | None:
        """Return the change published over what somebody else made of the fact meanwhile.

        Where the kind no longer fits what stands now, it is asked for again; where the fact
        changed once more, the conflict is shown again.

        Raises:
            DeskError: the fact says the same already, or was withdrawn.
        """
        async with self._acting(actor, "fact.change") as done:
            found = await _own(done, proposal_id, turn, Step.CONFLICT)
            if found is None:
                return None
            fact = await change_steps.fact_of(done, found)
            if fact.version != found.notes.get("theirs"):
                return await change_steps.conflicted(done, found, fact)
            return await transitions.rebased(done, found, fact)

    async def drop(self, actor: Actor, proposal_id: int, turn: int) -> Change | None:
        """Return the change as dropped; its words stay in the records."""
        async with self._acting(actor, "proposal.drop") as done:
            found = await _own(done, proposal_id, turn, *Step)
            if found is None:
                return None
            after = None if found.draft is None else found.draft.text
            await done.record(fact_id=found.fact_id, after=after)
            return await change_steps.dropped(done, found)

    async def shown(self, change: Change, *, chat_id: int, message_id: int) -> None:
        """Note which message shows the change."""
        await proposal_turns.shown(
            self._database, change.proposal.id, chat_id=chat_id, message_id=message_id
        )

    def _acting(self, actor: Actor, action: str) -> AbstractAsyncContextManager[Acting]:
        return acting(self._database, actor, Role.EDITOR, action, at=self._clock())


async def _own(done: Acting, proposal_id: int, turn: int, *steps: Step) -> Proposal | None:
    return await proposal_turns.own(
        done, proposal_id, turn, kinds=(ProposalKind.CHANGE,), steps=steps
    )


async def _awaiting(
    session: Session, actor: Actor, reply_to: int | None, at: datetime
) -> Proposal | None:
    """Return the change that waits for what was typed; None if none does."""
    kind = ProposalKind.CHANGE
    found = await proposal_turns.awaiting(session, actor, reply_to, kind=kind, at=at)
    if found is None or found.step in (Step.WORDS, Step.SOURCE):
        return found
    if found.step == Step.PREVIEW and state.kind_of(found) is ChangeKind.CORRECTION:
        return found
    if found.step == Step.KIND and reply_to is not None:
        return found  # better words than those it shows
    proposal_turns.refuse_words(reply_to)
    return None


async def _opened(done: Acting, fact: Fact, words: str) -> Change:
    await _refuse_withdrawn(done, fact)
    if not words:
        return await _made(done, fact, None)
    wished = await _read(done, fact, words)
    transitions.refuse_nothing(fact, wished)
    return await _made(done, fact, wished)


async def _read(done: Acting, fact: Fact, words: str) -> FactDraft:
    story = await change_steps.story_of(done)
    there = done.at.astimezone(ZoneInfo(story.time_zone))
    return state.tidied(fact, replace(FactDraft.of(fact), **parsing.fact_changes(words, there)))


async def _made(
    done: Acting, fact: Fact, wished: FactDraft | None, *, kind: ChangeKind | None = None
) -> Change:
    """Store a new proposal at the step that its words lead to."""
    place = done.actor.place
    made = await proposals.make(
        done.session,
        chat_id=place.chat_id,
        thread_id=place.thread_id,
        editor=done.actor.person_id,
        kind=ProposalKind.CHANGE,
        step=Step.WORDS,
        at=done.at,
        fact_id=fact.id,
        base_version=fact.version,
        notes={} if kind is None else {"kind": kind},
    )
    if wished is None:
        return await change_steps.view(done, made, fact)
    return await transitions.wished(done, made, fact, wished)


def _taken_over(found: Proposal, fact: Fact) -> Proposal:
    found = change_steps.understood(found, fact)
    if not found.notes["changed"]:
        transitions.refuse_nothing(fact, FactDraft.of(fact))
    return found


async def _refuse_withdrawn(done: Acting, fact: Fact) -> None:
    if fact.status is Status.WITHDRAWN:
        before = await change_steps.stood_as(done.session, fact)
        raise DeskError(
            f"#{fact.id} was withdrawn: to stand by it again, write /status {fact.id} {before}."
        )
