"""What tests of several folders share."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import settings

from bot.rehearsal.server import RehearsalServer

# A busy machine is not a fault of the code under test.
settings.register_profile("project", deadline=None)
settings.load_profile("project")


@pytest.fixture
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
