"""The whole bot on the bridge's story, talking over HTTP to the stand-in for Telegram."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot import app
from bot.rehearsal.server import TOKEN, RehearsalServer
from bot.settings import Settings
from db.engine import Database
from tests import bridge


@pytest.fixture
def server(api: RehearsalServer) -> RehearsalServer:
    """The stand-in for Telegram that the bot of this test talks to."""
    return api


@pytest.fixture
def settings(server: RehearsalServer, story_file: Path) -> Settings:
    """Settings for the bot of this test."""
    return Settings(database=str(story_file)).against(server.url, TOKEN)


@pytest_asyncio.fixture
async def bot(settings: Settings) -> AsyncIterator[app.Running]:
    """The bot at work; questions spell out their verdicts (`bridge.spelled_out`)."""
    async with app.running(settings, ask=bridge.spelled_out) as running:
        yield running


@pytest_asyncio.fixture
async def store(bot: app.Running, story_file: Path) -> AsyncIterator[Database]:
    """The bot's database, opened a second time, as an editor's command would."""
    opened = await Database.open(story_file)
    yield opened
    await opened.close()
