"""How an editor goes through the facts that say the same error; pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.services.facts.changes.echoes import Decision, Echoed
from bot.services.facts.changes.state import Change
from bot.views.desk import lines
from bot.views.message import Button, Message
from bot.views.presses import Press, press
from db.records.desk import ProposalKind


@press("2eg")
@dataclass(frozen=True, slots=True, kw_only=True)
class GoThrough(Press):
    """Show the facts that say the same error, one after the other."""

    proposal_id: int
    turn: int


@press("2et")
@dataclass(frozen=True, slots=True, kw_only=True)
class TakeEcho(Press):
    """Correct or withdraw the fact shown, together with the other."""

    proposal_id: int
    turn: int


@press("2el")
@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveEcho(Press):
    """Leave the fact shown as it is."""

    proposal_id: int
    turn: int


@press("2ee")
@dataclass(frozen=True, slots=True, kw_only=True)
class EnoughEchoes(Press):
    """Look at no more of them."""

    proposal_id: int
    turn: int


def current(shown: Change) -> Message:
    """Return the fact that is to be decided now, as it is and as it would be."""
    echo = shown.current
    assert echo is not None  # noqa: S101 - the step ends with the last of them
    number, turn = shown.proposal.id, shown.proposal.turn
    place = sum(each.decision is not Decision.OPEN for each in shown.echoes) + 1
    withdraws = shown.proposal.kind is ProposalKind.WITHDRAW
    parts = [
        f"{place} of {len(shown.echoes)} that say “{echo.says}”",
        lines.heading(echo.fact),
        f"It says: {lines.said(echo.fact.text)}",
    ]
    take = Button(
        label="Withdraw it too" if withdraws else "Correct it too",
        press=TakeEcho(proposal_id=number, turn=turn),
    )
    buttons = [
        Button(label="Leave it", press=LeaveEcho(proposal_id=number, turn=turn)),
        Button(label="Enough", press=EnoughEchoes(proposal_id=number, turn=turn)),
    ]
    if withdraws or echo.text is not None:
        buttons.insert(0, take)
    if not withdraws and echo.text is not None:
        parts += [f"It would say: {lines.said(echo.text)}", "Tap, or write other words."]
    elif not withdraws:
        parts.append("Write what it is to say instead, or leave it.")
    return lines.message(*parts, buttons=buttons)


def listed(shown: Change) -> list[str]:
    """Return which other facts say the same error, and what was decided of them."""
    withdraws = shown.proposal.kind is ProposalKind.WITHDRAW
    done = "Withdrawn with it" if withdraws else "Corrected with it"
    parts = []
    if left := _open(shown):
        facts = "One other fact still says" if len(left) == 1 else f"{len(left)} others still say"
        parts.append(f"{facts} “{left[0].says}”: {_numbers(left)}.")
    if taken := _of(shown, Decision.TAKEN):
        parts.append(f"{done}: {_numbers(taken)}.")
    if kept := _of(shown, Decision.LEFT):
        parts.append(f"Left as they are: {_numbers(kept)}.")
    return parts


def buttons(shown: Change) -> tuple[Button, ...]:
    """Return the button that leads through them; none where all are decided."""
    if not _open(shown):
        return ()
    press = GoThrough(proposal_id=shown.proposal.id, turn=shown.proposal.turn)
    return (Button(label="Go through them", press=press),)


def _open(shown: Change) -> list[Echoed]:
    return _of(shown, Decision.OPEN)


def _of(shown: Change, decision: Decision) -> list[Echoed]:
    return [each for each in shown.echoes if each.decision is decision]


def _numbers(these: Iterable[Echoed]) -> str:
    return ", ".join(f"#{each.fact.id}" for each in these)
