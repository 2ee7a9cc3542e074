"""How an undo looks, and what changes without a new version; pure."""

from bot.services.facts.changes.undo import Ending, Undone
from bot.services.facts.reviews import Checked, Phrased
from bot.views import screens
from bot.views.desk import lines
from bot.views.facts.changes import Correct
from bot.views.message import Button, Message
from db.records import Fact, Status
from db.records.desk import ProposalKind


def undone(ended: Undone) -> Message:
    """Return how an undo ended."""
    fact, proposal = ended.fact, ended.proposal
    if proposal is not None and proposal.kind is ProposalKind.PHRASE:
        if ended.ending is Ending.UNDONE:
            return lines.message("Undone. Readers' words are to be looked at again: /words.")
        return lines.message("Not undone: that was more than a minute ago.")
    if fact is None or proposal is None:
        return lines.message("There is nothing of yours here that can be undone.")
    match ended.ending:
        case Ending.UNDONE if proposal.kind is ProposalKind.ADD:
            return lines.message(
                f"Undone. #{fact.id} is taken back: readers are not told it any more."
            )
        case Ending.UNDONE if proposal.kind is ProposalKind.WITHDRAW:
            return lines.message(f"Undone. #{fact.id} stands again: {lines.said(fact.text)}")
        case Ending.UNDONE if fact.status is Status.WITHDRAWN:
            return lines.message(f"Undone. #{fact.id} is withdrawn again: {lines.said(fact.text)}")
        case Ending.UNDONE:
            return lines.message(f"Undone. #{fact.id} is as it was before: {lines.said(fact.text)}")
        case Ending.MOVED_ON:
            return lines.message(
                f"Not undone: {ended.by} changed #{fact.id} since.",
                f"It says now: {lines.said(fact.text)}",
            )
        case _:
            return _too_late(fact, ended)


def phrased(taken: Phrased) -> Message:
    """Return that a fact has one more way of being asked for."""
    return lines.message(
        f"#{taken.fact.id} is found by this as well: {taken.phrasing}",
        f"It says: {lines.said(taken.fact.text)}",
    )


def checked(looked: Checked) -> Message:
    """Return that a fact was looked at and still stands."""
    fact = looked.fact
    again = "Nobody need look again."
    if fact.check_by is not None:
        when = screens.local(fact.check_by, looked.story, looked.at.date())
        again = f"Next look: {when}."
    return lines.message(f"Checked. #{fact.id} still stands: {lines.said(fact.text)}", again)


def _too_late(fact: Fact, ended: Undone) -> Message:
    late = f"Not undone: #{fact.id} was published more than a minute ago."
    if fact.status is Status.WITHDRAWN:
        return lines.message(late, lines.stand_again(fact, ended.stood_as))
    since = lines.told(ended.told, "since")
    correct = Button(label="Correct it", press=Correct(fact_id=fact.id))
    return lines.message(late, since, f"It says: {lines.said(fact.text)}", buttons=(correct,))
