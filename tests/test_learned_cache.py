"""What was learned from the bundled story, kept beside the program."""

from pathlib import Path

import pytest

from bot import desk, learned_cache
from bot.settings import Settings
from db.answers import learned_numbers
from db.engine import Database


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where it is kept, empty yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "storydesk"


def kept_in(folder: Path) -> dict[str, bytes]:
    """Return what a folder holds, by name; nothing where there is none."""
    return {each.name: each.read_bytes() for each in folder.iterdir()} if folder.is_dir() else {}


def damage(folder: Path, *names: str) -> None:
    """Leave nothing of what files in a folder held; there may be no folder yet."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_bytes(b"damaged")


async def numbers(path: Path) -> list[bytes]:
    """Return what a database holds of learned numbers."""
    database = await Database.open(path)
    try:
        async with database.reading() as session:
            stamp = await learned_cache.stamp(session)
            found = await learned_numbers.of_stamp(session, stamp)
    finally:
        await database.close()
    return [] if found is None else [found]


async def test_a_new_database_begins_with_what_another_learned(
    folder: Path, tmp_path: Path
) -> None:
    first, second = (tmp_path / f"{name}.sqlite3" for name in ("first", "second"))
    async with desk.opened(Settings(database=str(first))):
        assert kept_in(folder) == {}
    kept = kept_in(folder)
    assert await numbers(first) == [*kept.values()]
    async with desk.stored(Settings(database=str(second)), alone=False):
        pass
    assert await numbers(second) == [*kept.values()]
    damage(folder, *kept)
    async with desk.opened(Settings(database=str(tmp_path / "third.sqlite3"))) as answering:
        assert (await answering.story()).title  # it learned for itself


async def saved(path: Path) -> None:
    """Begin a database with the bundled story and close it with numbers in it."""
    async with desk.stored(Settings(database=str(path)), alone=False) as store:
        async with store.reading() as session:
            stamp = await learned_cache.stamp(session)
        async with store.writing() as session:
            await learned_numbers.store(session, stamp, b"numbers")


async def test_where_nothing_can_be_written_nothing_is_kept(folder: Path, tmp_path: Path) -> None:
    damage(folder.parent, folder.name)  # a file stands where the folder should
    await saved(tmp_path / "first.sqlite3")
    assert kept_in(folder.parent) == {folder.name: b"damaged"}


async def test_the_newest_three_stay(folder: Path, tmp_path: Path) -> None:
    damage(folder, *(f"{number}.npz" for number in range(5)))
    await saved(tmp_path / "first.sqlite3")
    assert len(kept_in(folder)) == learned_cache.KEPT
    assert b"numbers" in kept_in(folder).values()
