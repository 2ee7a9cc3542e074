"""Proposals: what editors are about to do, kept so that a restart loses nothing.

A step is taken only from the turn that its author saw: a button pressed twice, or an old one,
changes nothing.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import updates
from db.records import FactDraft
from db.records.desk import Proposal, ProposalKind, ProposalState
from db.tables.desk import ProposalRow

_PAUSED: Final = "paused"
"""The note of a proposal that takes no plain words, only replies and taps."""


async def make(
    session: AsyncSession,
    *,
    chat_id: int,
    thread_id: int | None,
    editor: int,
    kind: ProposalKind,
    step: str,
    at: datetime,
    draft: FactDraft | None = None,
    fact_id: int | None = None,
    base_version: int | None = None,
    notes: Mapping[str, Any] | None = None,
) -> Proposal:
    """Store a new open proposal and return it."""
    number = (
        await session.execute(
            insert(ProposalRow)
            .values(
                chat_id=chat_id,
                thread_id=thread_id,
                editor=editor,
                kind=kind,
                state=ProposalState.OPEN,
                step=step,
                turn=1,
                draft=draft,
                fact_id=fact_id,
                base_version=base_version,
                notes=dict(notes or {}),
                made_at=at,
                touched_at=at,
            )
            .returning(ProposalRow.id)
        )
    ).scalar_one()
    return await _existing(session, number)


async def by_id(session: AsyncSession, proposal_id: int) -> Proposal | None:
    """Return the proposal; None if there is none with this number."""
    found = await _proposals(session, select(ProposalRow).where(ProposalRow.id == proposal_id))
    return found[0] if found else None


async def open_of(
    session: AsyncSession, chat_id: int, editor: int, *, limit: int = 50
) -> list[Proposal]:
    """Return everything that this editor is at in this chat, what was last touched first."""
    query = (
        select(ProposalRow)
        .where(
            ProposalRow.chat_id == chat_id,
            ProposalRow.editor == editor,
            ProposalRow.state == ProposalState.OPEN,
        )
        .order_by(ProposalRow.touched_at.desc(), ProposalRow.id.desc())
        .limit(limit)
    )
    return await _proposals(session, query)


async def newest_done(session: AsyncSession, chat_id: int, editor: int) -> Proposal | None:
    """Return what this editor last brought to an end in this chat, be it taken back since."""
    query = (
        select(ProposalRow)
        .where(
            ProposalRow.chat_id == chat_id,
            ProposalRow.editor == editor,
            ProposalRow.done_at.is_not(None),
        )
        .order_by(ProposalRow.done_at.desc(), ProposalRow.id.desc())
        .limit(1)
    )
    found = await _proposals(session, query)
    return found[0] if found else None


async def in_state(
    session: AsyncSession,
    states: Collection[ProposalState],
    *,
    kinds: Collection[ProposalKind] = tuple(ProposalKind),
    limit: int,
) -> list[Proposal]:
    """Return the proposals in one of `states`, the oldest first."""
    return await _proposals(
        session,
        select(ProposalRow)
        .where(ProposalRow.state.in_(states), ProposalRow.kind.in_(kinds))
        .order_by(ProposalRow.id)
        .limit(limit),
    )


async def advance(
    session: AsyncSession, proposal: Proposal, *, at: datetime, **changes: Any
) -> Proposal | None:
    """Change fields of a proposal and return it as it is now; one that was paused goes on.

    None, and nothing changed, when it has had another turn since `proposal` was read.
    """
    notes = changes.get("notes", proposal.notes)
    if notes.get(_PAUSED):
        changes["notes"] = {name: value for name, value in notes.items() if name != _PAUSED}
    changed = await session.execute(
        update(ProposalRow)
        .where(ProposalRow.id == proposal.id, ProposalRow.turn == proposal.turn)
        .values(turn=proposal.turn + 1, touched_at=at, **changes)
        .returning(ProposalRow.id)
    )
    if changed.scalar_one_or_none() is None:
        return None
    return await _existing(session, proposal.id)


async def note(session: AsyncSession, proposal: Proposal, notes: Mapping[str, Any]) -> None:
    """Keep other notes with a proposal that takes no turn by it: its buttons still work.

    Nothing is kept when it has had another turn since `proposal` was read.
    """
    await session.execute(
        update(ProposalRow)
        .where(ProposalRow.id == proposal.id, ProposalRow.turn == proposal.turn)
        .values(notes=dict(notes))
    )


async def pause(session: AsyncSession, proposal: Proposal) -> None:
    """Let a proposal take no plain words until it takes another turn."""
    await note(session, proposal, {**proposal.notes, _PAUSED: True})


def paused(proposal: Proposal) -> bool:
    """Return whether a proposal takes no plain words, because something else was begun."""
    return bool(proposal.notes.get(_PAUSED))


async def drop_open(session: AsyncSession, editor: int, *, at: datetime) -> int:
    """Drop whatever one editor is at, in any chat; return how many proposals that were."""
    dropped = await session.execute(
        update(ProposalRow)
        .where(ProposalRow.editor == editor, ProposalRow.state == ProposalState.OPEN)
        .values(state=ProposalState.DROPPED, turn=ProposalRow.turn + 1, touched_at=at)
        .returning(ProposalRow.id)
    )
    return len(dropped.scalars().all())


async def shown(session: AsyncSession, proposal_id: int, message_id: int) -> None:
    """Note which message of the bot shows a proposal, and that whoever is at it has it."""
    await session.execute(
        update(ProposalRow).where(ProposalRow.id == proposal_id).values(message_id=message_id)
    )
    await updates.note_reply(session)


async def _existing(session: AsyncSession, proposal_id: int) -> Proposal:
    found = await by_id(session, proposal_id)
    assert found is not None  # noqa: S101 - written in this same transaction
    return found


async def _proposals(session: AsyncSession, query: Select[ProposalRow]) -> list[Proposal]:
    # populate_existing: updates above went past the session's own copies.
    rows = await session.execute(query.execution_options(populate_existing=True))
    return [
        Proposal(
            id=row.id,
            chat_id=row.chat_id,
            thread_id=row.thread_id,
            editor=row.editor,
            kind=row.kind,
            state=row.state,
            step=row.step,
            turn=row.turn,
            draft=row.draft,
            fact_id=row.fact_id,
            base_version=row.base_version,
            notes=row.notes,
            message_id=row.message_id,
            made_at=row.made_at,
            touched_at=row.touched_at,
            done_at=row.done_at,
        )
        for row in rows.scalars()
    ]
