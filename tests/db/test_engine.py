"""Writers and readers of one file, in one process and in several."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from db import story
from db.engine import Database
from db.errors import StoreBusy, StoreFault
from db.facts import facts
from tests import thrift
from tests.factories import draft


async def test_sixteen_writers_lose_nothing(database: Database) -> None:
    async with database.writing() as session:
        await story.bump(session)

    async def write(times: int) -> None:
        for _ in range(times):
            async with database.writing() as session:
                number = (await session.execute(text("SELECT revision FROM stories"))).scalar_one()
                await asyncio.sleep(0)
                await session.execute(text("UPDATE stories SET revision = :n"), {"n": number + 1})

    await asyncio.gather(*(write(10) for _ in range(16)))
    async with database.reading() as session:
        assert await story.revision(session) == 161


async def test_writers_of_two_processes_lose_nothing(database: Database) -> None:
    other = await Database.open(database.path)  # its own connections, as another process has

    async def write(through: Database) -> None:
        for _ in range(8):
            async with through.writing() as session:
                await story.bump(session)

    await asyncio.gather(write(database), write(other))
    await other.close()
    async with database.reading() as session:
        assert await story.revision(session) == 16


async def test_reader_sees_one_state_while_others_write(database: Database) -> None:
    async with database.writing() as session:
        await story.bump(session)
    async with database.reading() as reader:
        assert await story.revision(reader) == 1
        async with database.writing() as writer:
            await story.bump(writer)
        assert await story.revision(reader) == 1
    async with database.reading() as reader:
        assert await story.revision(reader) == 2


async def test_reader_cannot_write(database: Database) -> None:
    with pytest.raises(StoreFault, match="cannot be written"):
        async with database.reading() as session:
            await story.bump(session)


async def test_error_takes_back_the_whole_transaction(database: Database, at: datetime) -> None:
    with pytest.raises(RuntimeError, match="half-way"):  # noqa: PT012 - the whole transaction
        async with database.writing() as session:
            await facts.add(session, draft(), editor=None, at=at)
            raise RuntimeError("half-way")
    async with database.reading() as session:
        assert await facts.count(session) == 0
        assert await story.get(session) is None


async def test_cancelled_writer_leaves_the_turn_to_the_next(
    database: Database, at: datetime
) -> None:
    inside = asyncio.Event()

    async def write() -> None:
        async with database.writing() as session:
            await facts.add(session, draft(), editor=None, at=at)
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.writing() as session:
        assert await facts.count(session) == 0
        await facts.add(session, draft(), editor=None, at=at)


async def test_row_that_points_nowhere_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.writing() as session:
            await session.execute(text("INSERT INTO phrasings VALUES (9, 0, 'x')"))


async def test_connections_are_set_up_for_safety(database: Database) -> None:
    with thrift.waits_for_the_disk():
        async with database.writing() as session:
            for pragma, expected in (
                ("journal_mode", "wal"),
                ("synchronous", 2),
                ("foreign_keys", 1),
                ("busy_timeout", 30_000),
            ):
                assert (await session.execute(text(f"PRAGMA {pragma}"))).scalar_one() == expected
    async with database.reading() as session:
        assert (await session.execute(text("PRAGMA query_only"))).scalar_one() == 1


async def test_writer_that_waits_in_vain_gets_one_sentence(database: Database) -> None:
    async with database.writing() as session:
        await session.execute(text("PRAGMA busy_timeout = 50"))  # kept by the one connection
    other = sqlite3.connect(database.path, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy, match=r"^Another process has been writing .* is done\.$"):
            async with database.writing():
                pass
    finally:
        other.close()


KILLED = """
import asyncio, sys
from datetime import UTC, datetime
from db.facts import facts
from db.engine import Database
from db.records import FactDraft

async def main():
    database = await Database.open(sys.argv[1])
    at = datetime(2025, 5, 20, tzinfo=UTC)
    for number in range(20):
        async with database.writing() as session:
            await facts.add(session, FactDraft(key=f"kept-{number}", text="x"), editor=None, at=at)
    async with database.writing() as session:
        await facts.add_all(
            session,
            [FactDraft(key=f"lost-{number}", text="x" * 900) for number in range(5000)],
            editor=None,
            at=at,
        )
        print("writing", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_killed_writer_loses_nothing_committed(tmp_path: Path) -> None:
    path = tmp_path / "story.sqlite3"
    with subprocess.Popen(  # noqa: ASYNC220, S603 - our own script; the test has nothing else to do
        [sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    database = await Database.open(path)
    try:
        async with database.writing() as session:
            assert [fact.key for fact in await facts.all_current(session)] == [
                f"kept-{number}" for number in range(20)
            ]
            assert await story.revision(session) == 20
            check = await session.execute(text("PRAGMA integrity_check"))
            assert check.scalar_one() == "ok"
    finally:
        await database.close()
