"""Opens the database for a command or for the bot; part of the composition root."""

import asyncio
import logging
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import TypeAlias

from bot import clock
from bot.errors import StoreError, StoreTaken
from bot.services.files import backups
from db import lock, schema
from db.address import file_of
from db.engine import Database
from db.errors import StoreFault, StoreHeld
from db.files import copies

logger = logging.getLogger(__name__)


Trial: TypeAlias = Callable[[Path], Awaitable[None]]
"""Looks at an upgraded copy of a database; raises StoreError where the upgrade shall not be."""


@asynccontextmanager
async def opened(
    address: str, *, alone: bool = False, made: bool = True, trial: Trial | None = None
) -> AsyncIterator[Database]:
    """Give the database at `address`, upgraded, and close it at the end.

    With `alone` no second process can open it so: the running bot does, commands work beside it.
    A missing file is made; without `made` it is refused, for commands that only read. Before an
    upgrade the file is copied beside itself, and `trial` looks at what the upgrade makes of it.

    Raises:
        StoreTaken: another running bot holds it.
        StoreError: it cannot be opened or, later in the block, be read or written.
    """
    if not made:
        must_exist(address)
    with in_our_words():
        if alone:
            with lock.hold(address) as forget:
                await _back_up_before_upgrade(address, trial)
                async with _database(address, refused=forget) as database:
                    yield database
        else:
            await _back_up_before_upgrade(address, trial)
            async with _database(address) as database:
                yield database


def must_exist(address: str) -> None:
    """Return if there is a file at `address`; raises StoreError for a name that was mistyped."""
    with in_our_words():
        file = file_of(address)
    if not file.exists():
        raise StoreError(
            f"The database {file} does not exist: name it with --database or STORYDESK_DATABASE."
        )


@asynccontextmanager
async def looked_at(address: str) -> AsyncIterator[Database]:
    """Give a copy of the database at `address`, or an empty one, that is gone afterwards.

    No file is written but in the folder for temporary ones.

    Raises:
        StoreError: it cannot be opened or, later in the block, be read.
    """
    with tempfile.TemporaryDirectory(prefix="storydesk-") as folder, in_our_words():
        copied = Path(folder, "copy.sqlite3")
        if (file := file_of(address)).exists():
            await asyncio.to_thread(copies.copy, file, copied)
        async with _database(str(copied)) as database:
            yield database


def check(address: str) -> None:
    """Return if a running bot holds the database at `address` and it can be read.

    Changes nothing. Blocks, for a fraction of a second.

    Raises:
        StoreError: no bot runs on it, or it cannot be read.
    """
    from db import migrating  # Alembic takes a tenth of a second to import

    with in_our_words():
        if not lock.is_held(address):
            raise StoreError(
                f"No bot is running on the database {file_of(address)}: start it with "
                "storydesk run."
            )
        migrating.check(address)


async def _back_up_before_upgrade(address: str, trial: Trial | None) -> None:
    """Copy a database that an older version of this program left, before it is upgraded."""
    path = file_of(address)
    if not await asyncio.to_thread(schema.is_outdated, path):
        return
    backup = await asyncio.to_thread(partial(backups.make, path, None, at=clock.now()))
    if trial is not None:
        with tempfile.TemporaryDirectory(prefix="storydesk-", dir=path.parent) as folder:
            copied = Path(folder, path.name)
            try:
                await asyncio.to_thread(copies.copy, backup, copied)
                await trial(copied)
            except BaseException:
                backup.unlink()  # nothing was upgraded: the database itself is as it was
                raise
    logger.warning("the database is upgraded; as it was before, it is kept as %s", backup)


@asynccontextmanager
async def _database(
    address: str, *, refused: Callable[[], None] = lambda: None
) -> AsyncIterator[Database]:
    try:
        database = await Database.open(address)
    except StoreFault:
        refused()
        raise
    try:
        yield database
    finally:
        await database.close()


@contextmanager
def in_our_words() -> Iterator[None]:
    """Raise what the database says as a StoreError."""
    try:
        yield
    except StoreHeld as fault:
        raise StoreTaken(str(fault)) from fault
    except StoreFault as fault:
        raise StoreError(str(fault)) from fault
