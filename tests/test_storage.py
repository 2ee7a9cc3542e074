"""Opening the database for the bot and for commands beside it."""

from pathlib import Path

import pytest

from bot import storage
from bot.errors import StoreError, StoreTaken
from db import lock, story


def content_of(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir()}


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


async def test_check_passes_beside_a_running_bot(tmp_path: Path) -> None:
    path = str(tmp_path / "story.sqlite3")
    async with storage.opened(path, alone=True):
        storage.check(path)
        storage.check(f"sqlite:///{path}")
    with pytest.raises(StoreError, match="No bot is running on the database"):
        storage.check(path)


def test_check_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="No bot is running"):
        storage.check(str(tmp_path / "story.sqlite3"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "does not exist"),
        (b"", "is not of this version"),
        (b"notes " * 1000, "is not an SQLite database"),
    ],
)
def test_check_refuses_what_is_no_database_of_this_version(
    tmp_path: Path, content: bytes | None, said: str
) -> None:
    path = tmp_path / "story.sqlite3"
    if content is not None:
        path.write_bytes(content)
    with lock.hold(path), pytest.raises(StoreError, match=said):
        storage.check(str(path))
    assert (path.read_bytes() if path.exists() else None) == content


async def test_a_file_that_is_no_database_keeps_nothing_beside_it(tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_bytes(b"notes " * 1000)
    with pytest.raises(StoreError, match="is not an SQLite database"):
        async with storage.opened(str(notes), alone=True):
            pass
    assert content_of(tmp_path) == {notes.name: b"notes " * 1000}
