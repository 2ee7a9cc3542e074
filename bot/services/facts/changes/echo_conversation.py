"""Takes an editor through the facts that say the same error as the one they correct."""

from contextlib import AbstractAsyncContextManager
from typing import Final

from bot.clock import Clock, now
from bot.errors import DeskError
from bot.services.facts import proposal_turns, single_values
from bot.services.facts.changes import echo_steps
from bot.services.facts.changes import steps as change_steps
from bot.services.facts.changes.echoes import Decision
from bot.services.facts.changes.state import Change, Step
from bot.services.rights import Acting, Actor, acting, looking
from db.engine import Database
from db.records.desk import Proposal, ProposalKind, Role

_KINDS: Final = (ProposalKind.CHANGE, ProposalKind.WITHDRAW)
_BACK: Final = {ProposalKind.CHANGE: Step.PREVIEW, ProposalKind.WITHDRAW: Step.CONFIRM}
"""Where one comes from, and goes back to."""


class EchoConversation:
    """One fact after the other, a tap each. Each method is one unit of work.

    They return None when the button is old, was pressed twice, or is somebody else's. All raise
    NotAllowed for whoever is no editor.
    """

    def __init__(self, database: Database, *, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock

    async def begin(self, actor: Actor, proposal_id: int, turn: int) -> Change | None:
        """Return the first fact that nothing was decided of."""
        async with self._acting(actor) as done:
            steps = tuple(_BACK.values())
            found = await proposal_turns.own(done, proposal_id, turn, kinds=_KINDS, steps=steps)
            return None if found is None else await _next(done, found)

    async def decide(
        self, actor: Actor, proposal_id: int, turn: int, decision: Decision
    ) -> Change | None:
        """Return the next fact, or the proposal as it will be published.

        Raises:
            DeskError: the right words cannot be put in by rule, and none were written.
        """
        async with self._acting(actor) as done:
            found = await _own(done, proposal_id, turn)
            if found is None:
                return None
            decided = echo_steps.decided(found, decision)
            if decided is None:
                raise DeskError("Write what this fact is to say instead, or leave it.")
            return await _next(done, decided)

    async def enough(self, actor: Actor, proposal_id: int, turn: int) -> Change | None:
        """Return the proposal as it will be published; what was not decided stays as it is."""
        async with self._acting(actor) as done:
            found = await _own(done, proposal_id, turn)
            return (
                None if found is None else await change_steps.step(done, found, _BACK[found.kind])
            )

    async def say(self, actor: Actor, words: str, reply_to: int | None) -> Change | None:
        """Return what follows once the fact at hand says `words`; None if they are not for one.

        Raises:
            DeskError: they are too long.
        """
        if proposal_turns.is_question(words, reply_to):
            return None
        kind, at = ProposalKind.CHANGE, self._clock()
        async with looking(
            self._database, actor, Role.CONTRIBUTOR, "fact.change", at=at
        ) as session:
            found = await proposal_turns.awaiting(session, actor, reply_to, kind=kind, at=at)
            if found is None or found.step != Step.ECHOES:
                return None
        async with self._acting(actor) as done:
            found = await proposal_turns.awaiting(
                done.session, actor, reply_to, kind=kind, at=done.at
            )
            if found is None or found.step != Step.ECHOES:
                return None
            decided = echo_steps.decided(found, Decision.TAKEN, single_values.answer(words))
            return None if decided is None else await _next(done, decided)

    def _acting(self, actor: Actor) -> AbstractAsyncContextManager[Acting]:
        return acting(self._database, actor, Role.EDITOR, "fact.change", at=self._clock())


async def _own(done: Acting, proposal_id: int, turn: int) -> Proposal | None:
    return await proposal_turns.own(done, proposal_id, turn, kinds=_KINDS, steps=(Step.ECHOES,))


async def _next(done: Acting, found: Proposal) -> Change:
    left = any(each["decision"] == Decision.OPEN for each in found.notes.get(echo_steps.NOTE, ()))
    return await change_steps.step(done, found, Step.ECHOES if left else _BACK[found.kind])
