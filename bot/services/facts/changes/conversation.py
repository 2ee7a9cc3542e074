"""Changes of facts, withdrawals among them: from an editor's words to a new version."""

from typing import Final

from bot.services.dialogues.dialogue import Button, Dialogue, Listens, Move, Start, Typed
from bot.services.facts import references
from bot.services.facts.changes import change_moves, echo_moves, state, steps, withdrawal_moves
from bot.services.facts.changes.state import Change, Note, Step
from bot.services.facts.references import Order
from bot.services.rights import Actor
from db.records import ChangeKind
from db.records.desk import Proposal, ProposalKind, ProposalState

_WORDED: Final = (Step.KIND, Step.SOURCE, Step.PREVIEW)
_ALL: Final = tuple(Step)
_ECHOED: Final = (Step.ECHOES, Step.PREVIEW, Step.CONFIRM)
_DONE: Final = (ProposalState.DONE,)


class Changes(Dialogue[Change]):
    """From new words to a new version, or from a reason to a fact that is never told again."""

    kinds = (ProposalKind.CHANGE, ProposalKind.WITHDRAW)
    states = Step
    note = Note
    said = Move("fact.change")
    words = (
        Typed(Step.WORDS, Listens.ASKED, change_moves.new_words, _WORDED),
        Typed(Step.KIND, Listens.REPLIES, change_moves.new_words, _WORDED),
        Typed(Step.SOURCE, Listens.ASKED, change_moves.source_named, (Step.PREVIEW,)),
        Typed(Step.PREVIEW, Listens.OFFERED, change_moves.reason_given, (Step.PREVIEW,)),
        Typed(Step.ECHOES, Listens.ASKED, echo_moves.say, (Step.ECHOES, Step.PREVIEW)),
        Typed(Step.REASON, Listens.ASKED, withdrawal_moves.reason_given, (Step.CONFIRM,)),
        Typed(Step.CONFIRM, Listens.REPLIES, withdrawal_moves.reason_given, (Step.CONFIRM,)),
    )

    edit = Start(change_moves.edit, Move("fact.change", to=(Step.WORDS, *_WORDED)))
    status = Start(change_moves.status, Move("fact.change", to=(Step.WORDS, *_WORDED)))
    correct = Start(change_moves.correct, Move("fact.change", to=(Step.WORDS,)))
    resume = Button(change_moves.resume, Move("fact.change", at=_ALL))
    choose_kind = Button(
        change_moves.choose_kind, Move("fact.change", at=(Step.KIND,), to=(*_WORDED, Step.CONFLICT))
    )
    choose_source = Button(
        change_moves.choose_source, Move("fact.change", at=(Step.SOURCE,), to=(Step.PREVIEW,))
    )
    publish = Button(
        steps.change, Move("fact.change", at=(Step.PREVIEW,), to=(Step.CONFLICT,), ends=_DONE)
    )
    insist = Button(
        change_moves.insist,
        Move("fact.change", at=(Step.CONFLICT,), to=(Step.KIND, Step.CONFLICT), ends=_DONE),
    )
    withdraw = Start(
        withdrawal_moves.withdraw,
        Move("fact.withdraw", to=(Step.REASON, Step.CONFIRM), kind=ProposalKind.WITHDRAW),
    )
    confirm = Button(
        withdrawal_moves.confirm,
        Move("fact.withdraw", at=(Step.CONFIRM,), to=(Step.CONFIRM,), ends=_DONE),
    )
    go_through = Button(
        echo_moves.go_through, Move("fact.change", at=(Step.PREVIEW, Step.CONFIRM), to=_ECHOED)
    )
    decide = Button(echo_moves.decide, Move("fact.change", at=(Step.ECHOES,), to=_ECHOED))
    enough = Button(
        echo_moves.enough, Move("fact.change", at=(Step.ECHOES,), to=(Step.PREVIEW, Step.CONFIRM))
    )
    drop = Button(steps.drop, Move("proposal.drop", at=_ALL, ends=(ProposalState.DROPPED,)))

    @classmethod
    def listens(cls, proposal: Proposal) -> Listens | None:
        """Return what is taken; what was wrong, and words for its echoes, of a correction alone."""
        kind, listens = state.note_of(proposal).kind, super().listens(proposal)
        needs = {Step.PREVIEW: ChangeKind.CORRECTION, Step.ECHOES: ChangeKind.CORRECTION}
        return listens if needs.get(Step(proposal.step), kind) is kind else None

    async def say(self, actor: Actor, words: str, reply_to: int | None = None) -> Change | None:
        """Return the change after what was typed for it, or in a reply to a fact's card.

        Raises:
            DeskError: the words are too long or cannot be read.
        """
        change = await super().say(actor, words, reply_to)
        if change is None and reply_to is not None:
            async with self._database.reading() as session:
                is_card = await references.carded(session, actor.place, reply_to) is not None
            if is_card:
                order = Order(command="edit", words=words, reply_to=reply_to)
                change = await self.edit(actor, order)
        return change
