"""AiohttpRequest against the rehearsal: what arrives, what is raised, what is never told."""

import asyncio
import io
import socket
from collections.abc import AsyncIterator

import pytest
from telegram import Bot, InputFile
from telegram.error import BadRequest, InvalidToken, NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, HTTPXRequest

from bot.rehearsal.api import faults
from bot.rehearsal.api.server import TOKEN, RehearsalServer
from bot.rehearsal.world.world import Chat
from bot.telegram.http import AiohttpRequest, NotSent, NotSentInTime, ServerFailed
from bot.telegram.proxies import proxy_for, request_through
from tests.clocks import HANG_SECONDS

SECRET = TOKEN.partition(":")[2]


def connected(url: str, request: BaseRequest) -> Bot:
    """Return a bot that talks to the server at `url`; not yet initialized."""
    polls = AiohttpRequest()
    return Bot(TOKEN, f"{url}/bot", f"{url}/file/bot", request, polls)


@pytest.fixture
async def chat(api: RehearsalServer) -> Chat:
    reader = api.world.person("reader")
    await api.open_bot(reader)
    return api.world.private(reader)


@pytest.fixture
async def bot(api: RehearsalServer) -> AsyncIterator[Bot]:
    async with connected(api.url, AiohttpRequest()) as made:
        yield made


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def test_a_text_arrives_as_it_was_sent(api: RehearsalServer, bot: Bot, chat: Chat) -> None:
    text = "é 😀 & = + % \n\t <b>"
    await bot.send_message(chat.id, text)
    assert api.requests[-1].parameters == {"chat_id": chat.id, "text": text}


async def test_ten_sends_at_once(api: RehearsalServer, bot: Bot, chat: Chat) -> None:
    await asyncio.gather(*(bot.send_message(chat.id, str(number)) for number in range(10)))
    assert sorted(message.text for message in api.sent(chat)) == sorted(map(str, range(10)))


@pytest.mark.parametrize("size", [1, 70_000, 3_000_000])
async def test_uploads(api: RehearsalServer, bot: Bot, chat: Chat, size: int) -> None:
    content = bytes(range(256)) * (size // 256 + 1)
    await bot.send_document(chat.id, content[:size], caption="é", filename="päper one.csv")
    document = api.sent(chat)[0].media["document"]
    assert document["file_name"] == "päper one.csv"
    assert api.backend.files[document["file_id"]].content == content[:size]
    assert api.sent(chat)[0].text == "é"


async def test_an_open_file_is_sent(api: RehearsalServer, bot: Bot, chat: Chat) -> None:
    stream = InputFile(io.BytesIO(b"abc"), filename="a.txt", read_file_handle=False)
    await bot.send_document(chat.id, stream)
    [file] = api.backend.files.values()
    assert (file.name, file.content) == ("a.txt", b"abc")


async def test_the_library_sends_the_same(api: RehearsalServer, chat: Chat) -> None:
    patient = HTTPXRequest(
        read_timeout=HANG_SECONDS, connect_timeout=HANG_SECONDS, pool_timeout=HANG_SECONDS
    )
    for request in (AiohttpRequest(), patient):
        async with connected(api.url, request) as made:
            await made.send_message(chat.id, "é & x", disable_notification=True)
            await made.send_document(chat.id, b"abc", filename="a.txt")
    first, second = (
        [one.parameters for one in api.requests if one.method == method]
        for method in ("sendMessage", "sendDocument")
    )
    assert first[0] == first[1]
    assert second[0] == second[1]


async def test_a_download(api: RehearsalServer, bot: Bot, chat: Chat) -> None:
    sent = await bot.send_document(chat.id, b"a" * 100_000)
    assert sent.document
    file = await sent.document.get_file()
    assert len(await file.download_as_bytearray()) == 100_000


async def test_no_answer_in_time(api: RehearsalServer, bot: Bot, chat: Chat) -> None:
    api.faults.add(faults.held(asyncio.Event()))
    with pytest.raises(TimedOut) as raised:
        await bot.send_message(chat.id, "x", read_timeout=0.1)
    assert not isinstance(raised.value, NotSent)


async def test_a_whole_time_out_is_the_same(api: RehearsalServer) -> None:
    request = AiohttpRequest(read_timeout_s=0.1)
    assert request.read_timeout == 0.1
    await request.initialize()
    api.faults.add(faults.held(asyncio.Event()), method="getMe")
    with pytest.raises(TimedOut):
        await request.do_request(f"{api.url}/bot{TOKEN}/getMe", "POST")
    await request.shutdown()


async def test_a_long_poll_may_take_longer(api: RehearsalServer, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=50, read_timeout=0.1))
    await api.until(lambda: api.calls("getUpdates"))
    await asyncio.sleep(0.2)  # the time that any other request would have had is over
    api.updates.close()
    assert await poll == ()


async def test_nobody_listens() -> None:
    made = connected(f"http://127.0.0.1:{free_port()}", AiohttpRequest())
    with pytest.raises(NotSent, match=r"nothing listens at 127\.0\.0\.1:\d+"):
        await made.initialize()
    await made.shutdown()


async def test_a_dead_proxy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "")
    proxy = proxy_for("http://example.invalid")
    async with request_through(proxy, connections=1, read_timeout_s=HANG_SECONDS) as request:
        with pytest.raises(NotSent, match=r"the proxy 127\.0\.0\.1:1 cannot be reached"):
            await request.do_request("http://example.invalid/bot1:X/getMe", "POST")


async def test_a_name_that_nobody_knows_is_named() -> None:
    async with AiohttpRequest() as request:
        with pytest.raises(NotSent, match=r"the name example\.invalid is not known"):
            await request.do_request("http://example.invalid/bot1:X/getMe", "POST")


async def test_all_connections_are_busy(api: RehearsalServer, chat: Chat) -> None:
    request = AiohttpRequest(connections=1, pool_timeout_s=0.05)
    async with connected(api.url, request) as made:
        api.faults.add(faults.held(answered := asyncio.Event()))
        first = asyncio.create_task(made.send_message(chat.id, "one"))
        await api.until(lambda: api.calls("sendMessage"))
        with pytest.raises(NotSentInTime, match=r"Pool timeout: .* \*not\* sent") as raised:
            await made.send_message(chat.id, "two")
        assert isinstance(raised.value, TimedOut)
        answered.set()
        await first
        await made.send_message(chat.id, "three")
    assert [message.text for message in api.sent(chat)] == ["one", "three"]


async def test_a_cut_connection(api: RehearsalServer, bot: Bot, chat: Chat) -> None:
    api.faults.add(faults.cut())
    with pytest.raises(NetworkError) as raised:
        await bot.send_message(chat.id, "x")
    assert not isinstance(raised.value, NotSent | BadRequest | TimedOut)
    await bot.send_message(chat.id, "x")


async def test_a_page_instead_of_an_answer(api: RehearsalServer, bot: Bot, chat: Chat) -> None:
    api.faults.add(faults.page(502))
    with pytest.raises(ServerFailed, match="status 502"):
        await bot.send_message(chat.id, "x")
    api.faults.add(faults.page(200))
    with pytest.raises(TelegramError, match="Invalid server response"):
        await bot.send_message(chat.id, "x")


async def test_errors_do_not_tell_the_token(api: RehearsalServer, chat: Chat) -> None:
    dead = f"http://127.0.0.1:{free_port()}"
    request = AiohttpRequest()
    await request.initialize()
    try:
        for url in (dead, "http://[", "", "ftp://example.invalid", f"{dead}x"):
            with pytest.raises(NetworkError) as raised:
                await request.do_request(f"{url}/bot{TOKEN}/getMe", "POST")
            assert SECRET not in str(raised.value)
            assert raised.value.__suppress_context__
    finally:
        await request.shutdown()


async def test_a_revoked_token(api: RehearsalServer) -> None:
    api.faults.add(faults.unauthorized(), method="getMe")
    made = connected(api.url, AiohttpRequest())
    with pytest.raises(InvalidToken):
        await made.initialize()
    await made.shutdown()


async def test_opening_and_closing_twice(api: RehearsalServer) -> None:
    request = AiohttpRequest()
    with pytest.raises(RuntimeError, match="not initialized"):
        await request.do_request(f"{api.url}/bot{TOKEN}/getMe", "POST")
    await request.initialize()
    await request.initialize()
    assert (await request.do_request(f"{api.url}/bot{TOKEN}/getMe", "POST"))[0] == 200
    await request.shutdown()
    await request.shutdown()
    await request.initialize()
    assert (await request.do_request(f"{api.url}/bot{TOKEN}/getMe", "POST"))[0] == 200
    await request.shutdown()


async def test_cancelling_frees_the_connection(api: RehearsalServer, chat: Chat) -> None:
    request = AiohttpRequest(connections=1)
    async with connected(api.url, request) as made:
        api.faults.add(faults.held(asyncio.Event()))
        task = asyncio.create_task(made.send_message(chat.id, "one"))
        await api.until(lambda: api.calls("sendMessage"))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await made.send_message(chat.id, "two")
