"""SIGKILL at random points of a broadcast: nobody misses it, and few hear it twice."""

import asyncio
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import select

from db.records.alerts import DeliveryState
from db.tables.alerts import DeliveryRow
from tests.receiver.record import Request
from tests.receiver.running import Receiver, receiving
from tests.scale import sized
from tests.scenarios.lives import WINDOW
from tests.scenarios.stage import Stage, staged, subscribe

PEOPLE: Final = range(1, sized(3_000, 10_000) + 1)
KILLS: Final = sized(15, 50)
SEED: Final = 1
AT_BIRTH: Final = 0.2
"""The share of the lives that end before they send, or soon after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """A moment at which the sending process was killed, and whom it was sending to."""

    at: float
    leased: list[int]  # chats


async def test_kills_lose_nobody(tmp_path: Path) -> None:
    path = tmp_path / "story.sqlite3"
    async with receiving(delay_s=0.002) as receiver, staged(path, receiver.url) as stage:
        await subscribe(stage.database, PEOPLE)
        await stage.change(await stage.fact("length"), "The newest of length.")
        async with living("alerts", path, receiver.url) as lives:
            kills = await killed_again_and_again(stage, receiver, lives)
            number = await begun(lives)
            await stage.settled()
            os.kill(number, signal.SIGKILL)
        came = await receiver.record()
    heard = Counter(request.chat_id for request in came)
    doubles = sum(heard.values()) - len(heard)
    print(figures(came, kills, doubles))  # noqa: T201 - figures
    assert heard.keys() == set(PEOPLE)
    assert any(kill.leased for kill in kills)
    assert doubles <= KILLS * WINDOW


async def killed_again_and_again(
    stage: Stage, receiver: Receiver, lives: asyncio.subprocess.Process
) -> list[Kill]:
    """Let one life after another send a while, and kill it."""
    chance = random.Random(SEED)
    kills = []
    for _ in range(KILLS):
        number = await begun(lives)
        if chance.random() < AT_BIRTH:
            await asyncio.sleep(chance.random() * 0.1)
        else:
            await receiver.until(await receiver.count() + chance.randrange(len(PEOPLE) // KILLS))
            await asyncio.sleep(chance.random() * 0.01)
        os.kill(number, signal.SIGKILL)
        at = time.monotonic()
        async with stage.database.reading() as session:
            leased = select(DeliveryRow.chat_id).where(DeliveryRow.state == DeliveryState.LEASED)
            kills.append(Kill(at=at, leased=list((await session.execute(leased)).scalars())))
    return kills


async def begun(lives: asyncio.subprocess.Process) -> int:
    """Let a life begin; return the number of its process."""
    assert lives.stdin is not None
    assert lives.stdout is not None
    lives.stdin.write(b"live\n")
    return int(await lives.stdout.readline())


@asynccontextmanager
async def living(work: str, path: Path, url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Give the process that lets lives begin."""
    lives = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.scenarios.lives",
        work,
        str(path),
        url,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert lives.stdin is not None
    try:
        yield lives
    finally:
        lives.stdin.close()
        await lives.wait()


def figures(came: list[Request], kills: list[Kill], doubles: int) -> str:
    """Return how many heard it twice, and where the kills struck."""
    first: dict[int, float] = {}
    for request in came:
        first.setdefault(request.chat_id, request.at)
    leased = [(kill, chat) for kill in kills for chat in kill.leased]
    accepted = sum(first[chat] <= kill.at for kill, chat in leased)
    idle = sum(all(first[chat] > kill.at for chat in kill.leased) for kill in kills)
    return (
        f"{len(kills)} kills: {len(first)} heard it, {doubles} of them twice; {len(leased)} leases "
        f"stood at a kill, {accepted} of them accepted; {idle} kills struck before anything left"
    )
