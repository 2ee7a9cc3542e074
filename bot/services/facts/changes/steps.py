"""Takes a change through its steps, within the transaction of whoever acts."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.services.alerts.announcements import announce
from bot.services.dialogues.turns import Turn
from bot.services.facts.changes import echo_steps, state
from bot.services.facts.changes.echoes import Decision, Echoed
from bot.services.facts.changes.state import Change, Note, Step
from bot.services.rights import Acting
from db.answers import told_chats
from db.desk import editors
from db.engine import Session
from db.facts import facts, first_wrong
from db.records import ChangeKind, Fact, FactDraft, FactVersion, Status
from db.records.alerts import Wrong
from db.records.desk import Proposal, ProposalState

ACTIONS: Final = {
    ChangeKind.UPDATE: "fact.update",
    ChangeKind.CORRECTION: "fact.correct",
    ChangeKind.WORDING: "fact.wording",
    ChangeKind.WITHDRAWAL: "fact.withdraw",
}
"""What the records call the kinds of change."""

FROM_ADDING: Final = ("text", "source", "source_url", "as_of", "happened", "status", "next_word")
"""Of a fact that was first meant to be new, what goes over into the one that it changes."""


async def change(turn: Turn[Step, Note]) -> Change:
    """Make the change a new version of its fact; the conflict if somebody else was faster."""
    act, note = turn.act, turn.note
    fact = await fact_of(act, turn.proposal)
    wished = state.patched(fact, draft_of(turn.proposal), note.changed or ())
    if note.kind is None:
        await facts.annotate(act.session, [(fact.id, wished)])
        return await _settled(turn.under("fact.annotate"), fact, wished, fact.version)
    assert turn.proposal.base_version is not None  # noqa: S101 - a change has a fact that was seen
    revised = await facts.revise(
        act.session,
        fact.id,
        turn.proposal.base_version,
        wished,
        kind=note.kind,
        reason=state.reason_of(note, fact, wished),
        editor=act.actor.person_id,
        at=act.at,
    )
    if revised is None:
        return await conflicted(turn, fact)
    return await announced(turn, fact, wished, revised, kind=note.kind)


async def announced(
    turn: Turn[Step, Note], was: Fact, now: FactDraft, revised: Fact, *, kind: ChangeKind
) -> Change:
    """Bring a change to its end that gave its fact a version: with what says the same error."""
    reason = state.reason_of(turn.note, was, now)
    turn, with_it = await echo_steps.carry_out(turn.under(ACTIONS[kind]), kind, reason)
    await announce(turn.act, revised, was=was, kind=kind, with_it=with_it)
    return await _settled(turn, was, now, revised.version)


async def _settled(turn: Turn[Step, Note], was: Fact, now: FactDraft, version: int) -> Change:
    """Bring a proposal to its end, with what an undo needs, and record it."""
    names = [*(turn.note.changed or ())] or ["status"]
    reason = state.reason_of(turn.note, was, now)
    await turn.act.record(
        fact_id=was.id, before=in_words(was, names), after=in_words(now, names, reason)
    )
    done = turn.drafting(now, on=was.version).noting(
        before=FactDraft.of(was), version=version, changed=tuple(names)
    )
    return await view(await done.end(ProposalState.DONE, step=Step.DONE), was)


async def conflicted(turn: Turn[Step, Note], fact: Fact) -> Change:
    """Return the change as one that came too late."""
    shown = await step(turn.noting(theirs=fact.version), Step.CONFLICT)
    return replace(shown, by=await changed_by(turn.act, fact))


async def stood_as(session: Session, fact: Fact) -> Status:
    """Return the status that a withdrawn fact had when it was last stood by."""
    return state.stood_as(await facts.history(session, fact.id))


async def changed_by(act: Acting, fact: Fact) -> str:
    """Return the name of who made the newest version of a fact."""
    newest = await facts.version(act.session, fact.id, fact.version)
    return "An import" if newest is None else await _name(act, newest)


async def step(turn: Turn[Step, Note], to: Step) -> Change:
    """Store where a proposal stands now, as it was changed in memory, and return it."""
    fact = await fact_of(turn.act, turn.proposal)
    if to in (Step.PREVIEW, Step.CONFIRM):
        turn = await echo_steps.noted(turn, fact)
    return await view(await turn.go(to), fact)


async def drop(turn: Turn[Step, Note]) -> Change:
    """Let go of a change or a withdrawal; its words stay in the records."""
    fact, draft = await fact_of(turn.act, turn.proposal), turn.proposal.draft
    after = turn.note.reason if draft is None else draft.text
    await turn.act.record(fact_id=fact.id, after=after)
    return await view(await turn.end(ProposalState.DROPPED), fact)


async def view(turn: Turn[Step, Note], fact: Fact) -> Change:
    """Return a proposal as it is shown, beside the fact as it stands, or as it stood before."""
    echoes = await echo_steps.shown(turn.act.session, turn.note)
    return Change(
        proposal=turn.proposal,
        was=fact,
        now=turn.proposal.draft or FactDraft.of(fact),
        story=await turn.parts.story(),
        at=turn.act.at,
        told=await _told(turn.act, fact, echoes),
        echoes=echoes,
    )


def understood(turn: Turn[Step, Note], fact: Fact) -> Turn[Step, Note]:
    """Return a turn with the names of the fields that it changes.

    One that began as an addition may bring a draft of its own: its answer and who says so go over
    into the fact, whose question, topics and phrasings stay.
    """
    if turn.note.changed is not None:
        return turn
    draft = draft_of(turn.proposal)
    names = state.changed_names(FactDraft.of(fact), draft)
    if draft.key != fact.key:
        names = tuple(name for name in names if name in FROM_ADDING and getattr(draft, name))
    return turn.drafting(state.patched(fact, draft, names)).noting(changed=names)


async def fact_of(act: Acting, proposal: Proposal) -> Fact:
    """Return the fact that a proposal is about, as it stands."""
    fact = None
    if proposal.fact_id is not None:
        fact = await facts.by_id(act.session, proposal.fact_id)
    assert fact is not None  # noqa: S101 - facts are never removed
    return fact


def draft_of(proposal: Proposal) -> FactDraft:
    """Return the draft of a proposal whose words are known."""
    assert proposal.draft is not None  # noqa: S101 - the caller looked at the step
    return proposal.draft


async def _told(act: Acting, fact: Fact, echoes: Sequence[Echoed]) -> int:
    """Return how many chats a correction of the fact, and of what goes with it, would be told."""
    wrong = [
        Wrong(
            fact_id=fact.id,
            since=await first_wrong.of_version(act.session, fact.id, fact.version),
            until=fact.version,
        )
    ]
    wrong += [
        Wrong(fact_id=each.fact.id, since=each.version, until=each.version)
        for each in echoes
        if each.decision is Decision.TAKEN
    ]
    return await told_chats.count_told(act.session, wrong)


async def _name(act: Acting, newest: FactVersion) -> str:
    if newest.editor is None:
        return "An import"
    known = await editors.names(act.session)
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
