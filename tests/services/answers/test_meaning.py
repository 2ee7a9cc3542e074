"""The sentence model in the index: its vectors are stored, and where it is off it is not asked."""

import pytest

from bot.search import SentenceVectors
from bot.search.meaning import sentence_model
from bot.services.answers.index_cache import IndexCache
from db.answers import sentence_vectors
from db.engine import Database
from tests import bridge


async def read(database: Database) -> IndexCache:
    """Return what holds the story of the bridge, with the vectors of its texts stored."""
    await bridge.fill(database)
    cache = IndexCache(database)
    await cache.current()
    await cache.store_derived()
    return cache


async def stored(database: Database) -> int:
    async with database.reading() as session:
        return len(await sentence_vectors.of_model(session, sentence_model.NAME))


def unloadable() -> sentence_model.SentenceModel:
    raise AssertionError("the model was loaded")


async def test_a_restart_computes_no_vector_again(database: Database) -> None:
    await read(database)
    assert await stored(database) > len(bridge.DRAFTS)

    restarted = IndexCache(database)
    vectors = restarted._derived.sentences = SentenceVectors(load=unloadable)
    await restarted.current()

    assert not vectors.fresh


async def test_a_changed_fact_brings_its_vectors_and_drops_the_old(database: Database) -> None:
    cache = await read(database)
    before = await stored(database)

    await bridge.revise(database, 1, "Quite new.")
    await cache.current()
    await cache.store_derived()

    assert await stored(database) <= before + 1
    assert cache.sentences is not None
    assert not cache.sentences.fresh


async def test_storing_twice_writes_once(database: Database) -> None:
    cache = await read(database)
    count = await stored(database)
    await cache.store_derived()
    assert await stored(database) == count


async def test_without_meaning_no_model_is_asked(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bridge.fill(database)
    monkeypatch.setattr(sentence_model, "load", unloadable)
    cache = IndexCache(database, meaning=False)

    indexed = await cache.current()
    indexed.index.ask("how long is the bridge")
    await cache.store_derived()

    assert await stored(database) == 0
