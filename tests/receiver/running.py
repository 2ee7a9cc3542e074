"""Starts a receiver, tells it what shall go wrong, and reads what it has counted."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from tests.clocks import HANG_SECONDS
from tests.receiver import faults, record
from tests.receiver.faults import Fault
from tests.receiver.record import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """A receiver that runs."""

    url: str  # what stands before /bot<token>
    _session: aiohttp.ClientSession

    async def plan(self, *plan: Fault, seed: int = 0, delay_s: float = 0.0) -> None:
        """Let these faults happen from now on, and no others; every answer takes `delay_s`."""
        body = faults.encode(plan, seed=seed, delay_s=delay_s)
        async with self._session.post(f"{self.url}/plan", data=body) as answer:
            assert answer.status == 200

    async def count(self) -> int:
        """Return how many requests to chats have come."""
        async with self._session.get(f"{self.url}/count") as answer:
            return int(await answer.text())

    async def record(self) -> list[Request]:
        """Return every request that has come, in their order."""
        async with self._session.get(f"{self.url}/record") as answer:
            return record.read((await answer.text()).splitlines())

    async def ask(self, chats: int, questions: Sequence[str]) -> None:
        """Let readers ask these questions, each in a chat of their own and one after another."""
        body = json.dumps({"chats": chats, "questions": list(questions)})
        async with self._session.post(f"{self.url}/ask", data=body) as answer:
            assert answer.status == 200

    async def asked(self) -> tuple[float, list[float]]:
        """Return how long answering has taken as a whole, and each reader's waits, in seconds."""
        async with self._session.get(f"{self.url}/asked") as answer:
            result = json.loads(await answer.text())
        return result["took_s"], result["waits_s"]

    async def until(self, count: int) -> None:
        """Wait until so many requests have come."""
        async with asyncio.timeout(HANG_SECONDS):
            while await self.count() < count:  # noqa: ASYNC110 - it is another process
                await asyncio.sleep(0.005)


@asynccontextmanager
async def receiving(*plan: Fault, seed: int = 0, delay_s: float = 0.0) -> AsyncIterator[Receiver]:
    """Give a receiver in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.receiver", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        port = int(await process.stdout.readline())
        async with aiohttp.ClientSession() as session:
            receiver = Receiver(url=f"http://127.0.0.1:{port}", _session=session)
            await receiver.plan(*plan, seed=seed, delay_s=delay_s)
            yield receiver
    finally:
        process.kill()
        await process.wait()
