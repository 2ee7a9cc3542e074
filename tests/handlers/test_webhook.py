"""Updates that Telegram brings, to the whole bot."""

import io
import json
from typing import Any

import aiohttp
import pytest

from bot import app
from bot.errors import ConnectionFailed
from bot.receiving.webhook import HEADER, LARGEST_BODY
from bot.rehearsal.api import faults
from bot.rehearsal.api.server import RehearsalServer
from bot.settings import Settings
from tests.conftest import NOON
from tests.handlers.conftest import Start
from tests.telegram.test_http import free_port

SET = faults.odd(b'{"ok":true,"result":true}')


@pytest.fixture
def brought(settings: Settings) -> Settings:
    """Settings for a bot that updates are brought to."""
    listen = {
        "webhook_url": "https://bot.example.org/updates",
        "webhook_listen": f"127.0.0.1:{free_port()}",
    }
    return settings.model_copy(update=listen)


def update(number: int, person: int, text: str) -> dict[str, Any]:
    who = {"id": person, "is_bot": False, "first_name": "Reader"}
    chat = {"id": person, "type": "private", "first_name": "Reader"}
    date = int(NOON.timestamp())
    message = {"message_id": number, "date": date, "chat": chat, "from": who, "text": text}
    return {"update_id": number, "message": message}


async def post(settings: Settings, body: bytes, secret: str) -> int:
    address = f"http://{settings.webhook_listen}/updates"
    async with (
        aiohttp.ClientSession() as session,
        session.post(address, data=io.BytesIO(body), headers={HEADER: secret}) as response,
    ):
        return response.status


async def secret_of(server: RehearsalServer) -> str:
    await server.until(lambda: server.calls("setWebhook"))
    given = server.calls("setWebhook")[-1].parameters
    assert given["url"] == "https://bot.example.org/updates"
    return str(given["secret_token"])


async def test_an_update_that_is_brought_is_answered_once(
    server: RehearsalServer, start: Start, settings: Settings, brought: Settings
) -> None:
    person = server.world.person("Reader")
    chat = server.world.private(person)
    async with start():  # whoever was never written by may not be written to
        await server.say(person, chat, "answer 3")
        await server.next_message(chat)
    server.faults.add(SET, method="setWebhook")
    async with start(brought):
        secret = await secret_of(server)
        body = json.dumps(update(7, person.id, "answer 1")).encode()
        assert [await post(brought, body, secret) for _ in range(2)] == [200, 200]
        assert "In 1931." in (await server.next_message(chat)).text
        await server.quiet()
        assert len(server.sent(chat)) == 2


async def test_strangers_and_nonsense_are_turned_away(
    server: RehearsalServer, start: Start, brought: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    server.faults.add(SET, method="setWebhook")
    body = json.dumps(update(7, 5, "answer 1")).encode()
    async with start(brought):
        secret = await secret_of(server)
        assert await post(brought, body, "") == 403
        assert await post(brought, body, secret[:-1]) == 403
        assert await post(brought, b"{", secret) == 400
        assert await post(brought, b" " * (LARGEST_BODY + 1), secret) == 413
        assert await post(brought, b"[]", secret) == 200
        assert await post(brought, b'{"update_id": "7"}', secret) == 200
        await server.quiet()
    assert server.calls("sendMessage") == []
    assert secret not in caplog.text


async def test_a_refused_address_ends_it_with_one_sentence(
    server: RehearsalServer, brought: Settings
) -> None:
    server.faults.add(faults.refusal(400, "Bad Request: bad webhook"), method="setWebhook")
    async with app.running(brought) as bot:
        with pytest.raises(ConnectionFailed, match="STORYDESK_WEBHOOK_URL"):
            await bot.ended()


async def test_a_port_that_is_taken_is_named(server: RehearsalServer, brought: Settings) -> None:
    port = server.url.rpartition(":")[2]
    taken = brought.model_copy(update={"webhook_listen": f"127.0.0.1:{port}"})
    async with app.running(taken) as bot:
        with pytest.raises(ConnectionFailed, match=f"127.0.0.1:{port}"):
            await bot.ended()
