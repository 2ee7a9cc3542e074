"""What tests of several folders share: a real database, a still clock, a stand-in for Telegram."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import settings

from bot.rehearsal.server import RehearsalServer
from db.engine import Database

# A busy machine is not a fault of the code under test.
settings.register_profile("project", deadline=None)
settings.load_profile("project")

NOON = datetime(2025, 5, 20, 12, 0, tzinfo=UTC)


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database in a file of its own."""
    opened = await Database.open(tmp_path / "story.sqlite3")
    yield opened
    await opened.close()


@pytest.fixture
def at() -> datetime:
    """The moment at which everything in a test happens."""
    return NOON


@pytest_asyncio.fixture
async def api() -> AsyncIterator[RehearsalServer]:
    """A Bot API on a free port of this machine.

    The test fails if the bot broke a rule of the Bot API; a test that does so on purpose empties
    `api.violations`.
    """
    server = await RehearsalServer.start()
    try:
        yield server
    finally:
        await server.stop()
    assert server.violations == []
