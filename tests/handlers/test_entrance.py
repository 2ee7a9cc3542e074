"""More than one may ask: said once, then silence, and others are answered as ever."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot import app
from bot.rehearsal.api import faults
from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.world.world import Chat, Person
from bot.settings import Settings
from tests.handlers.conftest import Start

MOST = 3


@pytest.fixture
def owner(server: RehearsalServer) -> Person:
    return server.world.person("Owner")


@pytest.fixture
def settings(settings: Settings, owner: Person) -> Settings:
    limits = {"questions_per_person": MOST, "questions_per_group": 2 * MOST}
    return settings.model_copy(update={"owners": (owner.id,), **limits})


@pytest_asyncio.fixture(autouse=True)
async def bot(start: Start) -> AsyncIterator[app.Running]:
    async with start() as running:
        yield running


def texts(server: RehearsalServer, chat: Chat) -> list[str]:
    return [each.text for each in server.sent(chat)]


async def test_one_who_sends_two_hundred_is_answered_and_told_once_while_others_are_served(
    server: RehearsalServer, caplog: pytest.LogCaptureFixture
) -> None:
    flooder, reader = server.world.person("Flooder"), server.world.person("Reader")
    flood, room = server.world.private(flooder), server.world.private(reader)
    server.faults.add(  # what is sent to the flooder hangs until the other has been answered
        faults.held(released := asyncio.Event()), match=lambda sent: sent["chat_id"] == flood.id
    )
    for _ in range(200):
        await server.say(flooder, flood, "answer 1")
    await server.say(reader, room, "answer 2")
    assert (await server.next_message(room)).text.startswith("When was the bridge closed?")
    assert texts(server, flood) == []
    released.set()
    await server.quiet()
    *answers, notice = texts(server, flood)
    assert len(answers) == MOST
    assert all(each.startswith("When was the bridge opened?") for each in answers)
    assert notice.startswith("That is more than 3 questions a minute. I answer you again in ")
    assert caplog.text.count("somebody asks more than 3 a minute") == 1


async def test_a_member_who_floods_a_group_leaves_room_for_the_others(
    server: RehearsalServer,
) -> None:
    flooder, reader = server.world.person("Flooder"), server.world.person("Reader")
    group = server.world.group("Readers", flooder, reader)
    for _ in range(10):
        await server.say(flooder, group, "/ask answer 1")
        await server.say(flooder, group, "nothing to do with the bot")
        await server.say(flooder, group, "/weather")
    asked = await server.say(reader, group, "/ask answer 2")
    await server.quiet()
    sent = server.sent(group)
    assert [each.reply_to is asked for each in sent].count(True) == 1
    assert len(sent) == 2 * MOST // 3 + 1 + 1  # theirs, what is said of it, and the other's


async def test_the_desk_has_no_limit_and_keeps_its_order(
    server: RehearsalServer, owner: Person
) -> None:
    desk = server.world.private(owner)
    server.faults.add(
        faults.held(released := asyncio.Event()), match=lambda sent: sent["chat_id"] == desk.id
    )
    for number in range(2 * MOST):
        await server.say(owner, desk, f"answer {number % 3 + 1}")
    released.set()
    await server.quiet()
    first = [text.split("?")[0].split()[-1] for text in texts(server, desk)]
    assert first == ["opened", "closed", "bridge"] * 2


async def test_taps_beyond_the_limit_are_ended_without_a_word(server: RehearsalServer) -> None:
    reader = server.world.person("Reader")
    room = server.world.private(reader)
    await server.say(reader, room, "choose 1 2 | 3 4")
    offered = await server.next_message(room)
    notices = [(await server.press_data(reader, offered, "forged")).text for _ in range(12)]
    assert sum("more than 9 taps a minute" in (notice or "") for notice in notices) == 1
