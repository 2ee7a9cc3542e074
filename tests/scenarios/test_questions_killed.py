"""SIGKILL while questions are answered: each is answered, and once but for what was in flight."""

import asyncio
import os
import random
import signal
from pathlib import Path
from typing import Final

from bot.rehearsal.api.server import RehearsalServer
from bot.telegram.update_order import AT_ONCE
from tests.clocks import HANG_SECONDS
from tests.scale import sized
from tests.scenarios.test_killed import begun, living

READERS: Final = sized(12, 60)
QUESTIONS: Final = 10
KILLS: Final = sized(5, 10)


async def test_kills_lose_no_question(story_file: Path) -> None:
    chance = random.Random(1)
    server = await RehearsalServer.start()
    server.patience_s = HANG_SECONDS
    people = [server.world.person(f"Reader {number}") for number in range(READERS)]
    chats = [server.world.private(person) for person in people]

    async def answered(count: int) -> None:
        await server.until(lambda: sum(len(server.sent(chat)) for chat in chats) >= count)

    try:
        async with living("answers", story_file, server.url) as lives:
            number = await begun(lives)
            for turn in range(QUESTIONS):
                for person, chat in zip(people, chats, strict=True):
                    await server.say(person, chat, f"When was the bridge opened? {turn}")
                if turn % (QUESTIONS // KILLS) == 0:
                    await answered(turn * READERS + chance.randrange(READERS))
                    await asyncio.sleep(chance.random() * 0.02)
                    os.kill(number, signal.SIGKILL)
                    number = await begun(lives)
            await server.until(lambda: all(len(server.sent(chat)) >= QUESTIONS for chat in chats))
            await server.quiet()
            os.kill(number, signal.SIGKILL)
    finally:
        await server.stop()
    doubles = sum(len(server.sent(chat)) for chat in chats) - QUESTIONS * READERS
    print(f"{KILLS} kills: {READERS * QUESTIONS} answered, {doubles} of them twice")  # noqa: T201 - figures
    assert server.violations == []
    assert doubles <= KILLS * min(AT_ONCE, READERS)
