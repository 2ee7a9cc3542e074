"""The whole bot on the bridge's story, talking over HTTP to the stand-in for Telegram.

Both live by a clock that the test moves.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias

import pytest
import pytest_asyncio
from telegram.ext import Application, Job

from bot import app
from bot.rehearsal.api.server import TOKEN, RehearsalServer
from bot.settings import Settings
from db.engine import Database
from handlers import jobs
from handlers.editor import progress_line
from tests import bridge
from tests.clocks import HANG_SECONDS, Clock
from tests.conftest import NOON

AnyApplication: TypeAlias = Application[Any, Any, Any, Any, Any, Any]
NOW: Final = NOON.replace(year=NOON.year + 1)
"""A year after what the story tells."""

SELDOM: Final = ("WAITING_EVERY", "SUMMARIES_EVERY", "REMINDERS_EVERY", "SWEEP_EVERY")


class Start(Protocol):
    """Runs the bot while a block runs, with the settings of this test or with others."""

    def __call__(self, other: Settings | None = None) -> AbstractAsyncContextManager[app.Running]:
        """Return that block."""


class Runs:
    """The runs of the bot's jobs, by the jobs' names."""

    def __init__(self) -> None:
        self._at_work: dict[asyncio.Future[None], str] = {}
        self._ended: Counter[str] = Counter()

    async def ended(self) -> None:
        """Wait for those that are at work now."""
        for run in list(self._at_work):
            await run

    async def pass_(self, name: str, times: int = 2) -> None:
        """Wait until a job has been begun and ended so often from now on."""
        await self.ended()
        wanted = self._ended[name] + times
        async with asyncio.timeout(HANG_SECONDS):
            while self._ended[name] < wanted:  # noqa: ASYNC110 - PTB tells nobody
                await asyncio.sleep(0.02)
        await self.ended()

    @asynccontextmanager
    async def run(self, name: str) -> AsyncIterator[None]:
        """Count what the block does as one run."""
        run: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._at_work[run] = name
        try:
            yield
        finally:
            del self._at_work[run]
            self._ended[name] += 1
            run.set_result(None)


@pytest.fixture(autouse=True)
def runs(monkeypatch: pytest.MonkeyPatch) -> Runs:
    """The runs of jobs; what comes seldom comes at the start and when it is called for alone.

    A test that waits long enough would else see come by the way what should have come at once.
    """
    counted, run = Runs(), Job.run

    async def counting(job: Job[Any], application: AnyApplication) -> None:
        async with counted.run(job.name or ""):
            await run(job, application)

    monkeypatch.setattr(Job, "run", counting)
    for name in SELDOM:
        monkeypatch.setattr(jobs, name, timedelta(days=1))
    # What takes long on a busy machine alone is not to tell how far it has come.
    monkeypatch.setattr(progress_line, "SECONDS_BETWEEN", HANG_SECONDS)
    return counted


@pytest.fixture
def clock() -> Clock:
    """What time it is for the bot and its Telegram: noon, when nobody sleeps."""
    return Clock(NOW)


@pytest.fixture
def server(api: RehearsalServer) -> RehearsalServer:
    """The stand-in for Telegram that the bot of this test talks to."""
    return api


@pytest.fixture
def settings(server: RehearsalServer, story_file: Path) -> Settings:
    """Settings for the bot of this test."""
    return Settings(database=str(story_file)).against(server.url, TOKEN)


@pytest.fixture
def start(server: RehearsalServer, settings: Settings, clock: Clock, runs: Runs) -> Start:
    """What runs the bot; questions spell out their verdicts (`bridge.spelled_out`)."""

    @asynccontextmanager
    async def started(other: Settings | None = None) -> AsyncIterator[app.Running]:
        chosen = other or settings
        async with app.running(chosen, ask=bridge.spelled_out, clock=clock) as running:

            async def rested() -> None:
                await running.rested()
                await runs.ended()

            server.rested = rested
            try:
                yield running
            finally:
                server.rested = None

    return started


@pytest_asyncio.fixture
async def bot(start: Start) -> AsyncIterator[app.Running]:
    """The bot at work."""
    async with start() as running:
        yield running


@pytest_asyncio.fixture
async def store(bot: app.Running, story_file: Path) -> AsyncIterator[Database]:
    """The bot's database, opened a second time, as an editor's command would."""
    opened = await Database.open(story_file)
    yield opened
    await opened.close()
