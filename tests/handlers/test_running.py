"""Starting, staying up and stopping, against a server that misbehaves."""

import asyncio
import logging
import os
import signal
import threading
from pathlib import Path
from typing import Any

import pytest

from bot import app, log
from bot.errors import ConnectionFailed, SettingError, StoreError, StoreTaken
from bot.rehearsal.api import faults
from bot.rehearsal.api.server import TOKEN, RehearsalServer
from bot.search import FactIndex
from bot.settings import Settings
from bot.views import screens
from tests.clocks import HANG_SECONDS, until
from tests.handlers.conftest import Start
from tests.telegram.test_http import free_port


async def answers(server: RehearsalServer) -> bool:
    """Tell whether a question gets its answer."""
    person = server.world.person("Reader")
    chat = server.world.private(person)
    await server.say(person, chat, "answer 1")
    return (await server.next_message(chat)).text.startswith(
        "When was the bridge opened?\nIn 1931."
    )


async def test_it_dresses_itself_and_stops_in_order(server: RehearsalServer, start: Start) -> None:
    async with start() as bot:
        assert bot.username == server.world.bot.username
        await server.until(lambda: server.calls("setMyShortDescription"))
    methods = [request.method for request in server.requests]
    assert methods[:2] == ["getMe", "deleteWebhook"]
    menu = server.calls("setMyCommands")[0].parameters["commands"]
    assert [command["command"] for command in menu] == [name for name, _ in screens.COMMANDS]
    async with start():
        assert await answers(server)


async def test_updates_are_asked_for_once_questions_can_be_answered(
    server: RehearsalServer, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = threading.Event()
    build = FactIndex.build

    def slow(*arguments: Any, **options: Any) -> FactIndex:
        assert read.wait(HANG_SECONDS)
        return build(*arguments, **options)

    monkeypatch.setattr(FactIndex, "build", slow)

    async def answered() -> bool:
        async with start():
            return await answers(server)

    starting = asyncio.create_task(answered())
    try:
        await server.until(lambda: server.calls("getMe"))
        await server.quiet()
        assert server.calls("getUpdates") == []
    finally:
        read.set()
    assert await starting


HICCUPS = (faults.broken(502), faults.page(502), faults.cut(), faults.odd(b"[]"))


@pytest.mark.parametrize("fault", HICCUPS)
async def test_a_hiccup_at_start_does_not_end_it(
    server: RehearsalServer, start: Start, fault: faults.Fault
) -> None:
    server.faults.add(fault, method="getMe")
    async with start():
        assert await answers(server)


@pytest.mark.parametrize(
    "fault",
    [
        faults.refusal(404, "Not Found: method not found"),
        faults.refusal(501, "Not Implemented"),
        faults.odd(b"garbage"),
        faults.odd(b'{"ok":true}'),
    ],
    ids=["404", "501", "garbage", "nothing"],
)
async def test_a_server_that_knows_little_is_enough(
    server: RehearsalServer, start: Start, fault: faults.Fault
) -> None:
    for method in ("setMyCommands", "setMyDescription", "setMyShortDescription", "deleteWebhook"):
        server.faults.add(fault, method=method, times=None)
    async with start():
        assert await answers(server)


async def test_one_refused_poll_is_no_reason_to_stop(server: RehearsalServer, start: Start) -> None:
    server.faults.add(faults.unauthorized(), method="getUpdates")
    async with start() as bot:
        ended = asyncio.create_task(bot.ended())
        assert await answers(server)
        assert await answers(server)
        assert not ended.done()
        ended.cancel()


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"ok":true}', b'{"ok":true,"result":[5]}'])
async def test_polls_that_cannot_be_read_are_asked_again_with_a_pause(
    server: RehearsalServer, start: Start, body: bytes
) -> None:
    server.faults.add(faults.odd(body), method="getUpdates", times=2)
    async with start():
        assert await answers(server)
        assert len(server.calls("getUpdates")) < 8


async def test_one_unreadable_update_does_not_hold_up_the_others(
    server: RehearsalServer, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    server.updates.put("message", {"message_id": "x", "chat": 5, "text": "Zebulon"})
    async with start():
        assert await answers(server)
        await server.quiet()
        assert len(server.calls("getUpdates")) < 8
    assert "an update cannot be read" in caplog.text
    assert "was set aside" in caplog.text


async def test_a_revoked_token_ends_it_with_one_sentence(
    server: RehearsalServer, settings: Settings
) -> None:
    server.faults.add(faults.unauthorized(), method="getUpdates", times=None)
    async with app.running(settings) as bot:
        with pytest.raises(ConnectionFailed, match="does not accept the token") as raised:
            await asyncio.wait_for(bot.ended(), HANG_SECONDS)
    assert TOKEN not in str(raised.value)


async def test_an_unknown_token_is_refused_with_one_sentence(
    server: RehearsalServer, settings: Settings
) -> None:
    with pytest.raises(ConnectionFailed, match="does not accept the token") as raised:
        async with app.running(settings.against(server.url, "42:wrong")):
            pass
    assert "wrong" not in str(raised.value)


async def test_without_a_token_it_says_what_to_set(settings: Settings) -> None:
    with pytest.raises(SettingError, match="STORYDESK_TOKEN"):
        async with app.running(settings.model_copy(update={"token": None})):
            pass


async def test_two_bots_on_one_database_are_refused(settings: Settings) -> None:
    async with app.running(settings):
        with pytest.raises(StoreTaken, match="another running bot"):
            async with app.running(settings):
                pass


async def test_a_database_that_is_deleted_ends_it_with_one_sentence(
    settings: Settings, story_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "LOOK_SECONDS", 0.01)

    async def bereft() -> None:
        async with app.running(settings) as bot:
            await asyncio.to_thread(story_file.unlink)
            await asyncio.wait_for(bot.ended(), HANG_SECONDS)

    with pytest.raises(StoreError, match="was deleted or replaced while the bot was running"):
        await bereft()


async def test_another_poller_is_named_in_the_log(
    server: RehearsalServer, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    server.faults.add(faults.conflict(), method="getUpdates")
    async with start():
        assert await answers(server)
    assert "another bot polls with the same token" in caplog.text


async def test_an_empty_database_gets_the_bundled_story(
    server: RehearsalServer, tmp_path: Path
) -> None:
    settings = Settings(database=str(tmp_path / "new.sqlite3")).against(server.url, TOKEN)
    async with app.running(settings):
        person = server.world.person("Reader")
        chat = server.world.private(person)
        await server.say(person, chat, "How long did the call last?")
        assert "two and a half hours" in (await server.next_message(chat)).text


def test_the_configured_token_is_redacted_however_short() -> None:
    log.hide("77:tiny")
    record = logging.LogRecord("x", logging.INFO, "", 0, "at /bot77:tiny/getMe", None, None)
    assert log.RedactingFormatter("%(message)s").format(record) == "at /bot<token>/getMe"


async def test_menus_that_a_flood_wait_kept_back_are_registered_when_it_is_over(
    server: RehearsalServer, start: Start
) -> None:
    server.faults.add(faults.flood(1), method="setMyCommands")
    async with start():
        await server.until(lambda: len(server.calls("setMyCommands")) > 1)
    assert len(server.calls("setMyDescription")) > 1


async def test_a_stop_during_the_start_waits_for_nothing(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    left: list[bool] = []
    nowhere = settings.against(f"http://127.0.0.1:{free_port()}", TOKEN)
    serving = asyncio.create_task(
        app.serve(nowhere, tell=lambda _: None, leave=lambda: left.append(True))
    )

    async def waits() -> bool:
        return "does not answer" in caplog.text

    await until(waits)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(serving, HANG_SECONDS)
    assert left == [True]
