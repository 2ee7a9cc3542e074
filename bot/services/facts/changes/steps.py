"""Takes a change through its steps, within the transaction of whoever acts."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from bot.services.alerts.announcements import announce
from bot.services.facts.changes import echo_steps, state
from bot.services.facts.changes.echoes import Decision, Echoed
from bot.services.facts.changes.state import Change, Step
from bot.services.rights import Acting
from db import story
from db.answers import told_chats
from db.desk import cards, editors, proposals
from db.engine import Session
from db.facts import facts, first_wrong
from db.records import ChangeKind, Fact, FactDraft, FactVersion, Status, Story
from db.records.alerts import Wrong
from db.records.desk import Card, CardKind, Proposal, ProposalState
from db.types import draft_to_json

ACTIONS: Final = {
    ChangeKind.UPDATE: "fact.update",
    ChangeKind.CORRECTION: "fact.correct",
    ChangeKind.WORDING: "fact.wording",
    ChangeKind.WITHDRAWAL: "fact.withdraw",
}
"""What the records call the kinds of change."""

FROM_ADDING: Final = ("text", "source", "source_url", "as_of", "happened", "status", "next_word")
"""Of a fact that was first meant to be new, what goes over into the one that it changes."""


async def change(done: Acting, proposal: Proposal) -> Change:
    """Make the change a new version of its fact; the conflict if somebody else was faster."""
    fact = await fact_of(done, proposal)
    names: Sequence[str] = proposal.notes["changed"]
    kind = state.kind_of(proposal)
    wished = state.patched(fact, draft_of(proposal), names)
    was = Change(proposal=proposal, was=fact, now=wished, story=await story_of(done), at=done.at)
    if kind is None:
        await facts.annotate(done.session, [(fact.id, wished)])
        return await settled(done, was, version=fact.version, action="fact.annotate")
    assert proposal.base_version is not None  # noqa: S101 - a change has a fact that was seen
    revised = await facts.revise(
        done.session,
        fact.id,
        proposal.base_version,
        wished,
        kind=kind,
        reason=was.reason,
        editor=done.actor.person_id,
        at=done.at,
    )
    if revised is None:
        return await conflicted(done, proposal, fact)
    return await announced(done, was, revised, kind=kind)


async def announced(done: Acting, shown: Change, revised: Fact, *, kind: ChangeKind) -> Change:
    """Bring a change to its end that gave its fact a version: with what says the same error."""
    done = replace(done, action=ACTIONS[kind])
    proposal, with_it = await echo_steps.carry_out(done, shown.proposal, kind, shown.reason)
    await announce(done, revised, was=shown.was, kind=kind, with_it=with_it)
    ended = replace(shown, proposal=proposal)
    return await settled(done, ended, version=revised.version, action=ACTIONS[kind])


async def settled(done: Acting, shown: Change, *, version: int, action: str) -> Change:
    """Bring a proposal to its end, with what an undo needs, and record it."""
    was, now = shown.was, shown.now
    names = [*shown.changed] or ["status"]
    await replace(done, action=action).record(
        fact_id=was.id, before=in_words(was, names), after=in_words(now, names, shown.reason)
    )
    proposal = shown.proposal
    before = draft_to_json(FactDraft.of(was))
    ended = await _advanced(
        done,
        proposal,
        step=Step.DONE,
        state=ProposalState.DONE,
        done_at=done.at,
        draft=now,
        base_version=was.version,
        notes=state.noted(proposal, before=before, version=version, changed=names),
    )
    echoes = await echo_steps.shown(done, ended)
    told = await _told(done, was, echoes)
    return replace(shown, proposal=ended, echoes=echoes, told=told)


async def conflicted(done: Acting, proposal: Proposal, fact: Fact) -> Change:
    """Return the change as one that came too late."""
    notes = state.noted(proposal, theirs=fact.version)
    stopped = replace(proposal, notes=notes)
    return replace(await step(done, stopped, Step.CONFLICT), by=await changed_by(done, fact))


async def stood_as(session: Session, fact: Fact) -> Status:
    """Return the status that a withdrawn fact had when it was last stood by."""
    return state.stood_as(await facts.history(session, fact.id))


async def changed_by(done: Acting, fact: Fact) -> str:
    """Return the name of who made the newest version of a fact."""
    newest = await facts.version(done.session, fact.id, fact.version)
    return "An import" if newest is None else await _name(done, newest)


async def step(done: Acting, proposal: Proposal, to: Step) -> Change:
    """Store where a proposal stands now, as it was changed in memory, and return it."""
    fact = await fact_of(done, proposal)
    if to in (Step.PREVIEW, Step.CONFIRM):
        proposal = await echo_steps.noted(done, proposal, fact)
    taken = await _advanced(
        done,
        proposal,
        step=to,
        draft=proposal.draft,
        base_version=proposal.base_version,
        notes=dict(proposal.notes),
    )
    return await view(done, taken, fact)


async def dropped(done: Acting, proposal: Proposal) -> Change:
    """Let go of a proposal."""
    fact = await fact_of(done, proposal)
    return await view(done, await _advanced(done, proposal, state=ProposalState.DROPPED), fact)


async def view(done: Acting, proposal: Proposal, fact: Fact) -> Change:
    """Return a proposal as it is shown, beside the fact as it stands."""
    echoes = await echo_steps.shown(done, proposal)
    return Change(
        proposal=proposal,
        was=fact,
        now=proposal.draft or FactDraft.of(fact),
        story=await story_of(done),
        at=done.at,
        told=await _told(done, fact, echoes),
        echoes=echoes,
    )


def understood(proposal: Proposal, fact: Fact) -> Proposal:
    """Return a proposal with the names of the fields that it changes.

    One that began as an addition may bring a draft of its own: its answer and who says so go over
    into the fact, whose question, topics and phrasings stay.
    """
    if "changed" in proposal.notes:
        return proposal
    draft = draft_of(proposal)
    names = list(state.changed_names(FactDraft.of(fact), draft))
    if draft.key != fact.key:
        names = [name for name in names if name in FROM_ADDING and getattr(draft, name)]
    wished = state.patched(fact, draft, names)
    return replace(proposal, draft=wished, notes=state.noted(proposal, changed=names))


async def fact_of(done: Acting, proposal: Proposal) -> Fact:
    """Return the fact that a proposal is about, as it stands."""
    fact = None
    if proposal.fact_id is not None:
        fact = await facts.by_id(done.session, proposal.fact_id)
    assert fact is not None  # noqa: S101 - facts are never removed
    return fact


def draft_of(proposal: Proposal) -> FactDraft:
    """Return the draft of a proposal whose words are known."""
    assert proposal.draft is not None  # noqa: S101 - the caller looked at the step
    return proposal.draft


async def story_of(done: Acting) -> Story:
    """Return the story."""
    return await story.get(done.session) or story.UNNAMED


async def _advanced(done: Acting, proposal: Proposal, **fields: Any) -> Proposal:
    taken = await proposals.advance(done.session, proposal, at=done.at, **fields)
    assert taken is not None  # noqa: S101 - read in this same transaction
    if taken.message_id is not None and taken.state is not ProposalState.OPEN:
        # What was shown as a proposal shows a fact from now on: a reply to it is about the fact.
        assert taken.fact_id is not None  # noqa: S101 - changes have one
        card = Card(
            chat_id=taken.chat_id,
            message_id=taken.message_id,
            kind=CardKind.FACT,
            about=taken.fact_id,
        )
        await cards.put(done.session, card)
    return taken


async def _told(done: Acting, fact: Fact, echoes: Sequence[Echoed]) -> int:
    """Return how many chats a correction of the fact, and of what goes with it, would be told."""
    wrong = [
        Wrong(
            fact_id=fact.id,
            since=await first_wrong.of_version(done.session, fact.id, fact.version),
            until=fact.version,
        )
    ]
    wrong += [
        Wrong(fact_id=each.fact.id, since=each.version, until=each.version)
        for each in echoes
        if each.decision is Decision.TAKEN
    ]
    return await told_chats.count_told(done.session, wrong)


async def _name(done: Acting, newest: FactVersion) -> str:
    if newest.editor is None:
        return "An import"
    known = await editors.names(done.session)
    return known.get(newest.editor, "Somebody")


def in_words(fact: Fact | FactDraft, names: Sequence[str], reason: str | None = None) -> str:
    """Return what the records keep of a fact: the answer, and each other field that changes."""
    lines = [fact.text]
    lines += [f"{name}: {_plain(getattr(fact, name))}" for name in names if name != "text"]
    if reason:
        lines.append(f"reason: {reason}")
    return "\n".join(lines)


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
