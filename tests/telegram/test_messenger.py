"""Answers outlast an outage, and are sent no oftener than they must."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from telegram import Bot

from bot.rehearsal.api import faults
from bot.rehearsal.api.faults import Fault
from bot.rehearsal.api.server import TOKEN, RehearsalServer
from bot.rehearsal.world.world import Chat
from bot.telegram import messenger as module
from bot.telegram.gate import Gate, Lane, Pace
from bot.telegram.http import AiohttpRequest
from bot.telegram.messenger import Messenger
from bot.telegram.outcomes import Delivery
from bot.views.message import Message
from tests.clocks import until

HELLO = Message(text_html="Hello.")


async def not_moved(old: int, new: int) -> None:
    raise AssertionError(f"{old} did not move to {new}")


@pytest_asyncio.fixture
async def messenger(api: RehearsalServer) -> AsyncIterator[Messenger]:
    request, polling = AiohttpRequest(connections=8), AiohttpRequest(connections=1)
    bot = Bot(TOKEN, base_url=f"{api.url}/bot", request=request, get_updates_request=polling)
    async with bot:
        gate = Gate(Pace(per_second=1_000))
        yield Messenger(bot, moved=not_moved, gate=gate, pause_seconds=0.001)


@pytest_asyncio.fixture
async def room(api: RehearsalServer) -> Chat:
    person = api.world.person("Ada")
    await api.open_bot(person)
    return api.world.private(person)


def said(api: RehearsalServer, room: Chat) -> int:
    return [each.text for each in api.sent(room)].count("Hello.")


@pytest.mark.parametrize("fault", [faults.broken(500), faults.broken(502), faults.page(503)])
async def test_an_answer_outlasts_an_outage_and_arrives_once(
    api: RehearsalServer, messenger: Messenger, room: Chat, fault: Fault
) -> None:
    api.faults.add(fault, times=7)
    sent = await messenger.send(HELLO, chat_id=room.id)
    assert sent.delivery is Delivery.DELIVERED
    assert said(api, room) == 1


async def test_an_answer_whose_fate_is_unknown_is_sent_twice_at_most(
    api: RehearsalServer, messenger: Messenger, room: Chat
) -> None:
    api.faults.add(faults.cut().after(), times=4)
    api.faults.add(faults.broken(502), method="getMe", times=5)  # it is waited for
    sent = await messenger.send(HELLO, chat_id=room.id)
    assert sent.delivery is Delivery.UNSURE
    assert said(api, room) == module.COPIES


async def test_patience_has_an_end_and_alerts_have_none(
    api: RehearsalServer, messenger: Messenger, room: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.02)
    planned = api.faults.add(faults.broken(502), times=None)
    assert (await messenger.send(HELLO, chat_id=room.id)).delivery is Delivery.UNSURE
    tries = planned.struck
    assert 3 <= tries <= 7
    await messenger.send(HELLO, chat_id=room.id, lane=Lane.ALERT)
    await messenger.send(HELLO, chat_id=room.id, patient=False)
    assert planned.struck == tries + 2


async def test_what_is_too_large_is_not_tried_again(
    api: RehearsalServer, messenger: Messenger, room: Chat
) -> None:
    planned = api.faults.add(faults.page(413), times=None)
    assert (await messenger.send(HELLO, chat_id=room.id)).delivery is Delivery.REFUSED
    assert planned.struck == 1


async def test_a_stop_leaves_what_waits_for_the_end_of_an_outage(
    api: RehearsalServer, messenger: Messenger, room: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messenger, "_pause", 3600.0)
    api.faults.add(faults.broken(502), times=None)
    waiting = asyncio.create_task(messenger.send(HELLO, chat_id=room.id))

    async def rests() -> bool:
        return bool(messenger._resting)

    await until(rests)
    messenger.stop()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    with pytest.raises(asyncio.CancelledError):
        await messenger.send(HELLO, chat_id=room.id)
