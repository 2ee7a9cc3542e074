"""What the search learned from the bundled story, kept on this machine.

Whoever starts with a new database, as every rehearsal does, would learn the same numbers again, for
some seconds of CPU. They hold nothing of a newsroom's own story, and may be lost at any time.
"""

import asyncio
import contextlib
import hashlib
import tempfile
from pathlib import Path
from typing import Final

import platformdirs

from bot import stories
from bot.search import StoryLexicon
from bot.search.index import learned
from bot.search.index.learned import Learned
from bot.services.answers.index_cache import words
from db import story
from db.answers import learned_numbers
from db.engine import Database, Session

KEPT: Final = 3
"""Files that stay: one for each program and story that was started last."""


def kept(lexicon: StoryLexicon) -> Learned | None:
    """Return what was learned from the bundled story, if it is kept; reads a file."""
    numbers = _read(_path(learned.stamp(lexicon)))
    return None if numbers is None else Learned.unpacked(numbers)


def put(lexicon: StoryLexicon, numbers: Learned | None) -> None:
    """Keep what was learned from the bundled story, if anything was; writes a file."""
    if numbers is not None:
        _write(_path(learned.stamp(lexicon)), numbers.packed())


async def take(database: Database) -> bool:
    """Put the kept numbers into a database that holds just the bundled story; tell whether any."""
    async with database.reading() as session:
        under = await stamp(session)
    numbers = await asyncio.to_thread(_read, await asyncio.to_thread(_path, under))
    if numbers is None:
        return False
    async with database.writing() as session:
        await learned_numbers.store(session, under, numbers)
    return True


async def keep(database: Database) -> None:
    """Keep the numbers of a database that holds just the bundled story, if it has them."""
    async with database.reading() as session:
        under = await stamp(session)
        numbers = await learned_numbers.of_stamp(session, under)
    if numbers is not None:
        await asyncio.to_thread(_write, await asyncio.to_thread(_path, under), numbers)


async def stamp(session: Session) -> str:
    """Return what the numbers of the story in the database are kept under."""
    current = await story.get(session)
    assert current is not None  # noqa: S101 - the bundled story was imported
    return await asyncio.to_thread(learned.stamp, words(current.lexicon))


def _path(stamp: str) -> Path:
    content = hashlib.blake2b(stories.bundled() + stamp.encode(), digest_size=16).hexdigest()
    return platformdirs.user_cache_path("storydesk") / f"{content}.npz"


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _write(path: Path, numbers: bytes) -> None:
    """Write a file whole or not at all. Where nothing can be written, nothing is kept."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(numbers)
        Path(file.name).replace(path)
        by_age = sorted(path.parent.glob("*.npz"), key=lambda each: each.stat().st_mtime)
        for old in by_age[:-KEPT]:
            old.unlink(missing_ok=True)
