"""One statement executed with many rows."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Executable
from sqlalchemy.ext.asyncio import AsyncSession

ROWS_AT_ONCE: Final = 500
"""Rows between which the event loop gets its turn: some 10 ms of work."""


async def execute_each(
    session: AsyncSession, statement: Executable, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Execute `statement` with each of `rows`, in their order; no row, no statement."""
    if not rows:
        return
    connection = await session.connection()  # the ORM would keep and compare every row
    for first in range(0, len(rows), ROWS_AT_ONCE):
        await connection.execute(statement, rows[first : first + ROWS_AT_ONCE])
