"""What tests of several layers share: a real database, and a clock that stands still."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from db.engine import Database

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
