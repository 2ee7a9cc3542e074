"""Votes: which chats showed a way of asking, and which meant something else by it.

What nobody stands for any more is dropped; what enough chats agree on counts by itself.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import case, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.facts import hints
from db.questions.suggestions import digest_of, stands
from db.records.suggestions import TAPS, SuggestionState, Vote
from db.tables.suggestions import SuggestionRow, SuggestionVoteRow
from db.types import storable

WORDS_LIMIT: Final = 300
"""Characters of a suggestion; a phrasing may have as many."""

OF_ONE_CHAT: Final = 200
"""Open suggestions that one chat stands for; what it shows on top is not kept."""

ENOUGH: Final = 2
"""Chats that must agree before a suggestion counts by itself."""

_DESK: Final = 1000  # an editor's answer outweighs any number of taps


async def show(
    session: AsyncSession,
    fact_id: int,
    words: str,
    *,
    chat_id: int,
    vote: Vote,
    at: datetime,
    at_once: bool,
) -> bool:
    """Note that a chat stands for these words as a way of asking, and for no other fact by them.

    With `at_once` they count from two chats on. False, and nothing noted, where an editor has
    decided about them, or the chat has shown too much.
    """
    digest = digest_of(words)
    row = await _row(session, fact_id, digest)
    if row is not None and row.state is not SuggestionState.OPEN:
        return False
    if row is None:
        if await _of_chat(session, chat_id) >= OF_ONE_CHAT:
            return False
        number = await _made(session, fact_id, words, digest, at)
    else:
        number = row.id
        await _set(session, [number], seen_at=max(row.seen_at, at))
    votes, same = SuggestionVoteRow, select(SuggestionRow.id).where(SuggestionRow.digest == digest)
    before = await session.execute(
        delete(votes)
        .where(
            votes.chat_id == chat_id,
            votes.suggestion_id.in_(same),
            or_(votes.suggestion_id == number, votes.vote != Vote.AGAINST),
        )
        .returning(votes.suggestion_id, votes.vote)
    )
    earlier = dict(before.all()).get(number)
    # What a reader said outweighs what was merely found to fit.
    kept = earlier if vote is Vote.ADDITION and earlier in (*TAPS, Vote.DESK) else vote
    await session.execute(
        insert(votes).values(suggestion_id=number, chat_id=chat_id, vote=kept, at=at)
    )
    await weigh(session, [digest], at_once=at_once)
    return True


async def oppose(
    session: AsyncSession,
    fact_id: int,
    words: str,
    *,
    chat_id: int,
    at: datetime,
    at_once: bool,
) -> None:
    """Note that a chat meant something else by these words; nothing where they stand for nobody.

    What the chat itself had shown is taken back.
    """
    digest = digest_of(words)
    row = await _row(session, fact_id, digest)
    if row is None or row.state is not SuggestionState.OPEN:
        return
    votes = SuggestionVoteRow
    await session.execute(
        delete(votes).where(votes.suggestion_id == row.id, votes.chat_id == chat_id)
    )
    await session.execute(
        insert(votes).values(suggestion_id=row.id, chat_id=chat_id, vote=Vote.AGAINST, at=at)
    )
    await weigh(session, [digest], at_once=at_once)


async def weigh(session: AsyncSession, digests: Sequence[str], *, at_once: bool) -> None:
    """Drop what nobody stands for any more, and settle what counts by itself, of these words."""
    row, votes = SuggestionRow, SuggestionVoteRow
    supported = (
        select(votes.suggestion_id)
        .where(votes.suggestion_id == row.id, votes.vote != Vote.AGAINST)
        .exists()
    )
    gone = await session.execute(
        delete(row)
        .where(row.digest.in_(digests), row.state == SuggestionState.OPEN, ~supported)
        .returning(row.fact_id, row.counts)
    )
    moved = {fact_id for fact_id, counted in gone.all() if counted}
    weight = func.sum(
        case(
            (votes.vote == Vote.AGAINST, -1),
            (votes.vote == Vote.DESK, _DESK),
            (votes.vote.in_(TAPS), 1),
            else_=0,
        )
    )
    found = await session.execute(
        select(row.id, row.digest, row.fact_id, row.state, row.counts, weight)
        .outerjoin(votes, votes.suggestion_id == row.id)
        .where(
            row.digest.in_(digests),
            row.state != SuggestionState.DISMISSED,
            stands(row.fact_id),
        )
        .group_by(row.id)
    )
    rows = found.all()
    held = [digest for _, digest, *_ in rows]
    for number, digest, fact_id, state, counts, sum_ in rows:
        agreed = held.count(digest) == 1 and (sum_ or 0) >= ENOUGH
        now = at_once and state is SuggestionState.OPEN and agreed
        if now != counts:
            await _set(session, [number], counts=now)
            moved.add(fact_id)
    await hints.moved(session, moved)


async def weigh_all(session: AsyncSession, *, at_once: bool) -> None:
    """Settle anew what counts by itself, of everything that is open."""
    row = SuggestionRow
    digests = select(row.digest).where(row.state == SuggestionState.OPEN).distinct()
    every = list((await session.execute(digests)).scalars())
    for start in range(0, len(every), 200):
        await weigh(session, every[start : start + 200], at_once=at_once)


async def _row(session: AsyncSession, fact_id: int, digest: str) -> SuggestionRow | None:
    query = select(SuggestionRow).where(
        SuggestionRow.fact_id == fact_id, SuggestionRow.digest == digest
    )
    found = await session.execute(query.execution_options(populate_existing=True))
    return found.scalar_one_or_none()


async def _made(session: AsyncSession, fact_id: int, words: str, digest: str, at: datetime) -> int:
    made = await session.execute(
        insert(SuggestionRow)
        .values(
            fact_id=fact_id,
            words=storable(words, WORDS_LIMIT),
            digest=digest,
            state=SuggestionState.OPEN,
            counts=False,
            made_at=at,
            seen_at=at,
        )
        .returning(SuggestionRow.id)
    )
    return made.scalar_one()


async def _of_chat(session: AsyncSession, chat_id: int) -> int:
    votes = SuggestionVoteRow
    query = (
        select(func.count())
        .select_from(votes)
        .join(SuggestionRow, SuggestionRow.id == votes.suggestion_id)
        .where(votes.chat_id == chat_id, SuggestionRow.state == SuggestionState.OPEN)
    )
    return (await session.execute(query)).scalar_one()


async def _set(session: AsyncSession, numbers: Collection[int], **values: Any) -> None:
    await session.execute(
        update(SuggestionRow).where(SuggestionRow.id.in_(numbers)).values(**values)
    )
