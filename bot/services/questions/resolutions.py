"""Resolves waiting questions: an editor writes the answer, or names the fact that holds it."""

from datetime import timedelta
from typing import Final

from bot.services.dialogues import notes
from bot.services.dialogues.dialogue import Button, Dialogue, Listens, Move, Start, Typed
from bot.services.questions import resolution_steps as steps
from bot.services.questions.resolution_steps import Note, Resolution, Step
from bot.services.rights import Actor
from db.desk import cards
from db.engine import Session
from db.questions import questions
from db.records.desk import CardKind, Proposal, ProposalKind, ProposalState

_ACTION: Final = "question.answer"
_ANSWERED: Final = (Step.SOURCE, Step.WORDS)
_PREVIEW: Final = (Step.WORDS,)


class Resolutions(Dialogue[Resolution]):
    """Answers waiting questions, for editors alone."""

    kinds = (ProposalKind.ADD,)
    states = Step
    note = Note
    patience = timedelta(hours=24)
    reads_index = True
    is_shared = True
    said = Move(_ACTION)
    words = (
        Typed(Step.TEXT, Listens.ASKED, steps.answer, _ANSWERED),
        Typed(Step.SOURCE, Listens.ASKED, steps.name_source, _ANSWERED),
        Typed(Step.WORDS, Listens.FITTING, steps.tick, _PREVIEW),
        Typed(Step.FACT, Listens.ASKED, steps.name_fact, _PREVIEW),
    )

    write = Start(steps.write, Move(_ACTION, to=(Step.TEXT,)))
    link = Start(steps.link, Move(_ACTION, to=(Step.FACT,)))
    answer_card = Start(steps.answer_card, Move(_ACTION, to=tuple(Step)))
    without_source = Button(steps.without_source, Move(_ACTION, at=(Step.SOURCE,), to=_PREVIEW))
    pick = Button(steps.pick, Move(_ACTION, at=(Step.FACT,), to=_PREVIEW))
    toggle = Button(steps.toggle, Move(_ACTION, at=_PREVIEW, to=_PREVIEW))
    publish = Button(
        steps.publish, Move(_ACTION, at=_PREVIEW, ends=(ProposalState.DONE, ProposalState.DROPPED))
    )

    @classmethod
    def fits(cls, proposal: Proposal, words: str) -> bool:
        """Return whether words can be a fact's number, or readers' words, where those are asked."""
        return steps.fits(proposal.step, words)

    @classmethod
    async def name_of(cls, session: Session, proposal: Proposal) -> str:
        """Return the question that is resolved."""
        note = notes.read(Note, proposal.notes)
        asked = await questions.by_id(session, note.desk_question)
        return "" if asked is None else asked.question

    async def say(self, actor: Actor, words: str, reply_to: int | None = None) -> Resolution | None:
        """Return the next step after what was typed for it, or in a reply to a question's card."""
        if reply_to is not None:
            async with self._database.reading() as session:
                card = await cards.by_message(session, actor.place.chat_id, reply_to)
            if card is not None and card.kind is CardKind.QUESTION:
                return await self.answer_card(actor, card.about, words)
        return await super().say(actor, words, reply_to)
