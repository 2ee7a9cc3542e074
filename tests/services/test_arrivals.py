"""What is read once of whoever writes: who they are, and what was last said there."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from bot.services.answers.reader import ReaderAnswers
from bot.services.arrivals import CONVERSATION, Arrival, Arrivals
from db.engine import Database
from db.records.desk import Role
from tests import bridge
from tests.clocks import Clock
from tests.factories import actor, seat


@pytest_asyncio.fixture
async def store(story_file: Path) -> AsyncIterator[Database]:
    store = await Database.open(story_file)
    yield store
    await store.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def arrivals(store: Database, clock: Clock) -> Arrivals:
    return Arrivals(store, clock=clock)


async def test_people_of_the_same_moment_are_told_apart(
    arrivals: Arrivals, store: Database
) -> None:
    await seat(store, 8, Role.CONTRIBUTOR)
    await seat(store, 9)
    people = [actor(7), actor(8), actor(9), actor(9, chat=-5)]
    found = await asyncio.gather(*map(arrivals.of, people))
    assert [each.role for each in found] == [None, Role.CONTRIBUTOR, Role.EDITOR, None]


async def test_the_last_exchange_is_that_of_the_place_while_it_is_fresh(
    arrivals: Arrivals, store: Database, clock: Clock
) -> None:
    answering = ReaderAnswers(store, clock=clock, ask=bridge.spelled_out)
    reader = actor(7)
    asked = await answering.answer("answer 1 2", reader.place)
    await answering.answer("smalltalk", reader.place)
    topic = replace(reader, place=replace(reader.place, thread_id=3))
    here, elsewhere, other = await asyncio.gather(*map(arrivals.of, (reader, topic, actor(8))))
    assert here.last is not None
    assert here.leaned_on is not None
    assert (here.last.question, here.leaned_on.id) == ("smalltalk", asked.exchange_id)
    assert [fact for fact, _ in here.leaned_on.told] == [1, 2]
    assert (elsewhere.last, other.last) == (None, None)
    clock.at += CONVERSATION * 2
    assert is_new(await arrivals.of(reader))


def is_new(arrival: Arrival) -> bool:
    return arrival.last is None and arrival.leaned_on is None
