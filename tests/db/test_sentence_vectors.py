"""Vectors of texts as stored."""

from db.answers import sentence_vectors
from db.engine import Database


async def stored(database: Database, model: str) -> dict[bytes, bytes]:
    async with database.reading() as session:
        return dict(await sentence_vectors.of_model(session, model))


async def test_vectors_are_stored_by_model_and_text(database: Database) -> None:
    one, other = sentence_vectors.digest("one"), sentence_vectors.digest("other")
    async with database.writing() as session:
        await sentence_vectors.store(session, "a", {one: b"1", other: b"2"})
        await sentence_vectors.store(session, "b", {one: b"3"})

    assert await stored(database, "a") == {one: b"1", other: b"2"}
    assert await stored(database, "b") == {one: b"3"}


async def test_what_is_stored_already_stays(database: Database) -> None:
    one, other = sentence_vectors.digest("one"), sentence_vectors.digest("other")
    async with database.writing() as session:
        await sentence_vectors.store(session, "a", {one: b"1"})
    async with database.writing() as session:
        await sentence_vectors.store(session, "a", {one: b"9", other: b"2"})

    assert await stored(database, "a") == {one: b"1", other: b"2"}


async def test_what_no_text_uses_and_what_another_model_made_is_dropped(
    database: Database,
) -> None:
    keys = [sentence_vectors.digest(str(number)) for number in range(1_200)]
    async with database.writing() as session:
        await sentence_vectors.store(session, "old", {keys[0]: b"0"})
        await sentence_vectors.store(session, "new", dict.fromkeys(keys, b"1"))
    async with database.writing() as session:
        await sentence_vectors.keep_only(session, "new", {keys[3]})

    assert await stored(database, "old") == {}
    assert await stored(database, "new") == {keys[3]: b"1"}


def test_a_digest_is_of_the_whole_text() -> None:
    assert len(sentence_vectors.digest("Is it open?")) == 16
    assert sentence_vectors.digest("Is it open?") != sentence_vectors.digest("Is it open? ")
