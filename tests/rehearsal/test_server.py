"""The HTTP side: addresses, tokens, ways to send parameters, files."""

import socket
import struct
from typing import Any

import aiohttp
import pytest
from telegram import Bot, InputFile
from telegram.error import BadRequest

from bot.errors import PortTaken
from bot.rehearsal.api.server import TOKEN, RehearsalServer
from bot.rehearsal.world.world import Chat, Person
from tests.rehearsal.conftest import Raw


def png(width: int, height: int) -> bytes:
    """Return the first bytes of a PNG, all that the rehearsal reads."""
    return b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", width, height)


def jpeg(width: int, height: int) -> bytes:
    """Return the first bytes of a JPEG."""
    frame = struct.pack(">BBHBHH", 0xFF, 0xC0, 11, 8, height, width)
    return b"\xff\xd8" + b"\xff\xe0\x00\x04ab" + frame + b"\0\0\0"


async def test_a_wrong_token(api: RehearsalServer, raw: Raw) -> None:
    async with raw.session.get(f"{api.url}/bot1:wrong/getMe") as response:
        assert response.status == 401
        assert await response.json() == {
            "ok": False,
            "error_code": 401,
            "description": "Unauthorized",
        }
    async with raw.session.get(f"{api.url}/file/bot1:wrong/documents/x") as response:
        assert response.status == 401


async def test_unknown_methods_and_addresses(api: RehearsalServer, raw: Raw) -> None:
    assert await raw.refused("sendFax") == "Not Found: method not found"
    for path in ("", "bot", f"file/bot{api.token}/documents/none"):
        async with raw.session.get(f"{api.url}/{path}") as response:
            assert response.status == 404
            assert (await response.json())["description"] == "Not Found"


@pytest.mark.parametrize("method", ["sendMessage", "SENDMESSAGE", "sendmessage"])
async def test_the_case_of_a_method_does_not_matter(
    api: RehearsalServer, raw: Raw, chat: Chat, method: str
) -> None:
    await raw(method, chat_id=chat.id, text="x")
    assert [request.method for request in api.requests] == ["sendMessage"]


async def test_parameters_come_in_every_form(api: RehearsalServer, raw: Raw, chat: Chat) -> None:
    address = f"{raw.base}/sendMessage"
    sent = {"chat_id": str(chat.id), "text": "é & <b>", "reply_markup": '{"inline_keyboard":[]}'}
    multipart = aiohttp.FormData(default_to_multipart=True)
    for name, value in sent.items():
        multipart.add_field(name, value)
    ways: list[tuple[str, dict[str, Any]]] = [
        ("GET", {"params": sent}),
        ("POST", {"params": sent}),
        ("POST", {"data": sent}),
        ("POST", {"data": multipart}),
        ("POST", {"json": sent}),
    ]
    for method, arguments in ways:
        async with raw.session.request(method, address, **arguments) as response:
            assert response.status == 200, await response.text()
    assert [message.text for message in api.sent(chat)] == ["é & <b>"] * 5
    assert api.requests[0].parameters["chat_id"] == chat.id
    assert api.requests[0].parameters["reply_markup"] == {"inline_keyboard": []}


async def test_the_test_servers_address_works_too(api: RehearsalServer, raw: Raw) -> None:
    async with raw.session.get(f"{raw.base}/test/getMe") as response:
        assert (await response.json())["result"]["is_bot"] is True


@pytest.mark.parametrize("body", ["{", "[]"])
async def test_a_body_that_is_no_json(api: RehearsalServer, raw: Raw, body: str) -> None:
    headers = {"Content-Type": "application/json"}
    async with raw.session.post(f"{raw.base}/getMe", data=body, headers=headers) as response:
        assert response.status == 400


async def test_requests_are_recorded_in_order(api: RehearsalServer, bot: Bot) -> None:
    await bot.get_my_commands()
    await bot.get_updates(allowed_updates=["message"])
    assert [request.method for request in api.requests] == ["getMe", "getMyCommands", "getUpdates"]
    assert api.calls("getUpdates")[0].parameters["allowed_updates"] == ["message"]
    assert api.requests[0].at <= api.requests[2].at


async def test_a_port_in_use() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=f"Port {port} on 127.0.0.1 is in use; .* --port 8081"):
            await RehearsalServer.start(port=port)


async def test_two_servers_stand_side_by_side(api: RehearsalServer) -> None:
    other = await RehearsalServer.start(token=TOKEN)
    assert other.url != api.url
    await other.stop()


async def test_documents_go_both_ways(
    api: RehearsalServer, bot: Bot, chat: Chat, reader: Person
) -> None:
    await api.send_document(reader, chat, "facts.csv", b"a,b\n", caption="/import")
    [update] = await bot.get_updates()
    assert update.message
    assert update.message.document
    assert (update.message.document.file_name, update.message.caption) == ("facts.csv", "/import")
    file = await update.message.document.get_file()
    assert bytes(await file.download_as_bytearray()) == b"a,b\n"

    sent = await bot.send_document(chat.id, InputFile(b"x" * 2_000_000, filename="all.json"))
    assert sent.document
    assert (sent.document.file_name, sent.document.file_size) == ("all.json", 2_000_000)
    again = await bot.send_document(
        chat.id, sent.document.file_id, caption="<b>c</b>", parse_mode="HTML"
    )
    assert again.caption == "c"
    assert again.caption_entities[0].type == "bold"


async def test_photos(api: RehearsalServer, bot: Bot, chat: Chat) -> None:
    for image in (png(640, 480), jpeg(640, 480)):
        sent = await bot.send_photo(chat.id, image, caption="timeline")
        assert (sent.photo[0].width, sent.photo[0].height) == (640, 480)
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("x", chat.id, sent.message_id)


@pytest.mark.parametrize(
    ("image", "error"),
    [
        (b"GIF89a", "Image_process_failed"),
        (png(9000, 1001), "Photo_invalid_dimensions"),
        (png(2100, 100), "Photo_invalid_dimensions"),
        (png(10, 10) + b"\0" * 10_485_760, "too big for a photo"),
        (b"", "(?i)file must be non-empty"),
    ],
)
async def test_wrong_photos(
    api: RehearsalServer, bot: Bot, chat: Chat, image: bytes, error: str
) -> None:
    with pytest.raises(BadRequest, match=error):
        await bot.send_photo(chat.id, InputFile(image, filename="x.png"))
    assert len(api.violations) == 1
    api.violations.clear()


async def test_wrong_files(api: RehearsalServer, bot: Bot, chat: Chat, raw: Raw) -> None:
    with pytest.raises(BadRequest, match="Failed to get http url content"):
        await bot.send_document(chat.id, "https://example.org/a.csv")
    with pytest.raises(BadRequest, match="Wrong file_id or the file is temporarily unavailable"):
        await bot.get_file("none")
    with pytest.raises(BadRequest, match="caption is too long"):
        await bot.send_photo(chat.id, png(9, 9), caption="x" * 1025)
    assert "there is no photo" in await raw.refused("sendPhoto", chat_id=chat.id)
    assert len(api.violations) == 2
    api.violations.clear()


async def test_what_is_too_large(
    api: RehearsalServer, bot: Bot, chat: Chat, reader: Person
) -> None:
    message = await api.send_document(reader, chat, "big.csv", b"\0" * (20 * 1024 * 1024 + 1))
    file_id = message.media["document"]["file_id"]
    with pytest.raises(BadRequest, match="File is too big"):
        await bot.get_file(file_id)
    for size in (50 * 1024 * 1024 + 1, 60 * 1024 * 1024 + 1):
        with pytest.raises(BadRequest, match="status 413"):
            await bot.send_document(chat.id, bytes(size))
