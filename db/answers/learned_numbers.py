"""What was learned from the story's texts, as stored: derived from them, by one program."""

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables.derived import LearnedNumbersRow


async def of_stamp(session: AsyncSession, stamp: str) -> bytes | None:
    """Return what was stored under `stamp`; None where nothing was, or under another one."""
    query = select(LearnedNumbersRow.numbers).where(LearnedNumbersRow.stamp == stamp)
    found: bytes | None = await session.scalar(query)
    return found


async def store(session: AsyncSession, stamp: str, numbers: bytes) -> None:
    """Store the numbers instead of all that were stored before."""
    await session.execute(delete(LearnedNumbersRow))
    await session.execute(insert(LearnedNumbersRow).values(stamp=stamp, numbers=numbers))
