"""Contributors' drafts: the list, the one to be decided on, and what their authors hear."""

from typing import Final

from bot.services.facts import time_expressions
from bot.services.facts.additions.desk_moves import Drafts
from bot.services.facts.additions.state import Addition, Notes, Notice
from bot.views import markup
from bot.views.facts import additions
from bot.views.message import Button, Message, row_of
from db.records import FactDraft
from db.records.desk import ProposalState, Role

LABELS_SHOWN: Final = 3


def notice(told: Notice) -> Message:
    """Return what the author of a draft hears of it, or the desk group of a new one."""
    question = f"“{markup.shorten(additions.name_of(told.proposal), 300)}”"
    if told.fact is not None:
        text = f"{told.by} published your draft as #{told.fact.id}: {question}"
        return Message(text_html=markup.escape(text))
    if told.proposal.state is ProposalState.SUBMITTED:
        text = f"{told.by} handed in a draft: {question} /drafts shows it."
        return Message(text_html=markup.escape(text))
    reason = Notes.of(told.proposal).returned or ""
    head = markup.bold(f"{told.by} sent your draft back: {reason}")
    draft = told.proposal.draft or FactDraft(key="", text="")
    text = f"{head}\n\n{additions.fact_block(draft, told.zone, told.proposal.touched_at)}"
    return Message(text_html=text, buttons=additions.decide(told.proposal, Role.CONTRIBUTOR))


def listed(found: Drafts) -> Message:
    """Return the drafts that wait, with a button for each of the first three."""
    if not found.waiting:
        return Message(text_html="No drafts wait to be published.")
    count = len(found.waiting)
    whose = "of yours " if found.own else ""
    waits = f"1 draft {whose}waits" if count == 1 else f"{count} drafts {whose}wait"
    lines = [markup.bold(f"{waits} to be published.")]
    for each in found.waiting[:LABELS_SHOWN]:
        by = Notes.of(each).author
        since = additions.on_clock(each.touched_at, found.story.time_zone)
        lines.append(
            f"• {markup.escape(markup.shorten(additions.name_of(each), 200))} "
            f"({markup.escape(f'{by}, {time_expressions.in_words(since)}')})"
        )
    if count > LABELS_SHOWN:
        lines.append(f"And {count - LABELS_SHOWN} more, once these are settled.")
    buttons = tuple(
        row_of(additions.name_of(each), additions.Look(proposal_id=each.id))
        for each in found.waiting[:LABELS_SHOWN]
    )
    return Message(text_html="\n".join(lines), buttons=buttons)


def waiting(given: Addition, *, own: bool) -> Message:
    """Return a draft that was handed in, for an editor to decide on, or for its author to see."""
    proposal = given.proposal
    by = f"A draft by {Notes.of(proposal).author}."
    parts = [markup.bold(by), additions.fact_block(given.draft, given.story.time_zone, given.at)]
    parts += [additions.twin_block(twin, 500) for twin in given.twins]
    here = {"proposal_id": proposal.id, "turn": proposal.turn}
    drop = Button(label="Drop", press=additions.Drop(**here))
    if not given.role.covers(Role.EDITOR):
        return Message(text_html="\n\n".join(parts), buttons=(drop,))
    publish = Button(label="Publish", press=additions.Publish(**here))
    back = Button(label="Send back", press=additions.SendBack(**here))
    return Message(
        text_html="\n\n".join(parts), buttons=(publish, back, drop) if own else (publish, back)
    )


def why_back(given: Addition) -> Message:
    """Return what asks for the reason why a draft goes back, and the way out of it."""
    keep = Button(label="Keep it here", press=additions.Look(proposal_id=given.proposal.id))
    return Message(
        text_html="Why does it go back? Your next message here goes to its author.",
        buttons=(keep,),
    )


def sent_back(given: Addition) -> Message:
    """Return the word that a draft is with its author again."""
    name = Notes.of(given.proposal).author
    return Message(text_html=markup.escape(f"Sent back to {name}."))
