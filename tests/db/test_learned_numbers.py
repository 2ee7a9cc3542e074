"""What was learned from a story, as stored."""

from db.answers import learned_numbers
from db.engine import Database


async def stored(database: Database, stamp: str) -> bytes | None:
    async with database.reading() as session:
        return await learned_numbers.of_stamp(session, stamp)


async def test_numbers_are_found_by_their_stamp_alone(database: Database) -> None:
    async with database.writing() as session:
        await learned_numbers.store(session, "one", b"1")

    assert await stored(database, "one") == b"1"
    assert await stored(database, "other") is None


async def test_newer_numbers_take_the_place_of_all_before(database: Database) -> None:
    async with database.writing() as session:
        await learned_numbers.store(session, "one", b"1")
        await learned_numbers.store(session, "other", b"2")

    assert await stored(database, "one") is None
    assert await stored(database, "other") == b"2"
