"""The way to Telegram through proxies: SOCKS over a real little server, HTTP, and why it fails."""

import gc
import warnings

import pytest
from telegram import Bot

from bot.errors import ConnectionFailed
from bot.rehearsal.api.server import TOKEN, RehearsalServer
from bot.telegram.http import AiohttpRequest, NotSent
from bot.telegram.proxies import proxy_for, request_through
from bot.telegram.socks import SocksRequest
from tests.clocks import HANG_SECONDS
from tests.socks import socks_server

TELEGRAM = "https://api.telegram.org"


def through(proxy: str) -> AiohttpRequest:
    return request_through(proxy, connections=2, read_timeout_s=HANG_SECONDS)


@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
async def test_requests_and_polls_go_through_a_socks_proxy(
    api: RehearsalServer, scheme: str
) -> None:
    async with socks_server(name="ada", password="p@ss") as socks:
        proxy = f"{scheme}://ada:p%40ss@127.0.0.1:{socks.port}"
        polls = through(proxy)
        bot = Bot(
            TOKEN,
            base_url=f"{api.url}/bot",
            request=through(proxy),
            get_updates_request=polls,
        )
        person = api.world.person("Reader")
        await api.open_bot(person)
        room = api.world.private(person)
        async with bot:
            await bot.send_message(room.id, "Hello.")
            await bot.send_photo(room.id, photo=_PNG, filename="picture.png")
            status, _ = await polls.post_form(f"{api.url}/bot{TOKEN}/getUpdates", {"timeout": "0"})
        assert status == 200
        assert api.sent(room)[0].text == "Hello."
        assert len(api.sent(room)) == 2
        assert {f"http://{host}:{port}" for host, port in socks.asked} == {api.url}


async def test_why_a_socks_proxy_is_of_no_use_is_said_without_its_password(
    api: RehearsalServer,
) -> None:
    async def refusal(proxy: str) -> str:
        async with through(proxy) as request:
            with pytest.raises(NotSent) as refused:
                await request.post_form(f"{api.url}/bot{TOKEN}/getMe", {})
        said = str(refused.value)
        del refused, request
        with warnings.catch_warnings():  # httpcore leaves a refused connection to the collector
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()
        return said

    async with socks_server(name="ada", password="right") as socks:
        said = await refusal(f"socks5://ada:wrong@127.0.0.1:{socks.port}")
        assert said.startswith(f"the proxy 127.0.0.1:{socks.port} refused: ")
        assert "wrong" not in said
    async with socks_server(reply=5) as socks:
        assert "refused: " in await refusal(f"socks5://127.0.0.1:{socks.port}")
    assert (
        await refusal("socks5://ada:wrong@127.0.0.1:9")
        == "the proxy 127.0.0.1:9, or the server through it, cannot be reached"
    )


def test_the_setting_comes_first_then_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    assert proxy_for(TELEGRAM) is None
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1080")
    assert proxy_for(TELEGRAM) == "socks5://127.0.0.1:1080"
    assert isinstance(through("socks5://127.0.0.1:1080"), SocksRequest)
    monkeypatch.setenv("HTTPS_PROXY", "proxy.example:3128")
    assert proxy_for(TELEGRAM) == "http://proxy.example:3128"
    assert not isinstance(through("http://proxy.example:3128"), SocksRequest)
    assert proxy_for(TELEGRAM, "http://another.example") == "http://another.example"
    monkeypatch.setenv("NO_PROXY", "telegram.org")
    assert proxy_for(TELEGRAM) is None
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("HTTPS_PROXY", "socks4://127.0.0.1:1080")
    with pytest.raises(ConnectionFailed, match="of the kind socks4://, which is not spoken"):
        proxy_for(TELEGRAM)


_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
