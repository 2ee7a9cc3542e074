"""One statement for many rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.ext.asyncio import AsyncSession


async def execute_each(
    session: AsyncSession, statement: Executable, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Execute `statement` with each of `rows`, in their order; no row, no statement."""
    if rows:
        connection = await session.connection()  # the ORM would keep and compare every row
        await connection.execute(statement, rows)
