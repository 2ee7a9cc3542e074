"""Takes up a proposal again: whose it is, and whether the button was shown at this turn."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from bot.services.rights import REFUSALS_KEPT, Acting
from db import audit, cards, proposals
from db.engine import Database, Session
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
        await refuse(done)
        return None
    if found.state is not ProposalState.OPEN or found.turn != turn or found.step not in steps:
        return None
    return found


async def refuse(done: Acting) -> None:
    """Record that somebody tried what only another may."""
    since = done.at - timedelta(hours=1)
    person = done.actor.person_id
    if await audit.refusals(done.session, person, since=since) < REFUSALS_KEPT:
        await audit.record(
            done.session,
            at=done.at,
            person=person,
            name=done.actor.name,
            action=done.action,
            refused=True,
        )


async def awaiting(
    session: Session, done: Acting, reply_to: int | None, *, kind: ProposalKind
) -> Proposal | None:
    """Return the proposal of this kind that what the actor wrote may be for.

    A reply is for the proposal that it replies to; other words in a private chat are for what the
    actor was last at, while that is fresh.
    """
    place, person = done.actor.place, done.actor.person_id
    if reply_to is not None:
        card = await cards.by_message(session, place.chat_id, reply_to)
        if card is None or card.kind is not CardKind.PROPOSAL:
            return None
        found = await proposals.by_id(session, card.about)
    elif place.kind.value == "private":
        found = await proposals.newest_open(session, place.chat_id, person)
        if found is not None and done.at - found.touched_at > WAITS:
            return None
    else:
        return None
    mine = found is not None and found.editor == person and found.state is ProposalState.OPEN
    return found if mine and found is not None and found.kind is kind else None


async def shown(database: Database, proposal_id: int, *, chat_id: int, message_id: int) -> None:
    """Note which message shows a proposal, and what a reply to it is about."""
    async with database.writing() as session:
        found = await proposals.by_id(session, proposal_id)
        if found is None or found.chat_id != chat_id:
            return
        await proposals.shown(session, proposal_id, message_id)
        card = Card(
            chat_id=chat_id, message_id=message_id, kind=CardKind.PROPOSAL, about=proposal_id
        )
        await cards.put(session, card)
