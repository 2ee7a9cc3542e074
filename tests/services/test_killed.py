"""SIGKILL at random points of a broadcast: nobody misses it, and few hear it twice."""

import asyncio
import os
import random
import signal
import sys
from collections import Counter
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.rehearsal.server import RehearsalServer
from bot.services.announcing import announce_change
from db import facts
from db.alert_tables import DeliveryRow
from db.engine import Database
from db.records import ChangeKind, FactDraft, Weight
from db.records.alerts import DeliveryState
from tests.factories import draft
from tests.lives import WINDOW
from tests.newsroom import subscribers
from tests.samples import AT

SUBSCRIBERS = 1500
KILLS = 50


async def publish(database: Database) -> None:
    """Store one alert whose hold is over."""
    async with database.writing() as session:
        was = await facts.add(session, draft(weight=Weight.BIG), editor=None, at=AT)
        wished = FactDraft.of(was)
        now = await facts.revise(
            session, was.id, 1, wished, kind=ChangeKind.UPDATE, reason=None, editor=7, at=AT
        )
        assert now is not None
        await announce_change(session, now, was=was, kind=ChangeKind.UPDATE, editor=7, at=AT)


@pytest.mark.parametrize("seed", [1])
async def test_fifty_kills_lose_nobody(
    api: RehearsalServer, database: Database, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    people = [api.world.private(api.world.person(f"Reader {n}")) for n in range(SUBSCRIBERS)]
    for chat in people:
        assert chat.person is not None
        chat.person.has_started = True
    await subscribers(database, [chat.id for chat in people])
    await publish(database)
    lives = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.lives",
        str(database.path),
        api.url,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert lives.stdin is not None
    assert lives.stdout is not None
    kills = 0
    try:
        while kills < KILLS:
            lives.stdin.write(b"live\n")
            number = int(await lives.stdout.readline())
            heard = len(api.calls("sendMessage"))
            until = heard + chance.randrange(2 * SUBSCRIBERS // KILLS)
            await api.until(partial(reached, api, until))
            await asyncio.sleep(chance.random() * 0.01)
            os.kill(number, signal.SIGKILL)
            kills += 1
        lives.stdin.write(b"live\n")
        number = int(await lives.stdout.readline())
        await finished(database)
        os.kill(number, signal.SIGKILL)
    finally:
        lives.stdin.close()
        await lives.wait()
    heard_by = Counter(request.parameters["chat_id"] for request in api.calls("sendMessage"))
    doubles = sum(heard_by.values()) - len(heard_by)
    print(f"{kills} kills: {len(heard_by)} heard it, {doubles} of them twice")  # noqa: T201 - a figure
    assert {int(number) for number in heard_by} == {chat.id for chat in people}
    assert doubles <= kills * WINDOW


def reached(api: RehearsalServer, sends: int) -> bool:
    return len(api.calls("sendMessage")) >= sends


async def finished(database: Database) -> None:
    """Return when every delivery has been settled as sent."""
    for _ in range(1200):
        async with database.reading() as session:
            states = set((await session.execute(select(DeliveryRow.state))).scalars())
        if states == {DeliveryState.SENT}:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"not everything was sent: {states}")
