"""Opening the database for the bot and for commands beside it."""

from pathlib import Path

import pytest

from bot import storage
from bot.errors import StoreError, StoreTaken
from db import story


async def test_second_bot_is_refused_and_a_command_is_not(tmp_path: Path) -> None:
    path = str(tmp_path / "story.sqlite3")
    async with storage.opened(path, alone=True) as database:
        with pytest.raises(StoreTaken, match="in use by another running bot"):
            async with storage.opened(path, alone=True):
                pass
        async with storage.opened(path) as beside, beside.writing() as session:
            await story.bump(session)
        async with database.reading() as session:
            assert await story.revision(session) == 1
    async with storage.opened(path, alone=True):
        pass


async def test_fault_inside_the_block_is_told_in_our_words(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        async with (
            storage.opened(str(tmp_path / "story.sqlite3")) as database,
            database.reading() as session,
        ):
            await story.bump(session)


async def test_command_that_only_reads_makes_no_file(tmp_path: Path) -> None:
    path = tmp_path / "story.sqlite3"
    with pytest.raises(StoreError, match="does not exist"):
        async with storage.opened(str(path), made=False):
            pass
    assert not path.exists()
