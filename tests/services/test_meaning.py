"""The sentence model in the index: its vectors are stored, and where it is off it is not asked."""

import pytest

from bot.search import SentenceVectors, sentences
from bot.services.indexing import Shelf
from db import sentence_vectors
from db.engine import Database
from tests import bridge


async def read(database: Database) -> Shelf:
    """Return what holds the story of the bridge, with the vectors of its texts stored."""
    await bridge.fill(database)
    shelf = Shelf(database)
    await shelf.current()
    await shelf.store_derived()
    return shelf


async def stored(database: Database) -> int:
    async with database.reading() as session:
        return len(await sentence_vectors.of_model(session, sentences.NAME))


def unloadable() -> sentences.SentenceModel:
    raise AssertionError("the model was loaded")


async def test_a_restart_computes_no_vector_again(database: Database) -> None:
    await read(database)
    assert await stored(database) > len(bridge.DRAFTS)

    restarted = Shelf(database)
    vectors = restarted._derived.sentences = SentenceVectors(load=unloadable)
    await restarted.current()

    assert not vectors.fresh


async def test_a_changed_fact_brings_its_vectors_and_drops_the_old(database: Database) -> None:
    shelf = await read(database)
    before = await stored(database)

    await bridge.revise(database, 1, "Quite new.")
    await shelf.current()
    await shelf.store_derived()

    assert await stored(database) <= before + 1
    assert shelf.sentences is not None
    assert not shelf.sentences.fresh


async def test_storing_twice_writes_once(database: Database) -> None:
    shelf = await read(database)
    count = await stored(database)
    await shelf.store_derived()
    assert await stored(database) == count


async def test_without_meaning_no_model_is_asked(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bridge.fill(database)
    monkeypatch.setattr(sentences, "load", unloadable)
    shelf = Shelf(database, meaning=False)

    indexed = await shelf.current()
    indexed.index.ask("how long is the bridge")
    await shelf.store_derived()

    assert await stored(database) == 0
