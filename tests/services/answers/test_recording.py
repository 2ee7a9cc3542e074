"""What a question costs the database, alone and among others."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import event

from bot.services.answers.reader import ReaderAnswers
from bot.services.arrivals import Arrivals
from bot.services.updates import Updates
from db.answers import exchanges
from db.engine import Database
from tests import bridge
from tests.clocks import Clock
from tests.factories import actor

KEEP = timedelta(days=30)


@pytest_asyncio.fixture
async def store(story_file: Path) -> AsyncIterator[Database]:
    store = await Database.open(story_file)
    yield store
    await store.close()


@pytest.fixture
def begun(store: Database) -> Counter[str]:
    """Give a count of the transactions that readers and the writer begin."""
    found: Counter[str] = Counter()
    for name, engine in (("read", store._reader), ("write", store._writer)):
        event.listen(engine.sync_engine, "begin", lambda _, name=name: found.update([name]))
    return found


async def test_a_question_is_stored_looked_at_recorded_and_noted(
    store: Database, begun: Counter[str]
) -> None:
    updates, arrivals = Updates(store, keep=KEEP), Arrivals(store, clock=Clock())
    answering = ReaderAnswers(store, clock=Clock(), ask=bridge.spelled_out)
    await answering.story()
    begun.clear()

    async def ask(number: int) -> int:
        reader = actor(number)
        async with updates.working(number):
            arrival = await arrivals.of(reader)
            given = await answering.answer("answer 1", reader.place, arrival=arrival)
            assert given.exchange_id is not None
            await answering.delivered(given.exchange_id, 1000 + number)
        return given.exchange_id

    await updates.receive([{"update_id": 100}])
    await ask(100)
    assert begun == {"read": 1, "write": 3}
    begun.clear()
    numbers = range(101, 131)
    await updates.receive([{"update_id": number} for number in numbers])
    recorded = await asyncio.gather(*map(ask, numbers))
    assert sum(begun.values()) < 2 * len(numbers)
    async with store.reading() as session:
        kept = [await exchanges.by_id(session, number) for number in recorded]
    assert [each and (each.chat_id, each.reply_message_id) for each in kept] == [
        (number, 1000 + number) for number in numbers
    ]
    assert (await Updates(store, keep=KEEP).unfinished()).waiting == ()
