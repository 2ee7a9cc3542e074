"""Another story from the chat: what its owner reads, taps and writes."""

import pytest

from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.world.world import Chat, Person
from bot.views.files import new_story as views
from bot.views.message import plain
from db import story
from db.engine import Database
from db.records.desk import Role
from tests.handlers.conftest import Start
from tests.handlers.editor.conftest import asked, seated


async def title(store: Database) -> str:
    async with store.reading() as session:
        current = await story.get(session)
    assert current is not None
    return current.title


async def test_a_new_story_from_the_first_tap_to_its_first_answer(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    shown = await asked(server, owner, desk, "/story")
    assert shown.text.startswith("The bridge\nAbout: the bridge at Aldermere\nPlace: UTC.")
    assert shown.labels == ["Begin a new story"]
    await server.press(owner, shown, 0)
    called = await server.next_message(desk)
    assert called.text == views.ASKS["title"]
    about = await asked(server, owner, desk, "The ferry")
    assert about.text == views.ASKS["about"]
    place = await asked(server, owner, desk, "the ferry at Aldermere")
    confirm = await asked(server, owner, desk, "Lagos")
    assert place.text == views.ASKS["time_zone"]
    assert "“The bridge” is put away with its 5 facts" in confirm.text
    assert await title(store) == "The bridge"
    await server.press(owner, confirm, "Begin the new story")
    assert confirm.text.startswith("The story is another one now.")
    assert "I follow the ferry at Aldermere now, with 0 facts." in confirm.text
    assert "send me a spreadsheet" in confirm.text
    await server.until(lambda: server.calls("setMyDescription"))
    reader = server.world.private(server.world.person("Reader"))
    welcome = await asked(server, reader.person or owner, reader, "/start")
    assert "There are no facts yet" in welcome.text
    assert (await asked(server, reader.person or owner, reader, "/now")).text.startswith("Nothing")
    preview = await asked(server, owner, desk, "/add When does it leave? | At noon. | Harbour")
    await server.press(owner, preview, "Publish")
    again = await asked(server, owner, desk, "/story")
    assert again.labels == ["Begin a new story", "Bring back: The bridge"]


async def test_the_old_story_is_brought_back_by_two_taps(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    for _ in range(2):
        shown = await asked(server, owner, desk, "/story")
        await server.press(owner, shown, 0)
        await server.next_message(desk)
        await asked(server, owner, desk, "Title: The ferry\nAbout: the ferry")
        confirm = await asked(server, owner, desk, "Lagos")
        if shown.labels == ["Begin a new story"]:
            await server.press(owner, confirm, "Begin the new story")
        else:
            await server.press(owner, confirm, "Leave it as it is")
            assert confirm.text == plain(views.DROPPED)
    shown = await asked(server, owner, desk, "/story")
    await server.press(owner, shown, "Bring back: The bridge")
    confirm = await server.next_message(desk)
    assert "The story “The bridge” comes back as it was put away." in confirm.text
    await server.press(owner, confirm, "Bring it back")
    assert "with 5 facts" in confirm.text
    assert await title(store) == "The bridge"
    assert (await asked(server, owner, desk, "answer 3")).text.endswith(
        "It is 412 metres long.\nThe desk, checked 20 May 2025 · still true?"
    )


async def test_what_it_is_called_and_about_is_changed(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    changed = await asked(server, owner, desk, "/story\nAbout: the <repaired> bridge.")
    assert changed.text == "Changed. I now say: I only follow the <repaired> bridge."
    wrong = await asked(server, owner, desk, "/story the repaired bridge")
    assert wrong.text.startswith("Nothing changed: write what shall be different on a line")
    assert await title(store) == "The bridge"


async def test_a_restart_in_the_middle_loses_nothing(
    server: RehearsalServer, owner: Person, desk: Chat, start: Start
) -> None:
    async with start():
        await server.say(owner, desk, "/story")
        shown = await server.next_message(desk)
        await server.press(owner, shown, 0)
        await server.next_message(desk)
        await asked(server, owner, desk, "The ferry")
    async with start():
        place = await asked(server, owner, desk, "the ferry")
        assert place.text == views.ASKS["time_zone"]


@pytest.mark.parametrize("role", [Role.EDITOR, Role.CONTRIBUTOR])
async def test_others_are_refused(
    server: RehearsalServer, store: Database, owner: Person, desk: Chat, role: Role
) -> None:
    person = await seated(server, store, "Eve", role)
    chat = server.world.private(person)
    refusal = await asked(server, person, chat, "/story")
    assert refusal.text.startswith("Only an owner may do that")
    for data in ("2yb", "2yk:0", "2yc:1:1", "2yd:1:1"):
        await server.press_data(person, refusal, data)
    assert await title(store) == "The bridge"
