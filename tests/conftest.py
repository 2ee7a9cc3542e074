"""What tests of several folders share: a real database, a still clock, a stand-in for Telegram."""

import asyncio
import gc
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from inspect import signature
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings

from bot import app
from bot.rehearsal.api.server import RehearsalServer
from bot.telegram.http import AiohttpRequest
from db import engine
from db.engine import Database
from tests import bridge, thrift
from tests.clocks import HANG_SECONDS, Clock
from tests.scale import sized

gc.disable()  # until all tests are collected: nothing of it is garbage

# A busy machine is not a fault of the code under test.
settings.register_profile(
    "project",
    deadline=None,
    max_examples=sized(40, 100),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("project")

NOON = datetime(2025, 5, 20, 12, 0, tzinfo=UTC)


def pytest_collection_finish() -> None:
    """Let the garbage collector work for the tests alone."""
    thrift.keep_what_is_loaded()


@pytest.fixture(scope="session", autouse=True)
def _patience() -> Iterator[None]:
    """Let the bot wait for answers and for the database however long a busy machine takes."""
    limits = (name for name in signature(AiohttpRequest).parameters if name.endswith("_timeout_s"))
    kept = AiohttpRequest.__init__.__kwdefaults__ or {}
    with pytest.MonkeyPatch.context() as patched:
        patience = {**kept, **dict.fromkeys(limits, HANG_SECONDS)}
        patched.setattr(AiohttpRequest.__init__, "__kwdefaults__", patience)
        patched.setattr(app, "READ_SECONDS", HANG_SECONDS)
        patched.setattr(engine, "QUEUE_SECONDS", HANG_SECONDS)
        yield


@pytest.fixture(scope="session", autouse=True)
def _thrift() -> Iterator[None]:
    """Let the databases of this process share what they can, and not wait for the disk."""
    with thrift.shared_statements(), thrift.no_waits_for_the_disk():
        yield


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without a story, made once; tests copy it."""
    path = tmp_path_factory.mktemp("empty") / "empty.sqlite3"

    async def make() -> None:
        await (await Database.open(path)).close()

    asyncio.run(make())
    return path


@pytest.fixture(scope="session")
def bridge_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The story of the bridge, made once; tests copy it."""
    path = tmp_path_factory.mktemp("bridge") / "bridge.sqlite3"
    asyncio.run(bridge.build(path))
    return path


@pytest.fixture
def story_file(tmp_path: Path, bridge_file: Path) -> Path:
    """The story of the bridge in a file of this test's own."""
    return Path(shutil.copy(bridge_file, tmp_path / "bridge.sqlite3"))


@pytest_asyncio.fixture
async def database(tmp_path: Path, empty_file: Path) -> AsyncIterator[Database]:
    """An empty database in a file of its own."""
    opened = await Database.open(shutil.copy(empty_file, tmp_path / "story.sqlite3"))
    yield opened
    await opened.close()


@pytest.fixture
def at() -> datetime:
    """The moment at which everything in a test happens."""
    return NOON


@pytest.fixture
def clock() -> Clock:
    """What time it is in a test, until the test moves it."""
    return Clock(NOON)


@pytest_asyncio.fixture
async def api(clock: Clock) -> AsyncIterator[RehearsalServer]:
    """A Bot API on a free port of this machine, by the test's clock.

    The test fails if the bot broke a rule of the Bot API; a test that does so on purpose empties
    `api.violations`.
    """
    server = await RehearsalServer.start(now=clock.seconds)
    server.patience_s = HANG_SECONDS
    try:
        yield server
    finally:
        await server.stop()
    assert server.violations == []
