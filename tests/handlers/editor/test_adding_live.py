"""A fact added to the bundled story answers the next reader, found by the search itself."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot import app, clock
from bot.rehearsal.server import TOKEN, RehearsalServer
from bot.rehearsal.world import Chat, Person
from bot.services.importing import Importing
from bot.settings import Settings
from db.engine import Database
from tests.handlers.editor.conftest import asked

WAIT_SECONDS = 30.0
"""On a busy machine the index takes its time; here the right answer is the point."""


@pytest.fixture
def owner(server: RehearsalServer) -> Person:
    return server.world.person("Owner")


@pytest_asyncio.fixture
async def bundled(server: RehearsalServer, owner: Person, tmp_path: Path) -> AsyncIterator[None]:
    """The bot at work on the bundled story, with its own search."""
    path = tmp_path / "bundled.sqlite3"
    database = await Database.open(path)
    await Importing(database, clock.now).load_bundled_if_empty()
    await database.close()
    settings = Settings(database=str(path), owners=(owner.id,)).against(server.url, TOKEN)
    async with app.running(settings):
        yield


@pytest.mark.usefixtures("bundled")
async def test_an_added_fact_answers_the_next_question(
    server: RehearsalServer, owner: Person, desk: Chat
) -> None:
    preview = await asked(
        server,
        owner,
        desk,
        "/add Which choir sang on the quay?\nThe choir of the seamen's mission.\nSource: Harbour",
    )
    await server.press(owner, preview, "Publish")
    assert preview.text.startswith("Published as #")
    reader = server.world.person("Reader")
    theirs = server.world.private(reader)
    await server.say(reader, theirs, "Which choir sang there?")
    answer = await server.next_message(theirs, timeout_s=WAIT_SECONDS)
    assert answer.text.startswith("The choir of the seamen's mission.\nHarbour, ")
