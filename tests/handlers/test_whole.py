"""Requests about the story as a whole, over the wire: first, after a question, in a group."""

import pytest

from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.world.world import Person
from db.answers import exchanges
from db.engine import Database
from db.records import Outcome
from tests import bridge
from tests.handlers.test_reader import asked

pytestmark = pytest.mark.usefixtures("bot")

REQUESTS = {
    "give me a summary": "What we know\n• ",
    "latest news?": "Nothing changed since ",
    "what is not known?": "What nobody knows yet\n• Why did the bearing fail? Next word expected:",
    "what comes next?": "What comes next\n• Why did the bearing fail? Next word expected:",
    "where do you get this from": "Editors check every fact, and each names who says so.",
    "who runs this?": "I am a bot, and editors run me.",
    "what can I ask?": "Ask in your own words.",
}


@pytest.fixture
def reader(server: RehearsalServer) -> Person:
    return server.world.person("Reader")


@pytest.mark.parametrize("request_", REQUESTS)
async def test_a_request_gets_its_screen_first_after_a_question_and_in_a_group(
    server: RehearsalServer, reader: Person, store: Database, request_: str
) -> None:
    begins = REQUESTS[request_]
    private, group = server.world.private(reader), server.world.supergroup("Town", reader)
    assert (await asked(server, reader, private, request_)).text.startswith(begins)
    await asked(server, reader, private, "answer 3")
    assert (await asked(server, reader, private, request_)).text.startswith(begins)
    assert (await asked(server, reader, group, f"/ask {request_}")).text.startswith(begins)
    async with store.reading() as session:
        assert await exchanges.count(session, Outcome.SCREEN) == 3


async def test_a_request_does_not_end_a_conversation(
    server: RehearsalServer, reader: Person
) -> None:
    private = server.world.private(reader)
    told = await asked(server, reader, private, "answer 3")
    await asked(server, reader, private, "summary please")
    assert (await asked(server, reader, private, "again")).text == told.text


async def test_news_asked_for_in_words_count_as_seen(
    server: RehearsalServer, reader: Person, store: Database
) -> None:
    private = server.world.private(reader)
    await asked(server, reader, private, "any news?")
    await bridge.revise(store, 3, "It is 413 metres long.")
    assert "It is 413 metres long." in (await asked(server, reader, private, "any news?")).text
    again = await asked(server, reader, private, "/new")
    assert again.text.startswith("Nothing changed since ")
