"""Opens the database for a command or for the bot; part of the composition root."""

import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from bot.errors import StoreError, StoreTaken
from db import lock
from db.address import file_of
from db.engine import Database
from db.errors import StoreFault, StoreHeld


@asynccontextmanager
async def opened(
    address: str, *, alone: bool = False, made: bool = True
) -> AsyncIterator[Database]:
    """Give the database at `address`, upgraded, and close it at the end.

    With `alone` no second process can open it so: the running bot does, commands work beside it.
    A missing file is made; without `made` it is refused, for commands that only read.

    Raises:
        StoreTaken: another running bot holds it.
        StoreError: it cannot be opened or, later in the block, be read or written.
    """
    if not made:
        must_exist(address)
    with _in_our_words():
        if alone:
            with lock.hold(address) as forget:
                async with _database(address, refused=forget) as database:
                    yield database
        else:
            async with _database(address) as database:
                yield database


def must_exist(address: str) -> None:
    """Return if there is a file at `address`; raises StoreError for a name that was mistyped."""
    with _in_our_words():
        file = file_of(address)
    if not file.exists():
        raise StoreError(
            f"The database {file} does not exist: name it with --database or STORYDESK_DATABASE."
        )


@asynccontextmanager
async def looked_at(address: str) -> AsyncIterator[Database]:
    """Give the database at `address`; where there is none, an empty one that is gone afterwards.

    Raises:
        StoreError: it cannot be opened or, later in the block, be read.
    """
    with _in_our_words():
        exists = file_of(address).exists()
    if exists:
        async with opened(address) as database:
            yield database
        return
    with tempfile.TemporaryDirectory(prefix="storydesk-") as folder:
        async with opened(str(Path(folder, "empty.sqlite3"))) as database:
            yield database


def check(address: str) -> None:
    """Return if a running bot holds the database at `address` and it can be read.

    Changes nothing. Blocks, for a fraction of a second.

    Raises:
        StoreError: no bot runs on it, or it cannot be read.
    """
    from db import migrating  # Alembic takes a tenth of a second to import

    with _in_our_words():
        if not lock.is_held(address):
            raise StoreError(
                f"No bot is running on the database {file_of(address)}: start it with "
                "storydesk run."
            )
        migrating.check(address)


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
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except StoreHeld as fault:
        raise StoreTaken(str(fault)) from fault
    except StoreFault as fault:
        raise StoreError(str(fault)) from fault
