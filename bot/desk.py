"""What can be done without Telegram: the part of the composition root that commands share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot import clock, learned_cache, storage
from bot.search import FactIndex
from bot.services.answering import Answering, Ask
from bot.services.explaining import Explaining
from bot.services.importing import Importing
from bot.services.indexing import Shelf
from bot.settings import Settings
from db import story
from db.engine import Database


@asynccontextmanager
async def opened(settings: Settings, *, ask: Ask = FactIndex.ask) -> AsyncIterator[Answering]:
    """Give what answers questions; works beside a running bot on the same file.

    Raises:
        StoreError: the database cannot be used.
    """
    async with stored(settings, alone=False) as database:
        shelf = Shelf(database, meaning=settings.meaning)
        answering = Answering(database, ask=ask, shelf=shelf)
        await answering.story()  # reads the facts now: `ms` is the time of an answer alone
        await answering.store_derived()
        yield answering


@asynccontextmanager
async def explained(settings: Settings) -> AsyncIterator[tuple[Answering, Explaining]]:
    """Give what answers questions and what explains the answers, over the same index.

    Raises:
        StoreError: the database cannot be used.
    """
    async with stored(settings, alone=False) as database:
        shelf = Shelf(database, meaning=settings.meaning)
        yield Answering(database, shelf=shelf), Explaining(database, shelf)


@asynccontextmanager
async def stored(settings: Settings, *, alone: bool) -> AsyncIterator[Database]:
    """Give the database, with the bundled story in it where it held nothing.

    Raises:
        StoreTaken: `alone` was asked for and another running bot holds it.
        StoreError: the database cannot be used.
    """
    async with _with_a_story(settings.database, alone=alone) as database:
        yield database


async def prepare(address: str) -> None:
    """Learn the bundled story in a new database at `address`, and keep that on this machine.

    Needs no settings: what sets the program up must not fail for what is wrong in them.
    """
    async with _with_a_story(address, alone=False) as database:
        shelf = Shelf(database)
        await shelf.current()
        await shelf.store_derived()


@asynccontextmanager
async def _with_a_story(address: str, *, alone: bool) -> AsyncIterator[Database]:
    async with storage.opened(address, alone=alone) as database:
        if await Importing(database, clock.now).load_bundled_if_empty() is None:
            yield database
            return
        async with database.reading() as session:
            revision = await story.revision(session)
        was_kept = await learned_cache.take(database)
        yield database
        async with database.reading() as session:
            is_bundled = await story.revision(session) == revision
        if is_bundled and not was_kept:
            await learned_cache.keep(database)
