"""Retention: drops what was kept long enough, in portions: nobody waits long for the writer.

Numbers grow with time. A pass begins with the oldest and ends at the first portion that is young;
what has to stay is passed over, and no table is read to its end.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.facts import hints
from db.records.alerts import AlertState, DeliveryState
from db.records.desk import CardKind, ProposalState, Wait
from db.records.suggestions import SuggestionState
from db.tables.alerts import AlertRow, DeliveryRow
from db.tables.desk import (
    CardRow,
    DeskQuestionRow,
    InvitationRow,
    ProposalRow,
    UploadRow,
    WaitingReaderRow,
)
from db.tables.story import ExchangeRow
from db.tables.suggestions import SuggestionRow, SuggestionVoteRow

PORTION: Final = 250
"""Rows that one transaction looks at: some 50 ms while others wait for the writer."""

QUESTION: Final = "desk_question"
"""What a proposal's notes call the desk question that it answers."""

_ENDED: Final = (AlertState.DONE, AlertState.STOPPED, AlertState.SUPERSEDED)
_OPEN: Final = (DeliveryState.WAITING, DeliveryState.LEASED)
_PUBLISHED: Final = (ProposalState.DONE, ProposalState.UNDONE)
_SETTLED: Final = (ProposalState.DONE, ProposalState.UNDONE, ProposalState.DROPPED)


async def drop_exchanges(session: AsyncSession, before: datetime, *, after: int) -> int | None:
    """Drop a portion of the exchanges asked before `before`, and return where to go on.

    What they told, the feedback on them and the waits that are over go with them. Those for which
    a reader waits stay, and so do those of which a reader heard at or after `before`.
    """
    row = ExchangeRow
    look = select(row.id, row.asked_at).where(row.id > after).order_by(row.id).limit(PORTION)
    seen = (await session.execute(look)).all()
    old = [number for number, asked_at in seen if asked_at < before]
    reader = WaitingReaderRow
    over = or_(
        and_(reader.told_at.is_not(None), reader.told_at < before),
        and_(reader.state == Wait.NEVER_MIND, reader.since < before),
    )
    stays = select(reader.exchange_id).where(reader.exchange_id.in_(old), ~over)
    await session.execute(delete(row).where(row.id.in_(old), row.id.not_in(stays)))
    return _next(seen, before)


async def drop_questions(session: AsyncSession, before: datetime, *, after: int) -> int | None:
    """Drop a portion of the desk's questions settled before `before`, and return where to go on.

    Those that a reader is still to hear of, or heard of lately, stay. Their cards go with them.
    """
    row = DeskQuestionRow
    look = select(row.id, row.opened_at).where(row.id > after).order_by(row.id).limit(PORTION)
    seen = (await session.execute(look)).all()
    heard = exists().where(WaitingReaderRow.question_id == row.id)
    gone = await session.execute(
        delete(row)
        .where(
            row.id.in_([number for number, opened_at in seen if opened_at < before]),
            row.settled_at < before,
            ~heard,
        )
        .returning(row.id)
    )
    await _drop_cards(session, CardKind.QUESTION, list(gone.scalars()))
    return _next(seen, before)


async def drop_proposals(session: AsyncSession, before: datetime, *, after: int) -> int | None:
    """Drop a portion of what editors brought to an end before `before`; return where to go on.

    So goes what they began and left about a desk question: both may hold readers' words. A message
    that showed one stays the card of the fact that came of it.
    """
    row = ProposalRow
    look = select(row.id, row.made_at).where(row.id > after).order_by(row.id).limit(PORTION)
    seen = (await session.execute(look)).all()
    left = and_(row.state == ProposalState.OPEN, row.notes[QUESTION].as_integer().is_not(None))
    old = select(row.id, row.fact_id, row.state).where(
        row.id.in_([number for number, made_at in seen if made_at < before]),
        row.touched_at < before,
        or_(row.state.in_(_SETTLED), left),
        ~exists().where(UploadRow.proposal_id == row.id),
    )
    going = (await session.execute(old)).all()
    published = [number for number, fact_id, state in going if fact_id and state in _PUBLISHED]
    if published:
        fact_id = select(row.fact_id).where(row.id == CardRow.about).scalar_subquery()
        await session.execute(
            update(CardRow)
            .where(CardRow.kind == CardKind.PROPOSAL, CardRow.about.in_(published))
            .values(kind=CardKind.FACT, about=fact_id)
        )
    numbers = [number for number, _, _ in going]
    await _drop_cards(session, CardKind.PROPOSAL, numbers)
    await session.execute(delete(row).where(row.id.in_(numbers)))
    return _next(seen, before)


async def drop_suggestions(session: AsyncSession, before: datetime, *, after: int) -> int | None:
    """Drop a portion of readers' words that nobody showed since `before`; return where to go on.

    Of what was dismissed a digest stays, so that the same words are never suggested again.
    """
    row, votes = SuggestionRow, SuggestionVoteRow
    look = select(row.id, row.made_at).where(row.id > after).order_by(row.id).limit(PORTION)
    seen = (await session.execute(look)).all()
    numbers = [number for number, made_at in seen if made_at < before]
    old = row.id.in_(numbers) & (row.seen_at < before)
    await session.execute(
        update(row).where(old, row.state == SuggestionState.DISMISSED).values(words="")
    )
    await session.execute(delete(votes).where(votes.suggestion_id.in_(numbers), votes.at < before))
    gone = await session.execute(
        delete(row)
        .where(old, row.state != SuggestionState.DISMISSED)
        .returning(row.fact_id, row.counts)
    )
    await hints.moved(session, {fact_id for fact_id, counted in gone.all() if counted})
    return _next(seen, before)


async def ended_alerts(session: AsyncSession, before: datetime, *, after: int) -> list[int]:
    """Return a portion of the alerts that ended before `before`, by number, after `after`.

    Not those whose end the desk has still to see.
    """
    row = AlertRow
    watched = and_(row.desk_message_id.is_not(None), row.desk_saw_end.is_(False))
    rows = await session.execute(
        select(row.id)
        .where(row.id > after, row.state.in_(_ENDED), row.hold_until < before, ~watched)
        .order_by(row.id)
        .limit(PORTION)
    )
    return list(rows.scalars())


async def drop_deliveries(session: AsyncSession, alert_id: int, before: datetime) -> bool | None:
    """Drop a portion of an alert's deliveries that ended before `before`; True: there are more.

    With the last of them goes the alert. None where what is left was delivered lately.
    """
    row = DeliveryRow
    look = select(row.id, row.state, row.settled_at).where(row.alert_id == alert_id)
    seen = (await session.execute(look.order_by(row.chat_id).limit(PORTION))).all()
    old = [
        number for number, state, at in seen if state not in _OPEN and (at is None or at < before)
    ]
    await session.execute(delete(row).where(row.id.in_(old)))
    if len(old) < len(seen):
        return None
    if seen:
        return True
    await session.execute(delete(AlertRow).where(AlertRow.id == alert_id))
    return False


async def drop_invitations(session: AsyncSession, before: datetime) -> None:
    """Drop the invitations that nobody could use any more at `before`."""
    await session.execute(delete(InvitationRow).where(InvitationRow.expires_at < before))


async def _drop_cards(session: AsyncSession, kind: CardKind, about: list[int]) -> None:
    if about:
        await session.execute(delete(CardRow).where(CardRow.kind == kind, CardRow.about.in_(about)))


def _next(seen: Sequence[Any], before: datetime) -> int | None:
    """Return the last number looked at; None where it is young, or there was no full portion."""
    if len(seen) < PORTION or seen[-1][1] >= before:
        return None
    return int(seen[-1][0])
