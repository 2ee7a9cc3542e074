"""Withdraws facts: the desk no longer stands by them."""

from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime

from bot.clock import Clock, now
from bot.errors import DeskError
from bot.services.facts import proposal_turns, references, single_values
from bot.services.facts.changes import state, steps
from bot.services.facts.changes.state import Change, Step
from bot.services.facts.references import Order
from bot.services.rights import Acting, Actor, acting, looking
from db.desk import proposals
from db.engine import Database, Session
from db.facts import facts
from db.records import ChangeKind, Fact, FactDraft, Status
from db.records.desk import Proposal, ProposalKind, Role


class Withdrawals:
    """From a reason to a fact that is never told again. Each method is one unit of work.

    All raise NotAllowed for whoever is no editor.
    """

    def __init__(self, database: Database, *, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock

    async def withdraw(self, actor: Actor, order: Order) -> Change:
        """Return the withdrawal to be confirmed, or one that waits for its reason.

        Raises:
            DeskError: there is no such fact, it was withdrawn already, or the reason is too long.
        """
        async with self._acting(actor) as done:
            fact, words = await references.resolve(done.session, actor.place, order)
            _refuse_withdrawn(fact)
            reason = single_values.reason(words) if words else None
            made = await proposals.make(
                done.session,
                chat_id=actor.place.chat_id,
                thread_id=actor.place.thread_id,
                editor=actor.person_id,
                kind=ProposalKind.WITHDRAW,
                step=Step.CONFIRM if reason else Step.REASON,
                at=done.at,
                fact_id=fact.id,
                base_version=fact.version,
                notes=_notes(reason),
            )
            if reason:
                return await steps.step(done, made, Step.CONFIRM)
            return await steps.view(done, made, fact)

    async def say(self, actor: Actor, words: str, reply_to: int | None) -> Change | None:
        """Return the withdrawal with the reason that was typed; None if none waits for it.

        Raises:
            DeskError: the reason is too long.
        """
        if proposal_turns.is_question(words, reply_to):
            return None
        at = self._clock()
        async with looking(
            self._database, actor, Role.CONTRIBUTOR, "fact.withdraw", at=at
        ) as session:
            if await _awaiting(session, actor, reply_to, at) is None:
                return None
        async with self._acting(actor) as done:
            found = await _awaiting(done.session, actor, reply_to, done.at)
            if found is None:
                return None
            notes = state.noted(found, reason=single_values.reason(words))
            return await steps.step(done, replace(found, notes=notes), Step.CONFIRM)

    async def confirm(self, actor: Actor, proposal_id: int, turn: int) -> Change | None:
        """Return the withdrawal as done; to be confirmed anew where the fact changed meanwhile.

        None when the button is old, was pressed twice or is somebody else's.

        Raises:
            DeskError: somebody else withdrew the fact meanwhile.
        """
        async with self._acting(actor) as done:
            found = await proposal_turns.own(
                done, proposal_id, turn, kinds=(ProposalKind.WITHDRAW,), steps=(Step.CONFIRM,)
            )
            if found is None:
                return None
            fact = await steps.fact_of(done, found)
            _refuse_withdrawn(fact)
            if fact.version != found.base_version:
                again = replace(found, base_version=fact.version)
                shown = await steps.step(done, again, Step.CONFIRM)
                return replace(shown, by=await steps.changed_by(done, fact))
            wished = replace(FactDraft.of(fact), status=Status.WITHDRAWN)
            shown = replace(await steps.view(done, found, fact), now=wished)
            revised = await facts.revise(
                done.session,
                fact.id,
                fact.version,
                wished,
                kind=ChangeKind.WITHDRAWAL,
                reason=shown.reason,
                editor=actor.person_id,
                at=done.at,
            )
            assert revised is not None  # noqa: S101 - read in this same transaction
            return await steps.announced(done, shown, revised, kind=ChangeKind.WITHDRAWAL)

    async def drop(self, actor: Actor, proposal_id: int, turn: int) -> Change | None:
        """Return the withdrawal as dropped; None as for `confirm`."""
        at = self._clock()
        async with acting(self._database, actor, Role.EDITOR, "proposal.drop", at=at) as done:
            found = await proposal_turns.own(
                done,
                proposal_id,
                turn,
                kinds=(ProposalKind.WITHDRAW,),
                steps=(Step.REASON, Step.CONFIRM),
            )
            if found is None:
                return None
            await done.record(fact_id=found.fact_id, after=found.notes.get("reason"))
            return await steps.dropped(done, found)

    def _acting(self, actor: Actor) -> AbstractAsyncContextManager[Acting]:
        return acting(self._database, actor, Role.EDITOR, "fact.withdraw", at=self._clock())


async def _awaiting(
    session: Session, actor: Actor, reply_to: int | None, at: datetime
) -> Proposal | None:
    """Return the withdrawal that waits for what was typed; a given reason changes by a reply."""
    kind = ProposalKind.WITHDRAW
    found = await proposal_turns.awaiting(session, actor, reply_to, kind=kind, at=at)
    if found is None or found.step == Step.REASON:
        return found
    return None if reply_to is None else found


def _notes(reason: str | None) -> dict[str, str | list[str]]:
    notes: dict[str, str | list[str]] = {
        "kind": ChangeKind.WITHDRAWAL.value,
        "changed": ["status"],
    }
    return notes if reason is None else {**notes, "reason": reason}


def _refuse_withdrawn(fact: Fact) -> None:
    if fact.status is Status.WITHDRAWN:
        raise DeskError(f"#{fact.id} is withdrawn already: see /fact {fact.id}.")
