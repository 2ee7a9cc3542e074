"""Backups: made beside a running bot, whole, private, on time, and dropped when they are old."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.services.files import backups
from bot.services.files.backups import Backups, Schedule
from db.engine import Database
from db.errors import StoreFault
from db.facts import facts
from db.files import inspection
from tests import bridge
from tests.clocks import Clock
from tests.factories import draft


async def test_a_backup_beside_a_writer_is_as_last_committed(database: Database) -> None:
    await bridge.fill(database)
    target = database.path.parent / "copy.sqlite3"
    async with database.writing() as session:
        await facts.add(session, draft(text="Not committed."), editor=None, at=Clock().at)
        assert backups.make(database.path, target, at=Clock().at) == target
    found = inspection.inspect(target)
    assert found.is_sound
    assert found.is_current
    assert found.counts["facts"] == len(bridge.DRAFTS)
    assert target.stat().st_mode & 0o077 == 0
    assert [each.name for each in target.parent.glob("*copy.sqlite3*")] == ["copy.sqlite3"]


async def test_a_backup_takes_the_place_of_no_file(database: Database) -> None:
    target = database.path.parent / "copy.sqlite3"
    target.write_text("mine")
    with pytest.raises(StoreFault, match="exists already"):
        backups.make(database.path, target, at=Clock().at)
    assert target.read_text() == "mine"


def test_what_is_no_database_of_ours_is_not_backed_up(tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite3"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE things (name)")
    with pytest.raises(StoreFault, match="no database of Storydesk"):
        backups.make(other, None, at=Clock().at)
    with pytest.raises(StoreFault, match="does not exist"):
        backups.make(tmp_path / "none.sqlite3", None, at=Clock().at)
    assert [each.name for each in tmp_path.iterdir()] == ["other.sqlite3"]


async def test_scheduled_backups_are_made_when_due_and_the_oldest_dropped(
    database: Database, tmp_path: Path
) -> None:
    clock, folder = Clock(), tmp_path / "kept"
    schedule = Schedule(folder=folder, every=timedelta(hours=24), keep=2)
    scheduled = Backups(database, schedule, clock=clock)
    first = await scheduled.tick()
    assert first is not None
    (folder / "story.backup-mine.sqlite3").touch()
    clock.pass_(24 * 3600 - 1)
    assert await scheduled.tick() is None
    clock.pass_(1)
    assert await Backups(database, schedule, clock=clock).tick() is not None  # after a restart too
    clock.pass_(5 * 24 * 3600)  # the bot was down
    last = await scheduled.tick()
    kept = backups.files_of(database.path, folder)
    assert len(kept) == 2
    assert kept[-1] == last
    assert first not in kept
    assert (folder / "story.backup-mine.sqlite3").exists()
    assert folder.stat().st_mode & 0o077 == 0


async def test_a_scheduled_backup_that_fails_drops_none(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock, folder = Clock(), tmp_path / "kept"
    scheduled = Backups(
        database, Schedule(folder=folder, every=timedelta(hours=1), keep=1), clock=clock
    )
    first = await scheduled.tick()
    clock.pass_(3600)
    aside = folder.rename(tmp_path / "aside")
    folder.touch()  # a file where the folder was
    assert await scheduled.tick() is None
    assert "the scheduled backup was not made" in caplog.text
    folder.unlink()
    aside.rename(folder)
    assert backups.files_of(database.path, folder) == [first]
    assert await scheduled.tick() is not None


async def test_a_damaged_file_is_named(database: Database, tmp_path: Path) -> None:
    await bridge.fill(database)
    target = backups.make(database.path, tmp_path / "copy.sqlite3", at=Clock().at)
    with closing(sqlite3.connect(target)) as connection, connection:
        connection.execute("DELETE FROM facts WHERE id = 1")  # foreign keys are off here
    found = inspection.inspect(target)
    assert (found.damage, found.is_sound) == ((), False)
    assert found.loose_rows > 0
    content = bytearray(target.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 4096] = b"\xff" * 4096
    target.write_bytes(content)
    assert inspection.inspect(target).damage
