"""Additions in a process that is killed, and on the bundled story with its own search."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from bot import app, clock
from bot.rehearsal.api.server import TOKEN, RehearsalServer
from bot.rehearsal.world.world import Chat, Message, Person
from bot.services.files.imports import Imports
from bot.settings import Settings
from db.desk import proposals
from db.engine import Database
from db.facts import facts
from tests import bridge
from tests.clocks import until
from tests.handlers.editor.conftest import asked


@pytest.fixture
def owner(server: RehearsalServer) -> Person:
    return server.world.person("Owner")


@pytest_asyncio.fixture
async def bundled(server: RehearsalServer, owner: Person, tmp_path: Path) -> AsyncIterator[None]:
    """The bot at work on the bundled story, with its own search."""
    path = tmp_path / "bundled.sqlite3"
    database = await Database.open(path)
    await Imports(database, clock.now).load_bundled_if_empty()
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
    answer = await server.next_message(theirs)
    assert answer.text.startswith(
        "Which choir sang on the quay?\nThe choir of the seamen's mission.\nHarbour, "
    )


@asynccontextmanager
async def killed_at_the_end(settings: Settings) -> AsyncIterator[None]:
    """Run the bot in a process of its own, which ends without a chance to tidy up."""
    assert settings.token is not None
    environment = {
        "STORYDESK_TOKEN": settings.token.get_secret_value(),
        "STORYDESK_API_URL": settings.api_url,
        "STORYDESK_DATABASE": settings.database,
        "STORYDESK_OWNERS": ",".join(map(str, settings.owners)),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        env={**os.environ, **environment},
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.send_signal(signal.SIGKILL)
        await process.wait()


async def test_a_killed_process_goes_on_where_it_was(
    server: RehearsalServer, owner: Person, desk: Chat, settings: Settings, story_file: Path
) -> None:
    shown: list[Message] = []
    store = await Database.open(story_file)

    async def is_noted() -> bool:
        async with store.reading() as session:
            stands = await proposals.open_of(session, desk.id, owner.id)
        return [each.message_id for each in stands] == [shown[-1].id]

    for texts in (("/add", "Who owns the bridge?"), ("The city.", "Roads office")):
        async with killed_at_the_end(settings):
            for text in texts:
                await server.say(owner, desk, text)
                shown.append(await server.next_message(desk))
                await until(is_noted, "that the step is noted")
    assert [message.text.split("?")[0] for message in shown] == [
        "What will readers ask",
        "What is the answer",
        "Who says so",
        "When did they say it",
    ]
    async with killed_at_the_end(settings):
        await server.press(owner, shown[-1], "Just now")
        await server.press(owner, shown[-1], "Publish")
        assert shown[-1].text.startswith("Published as #6.")
    async with store.reading() as session:
        added = (await facts.all_current(session))[len(bridge.DRAFTS) :]
    await store.close()
    assert [fact.text for fact in added] == ["The city."]
