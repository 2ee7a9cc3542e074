"""A bot's side of the rehearsal: python-telegram-bot, and bare HTTP."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from telegram import Bot

from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.world.world import Chat, Person
from bot.telegram.http import AiohttpRequest


@pytest.fixture
async def bot(api: RehearsalServer) -> AsyncIterator[Bot]:
    """python-telegram-bot's Bot, connected to the rehearsal."""
    connected = Bot(
        api.token,
        base_url=f"{api.url}/bot",
        base_file_url=f"{api.url}/file/bot",
        request=AiohttpRequest(),
        get_updates_request=AiohttpRequest(),
    )
    async with connected:
        yield connected


@dataclass(frozen=True, kw_only=True)
class Raw:
    """Calls methods with nothing between the test and the bytes."""

    session: aiohttp.ClientSession
    base: str

    async def __call__(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Return the body of a call with JSON parameters."""
        async with self.session.post(f"{self.base}/{method}", json=parameters) as response:
            body: dict[str, Any] = await response.json()
            assert body["ok"] is (response.status == 200)
            return body

    async def refused(self, method: str, **parameters: Any) -> str:
        """Return the description of a call that must fail."""
        body = await self(method, **parameters)
        assert not body["ok"], body
        return str(body["description"])


@pytest.fixture
async def raw(api: RehearsalServer) -> AsyncIterator[Raw]:
    """Bare HTTP to the rehearsal."""
    async with aiohttp.ClientSession() as session:
        yield Raw(session=session, base=f"{api.url}/bot{api.token}")


@pytest.fixture
async def reader(api: RehearsalServer) -> Person:
    """Somebody who has started the bot; the bot has read it."""
    person = api.world.person("reader")
    await api.open_bot(person)
    api.updates.clear()
    return person


@pytest.fixture
def chat(api: RehearsalServer, reader: Person) -> Chat:
    """The reader's private chat."""
    return api.world.private(reader)
