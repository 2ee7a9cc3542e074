"""Hints: ways of asking that readers showed and no editor has confirmed. They count little."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import story
from db.tables.story import FactRow
from db.tables.suggestions import SuggestionRow

MOST: Final = 20
"""Hints of one fact; those that came first."""

_NUMBERS_AT_ONCE: Final = 500
"""SQLite bounds the parameters of a statement; beyond this all hints are read."""


async def of_facts(session: AsyncSession, numbers: Sequence[int]) -> Mapping[int, list[str]]:
    """Return the hints of these facts, in order, by the fact's number."""
    if len(numbers) > _NUMBERS_AT_ONCE:
        return await everything(session)
    return await _read(session, only=numbers)


async def everything(session: AsyncSession) -> Mapping[int, list[str]]:
    """Return all hints, in order, by the fact's number."""
    return await _read(session, only=None)


async def moved(session: AsyncSession, facts: Collection[int]) -> None:
    """Count a change of the hints of these facts, so that whoever holds an index renews it."""
    if not facts:
        return
    revision = await story.bump(session)
    await session.execute(update(FactRow).where(FactRow.id.in_(facts)).values(revision=revision))


async def _read(session: AsyncSession, *, only: Sequence[int] | None) -> Mapping[int, list[str]]:
    query = select(SuggestionRow.fact_id, SuggestionRow.words).where(SuggestionRow.counts)
    if only is not None:
        query = query.where(SuggestionRow.fact_id.in_(only))
    found = defaultdict[int, list[str]](list)
    for number, words in await session.execute(query.order_by(SuggestionRow.id)):
        if len(found[number]) < MOST:
            found[number].append(words)
    return found
