"""The database: who may write, who may read, and what both cost."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.pool import AsyncAdaptedQueuePool

from db import schema
from db.address import file_of, url_of
from db.commit_group import CommitGroup
from db.errors import StoreBusy, StoreGone, fault_of

PATIENCE_SECONDS: Final = 30
"""How long a writer waits for another process (an import, say) before it gives up."""
QUEUE_SECONDS: Final = 60
"""How long a coroutine waits for its turn within this process."""
READERS: Final = 4
"""Readers at once; each is a thread and a connection."""

Session: TypeAlias = AsyncSession
"""What the query functions of `db` take first; by this name for those who must not know more."""


class Database:
    """One SQLite file: one writer at a time, readers beside it.

    Writers begin with BEGIN IMMEDIATE. A transaction that reads and then writes otherwise fails or,
    worse, loses the updates of another in between. A reader sees one snapshot from its first
    query to its last, and cannot write.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._identity = _identity(path)
        self._writer = _engine(path, size=1, begin="BEGIN IMMEDIATE", pragmas=_WRITER)
        self._reader = _engine(path, size=READERS, begin="BEGIN", pragmas=_READER)
        self._commits = CommitGroup(self._writer, patience_s=QUEUE_SECONDS)
        self._reading = async_sessionmaker(self._reader, expire_on_commit=False)

    @classmethod
    async def open(cls, address: str | Path) -> "Database":
        """Return the database at `address`, made or upgraded to the schema of this code.

        `address` is a path, or `sqlite:///…`, or `sqlite+aiosqlite:///…`.

        Raises:
            StoreFault: it cannot be used; see `db.migrating.upgrade`.
        """
        path = file_of(address)
        if not await asyncio.to_thread(schema.is_current, path):
            from db import migrating  # Alembic takes a tenth of a second to import

            await asyncio.to_thread(migrating.upgrade, path)
        with _Explained(path):
            await asyncio.to_thread(_log_ahead, path)
        return cls(path)

    async def close(self) -> None:
        """Close every connection. A session still open loses its transaction."""
        await self._reader.dispose()
        await self._writer.dispose()

    @asynccontextmanager
    async def writing(self, *, shared: bool = False) -> AsyncIterator[AsyncSession]:
        """Give the one session that may write; commits at the end, rolls back on any error.

        What takes a few milliseconds may be `shared`: such units that wait for each other are
        committed together, and each is undone alone where it fails.

        Raises:
            StoreBusy: another process or coroutine has been writing for too long.
            StoreFull: the disk is full.
            StoreGone: the file was deleted or replaced.
            StoreFault: the file is damaged or not writable.
        """
        self.check_present()
        with _Explained(self.path):
            async with self._commits.unit(is_shared=shared) as session:
                yield session

    def check_present(self) -> None:
        """Return if the file is still the one that was opened.

        Raises:
            StoreGone: it was deleted or replaced; SQLite goes on in the old one without a word.
        """
        if _identity(self.path) != self._identity:
            raise StoreGone(
                f"The database {self.path} was deleted or replaced while the bot was running: put "
                "it back, or a backup in its place, and start the bot again."
            )

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """Give a session that sees one unchanging state of the story and refuses to write."""
        with _Explained(self.path):
            async with self._reading.begin() as session:
                yield session


_WRITER: Final = (
    f"PRAGMA busy_timeout = {PATIENCE_SECONDS * 1000}",  # first: the next may have to wait
    "PRAGMA synchronous = FULL",  # what is committed survives a power cut
    "PRAGMA foreign_keys = ON",
)
_READER: Final = (
    "PRAGMA query_only = ON",
    f"PRAGMA busy_timeout = {PATIENCE_SECONDS * 1000}",
)


def _identity(path: Path) -> tuple[int, int] | None:
    """Return which file is at `path` now; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _log_ahead(path: Path) -> None:
    """Let readers go on while somebody writes, which the file then keeps to. Blocks.

    SQLite refuses this at once where another connection is just about to do the same.
    """
    end = time.monotonic() + PATIENCE_SECONDS
    with closing(sqlite3.connect(path, timeout=PATIENCE_SECONDS)) as connection:
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                    raise
                time.sleep(0.01)
            else:
                return


def _engine(path: Path, *, size: int, begin: str, pragmas: tuple[str, ...]) -> AsyncEngine:
    engine = create_async_engine(
        url_of(path, "sqlite+aiosqlite"),
        poolclass=AsyncAdaptedQueuePool,
        pool_size=size,
        max_overflow=0,
        pool_timeout=QUEUE_SECONDS,
        # The driver must not begin transactions by itself: it would begin them too late.
        connect_args={"isolation_level": None},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def began(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


class _Explained:
    """Turns what SQLite says about the file into a sentence; other errors pass."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, PoolTimeoutError):
            raise StoreBusy(
                f"The database {self._path} is busy: {QUEUE_SECONDS} seconds were not enough for "
                "a turn; try again."
            ) from error
        if isinstance(error, DBAPIError | sqlite3.Error):
            cause = error.orig if isinstance(error, DBAPIError) else error
            fault = fault_of(cause, self._path)
            if fault is not None:
                raise fault from error
