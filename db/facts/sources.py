"""Sources: who said what the facts hold."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables.story import VersionRow


async def recent(session: AsyncSession, *, limit: int) -> list[str]:
    """Return the sources named last, the newest first, each once."""
    last = func.max(VersionRow.at)
    rows = await session.execute(
        select(VersionRow.source)
        .where(VersionRow.source.is_not(None))
        .group_by(VersionRow.source)
        .order_by(last.desc(), func.max(VersionRow.fact_id).desc())
        .limit(limit)
    )
    return [source for source in rows.scalars() if source]
