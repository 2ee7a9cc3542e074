"""Takes an editor through the facts that say the same error as the one they correct."""

from bot.services.dialogues.turns import Turn
from bot.services.facts import single_values
from bot.services.facts.changes import echo_steps, steps
from bot.services.facts.changes.echoes import Decision
from bot.services.facts.changes.state import Change, Note, Step
from db.records.desk import ProposalKind


async def go_through(turn: Turn[Step, Note]) -> Change:
    """Return the first fact that nothing was decided of."""
    return await _next(turn)


async def decide(turn: Turn[Step, Note], decision: Decision) -> Change:
    """Return the next fact, or the proposal as it will be published.

    Raises:
        DeskError: the right words cannot be put in by rule, and none were written.
    """
    return await _next(echo_steps.decided(turn, decision))


async def enough(turn: Turn[Step, Note]) -> Change:
    """Return the proposal as it will be published; what was not decided stays as it is."""
    return await steps.step(turn, _back(turn))


async def say(turn: Turn[Step, Note], words: str) -> Change:
    """Return what follows once the fact at hand says `words`.

    Raises:
        DeskError: they are too long.
    """
    return await _next(echo_steps.decided(turn, Decision.TAKEN, single_values.answer(words)))


async def _next(turn: Turn[Step, Note]) -> Change:
    left = any(each.decision is Decision.OPEN for each in turn.note.echoes or ())
    return await steps.step(turn, Step.ECHOES if left else _back(turn))


def _back(turn: Turn[Step, Note]) -> Step:
    """Return where one comes from, and goes back to."""
    return Step.PREVIEW if turn.proposal.kind is ProposalKind.CHANGE else Step.CONFIRM
