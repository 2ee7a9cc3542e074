"""One statement executed with many rows."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, Final

from sqlalchemy import Executable
from sqlalchemy.ext.asyncio import AsyncSession

ROWS_AT_ONCE: Final = 500
"""Rows between which the event loop gets its turn: some 10 ms of work."""


async def execute_each(
    session: AsyncSession, statement: Executable, rows: Iterable[Mapping[str, Any]]
) -> None:
    """Execute `statement` with each of `rows`, in their order; no row, no statement.

    Rows that are made while they are asked for do not hold up the event loop by being made.
    """
    connection = await session.connection()  # the ORM would keep and compare every row
    waiting = iter(rows)
    while part := list(islice(waiting, ROWS_AT_ONCE)):
        await connection.execute(statement, part)
