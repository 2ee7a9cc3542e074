"""Telling waiting readers: nobody is missed, whatever fails in between."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from telegram import Bot

from bot.rehearsal.api import faults
from bot.rehearsal.api.server import TOKEN, RehearsalServer
from bot.rehearsal.world.world import Chat
from bot.services.answers.index_cache import IndexCache
from bot.services.questions.escalations import Ending, Escalations
from bot.telegram.http import AiohttpRequest
from bot.telegram.messenger import Messenger
from bot.telegram.waiting_readers import (
    FAILURES_IN_A_ROW,
    FIRST_PAUSE_SECONDS,
    PAUSE_SECONDS,
    Telling,
)
from db.engine import Database
from db.facts import facts
from db.questions import questions
from db.records.desk import Wait
from tests import bridge
from tests.desk import exchanged
from tests.samples import AT

READERS = 6


class Killed(BaseException):
    """The process ended here."""


class Dying(Escalations):
    """Dies once, after a message has left and before that is noted."""

    dies_at = READERS // 2

    async def told(self, ending: Ending, *, message_id: int | None) -> None:
        self.dies_at -= 1
        if self.dies_at == 0:
            raise Killed
        await super().told(ending, message_id=message_id)


async def not_moved(old: int, new: int) -> None:
    raise AssertionError(f"{old} did not move to {new}")


@pytest_asyncio.fixture
async def messenger(api: RehearsalServer) -> AsyncIterator[Messenger]:
    request = AiohttpRequest(connections=8)
    polling = AiohttpRequest(connections=1)
    bot = Bot(TOKEN, base_url=f"{api.url}/bot", request=request, get_updates_request=polling)
    async with bot:
        yield Messenger(bot, moved=not_moved, pause_seconds=0.01)


@pytest_asyncio.fixture
async def rooms(api: RehearsalServer, database: Database) -> list[Chat]:
    """Readers who wait for one question that has just been answered."""
    people = [api.world.person(f"Reader {number}") for number in range(READERS)]
    for person in people:
        await api.open_bot(person)
    async with database.writing() as session:
        await facts.add_all(session, bridge.DRAFTS, editor=None, at=AT)
    passing = Escalations(database, IndexCache(database))
    rooms = [api.world.private(person) for person in people]
    for room in rooms:
        exchange = await exchanged(database, "how many ships", chat=room.id, message_id=None)
        await passing.pass_on(exchange.id, chat_id=room.id)
    async with database.writing() as session:
        (question,) = await questions.waiting(session, limit=2)
        await questions.settle(session, question.id, Wait.ANSWERED, at=AT, by=77, fact_id=3)
    return rooms


class Seconds:
    """A clock of seconds that moves only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept.append(seconds)
        await asyncio.sleep(0)


def telling(passing: Escalations, messenger: Messenger, seconds: Seconds | None = None) -> Telling:
    seconds = seconds or Seconds()
    return Telling(passing, messenger, clock=seconds, sleep=seconds.sleep)


def counts(api: RehearsalServer, rooms: list[Chat]) -> list[int]:
    return [len(api.sent(room)) for room in rooms]


async def test_everybody_is_told_once_with_their_own_words(
    api: RehearsalServer, database: Database, messenger: Messenger, rooms: list[Chat]
) -> None:
    one = telling(Escalations(database, IndexCache(database)), messenger)
    await asyncio.gather(one.run(), one.run(), one.run())
    await one.run()
    assert counts(api, rooms) == [1] * READERS
    assert api.sent(rooms[0])[0].text.endswith("\nYou asked: how many ships")


async def test_two_messages_are_a_pause_apart(
    api: RehearsalServer, database: Database, messenger: Messenger, rooms: list[Chat]
) -> None:
    told: list[int] = []

    class Noting(Seconds):
        async def sleep(self, seconds: float) -> None:
            told.append(sum(counts(api, rooms)))
            await super().sleep(seconds)

    seconds = Noting()
    await telling(Escalations(database, IndexCache(database)), messenger, seconds).run()
    assert told == list(range(1, READERS + 1))  # a pause after each
    assert seconds.slept == [PAUSE_SECONDS] * READERS


async def test_a_message_in_flight_at_a_crash_is_the_only_one_doubled(
    api: RehearsalServer, database: Database, messenger: Messenger, rooms: list[Chat]
) -> None:
    with pytest.raises(Killed):
        await telling(Dying(database, IndexCache(database)), messenger).run()
    await telling(Escalations(database, IndexCache(database)), messenger).run()
    assert sorted(counts(api, rooms)) == [1] * (READERS - 1) + [2]


async def test_who_has_blocked_the_bot_counts_as_told(
    api: RehearsalServer, database: Database, messenger: Messenger, rooms: list[Chat]
) -> None:
    api.faults.add(faults.blocked(), match=lambda p: p.get("chat_id") == rooms[0].id)
    passing = Escalations(database, IndexCache(database))
    await telling(passing, messenger).run()
    assert counts(api, rooms) == [0] + [1] * (READERS - 1)
    assert await passing.due(limit=10) == []


async def test_a_dead_network_loses_nobody(
    api: RehearsalServer, database: Database, messenger: Messenger, rooms: list[Chat]
) -> None:
    api.faults.add(faults.broken(502), times=None)
    passing = Escalations(database, IndexCache(database))
    seconds = Seconds()
    one = telling(passing, messenger, seconds)
    await one.run()
    assert counts(api, rooms) == [0] * READERS
    assert len(await passing.due(limit=10)) == READERS
    api.faults.clear()
    await one.run()
    # Those who were tried are left alone for a while; a fresh start would try them at once.
    assert sum(counts(api, rooms)) == READERS - FAILURES_IN_A_ROW
    seconds.now = FIRST_PAUSE_SECONDS - 0.1
    await one.run()
    assert sum(counts(api, rooms)) == READERS - FAILURES_IN_A_ROW
    seconds.now = FIRST_PAUSE_SECONDS + 0.1
    await one.run()
    assert counts(api, rooms) == [1] * READERS


async def test_a_fresh_start_tries_at_once_whoever_could_not_be_reached(
    api: RehearsalServer, database: Database, messenger: Messenger, rooms: list[Chat]
) -> None:
    api.faults.add(faults.broken(502), times=None)
    passing = Escalations(database, IndexCache(database))
    await telling(passing, messenger).run()
    api.faults.clear()
    await telling(passing, messenger).run()
    assert counts(api, rooms) == [1] * READERS


async def test_a_round_that_is_stopped_is_taken_up_by_the_next(
    api: RehearsalServer, database: Database, messenger: Messenger, rooms: list[Chat]
) -> None:
    passing = Escalations(database, IndexCache(database))

    async def stop(_: float) -> None:
        one.stop()

    one = Telling(passing, messenger, sleep=stop)
    await one.run()
    assert sum(counts(api, rooms)) == 1
    await telling(passing, messenger).run()
    assert counts(api, rooms) == [1] * READERS
