"""Group commit: short units of work that wait for the one writer share its transaction."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from sqlalchemy.exc import TimeoutError as QueueTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

UNITS: Final = 64
"""Units that one transaction may hold, so that the first of them does not wait for long."""


@dataclass(slots=True, eq=False)
class _Waiter:
    turn: asyncio.Future[None]
    is_shared: bool


@dataclass(slots=True, eq=False)
class _Transaction:
    """An open transaction and the units in it, which all end with its one commit."""

    connection: AsyncConnection
    ended: asyncio.Future[None]
    units: int = 0
    commit: "asyncio.Task[None] | None" = None  # held, or it could be collected

    def fail(self, error: BaseException) -> None:
        """Let every unit in it raise what went wrong."""
        self.ended.set_exception(error)
        self.ended.exception()  # no unit may be left to ask


class CommitGroup:
    """Gives the one connection that may write to one unit of work after another.

    A unit that may share is followed in the same transaction by those that wait and may share too;
    the last of them commits for all. Each is atomic by a savepoint of its own: what one of them
    raises undoes that one alone.
    """

    def __init__(self, engine: AsyncEngine, *, patience_s: float) -> None:
        """Take the engine of the writer; a unit waits `patience_s` seconds for its turn."""
        self._engine = engine
        self._patience_s = patience_s
        self._waiting: deque[_Waiter] = deque()
        self._is_taken = False
        self._open: _Transaction | None = None

    @asynccontextmanager
    async def unit(self, *, is_shared: bool) -> AsyncIterator[AsyncSession]:
        """Give a session that writes; when the block has ended, it is committed.

        Raises:
            sqlalchemy.exc.TimeoutError: the turn did not come in time.
        """
        await self._take_turn(is_shared=is_shared)
        try:
            if self._open is not None and not is_shared:
                await self._end(self._open)
            transaction = self._open or await self._begin()
            async with self._within(transaction) as session:
                yield session
        finally:
            await self._leave(is_shared=is_shared)
        await asyncio.shield(transaction.ended)

    async def _leave(self, *, is_shared: bool) -> None:
        """Commit unless the next unit comes into the transaction as well; give the turn away."""
        try:
            if self._open is not None and not self._goes_on(self._open, is_shared=is_shared):
                await self._end(self._open)
        finally:
            self._pass_turn()

    def _goes_on(self, transaction: _Transaction, *, is_shared: bool) -> bool:
        while self._waiting and self._waiting[0].turn.done():  # given up
            self._waiting.popleft()
        has_next = bool(self._waiting) and self._waiting[0].is_shared
        return is_shared and has_next and transaction.units < UNITS

    @asynccontextmanager
    async def _within(self, transaction: _Transaction) -> AsyncIterator[AsyncSession]:
        """Give a session whose work is undone alone where it fails."""
        is_first = transaction.units == 0
        session = AsyncSession(
            transaction.connection,
            expire_on_commit=False,
            join_transaction_mode="rollback_only" if is_first else "create_savepoint",
        )
        raised: BaseException | None = None
        try:
            async with session, session.begin():
                await session.connection()  # sets the savepoint now
                try:
                    yield session
                except BaseException as error:
                    raised = error
                    raise
        except BaseException as error:
            if is_first or error is not raised:
                # Nothing else is in it; or not even the savepoint is there to go back to.
                await self._abandon(transaction, error)
            raise
        transaction.units += 1

    async def _begin(self) -> _Transaction:
        connection = await self._engine.connect()
        try:
            await connection.begin()
        except BaseException:
            await connection.close()
            raise
        ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._open = _Transaction(connection, ended)
        return self._open

    async def _end(self, transaction: _Transaction) -> None:
        """Commit for every unit. Whoever waits for this and is cancelled leaves it going on."""
        self._open = None
        transaction.commit = asyncio.create_task(_committed(transaction))
        await asyncio.shield(transaction.commit)

    async def _abandon(self, transaction: _Transaction, error: BaseException) -> None:
        self._open = None
        if transaction.units:
            transaction.fail(error)
        await transaction.connection.close()  # rolls back

    async def _take_turn(self, *, is_shared: bool) -> None:
        if not self._is_taken:
            self._is_taken = True
            return
        waiter = _Waiter(asyncio.get_running_loop().create_future(), is_shared)
        self._waiting.append(waiter)
        try:
            async with asyncio.timeout(self._patience_s):
                await waiter.turn
        except BaseException as error:
            if waiter.turn.done() and not waiter.turn.cancelled():
                await self._leave(is_shared=is_shared)  # it came at the same moment
            if isinstance(error, TimeoutError):
                raise QueueTimeoutError("no turn to write") from None
            raise

    def _pass_turn(self) -> None:
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.turn.done():
                waiter.turn.set_result(None)
                return
        self._is_taken = False


async def _committed(transaction: _Transaction) -> None:
    try:
        await transaction.connection.commit()
    except Exception as error:  # noqa: BLE001 - handed to every unit, which raises it
        transaction.fail(error)
    else:
        transaction.ended.set_result(None)
    finally:
        await transaction.connection.close()
