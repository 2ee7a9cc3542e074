"""A file that vanishes, and a disk that is full: noticed, said once, and nothing is harmed."""

from pathlib import Path

import pytest
from sqlalchemy import text

from bot.clock import ClockWatch
from bot.services.answers.reader import ReaderAnswers
from bot.services.answers.results import Outcome, Place
from bot.services.updates import Updates
from db.answers import exchanges
from db.engine import Database
from db.errors import StoreFull, StoreGone
from db.records import ChatKind
from tests import bridge
from tests.clocks import Clock

HERE = Place(chat_id=7, kind=ChatKind.PRIVATE)


async def fill(database: Database) -> int:
    """Leave no room for a row; return how many pages were allowed before."""
    async with database.writing() as session:
        await session.execute(text("CREATE TABLE filling (what BLOB)"))
    async with database.writing() as session:
        pages = int((await session.execute(text("PRAGMA page_count"))).scalar_one())
        before = int((await session.execute(text("PRAGMA max_page_count"))).scalar_one())
        await session.execute(text(f"PRAGMA max_page_count = {pages}"))
    for size in (100_000, 3_000, 500, 10):
        for _ in range(2_000):
            try:
                async with database.writing() as session:
                    await session.execute(
                        text("INSERT INTO filling VALUES (zeroblob(:size))"), {"size": size}
                    )
            except StoreFull:
                break
    return before


async def empty(database: Database, before: int) -> None:
    async with database.writing() as session:
        await session.execute(text(f"PRAGMA max_page_count = {before}"))


@pytest.mark.parametrize("is_replaced", [False, True])
async def test_a_file_that_vanishes_is_noticed_at_the_next_write(
    tmp_path: Path, *, is_replaced: bool
) -> None:
    path = tmp_path / "story.sqlite3"
    database = await Database.open(path)
    database.check_present()
    path.rename(tmp_path / "elsewhere.sqlite3")
    if is_replaced:
        path.write_bytes(b"")
    with pytest.raises(StoreGone, match="was deleted or replaced while the bot was running"):
        database.check_present()
    with pytest.raises(StoreGone):
        async with database.writing():
            pass
    await database.close()


async def test_on_a_full_disk_readers_are_answered_once_without_a_record(
    story_file: Path, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    database = await Database.open(story_file)
    reader = ReaderAnswers(database, ask=bridge.spelled_out, clock=clock)
    updates = Updates(database, keep=clock() - clock(), clock=clock)
    await reader.story()
    before = await fill(database)
    long = "x" * 100_000
    bodies = [{"update_id": number, "message": {"text": long}} for number in (1, 2)]
    with pytest.raises(StoreFull, match="is full: make room in"):
        async with database.writing() as session:
            await session.execute(text("INSERT INTO filling VALUES (zeroblob(100000))"))
    assert [body["update_id"] for body in await updates.receive(bodies)] == [1, 2]
    assert await updates.receive(bodies) == []  # what was not confirmed comes again
    for number in (1, 2):
        async with updates.working(number):
            given = await reader.answer(f"answer 1\n{long}"[:4000], HERE, message_id=number)
            assert given.outcome is Outcome.ANSWER
    assert caplog.text.count("is full") == 1
    assert "Traceback" not in caplog.text
    await empty(database, before)
    async with updates.working(3):
        given = await reader.answer("answer 1", HERE, message_id=3)
    assert given.exchange_id is not None
    async with database.reading() as session:
        assert await exchanges.by_id(session, given.exchange_id) is not None
    await database.close()


def test_it_is_noticed_that_a_clock_was_set() -> None:
    clock, seconds = Clock(), [100.0]
    watch = ClockWatch(clock, monotonic=lambda: seconds[0])
    for _ in range(10):
        clock.pass_(5)
        seconds[0] += 5
        assert not watch.look()
    clock.pass_(-7200)
    assert watch.look().total_seconds() == -7200
    assert not watch.look()
    clock.pass_(60)
    assert watch.look().total_seconds() == 60
