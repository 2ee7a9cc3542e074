"""Takes up a proposal again: whose it is, and whether the button was shown at this turn."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from bot.errors import DeskError
from bot.services.rights import Acting, Actor
from db.desk import cards, proposals
from db.engine import Database, Session
from db.records import ChatKind
from db.records.desk import Card, CardKind, Proposal, ProposalKind, ProposalState

WAITS: Final = timedelta(hours=1)
"""For how long plain words are taken for what a proposal waits for; a reply to it always is."""


async def own(
    done: Acting,
    proposal_id: int,
    turn: int,
    *,
    kinds: Collection[ProposalKind],
    steps: Collection[str],
) -> Proposal | None:
    """Return the open proposal that a button stands for, at one of `steps`.

    None when the button is old, was pressed twice, or is somebody else's; the last is recorded.
    """
    found = await proposals.by_id(done.session, proposal_id)
    if found is None or found.kind not in kinds:
        return None
    if found.editor != done.actor.person_id or found.chat_id != done.actor.place.chat_id:
        await done.refuse()
        return None
    if found.state is not ProposalState.OPEN or found.turn != turn or found.step not in steps:
        return None
    return found


def is_theirs(proposal: Proposal | None, actor: Actor, turn: int, *, step: str) -> bool:
    """Return whether the button of a file is this actor's, and not out of date."""
    return (
        proposal is not None
        and proposal.kind is ProposalKind.IMPORT
        and proposal.step == step
        and proposal.state is ProposalState.OPEN
        and proposal.turn == turn
        and proposal.editor == actor.person_id
        and proposal.chat_id == actor.place.chat_id
    )


async def awaiting(
    session: Session, actor: Actor, reply_to: int | None, *, kind: ProposalKind, at: datetime
) -> Proposal | None:
    """Return the proposal of this kind that what the actor wrote may be for.

    A reply is for the proposal that it replies to; other words in a private chat are for what the
    actor was last at, while that is fresh. In the desk group only replies count.

    Raises:
        DeskError: they reply to what somebody else is at.
    """
    place, person = actor.place, actor.person_id
    found: Proposal | None = None
    if reply_to is not None:
        card = await cards.by_message(session, place.chat_id, reply_to)
        if card is not None and card.kind is CardKind.PROPOSAL:
            found = await proposals.by_id(session, card.about)
    elif place.kind is ChatKind.PRIVATE:
        found = await proposals.newest_open(session, place.chat_id, person)
        if found is not None and (proposals.paused(found) or at - found.touched_at > WAITS):
            found = None
    if found is None or found.kind is not kind or found.state is not ProposalState.OPEN:
        return None
    if found.editor != person:
        raise DeskError("That is somebody else's to decide. Reply to the fact's card instead.")
    return found


def is_question(words: str, reply_to: int | None) -> bool:
    """Return whether what an editor typed is a question like any reader's: no fact ends so."""
    return reply_to is None and words.rstrip().endswith("?")


def refuse_words(reply_to: int | None) -> None:
    """Raise DeskError for words that reply to a proposal which waits for a tap."""
    if reply_to is not None:
        raise DeskError("Nothing changed: that waits for a tap, not for words.")


async def shown(database: Database, proposal_id: int, *, chat_id: int, message_id: int) -> None:
    """Note which message shows a proposal, and what a reply to it is about."""
    async with database.writing() as session:
        found = await proposals.by_id(session, proposal_id)
        if found is None or found.chat_id != chat_id:
            return
        await proposals.shown(session, proposal_id, message_id)
        kind, about = CardKind.PROPOSAL, proposal_id
        if found.state is not ProposalState.OPEN and found.fact_id is not None:
            kind, about = CardKind.FACT, found.fact_id  # what is published is a fact
        card = Card(chat_id=chat_id, message_id=message_id, kind=kind, about=about)
        await cards.put(session, card)
