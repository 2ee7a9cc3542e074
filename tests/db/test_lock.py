"""One running bot per file."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from db import lock
from db.engine import Database
from db.errors import StoreFault, StoreHeld

HOLDER = """
import sys
from db import lock
with lock.hold(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_second_bot_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "story.sqlite3"
    with lock.hold(path):
        with pytest.raises(StoreHeld) as caught, lock.hold(f"sqlite:///{path}"):
            pass
        assert str(caught.value) == (
            f"The database {path} is in use by another running bot (process {os.getpid()}): "
            "stop that one, or give this one a database of its own."
        )
    with lock.hold(path):
        pass


def test_lock_ends_with_its_process(tmp_path: Path) -> None:
    path = tmp_path / "story.sqlite3"
    with subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(StoreHeld, match=f"process {process.pid}"), lock.hold(path):
            pass
        process.kill()
        process.wait()
    with lock.hold(path):
        pass


def test_other_name_of_the_same_file_is_the_same_lock(tmp_path: Path) -> None:
    path, alias = tmp_path / "story.sqlite3", tmp_path / "alias.sqlite3"
    alias.symlink_to(path)
    with lock.hold(path), pytest.raises(StoreHeld), lock.hold(alias):
        pass


async def test_commands_work_beside_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "story.sqlite3"
    with lock.hold(path):
        database = await Database.open(path)
        async with database.writing(), database.reading():
            pass
        await database.close()


def test_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with (
        pytest.raises(StoreFault, match="cannot be made"),
        lock.hold(tmp_path / "none" / "story.sqlite3"),
    ):
        pass


def test_a_held_database_is_seen_and_an_unheld_one_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "story.sqlite3"
    assert not lock.is_held(path)
    assert list(tmp_path.iterdir()) == []
    with lock.hold(path):
        assert lock.is_held(path)
    assert not lock.is_held(path)


def test_looking_at_the_lock_does_not_keep_a_bot_from_starting(tmp_path: Path) -> None:
    path = tmp_path / "story.sqlite3"
    with lock.hold(path):
        pass
    with (tmp_path / "story.sqlite3.lock").open("rb") as looking:
        fcntl.flock(looking, fcntl.LOCK_SH)  # as `is_held` does, but for longer
        slept: list[float] = []

        def sleep(seconds: float) -> None:
            slept.append(seconds)
            if len(slept) == len(lock.PAUSES_SECONDS):
                fcntl.flock(looking, fcntl.LOCK_UN)

        with lock.hold(path, sleep=sleep):
            pass
    assert slept == list(lock.PAUSES_SECONDS)
