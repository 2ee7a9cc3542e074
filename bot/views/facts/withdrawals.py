"""How a withdrawal is asked about; pure."""

from dataclasses import dataclass

from bot.services.facts.changes.state import Change, Step
from bot.views.desk import lines
from bot.views.facts import echoes
from bot.views.message import Button, Message
from bot.views.presses import Press, press


@press("2cw")
@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(Press):
    """Withdraw the fact."""

    proposal_id: int
    turn: int


@press("2cx")
@dataclass(frozen=True, slots=True, kw_only=True)
class KeepFact(Press):
    """Do not withdraw the fact."""

    proposal_id: int
    turn: int


def withdrawal(shown: Change) -> Message:
    """Return a withdrawal that waits for its reason, or for the tap."""
    number, turn = shown.proposal.id, shown.proposal.turn
    keep = Button(label="Drop", press=KeepFact(proposal_id=number, turn=turn))
    parts = [lines.heading(shown.was), f"It says: {lines.said(shown.was.text)}"]
    if shown.by:
        parts.insert(0, f"{shown.by} changed #{shown.was.id} meanwhile. Look again.")
    if shown.step is Step.REASON:
        return lines.message(
            *parts, "Why is it withdrawn? Write the reason: readers are told it.", buttons=(keep,)
        )
    withdraw = Button(label="Withdraw", press=Withdraw(proposal_id=number, turn=turn))
    return lines.message(
        *parts,
        f"Reason, which readers are told: {shown.reason}",
        *echoes.listed(shown),
        lines.told(shown.told, "as it stands"),
        buttons=(withdraw, *echoes.buttons(shown), keep),
    )
