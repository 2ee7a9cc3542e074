"""A start with nothing to migrate does without the tool that migrates."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from db import migrating, schema


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "the story?.sqlite3"
    migrating.upgrade(path)
    return path


def test_the_newest_revision_is_told_by_the_names_of_the_files() -> None:
    assert schema.newest() == ScriptDirectory("migrations").get_current_head()


def test_an_upgraded_file_is_current(path: Path) -> None:
    assert schema.is_current(path)


def test_no_file_is_not_current_and_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "story.sqlite3"
    assert not schema.is_current(path)
    assert not path.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM alembic_version",
        "UPDATE alembic_version SET version_num = '0000'",
        "UPDATE alembic_version SET version_num = '9999'",
        "DROP TABLE alembic_version",
    ],
)
def test_a_file_of_another_schema_is_not_current(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)
    assert not schema.is_current(path)


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0"])
def test_a_file_of_something_else_is_not_current(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "story.sqlite3"
    path.write_bytes(content)
    assert not schema.is_current(path)


def test_a_current_file_opens_without_alembic(path: Path) -> None:
    program = (
        "import asyncio, sys; from db.engine import Database\n"
        "async def main():\n"
        "    database = await Database.open(sys.argv[1])\n"
        "    await database.close()\n"
        "asyncio.run(main())\n"
        "sys.exit('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], check=False)  # noqa: S603
    assert done.returncode == 0
