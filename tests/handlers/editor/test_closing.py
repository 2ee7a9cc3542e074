"""The end of the story, as owners write it and as readers meet it."""

import pytest

from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.world.world import Chat, Person
from bot.views import screens
from bot.views.desk.closure import Close, Keep
from bot.views.message import plain
from bot.views.presses import encode
from db import story
from db.desk import audit
from db.engine import Database
from db.records.desk import Role
from tests.handlers.conftest import Start
from tests.handlers.editor.conftest import asked, seated

NO_SUCH = plain(screens.NO_SUCH_COMMAND)


async def is_closed(store: Database) -> bool:
    async with store.reading() as session:
        current = await story.get(session)
    return current is not None and current.closed_at is not None


async def test_answers_say_that_the_story_was_closed(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    confirm = await asked(server, owner, desk, "/close the bridge is <b>open</b> again")
    assert confirm.text.startswith("Close the story? It is about the bridge at Aldermere.")
    assert confirm.text.endswith("Why: the bridge is <b>open</b> again")
    assert confirm.labels == ["Close the story", "Leave it open"]
    assert not await is_closed(store)
    await server.press(owner, confirm, 0)
    assert confirm.text.startswith("The story was closed on ")
    assert confirm.labels == []
    reader = server.world.person("Reader")
    chat = server.world.private(reader)
    for question in ("answer 1", "unknown 5", "missing | 4", "/now", "/start v_1_1"):
        answer = (await asked(server, reader, chat, question)).text
        assert answer.count("The story was closed on") == 1
        assert answer.endswith("; this is how it stood.")
    for question in ("off_topic", "hello", "/help", "choose 1 2"):
        assert "closed on" not in (await asked(server, reader, chat, question)).text
    which = await asked(server, reader, chat, "choose 1 3")
    await server.press(reader, which, 0)
    assert which.text.endswith("; this is how it stood.")
    assert (await asked(server, owner, desk, "/close")).text.endswith("/reopen opens it again.")
    assert (await asked(server, owner, desk, "/reopen")).text.startswith("The story is open again.")
    assert "closed on" not in (await asked(server, reader, chat, "answer 1")).text
    assert (await asked(server, owner, desk, "/reopen")).text.startswith("The story is open:")


async def test_it_may_be_left_open(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    confirm = await asked(server, owner, desk, "/close")
    data = confirm.buttons[0]["callback_data"]
    await server.press(owner, confirm, "Leave it open")
    assert confirm.text == "The story stays open."
    await server.press_data(owner, confirm, data)
    assert "write /close again" in (await server.next_message(desk)).text
    assert not await is_closed(store)


async def test_a_button_works_after_a_restart(
    server: RehearsalServer, start: Start, owner: Person, desk: Chat
) -> None:
    async with start():
        confirm = await asked(server, owner, desk, "/close")
    async with start():
        await server.press(owner, confirm, 0)
        assert confirm.text.startswith("The story was closed on ")


@pytest.mark.parametrize("role", [Role.EDITOR, Role.CONTRIBUTOR, None])
async def test_nobody_but_an_owner_ends_it(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database, role: Role | None
) -> None:
    confirm = await asked(server, owner, desk, "/close")
    data = confirm.buttons[0]["callback_data"]
    somebody = (
        server.world.person("Ada") if role is None else await seated(server, store, "Ada", role)
    )
    theirs = server.world.private(somebody)
    answer = await asked(server, somebody, theirs, "answer 1")
    said = NO_SUCH if role is None else "Only an owner may do that"
    for command in ("/close", "/close now", "/reopen"):
        assert (await asked(server, somebody, theirs, command)).text.startswith(said)
    for forged in (data, encode(Close(asked=10**18)), encode(Keep())):
        toast = await server.press_data(somebody, answer, forged)
        if role is None:
            assert toast.text == screens.OLD_BUTTON
        else:
            assert (await server.next_message(theirs)).text.startswith(said)
    assert not await is_closed(store)
    async with store.reading() as session:
        refused = [each.action for each in await audit.newest(session, limit=9) if each.refused]
    assert len(refused) == 6


async def test_in_other_chats_and_by_other_ways_nothing_ends(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    group = server.world.supergroup("Town", owner)
    await server.say(owner, group, "/close")
    said = await server.say(owner, desk, "answer 1")
    answer = await server.next_message(desk)
    await server.edit(said, "/close")
    await server.quiet()
    assert server.sent(group) == []
    assert len(server.sent(desk)) == 1
    for data in ("2rc", "2rc:x", "2rk:1", "2rc:1:2"):
        assert (await server.press_data(owner, answer, data)).text == screens.OLD_BUTTON
    assert not await is_closed(store)
