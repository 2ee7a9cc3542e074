"""Suggestions: readers' words that may become ways of asking for a fact.

Two facts may have the same words suggested: readers disagree then, and neither counts by itself.
`db.questions.votes` has the chats that showed them.
"""

import hashlib
import re
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import case, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.facts import hints
from db.records import Status
from db.records.suggestions import Suggestion, SuggestionState, Vote
from db.tables.story import FactRow, VersionRow
from db.tables.suggestions import SuggestionRow, SuggestionVoteRow

_WORD: Final = re.compile(r"\w+(?:[.,:’'-]\w+)*")


def normal(words: str) -> str:
    """Return words as they are compared: case, spaces and punctuation make no difference."""
    return " ".join(_WORD.findall(words.casefold().replace("’", "'")))


def digest_of(words: str) -> str:
    """Return what two ways of writing the same words share."""
    return hashlib.sha256(normal(words).encode()).hexdigest()


async def by_id(session: AsyncSession, number: int) -> Suggestion | None:
    """Return the suggestion with this number; None if there is none."""
    found = await _suggestions(session, SuggestionRow.id == number)
    return found[0] if found else None


async def best(
    session: AsyncSession, *, fact_id: int | None = None, limit: int, skip: int = 0
) -> list[Suggestion]:
    """Return what the desk has still to look at, best first (of this fact).

    What readers meant one fact by comes before what they meant several by; then what most chats
    showed, then what was shown last.
    """
    return await _suggestions(session, *_open(fact_id), limit=limit, skip=skip)


async def count(session: AsyncSession, *, fact_id: int | None = None) -> int:
    """Return how much the desk has still to look at (of this fact)."""
    query = select(func.count()).select_from(SuggestionRow).where(*_open(fact_id))
    return (await session.execute(query)).scalar_one()


async def settle(
    session: AsyncSession, numbers: Collection[int], state: SuggestionState, at: datetime | None
) -> None:
    """Set what the desk made of suggestions; what counted by itself no longer does."""
    row = SuggestionRow
    query = select(row.fact_id).where(row.id.in_(numbers), row.counts)
    moved = set((await session.execute(query)).scalars())
    await _set(session, numbers, state=state, settled_at=at, counts=False)
    await hints.moved(session, moved)


async def taken(session: AsyncSession, fact_id: int, words: Iterable[str], at: datetime) -> None:
    """Note that these words are phrasings of a fact now, if they were suggested."""
    row = SuggestionRow
    digests = [digest_of(each) for each in words]
    query = select(row.id).where(row.fact_id == fact_id, row.digest.in_(digests))
    numbers = list((await session.execute(query)).scalars())
    if numbers:
        await settle(session, numbers, SuggestionState.ACCEPTED, at)


async def digests(session: AsyncSession, numbers: Collection[int]) -> list[str]:
    """Return the digests of the words of suggestions."""
    query = select(SuggestionRow.digest).where(SuggestionRow.id.in_(numbers)).distinct()
    return list((await session.execute(query)).scalars())


def stands(fact_id: Any) -> Any:
    """Return the condition that the fact with this number was not withdrawn."""
    return (
        select(VersionRow.version)
        .join(
            FactRow,
            (FactRow.id == VersionRow.fact_id) & (FactRow.version == VersionRow.version),
        )
        .where(VersionRow.fact_id == fact_id, VersionRow.status != Status.WITHDRAWN)
        .exists()
    )


def _open(fact_id: int | None) -> tuple[Any, ...]:
    row = SuggestionRow
    of_fact = () if fact_id is None else (row.fact_id == fact_id,)
    return (row.state == SuggestionState.OPEN, stands(row.fact_id), *of_fact)


async def _suggestions(
    session: AsyncSession, *where: Any, limit: int = 1, skip: int = 0
) -> list[Suggestion]:
    row, votes = SuggestionRow, SuggestionVoteRow
    chats = (
        select(func.coalesce(func.sum(case((votes.vote == Vote.AGAINST, -1), else_=1)), 0))
        .where(votes.suggestion_id == row.id)
        .correlate(row)
        .scalar_subquery()
    )
    other = SuggestionRow.__table__.alias("other")
    disputed = (
        select(other.c.id)
        .where(
            other.c.digest == row.digest,
            other.c.fact_id != row.fact_id,
            other.c.state != SuggestionState.DISMISSED,
            stands(other.c.fact_id),
        )
        .correlate(row)
        .exists()
    )
    query = (
        select(row, chats.label("chats"))
        .where(*where)
        .order_by(disputed, chats.desc(), row.seen_at.desc(), row.id.desc())
        .limit(limit)
        .offset(skip)
        .execution_options(populate_existing=True)
    )
    found = (await session.execute(query)).all()
    others: dict[str, list[int]] = {each.digest: [] for each, _ in found}
    same = select(row.digest, row.fact_id).where(
        row.digest.in_(others),
        row.state != SuggestionState.DISMISSED,
        stands(row.fact_id),
    )
    for digest, fact_id in await session.execute(same.order_by(row.fact_id)):
        others[digest].append(fact_id)
    return [
        Suggestion(
            id=each.id,
            fact_id=each.fact_id,
            words=each.words,
            state=each.state,
            counts=each.counts,
            chats=number,
            others=tuple(one for one in others[each.digest] if one != each.fact_id),
            seen_at=each.seen_at,
        )
        for each, number in found
    ]


async def _set(session: AsyncSession, numbers: Collection[int], **values: Any) -> None:
    await session.execute(
        update(SuggestionRow).where(SuggestionRow.id.in_(numbers)).values(**values)
    )
