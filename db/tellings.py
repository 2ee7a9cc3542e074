"""Tellings: how often a fact was told, and to how many chats."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import ExchangeRow, ToldRow


async def count(session: AsyncSession, fact_id: int) -> int:
    """Return how often a fact was told, in any version."""
    query = select(func.count()).where(ToldRow.fact_id == fact_id)
    return (await session.execute(query)).scalar_one()


async def chats(
    session: AsyncSession, fact_id: int, version: int, *, since: datetime | None = None
) -> int:
    """Return how many chats were told a version of a fact, of those that asked since `since`."""
    query = (
        select(func.count(func.distinct(ExchangeRow.chat_id)))
        .join(ToldRow, ToldRow.exchange_id == ExchangeRow.id)
        .where(ToldRow.fact_id == fact_id, ToldRow.version == version)
    )
    if since is not None:
        query = query.where(ExchangeRow.asked_at >= since)
    return (await session.execute(query)).scalar_one()
