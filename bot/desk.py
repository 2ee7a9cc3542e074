"""What can be done without Telegram: the part of the composition root that commands share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot import clock, learned_cache, storage
from bot.search import FactIndex
from bot.services.answers.explanations import Explanations
from bot.services.answers.index_cache import IndexCache
from bot.services.answers.reader import ReaderAnswers
from bot.services.answers.verdicts import Ask
from bot.services.files.imports import Imports
from bot.settings import Settings
from db import story
from db.engine import Database


@asynccontextmanager
async def opened(settings: Settings, *, ask: Ask = FactIndex.ask) -> AsyncIterator[ReaderAnswers]:
    """Give what answers questions; works beside a running bot on the same file.

    Raises:
        StoreError: the database cannot be used.
    """
    async with stored(settings, alone=False) as database:
        cache = IndexCache(database, meaning=settings.meaning)
        answering = ReaderAnswers(database, ask=ask, cache=cache)
        await answering.story()  # reads the facts now: `ms` is the time of an answer alone
        await answering.store_derived()
        yield answering


@asynccontextmanager
async def explained(settings: Settings) -> AsyncIterator[tuple[ReaderAnswers, Explanations]]:
    """Give what answers questions and what explains the answers, over the same index.

    Raises:
        StoreError: the database cannot be used.
    """
    async with stored(settings, alone=False) as database:
        cache = IndexCache(database, meaning=settings.meaning)
        yield ReaderAnswers(database, cache=cache), Explanations(database, cache)


@asynccontextmanager
async def stored(
    settings: Settings, *, alone: bool, trial: storage.Trial | None = None
) -> AsyncIterator[Database]:
    """Give the database, with the bundled story in it where it held nothing.

    `trial` looks at what an upgrade would make of an older one, before it is made.

    Raises:
        StoreTaken: `alone` was asked for and another running bot holds it.
        StoreError: the database cannot be used.
    """
    async with _with_a_story(settings.database, alone=alone, trial=trial) as database:
        yield database


async def prepare(address: str) -> None:
    """Learn the bundled story in a new database at `address`, and keep that on this machine.

    Needs no settings: what sets the program up must not fail for what is wrong in them.
    """
    async with _with_a_story(address, alone=False) as database:
        cache = IndexCache(database)
        await cache.current()
        await cache.store_derived()


@asynccontextmanager
async def _with_a_story(
    address: str, *, alone: bool, trial: storage.Trial | None = None
) -> AsyncIterator[Database]:
    async with storage.opened(address, alone=alone, trial=trial) as database:
        if await Imports(database, clock.now).load_bundled_if_empty() is None:
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
