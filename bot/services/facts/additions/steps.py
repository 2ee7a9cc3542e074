"""Steps of an addition, each within somebody's transaction."""

import asyncio
from dataclasses import replace

from bot.services.alerts.announcements import announce
from bot.services.dialogues.turns import Parts, Turn, summary
from bot.services.facts.additions import state
from bot.services.facts.additions.state import Addition, Notes, Step
from bot.services.facts.comparison.near_duplicates import NearDuplicate, near_duplicates
from bot.services.facts.parsing import EMPTY, Parsed
from bot.stories.reading import made_key
from db.engine import Session
from db.facts import facts
from db.records import ChangeKind, Fact, FactDraft
from db.records.desk import Proposal, ProposalState


async def publish(turn: Turn[Step, Notes]) -> tuple[Turn[Step, Notes], Fact]:
    """Make a fact of the addition; return both as they are now."""
    act, draft = turn.act, turn.proposal.draft
    assert draft is not None  # noqa: S101 - every step before the preview fills it
    draft = replace(draft, key=await free_key(act.session, draft))
    fact = await facts.add(act.session, draft, editor=act.actor.person_id, at=act.at)
    await announce(act, fact, was=None, kind=ChangeKind.NEW)
    ready = turn.drafting(draft).noting(publisher=act.actor.name, version=fact.version)
    done = await ready.end(ProposalState.DONE, step=Step.DONE, fact_id=fact.id)
    is_own = turn.proposal.editor == act.actor.person_id
    by = "" if is_own else f"\nDrafted by {turn.note.author}"
    await act.record(fact_id=fact.id, after=f"{summary(draft)}{by}")
    return done, fact


async def free_key(session: Session, draft: FactDraft) -> str:
    """Return a key for a new fact that none has yet."""
    base = made_key(draft.question or draft.text)
    key, number = base, 2
    while await facts.by_key(session, key) is not None:
        key, number = f"{base}-{number}", number + 1
    return key


async def shown(turn: Turn[Step, Notes]) -> Addition:
    """Return the addition as the actor is to see it."""
    return await addition(turn.parts, turn.proposal)


async def addition(parts: Parts, proposal: Proposal) -> Addition:
    """Return a proposal as the addition that the actor is to see."""
    return Addition(
        proposal=proposal, story=await parts.story(), role=parts.act.role, at=parts.act.at
    )


async def onward(turn: Turn[Step, Notes], parsed: Parsed) -> Addition:
    """Take what was read into the draft, and go on to whatever is missing then."""
    here = state.here(await turn.parts.story(), turn.act.at)
    without_twins = replace(turn.note, twins=())
    draft, notes = state.taken(turn.proposal.draft or EMPTY, without_twins, parsed)
    turn = replace(turn.drafting(state.complete(draft, notes, here)), note=notes)
    return await reached(turn, state.next_step(draft, notes))


async def reached(turn: Turn[Step, Notes], to: Step) -> Addition:
    """Go on to a step; before the preview, the facts that say nearly the same are shown."""
    if to is Step.PREVIEW:
        twins = await twins_of(turn)
        if twins:
            return await at_twins(turn, twins)
    return await shown(await turn.go(to))


async def twins_of(turn: Turn[Step, Notes]) -> tuple[NearDuplicate, ...]:
    """Return the facts that say nearly the same, but for those that were seen already."""
    draft, indexed = turn.proposal.draft or EMPTY, turn.parts.indexed
    return await asyncio.to_thread(near_duplicates, draft, indexed, but=turn.note.seen)


async def at_twins(turn: Turn[Step, Notes], twins: tuple[NearDuplicate, ...]) -> Addition:
    """Show the facts that say nearly the same, before anything else."""
    noted = turn.noting(twins=tuple(twin.fact.id for twin in twins))
    return replace(await shown(await noted.go(Step.TWIN)), twins=twins)
