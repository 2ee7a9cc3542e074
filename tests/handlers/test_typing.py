"""Readers who type a button out instead of pressing it, and what somebody else wrote."""

import pytest

from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.world.world import Chat, Message, Person
from bot.views import screens
from bot.views import subscriptions as alerts
from bot.views.message import plain
from db.engine import Database
from db.subscriptions import subscriptions
from tests.handlers.editor.forwarding import forward

pytestmark = pytest.mark.usefixtures("bot")


async def asked(server: RehearsalServer, person: Person, chat: Chat, text: str) -> Message:
    await server.say(person, chat, text)
    return await server.next_message(chat)


@pytest.fixture
def reader(server: RehearsalServer) -> Person:
    return server.world.person("Reader")


@pytest.fixture
def private(server: RehearsalServer, reader: Person) -> Chat:
    return server.world.private(reader)


@pytest.mark.parametrize(
    "words",
    ["2", "#2", "2.", "2️⃣", "٢", "number two", "the second one", "When was the bridge closed"],
)
async def test_the_number_of_a_choice_and_its_words_press_it(
    server: RehearsalServer, reader: Person, private: Chat, words: str
) -> None:
    await asked(server, reader, private, "choose 1 2 3 | 4")
    told = await asked(server, reader, private, words)
    assert told.text.startswith("When was the bridge closed?\nOn 3 May")


async def test_the_last_number_is_something_else(
    server: RehearsalServer, reader: Person, private: Chat
) -> None:
    await asked(server, reader, private, "choose 1 2 | 4")
    other = await asked(server, reader, private, "3")
    assert other.text == "Did you mean this?"
    assert other.labels == ["What will the repair cost?", "Pass it on"]


@pytest.mark.parametrize("words", ["5", "12", "#6", "2️⃣", "٣"])
async def test_a_number_under_no_list_is_small_talk(
    server: RehearsalServer, reader: Person, private: Chat, words: str
) -> None:
    told = await asked(server, reader, private, "answer 1 | 2")
    assert told.labels == ["Tell me if this changes", "Not what I asked"]
    number = await asked(server, reader, private, words)
    assert number.text == "Hello. Ask me about the bridge at Aldermere."  # no fact, nor a choice


async def test_the_words_of_buttons_press_them(
    server: RehearsalServer, reader: Person, private: Chat, store: Database
) -> None:
    await asked(server, reader, private, "answer 1 | 2 3")
    followed = await asked(server, reader, private, "tell me if this changes!")
    assert followed.text == alerts.FOLLOWED
    async with store.reading() as session:
        assert await subscriptions.followed(session, private.id) == [1]
    other = await asked(server, reader, private, "Not what I asked")
    assert other.text == "Did you mean one of these?"
    assert "You get big news" in (await asked(server, reader, private, "Get alerts")).text
    assert "You get every update" in (await asked(server, reader, private, "every update")).text
    assert (await asked(server, reader, private, "STOP")).text == plain(alerts.STOPPED)
    assert (await asked(server, reader, private, "what we know")).text.startswith("What we know")
    await asked(server, reader, private, "missing where are the ships")
    assert "Passed on" in (await asked(server, reader, private, "pass it on")).text


async def test_what_is_forwarded_never_acts(
    server: RehearsalServer, reader: Person, private: Chat, store: Database
) -> None:
    await asked(server, reader, private, "/help")
    forward(server, reader, private, "/subscribe")
    assert (await server.next_message(private)).text == plain(screens.NOT_YOUR_COMMAND)
    forward(server, reader, private, "Get alerts")
    await server.next_message(private)
    async with store.reading() as session:
        assert await subscriptions.of_chat(session, private.id) is None
    await asked(server, reader, private, "choose 1 2 | 4")
    forward(server, reader, private, "2")
    assert not (await server.next_message(private)).text.startswith("When was the bridge closed")


@pytest.mark.parametrize("words", ["Pass it on", "tell me when it is known"])
async def test_a_button_that_does_not_stand_here_is_no_question(
    server: RehearsalServer, reader: Person, private: Chat, words: str
) -> None:
    assert (await asked(server, reader, private, words)).text == plain(screens.NOTHING_TO_PRESS)
