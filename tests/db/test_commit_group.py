"""Units that wait for the writer are committed together, and fail alone."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from db.engine import Database


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(tmp_path / "story.sqlite3")
    async with database.writing() as session:
        await session.execute(text("CREATE TABLE things (number INTEGER PRIMARY KEY)"))
    yield database
    await database.close()


@pytest.fixture
def commits(database: Database) -> list[int]:
    """Give a list that grows by one with every commit."""
    found: list[int] = []
    engine = database._writer.sync_engine
    event.listen(engine, "commit", lambda _: found.append(1))
    return found


async def add(database: Database, *numbers: int, shared: bool = True) -> None:
    async with database.writing(shared=shared) as session:
        for number in numbers:
            await session.execute(text("INSERT INTO things VALUES (:n)"), {"n": number})


async def stored(database: Database) -> set[int]:
    async with database.reading() as session:
        return set((await session.execute(text("SELECT number FROM things"))).scalars())


async def test_units_that_wait_are_committed_together(
    database: Database, commits: list[int]
) -> None:
    await asyncio.gather(*(add(database, number) for number in range(30)))
    assert await stored(database) == set(range(30))
    assert len(commits) == 1


async def test_a_unit_that_fails_is_undone_alone(database: Database) -> None:
    wished = [add(database, 1), add(database, 2, 1), add(database, 3), add(database, 4, 4)]
    ended = await asyncio.gather(*wished, return_exceptions=True)
    assert await stored(database) == {1, 3}
    assert [type(each) for each in ended] == [type(None), IntegrityError] * 2


async def test_the_first_that_fails_takes_no_other_along(database: Database) -> None:
    wished = [add(database, 1, 1), add(database, 2), add(database, 3)]
    ended = await asyncio.gather(*wished, return_exceptions=True)
    assert await stored(database) == {2, 3}
    assert isinstance(ended[0], IntegrityError)


async def test_a_unit_by_itself_shares_with_nobody(database: Database, commits: list[int]) -> None:
    wished = [add(database, 1), add(database, 2, shared=False), add(database, 3), add(database, 4)]
    await asyncio.gather(*wished)
    assert await stored(database) == {1, 2, 3, 4}
    assert len(commits) == 3


async def test_a_unit_that_is_given_up_leaves_nothing_and_holds_nobody(database: Database) -> None:
    inside = asyncio.Event()

    async def held() -> None:
        async with database.writing(shared=True) as session:
            await session.execute(text("INSERT INTO things VALUES (1)"))
            inside.set()
            await asyncio.Event().wait()

    holding = asyncio.create_task(held())
    await inside.wait()
    waiting = [asyncio.create_task(add(database, number)) for number in (2, 3)]
    await asyncio.sleep(0)
    holding.cancel()
    waiting[0].cancel()
    ended = await asyncio.gather(holding, *waiting, return_exceptions=True)
    assert await stored(database) == {3}
    assert [type(each) for each in ended] == [asyncio.CancelledError] * 2 + [type(None)]
    await add(database, 4, shared=False)
    assert await stored(database) == {3, 4}


async def test_a_transaction_that_the_file_undid_fails_every_unit_in_it(
    database: Database,
) -> None:
    """As SQLite does by itself when the disk is full."""

    async def undo() -> None:
        async with database.writing(shared=True) as session:
            await session.execute(text("ROLLBACK"))
            raise OSError

    wished = [add(database, 1), undo(), add(database, 2)]
    ended = await asyncio.gather(*wished, return_exceptions=True)
    assert await stored(database) == {2}
    assert ended[0] is not None
    assert ended[1] is not None
    assert ended[2] is None
