"""Keeps which facts say the same error, and carries out what was decided of each.

A fact that somebody changed meanwhile is left alone.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from bot.errors import DeskError
from bot.services.dialogues.turns import Turn
from bot.services.facts.changes import echoes
from bot.services.facts.changes.echoes import Decision, Echoed
from bot.services.facts.changes.state import Note, NotedEcho, Step, default_reason
from bot.services.rights import Acting
from db.engine import Session
from db.facts import facts
from db.records import ChangeKind, Fact, FactDraft, Status
from db.records.desk import ProposalKind

Replaced: TypeAlias = tuple[Fact, Fact]
"""A fact as it stands, and as it stood before."""

_OF_AN_ERROR: Final = (ChangeKind.CORRECTION, ChangeKind.WITHDRAWAL)


async def noted(turn: Turn[Step, Note], fact: Fact) -> Turn[Step, Note]:
    """Return the turn with the facts that say the same error, if it is about one."""
    kind = turn.note.kind
    if kind not in _OF_AN_ERROR or turn.note.echoes is not None:
        return turn
    lexicon = (await turn.parts.story()).lexicon
    others = await facts.all_current(turn.act.session)
    wished = turn.proposal.draft if kind is ChangeKind.CORRECTION else None
    found = await asyncio.to_thread(echoes.echoes, fact, wished, others, lexicon)
    return turn.noting(
        echoes=tuple(
            NotedEcho(id=each.fact.id, version=each.fact.version, says=each.says, text=each.text)
            for each in found
        )
    )


async def shown(session: Session, note: Note) -> tuple[Echoed, ...]:
    """Return the facts that say the same error, with what was decided of each."""
    listed = note.echoes or ()
    known = await facts.by_ids(session, [each.id for each in listed])
    return tuple(
        Echoed(
            fact=known[each.id],
            version=each.version,
            says=each.says,
            text=each.text,
            decision=each.decision,
        )
        for each in listed
    )


def decided(
    turn: Turn[Step, Note], decision: Decision, text: str | None = None
) -> Turn[Step, Note]:
    """Return the turn with the first open fact decided.

    Raises:
        DeskError: the right words cannot be put in by rule, and none were written.
    """
    listed = list(turn.note.echoes or ())
    place = next(
        (place for place, each in enumerate(listed) if each.decision is Decision.OPEN), None
    )
    if place is None:
        return turn
    current = replace(listed[place], text=text or listed[place].text)
    is_change = turn.proposal.kind is ProposalKind.CHANGE
    if decision is Decision.TAKEN and is_change and current.text is None:
        raise DeskError("Write what this fact is to say instead, or leave it.")
    listed[place] = replace(current, decision=decision)
    return turn.noting(echoes=tuple(listed))


async def carry_out(
    turn: Turn[Step, Note], kind: ChangeKind, reason: str | None
) -> tuple[Turn[Step, Note], Sequence[Replaced]]:
    """Correct or withdraw what was decided, and return the turn with what an undo needs."""
    listed: list[NotedEcho] = []
    made: list[Replaced] = []
    for each in turn.note.echoes or ():
        was = await facts.by_id(turn.act.session, each.id)
        if was is None or each.decision is not Decision.TAKEN:
            listed.append(each)
            continue
        wished = FactDraft.of(was)
        if kind is ChangeKind.WITHDRAWAL:
            wished = replace(wished, status=Status.WITHDRAWN)
        else:
            wished = replace(wished, text=each.text or was.text)
        now = await facts.revise(
            turn.act.session,
            was.id,
            each.version,
            wished,
            kind=kind,
            reason=reason if kind is ChangeKind.WITHDRAWAL else default_reason(was, wished),
            editor=turn.act.actor.person_id,
            at=turn.act.at,
        )
        if now is None:  # somebody changed it meanwhile
            listed.append(replace(each, decision=Decision.OPEN))
            continue
        listed.append(replace(each, now=now.version, before=FactDraft.of(was)))
        await turn.act.record(fact_id=was.id, before=was.text, after=reason or now.text)
        made.append((now, was))
    return turn.noting(echoes=tuple(listed)), made


async def take_back(act: Acting, note: Note) -> Sequence[Replaced]:
    """Let the facts that were corrected or withdrawn with another say again what they said."""
    restored: list[Replaced] = []
    for each in note.echoes or ():
        was = await facts.by_id(act.session, each.id)
        if was is None or each.before is None or each.now != was.version:
            continue
        now = await facts.revise(
            act.session,
            was.id,
            was.version,
            each.before,
            kind=ChangeKind.UNDO,
            reason=None,
            editor=act.actor.person_id,
            at=act.at,
        )
        assert now is not None  # noqa: S101 - read in this same transaction
        await act.record(fact_id=was.id, before=was.text, after=now.text)
        restored.append((now, was))
    return restored
