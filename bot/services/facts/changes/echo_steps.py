"""Keeps with a proposal which facts say the same error, and carries out what was decided of each.

Within the transaction of whoever acts. A fact that somebody changed meanwhile is left alone.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias

from bot.services.facts.changes import echoes, state
from bot.services.facts.changes.echoes import Decision, Echoed
from bot.services.rights import Acting
from db import story
from db.facts import facts
from db.records import ChangeKind, Fact, FactDraft, Status
from db.records.desk import Proposal, ProposalKind
from db.types import draft_from_json, draft_to_json

Replaced: TypeAlias = tuple[Fact, Fact]
"""A fact as it stands, and as it stood before."""

NOTE: Final = "echoes"
"""What a proposal's notes call the facts that say the same error."""

_OF_AN_ERROR: Final = (ChangeKind.CORRECTION, ChangeKind.WITHDRAWAL)


async def noted(done: Acting, proposal: Proposal, fact: Fact) -> Proposal:
    """Return a proposal with the facts that say the same error, if it is about one."""
    kind = state.kind_of(proposal)
    if kind not in _OF_AN_ERROR or NOTE in proposal.notes:
        return proposal
    told = await story.get(done.session) or story.UNNAMED
    others = await facts.all_current(done.session)
    wished = proposal.draft if kind is ChangeKind.CORRECTION else None
    found = await asyncio.to_thread(echoes.echoes, fact, wished, others, told.lexicon)
    listed = [
        {
            "id": each.fact.id,
            "version": each.fact.version,
            "says": each.says,
            "text": each.text,
            "decision": Decision.OPEN,
        }
        for each in found
    ]
    return replace(proposal, notes=state.noted(proposal, **{NOTE: listed}))


async def shown(done: Acting, proposal: Proposal) -> tuple[Echoed, ...]:
    """Return the facts that say the same error, with what was decided of each."""
    noted_ones = proposal.notes.get(NOTE, ())
    known = await facts.by_ids(done.session, [each["id"] for each in noted_ones])
    return tuple(
        Echoed(
            fact=known[each["id"]],
            version=each["version"],
            says=each["says"],
            text=each["text"],
            decision=Decision(each["decision"]),
        )
        for each in noted_ones
    )


def decided(proposal: Proposal, decision: Decision, text: str | None = None) -> Proposal | None:
    """Return a proposal with the first open fact decided; None where it needs words first."""
    listed: list[dict[str, Any]] = [dict(each) for each in proposal.notes.get(NOTE, ())]
    current = next((each for each in listed if each["decision"] == Decision.OPEN), None)
    if current is None:
        return proposal
    if text is not None:
        current["text"] = text
    needs_words = proposal.kind is ProposalKind.CHANGE and current["text"] is None
    if decision is Decision.TAKEN and needs_words:
        return None
    current["decision"] = decision
    return replace(proposal, notes=state.noted(proposal, **{NOTE: listed}))


async def carry_out(
    done: Acting, proposal: Proposal, kind: ChangeKind, reason: str | None
) -> tuple[Proposal, Sequence[Replaced]]:
    """Correct or withdraw what was decided, and return the proposal with what an undo needs."""
    listed: list[dict[str, Any]] = [dict(each) for each in proposal.notes.get(NOTE, ())]
    made: list[Replaced] = []
    for each in listed:
        was = await facts.by_id(done.session, each["id"])
        if was is None or each["decision"] != Decision.TAKEN:
            continue
        wished = FactDraft.of(was)
        if kind is ChangeKind.WITHDRAWAL:
            wished = replace(wished, status=Status.WITHDRAWN)
        else:
            wished = replace(wished, text=each["text"])
        now = await facts.revise(
            done.session,
            was.id,
            each["version"],
            wished,
            kind=kind,
            reason=reason if kind is ChangeKind.WITHDRAWAL else state.default_reason(was, wished),
            editor=done.actor.person_id,
            at=done.at,
        )
        if now is None:  # somebody changed it meanwhile
            each["decision"] = Decision.OPEN
            continue
        each |= {"now": now.version, "before": draft_to_json(FactDraft.of(was))}
        await done.record(fact_id=was.id, before=was.text, after=reason or now.text)
        made.append((now, was))
    return replace(proposal, notes=state.noted(proposal, **{NOTE: listed})), made


async def take_back(done: Acting, proposal: Proposal) -> Sequence[Replaced]:
    """Let the facts that were corrected or withdrawn with another say again what they said."""
    restored: list[Replaced] = []
    for each in proposal.notes.get(NOTE, ()):
        was = await facts.by_id(done.session, each["id"])
        if was is None or each.get("now") != was.version:
            continue
        now = await facts.revise(
            done.session,
            was.id,
            was.version,
            draft_from_json(each["before"]),
            kind=ChangeKind.UNDO,
            reason=None,
            editor=done.actor.person_id,
            at=done.at,
        )
        assert now is not None  # noqa: S101 - read in this same transaction
        await done.record(fact_id=was.id, before=was.text, after=now.text)
        restored.append((now, was))
    return restored
