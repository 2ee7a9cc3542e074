"""Additions: from one message, or a conversation that asks for what is missing, to a fact."""

from typing import Final

from bot.services.dialogues.dialogue import OPEN, Button, Dialogue, Listens, Move, Start, Typed
from bot.services.facts.additions import author_moves, desk_moves, state
from bot.services.facts.additions.desk_moves import Drafts
from bot.services.facts.additions.state import Addition, Notes, Step
from bot.services.rights import Actor, looking, role_of
from db import story
from db.desk import proposals
from db.records.desk import Proposal, ProposalKind, ProposalState, Role

__all__ = ["Addition", "Additions", "Drafts"]

MOST_DRAFTS: Final = 100

_SUBMITTED: Final = (ProposalState.SUBMITTED,)
_LEFT: Final = (*OPEN, *_SUBMITTED)
_WAITING: Final = (Step.PREVIEW, Step.REASON)
_ONWARD: Final = (*state.ASKS, Step.TWIN, Step.PREVIEW)


class Additions(Dialogue[Addition]):
    """What an author writes, and what an editor makes of it."""

    kinds = (ProposalKind.ADD,)
    states = Step
    note = Notes
    role = Role.CONTRIBUTOR
    patience = state.PATIENCE
    in_groups = True
    reads_index = True
    said = Move("proposal.change")
    words = (
        Typed(Step.ASK_QUESTION, Listens.A_QUESTION, author_moves.answer, _ONWARD),
        *(Typed(ask, Listens.ASKED, author_moves.answer, _ONWARD) for ask in state.ASKS[1:]),
        Typed(Step.CHANGE, Listens.ASKED, author_moves.amend, _ONWARD),
        Typed(Step.TWIN, Listens.REPLIES, author_moves.amend, _ONWARD),
        Typed(Step.PREVIEW, Listens.REPLIES, author_moves.amend, _ONWARD),
    )

    begin = Start(author_moves.begin, Move("proposal.make", to=(*_ONWARD, Step.CHANGE)))
    skip = Button(
        author_moves.skip, Move("proposal.change", at=(*state.ASKS, Step.CHANGE), to=_ONWARD)
    )
    change = Button(
        author_moves.change, Move("proposal.change", at=(Step.PREVIEW,), to=(Step.CHANGE,))
    )
    is_new = Button(
        author_moves.is_new, Move("proposal.change", at=(Step.TWIN,), to=(Step.PREVIEW,))
    )
    drop = Button(
        author_moves.drop,
        Move("proposal.drop", at=tuple(Step), of=_LEFT, ends=(ProposalState.DROPPED,)),
    )
    submit = Button(desk_moves.submit, Move("proposal.submit", at=(Step.PREVIEW,), ends=_SUBMITTED))
    publish = Button(
        desk_moves.publish,
        Move(
            "fact.add",
            at=_WAITING,
            to=(Step.TWIN,),
            of=_LEFT,
            ends=(ProposalState.DONE,),
            by_desk=True,
            role=Role.EDITOR,
        ),
    )
    instead = Button(desk_moves.instead, Move("fact.update", at=(Step.TWIN,), role=Role.EDITOR))
    see = Button(
        desk_moves.look,
        Move(
            "proposal.see",
            at=_WAITING,
            to=(Step.PREVIEW,),
            of=_SUBMITTED,
            by_desk=True,
            any_turn=True,
        ),
    )
    send_back = Button(
        desk_moves.send_back,
        Move(
            "proposal.send_back",
            at=_WAITING,
            to=(Step.REASON,),
            of=_SUBMITTED,
            by_desk=True,
            role=Role.EDITOR,
        ),
    )
    give_reason = Button(
        desk_moves.give_reason,
        Move(
            "proposal.send_back",
            at=(Step.REASON,),
            to=(Step.PREVIEW,),
            of=_SUBMITTED,
            by_desk=True,
            role=Role.EDITOR,
        ),
    )

    @classmethod
    def is_unanswered(cls, proposal: Proposal) -> bool:  # noqa: ARG003 - so it is with each
        """Return False: `/add` goes on with it."""
        return False

    async def look(self, actor: Actor, proposal_id: int) -> Addition | None:
        """Return a draft that waits, with the facts that say nearly the same."""
        return await self.see(actor, proposal_id, 0)

    async def drafts(self, actor: Actor) -> Drafts:
        """Return the drafts that wait: all of them to an editor, their own to a contributor."""
        async with looking(
            self._database, actor, Role.CONTRIBUTOR, "proposal.see", at=self._clock()
        ) as session:
            waiting = await proposals.in_state(
                session, _SUBMITTED, kinds=self.kinds, limit=MOST_DRAFTS
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

    async def reason(self, actor: Actor, text: str) -> Addition | None:
        """Send a draft back with this reason; None when no draft waits for one from the actor."""
        async with self._database.reading() as session:
            waiting = await proposals.in_state(
                session, _SUBMITTED, kinds=self.kinds, limit=MOST_DRAFTS
            )
        mine, at = (actor.person_id, actor.place.chat_id), self._clock()
        for each in waiting:
            notes = Notes.of(each)
            fresh = at - each.touched_at <= self.patience
            if fresh and (notes.returning, notes.returning_chat) == mine:
                return await self.give_reason(actor, each.id, each.turn, text)
        return None
