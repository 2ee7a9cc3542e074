"""Steps of an addition, each within somebody's transaction."""

import asyncio
from collections.abc import Collection
from dataclasses import replace
from typing import Any, Final

from bot.services.alerts.announcements import announce
from bot.services.answers.index_cache import IndexCache
from bot.services.facts.additions import state
from bot.services.facts.additions.state import Addition, Notes
from bot.services.facts.comparison.near_duplicates import NearDuplicate, near_duplicates
from bot.services.rights import Acting
from bot.stories.reading import made_key
from db import story
from db.desk import proposals
from db.engine import Session
from db.facts import facts
from db.records import ChangeKind, Fact, FactDraft
from db.records.desk import Proposal, ProposalKind, ProposalState

OPEN: Final = (ProposalState.OPEN,)


async def own(
    act: Acting, proposal_id: int, turn: int, *, states: Collection[ProposalState]
) -> Proposal | None:
    """Return the actor's own addition at this turn; None for an old button or a forged one.

    A button of somebody else's addition is recorded as refused.
    """
    proposal = await proposals.by_id(act.session, proposal_id)
    if proposal is None or proposal.kind is not ProposalKind.ADD:
        return None
    place = act.actor.place
    if (proposal.editor, proposal.chat_id) != (act.actor.person_id, place.chat_id):
        if proposal.state in states:  # else it is merely late: somebody published the draft
            await act.refuse()
        return None
    fits = proposal.turn == turn and proposal.state in states
    return proposal if fits else None


async def publish(act: Acting, proposal: Proposal) -> tuple[Proposal, Fact]:
    """Make a fact of the addition, in the transaction of `act`; return both as they are now."""
    assert proposal.draft is not None  # noqa: S101 - every step before the preview fills it
    draft = replace(proposal.draft, key=await _free_key(act.session, proposal.draft))
    fact = await facts.add(act.session, draft, editor=act.actor.person_id, at=act.at)
    await announce(act, fact, was=None, kind=ChangeKind.NEW)
    notes = replace(Notes.of(proposal), publisher=act.actor.name, version=fact.version)
    done = await proposals.advance(
        act.session,
        proposal,
        at=act.at,
        state=ProposalState.DONE,
        step=state.DONE,
        done_at=act.at,
        fact_id=fact.id,
        draft=draft,
        notes=notes.stored(),
    )
    assert done is not None  # noqa: S101 - its turn was read in this same transaction
    by = "" if proposal.editor == act.actor.person_id else f"\nDrafted by {notes.author}"
    await act.record(fact_id=fact.id, after=state.summary(draft) + by)
    return done, fact


async def _free_key(session: Session, draft: FactDraft) -> str:
    base = made_key(draft.question or draft.text)
    key, number = base, 2
    while await facts.by_key(session, key) is not None:
        key, number = f"{base}-{number}", number + 1
    return key


async def shown(act: Acting, proposal: Proposal) -> Addition:
    """Return the addition as the actor is to see it."""
    current = await story.get(act.session) or story.UNNAMED
    return Addition(proposal=proposal, story=current, role=act.role, at=act.at)


async def stepped(act: Acting, proposal: Proposal, **changes: Any) -> Addition:
    """Take a step of an addition that was read in this same transaction; return it as it is now."""
    changed = await proposals.advance(act.session, proposal, at=act.at, **changes)
    assert changed is not None  # noqa: S101 - its turn was read in this same transaction
    return await shown(act, changed)


async def twins_of(cache: IndexCache, draft: FactDraft, notes: Notes) -> tuple[NearDuplicate, ...]:
    """Return the facts that say nearly the same, but for those that were seen already."""
    snapshot = await cache.current()
    return await asyncio.to_thread(near_duplicates, draft, snapshot, but=notes.seen)


async def at_twins(act: Acting, proposal: Proposal, twins: tuple[NearDuplicate, ...]) -> Addition:
    """Show the facts that say nearly the same, before anything else."""
    notes = replace(Notes.of(proposal), twins=tuple(twin.fact.id for twin in twins))
    taken = await stepped(act, proposal, step=state.TWIN, notes=notes.stored())
    return replace(taken, twins=twins)


async def dropped(act: Acting, proposal: Proposal) -> Addition:
    """Drop a proposal of any kind and record it."""
    if proposal.draft is not None:
        await act.record(fact_id=proposal.fact_id, before=state.summary(proposal.draft))
    return await stepped(act, proposal, state=ProposalState.DROPPED, step=state.DONE)
