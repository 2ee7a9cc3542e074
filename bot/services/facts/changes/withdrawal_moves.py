"""What an editor does on the way of a withdrawal: gives the reason, and confirms."""

from dataclasses import replace

from bot.errors import DeskError
from bot.services.dialogues.turns import Opening, Turn
from bot.services.facts import references, single_values
from bot.services.facts.changes import state, steps
from bot.services.facts.changes.state import Change, Note, Step
from bot.services.facts.references import Order
from db.facts import facts
from db.records import ChangeKind, Fact, FactDraft, Status


async def withdraw(opening: Opening[Step, Note], order: Order) -> Change:
    """Return the withdrawal to be confirmed, or one that waits for its reason.

    Raises:
        DeskError: there is no such fact, it was withdrawn already, or the reason is too long.
    """
    act = opening.act
    fact, words = await references.resolve(act.session, act.actor.place, order)
    _refuse_withdrawn(fact)
    note = Note(kind=ChangeKind.WITHDRAWAL, changed=("status",))
    turn = await opening.begin(Step.REASON, note, fact_id=fact.id, base_version=fact.version)
    return await reason_given(turn, words) if words else await steps.view(turn, fact)


async def reason_given(turn: Turn[Step, Note], words: str) -> Change:
    """Return the withdrawal with the reason that was typed.

    Raises:
        DeskError: the reason is too long.
    """
    return await steps.step(turn.noting(reason=single_values.reason(words)), Step.CONFIRM)


async def confirm(turn: Turn[Step, Note]) -> Change:
    """Return the withdrawal as done; to be confirmed anew where the fact changed meanwhile.

    Raises:
        DeskError: somebody else withdrew the fact meanwhile.
    """
    act = turn.act
    fact = await steps.fact_of(act, turn.proposal)
    _refuse_withdrawn(fact)
    if fact.version != turn.proposal.base_version:
        again = replace(turn, proposal=replace(turn.proposal, base_version=fact.version))
        shown = await steps.step(again, Step.CONFIRM)
        return replace(shown, by=await steps.changed_by(act, fact))
    wished = replace(FactDraft.of(fact), status=Status.WITHDRAWN)
    revised = await facts.revise(
        act.session,
        fact.id,
        fact.version,
        wished,
        kind=ChangeKind.WITHDRAWAL,
        reason=state.reason_of(turn.note, fact, wished),
        editor=act.actor.person_id,
        at=act.at,
    )
    assert revised is not None  # noqa: S101 - read in this same transaction
    return await steps.announced(turn, fact, wished, revised, kind=ChangeKind.WITHDRAWAL)


def _refuse_withdrawn(fact: Fact) -> None:
    if fact.status is Status.WITHDRAWN:
        raise DeskError(f"#{fact.id} is withdrawn already: see /fact {fact.id}.")
