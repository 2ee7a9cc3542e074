"""Faults strike as planned: which request, how often, before or after the effect."""

import asyncio

import pytest
from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.rehearsal.api import faults
from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.world.world import Chat
from tests.rehearsal.conftest import Raw


# The library warns when it makes a RetryAfter, unless PTB_TIMEDELTA is set.
@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (faults.flood(7), RetryAfter),
        (faults.flood(0), NetworkError),
        (faults.blocked(), Forbidden),
        (faults.deactivated(), Forbidden),
        (faults.kicked(), Forbidden),
        (faults.unauthorized(), InvalidToken),
        (faults.conflict(), Conflict),
        (faults.migrated(-1001), ChatMigrated),
        (faults.broken(), NetworkError),
        (faults.broken(504), NetworkError),
        (faults.page(), NetworkError),
        (faults.page(200), TelegramError),
        (faults.empty(), NetworkError),
        (faults.refusal(400, "Bad Request: chat not found"), BadRequest),
        (faults.cut(), NetworkError),
        (faults.odd(b'{"ok":true}'), KeyError),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
async def test_each_fault_is_the_error_it_stands_for(
    api: RehearsalServer, bot: Bot, chat: Chat, fault: faults.Fault, error: type[Exception]
) -> None:
    planned = api.faults.add(fault)
    with pytest.raises(error):
        await bot.send_message(chat.id, "x")
    assert api.sent(chat) == []
    await bot.send_message(chat.id, "x")
    assert planned.struck == 1
    assert planned.left == 0


async def test_a_flood_wait_stands_in_the_header_too(
    api: RehearsalServer, raw: Raw, chat: Chat
) -> None:
    api.faults.add(faults.flood(30))
    sent = {"chat_id": chat.id, "text": "x"}
    async with raw.session.post(f"{raw.base}/sendMessage", json=sent) as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "30")
        assert (await response.json())["parameters"] == {"retry_after": 30}


@pytest.mark.parametrize("fault", [faults.cut(), faults.broken(), faults.page()])
async def test_after_the_effect_the_message_is_there(
    api: RehearsalServer, bot: Bot, chat: Chat, fault: faults.Fault
) -> None:
    api.faults.add(fault.after())
    with pytest.raises(NetworkError):
        await bot.send_message(chat.id, "x")
    assert [message.text for message in api.sent(chat)] == ["x"]


async def test_slow_after_the_effect(api: RehearsalServer, bot: Bot, chat: Chat) -> None:
    api.faults.add(faults.slow(3600).after())
    sending = asyncio.create_task(bot.send_message(chat.id, "x"))
    await api.next_message(chat)
    assert not sending.done()
    sending.cancel()


async def test_slow_before_the_effect(api: RehearsalServer, bot: Bot, chat: Chat) -> None:
    api.faults.add(faults.held(obeyed := asyncio.Event()))
    with pytest.raises(TimedOut):
        await bot.send_message(chat.id, "x", read_timeout=0.1)
    await api.until(lambda: api.calls("sendMessage"))
    assert api.sent(chat) == []
    obeyed.set()
    await api.next_message(chat)  # the request was on its way: it is obeyed later


async def test_matching_counting_skipping(api: RehearsalServer, bot: Bot, chat: Chat) -> None:
    api.faults.add(faults.blocked(), match=lambda sent: sent["text"] == "bad", times=2, skip=1)
    for text, fails in [("bad", 0), ("good", 0), ("bad", 1), ("bad", 1), ("bad", 0)]:
        if fails:
            with pytest.raises(Forbidden):
                await bot.send_message(chat.id, text)
        else:
            await bot.send_message(chat.id, text)


async def test_for_ever_until_cleared(api: RehearsalServer, bot: Bot, chat: Chat) -> None:
    api.faults.add(faults.broken(502), method="*", times=None)
    for _ in range(3):
        with pytest.raises(NetworkError):
            await bot.get_my_commands()
    api.faults.clear()
    assert await bot.get_my_commands() == ()


async def test_updates_delivered_twice(api: RehearsalServer, bot: Bot, chat: Chat) -> None:
    assert chat.person
    await api.say(chat.person, chat, "once")
    api.faults.add(faults.doubled(), method="getUpdates")
    [first] = await bot.get_updates()
    [second] = await bot.get_updates(offset=first.update_id + 1)
    assert first.update_id == second.update_id
    assert await bot.get_updates(offset=first.update_id + 1) == ()


async def test_a_poll_whose_answer_is_lost_loses_nothing(
    api: RehearsalServer, bot: Bot, chat: Chat
) -> None:
    assert chat.person
    await api.say(chat.person, chat, "x")
    api.faults.add(faults.cut().after(), method="getUpdates")
    with pytest.raises(NetworkError):
        await bot.get_updates()
    assert len(await bot.get_updates()) == 1


async def test_stopping_ends_a_delay(chat: Chat, api: RehearsalServer, raw: Raw) -> None:
    # The fixture stops the server; were the delay not ended, the test would take its time.
    api.faults.add(faults.slow(60), method="getMe")
