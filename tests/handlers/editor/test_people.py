"""Inviting, joining, leaving and the desk's group, over the wire."""

import asyncio
import io
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import app
from bot.rehearsal.api.server import TOKEN, RehearsalServer
from bot.rehearsal.console import client
from bot.rehearsal.world.world import Chat, Message, Person
from bot.services.desk.invitations import Wish
from bot.settings import Settings
from bot.views import screens
from bot.views.desk.audit import HistoryFrom, Older
from bot.views.desk.closure import Close, Keep
from bot.views.desk.members import NOT_THE_DESK, ChooseFrom, ListFrom, Remove
from bot.views.message import plain
from bot.views.presses import Press, encode
from db import story
from db.desk import audit, editors
from db.engine import Database
from db.records.desk import AuditEntry, Role
from handlers.editor.desk.members import moment, wished
from tests.handlers.conftest import Start
from tests.handlers.editor.conftest import asked, seated

NO_SUCH = plain(screens.NO_SUCH_COMMAND)


@pytest.fixture
def ben(server: RehearsalServer) -> Person:
    """A person who is not on the desk."""
    return server.world.person("Ben <b>")


def link_in(message: Message) -> str:
    found = re.search(r"\?start=(join_[\w-]{43})$", message.text)
    assert found is not None, message.text
    return found[1]


async def invited(server: RehearsalServer, owner: Person, desk: Chat, words: str = "") -> str:
    return link_in(await asked(server, owner, desk, f"/invite {words}".strip()))


async def entered(server: RehearsalServer, person: Person, link: str) -> Message:
    """Open a link and return what the bot says to it."""
    await server.open_bot(person, link)
    return await server.next_message(server.world.private(person))


async def roles(store: Database) -> dict[str, Role]:
    async with store.reading() as session:
        return {member.name: member.role for member in await editors.everybody(session)}


async def newest(store: Database) -> AuditEntry:
    async with store.reading() as session:
        return (await audit.newest(session, limit=1))[0]


def menu_of(server: RehearsalServer, chat: Chat) -> list[str]:
    for place, commands in server.backend.profile.commands.items():
        if f'"chat_id": {chat.id},' in place:
            return [command["command"] for command in commands]
    return []


async def test_a_link_brings_a_person_to_the_desk(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database, ben: Person
) -> None:
    made = await asked(server, owner, desk, "/invite contributor 24")
    assert made.text.startswith("A link for a contributor. Send it to that person alone:")
    assert made.source.count("https://t.me/") == 1
    theirs = server.world.private(ben)
    assert (await asked(server, ben, theirs, "/editors")).text == NO_SUCH
    welcome = await entered(server, ben, link_in(made))
    assert welcome.text.startswith("You are on the desk now, as a contributor.")
    assert (await server.next_message(desk)).text == "Ben <b> is on the desk now, as a contributor."
    await server.quiet()
    assert (await roles(store))["Ben <b>"] is Role.CONTRIBUTOR
    assert {"ask", "now", "help", "add", "drafts"} < set(menu_of(server, theirs))
    assert not {"edit", "invite"} & set(menu_of(server, theirs))
    assert (await asked(server, ben, theirs, "/editors")).text.startswith("Only an editor may")


async def test_without_words_an_editor_is_invited_for_two_days(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database, ben: Person
) -> None:
    await entered(server, ben, await invited(server, owner, desk))
    assert (await roles(store))["Ben <b>"] is Role.EDITOR
    async with store.reading() as session:
        (entry,) = [e for e in await audit.newest(session, limit=9) if e.action == "editor.invite"]
    assert entry.after == "a link for one editor, 48 h"


@pytest.mark.parametrize("words", ["boss", "editor 0", "9999", "editor 24 please", "<b>"])
async def test_a_wish_that_is_not_understood_is_told(
    server: RehearsalServer, bot: app.Running, owner: Person, desk: Chat, words: str
) -> None:
    said = await asked(server, owner, desk, f"/invite {words}")
    assert "/invite contributor 24" in said.text
    assert "start=join" not in said.text


async def test_a_link_is_never_shown_to_a_group(
    server: RehearsalServer, owner: Person, store: Database
) -> None:
    group = server.world.supergroup("Desk", owner)
    await asked(server, owner, group, "/desk here")
    said = await asked(server, owner, group, "/invite")
    assert said.text.startswith("Whoever reads the link can use it")


async def test_a_link_that_does_not_work_says_little(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database, ben: Person
) -> None:
    link = await invited(server, owner, desk)
    ada = server.world.person("Ada")
    await entered(server, ada, link)
    said = {
        (await entered(server, ben, each)).text for each in (link, "join_x", "join_" + "a" * 43)
    }
    assert len(said) == 1
    assert said.pop().startswith("That link lets nobody in")
    assert "Ben <b>" not in await roles(store)
    assert (await newest(store)).refused


async def test_a_link_works_by_its_own_person_in_private_alone(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database, ben: Person
) -> None:
    link = await invited(server, owner, desk)
    group = server.world.supergroup("Town", ben)
    said = await asked(server, ben, group, f"/start@{server.world.bot.username} {link}")
    assert said.text == plain(screens.GREETED)
    theirs = server.world.private(ben)
    first = await server.say(ben, theirs, "/start")
    await server.next_message(theirs)
    await server.edit(first, f"/start {link}")
    await forward(server, ben, theirs, f"/start {link}")
    assert (await server.next_message(theirs)).text.startswith("I answer questions about")
    assert list(await roles(store)) == ["Owner"]
    assert (await entered(server, ben, link)).text.startswith("You are on the desk now")


async def forward(server: RehearsalServer, person: Person, chat: Chat, text: str) -> None:
    """Pass on what somebody else wrote."""
    message = server.world.add(chat, person, text=text)
    body = message.json()
    body["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
    origin = {"type": "hidden_user", "sender_user_name": "Somebody", "date": body["date"]}
    server.updates.put("message", body | {"forward_origin": origin})


async def test_a_member_who_opens_a_lesser_link_leaves_it_unused(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database, ben: Person
) -> None:
    link = await invited(server, owner, desk)
    said = await entered(server, owner, link)
    assert said.text == "You are on the desk already, as an owner. The link is unused still."
    await entered(server, ben, link)
    assert await roles(store) == {"Owner": Role.OWNER, "Ben <b>": Role.EDITOR}


async def test_the_list_shows_owners_how_to_remove(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    ada = await seated(server, store, "Ada & co", Role.EDITOR)
    mine = await asked(server, owner, desk, "/editors")
    assert mine.text.splitlines()[0] == "2 people are on the desk."
    assert f"• Ada & co: editor, since 20 May 2025, number {ada.id}" in mine.text
    assert "by STORYDESK_OWNERS" in mine.text
    assert mine.labels == ["Remove somebody"]
    theirs = await asked(server, ada, server.world.private(ada), "/editors")
    assert (theirs.labels, "number" in theirs.text) == ([], False)
    await server.press(owner, mine, "Remove somebody")
    assert mine.text.startswith("Who leaves the desk?")
    assert mine.labels == ["Remove Ada & co, editor"]
    await server.press(owner, mine, 0)
    assert mine.text == "Ada & co is off the desk."
    assert mine.labels == []
    assert list(await roles(store)) == ["Owner"]
    await server.quiet()
    assert menu_of(server, server.world.private(ada)) == []
    assert (await asked(server, ada, server.world.private(ada), "/editors")).text == NO_SUCH


async def test_many_members_are_turned_by_pages(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    for number in range(22):
        await seated(server, store, f"Member {number:02}", Role.EDITOR)
    listed = await asked(server, owner, desk, "/editors")
    assert listed.text.count("\n") == 20
    assert listed.labels == ["More", "Remove somebody"]
    await server.press(owner, listed, "More")
    assert listed.text.count("\n") == 3
    choice = await asked(server, owner, desk, "/remove")
    seen: list[str] = []
    for _ in range(8):
        assert len(choice.labels) <= 4
        seen += choice.labels[:-1]
        await server.press(owner, choice, "Others")
    assert len(set(seen)) == 22


async def test_a_member_is_removed_by_number_name_or_reply(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    ada, eve = [await seated(server, store, name, Role.EDITOR) for name in ("Ada", "Eve")]
    await seated(server, store, "Ben", Role.EDITOR)
    assert (await asked(server, owner, desk, f"/remove {ada.id}")).text == "Ada is off the desk."
    assert (await asked(server, owner, desk, "/remove ben")).text == "Ben is off the desk."
    assert (await asked(server, owner, desk, "/remove ben")).text.startswith("Nobody on the desk")
    group = server.world.supergroup("Desk", owner, eve)
    await asked(server, owner, group, "/desk here")
    hers = await server.say(eve, group, f"/editors@{server.world.bot.username}")
    await server.next_message(group)
    await server.say(owner, group, "/remove", reply_to=hers)
    assert (await server.next_message(group)).text == "Eve is off the desk."
    alone = await asked(server, owner, desk, "/remove Owner")
    assert "STORYDESK_OWNERS" in alone.text
    assert list(await roles(store)) == ["Owner"]


async def test_the_desk_works_in_its_group_until_it_is_gone(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    ada = await seated(server, store, "Ada", Role.EDITOR)
    group = server.world.supergroup("Newsroom", owner, ada)
    await server.say(ada, group, "/editors")
    await server.say(ada, group, "/desk here")
    await server.say(ada, group, "/desk")
    await server.quiet()
    assert server.sent(group) == []
    assert (await asked(server, owner, group, "/desk")).text == plain(NOT_THE_DESK)
    assert (await asked(server, owner, group, "/desk here")).text.startswith(
        "The desk works here now."
    )
    await server.quiet()
    assert "desk" in menu_of(server, group)
    assert (await asked(server, ada, group, "/editors")).text.startswith("2 people")
    assert (await asked(server, ada, group, "/desk gone")).text.startswith("Only an owner may")
    stranger = server.world.person("Stranger")
    before = len(server.sent(group))
    await server.say(stranger, group, "/editors")
    await server.quiet()
    assert len(server.sent(group)) == before
    assert (await asked(server, owner, group, "/desk here")).text == "The desk works here already."
    assert "private chats alone" in (await asked(server, owner, desk, "/desk gone")).text
    await server.quiet()
    assert menu_of(server, group) == []
    async with store.reading() as session:
        current = await story.get(session)
    assert current is not None
    assert current.desk_chat_id is None


FORGED: list[Press] = [
    ListFrom(skip=0),
    ListFrom(skip=10**15),
    ChooseFrom(skip=0),
    Remove(person_id=1, shown_at=0),
    Remove(person_id=10**18, shown_at=10**18),
]


@pytest.mark.parametrize("press", FORGED, ids=encode)
async def test_forged_buttons_do_nothing_for_strangers(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database, ben: Person, press: Press
) -> None:
    theirs = server.world.private(ben)
    answer = await asked(server, ben, theirs, "answer 1")
    before = answer.text
    toast = await server.press_data(ben, answer, encode(press))
    assert toast.text == screens.OLD_BUTTON
    await server.quiet()
    assert (answer.text, len(server.sent(theirs))) == (before, 1)
    if not isinstance(press, Remove):
        assert (await newest(store)).refused


async def test_a_remembered_button_removes_nobody_twice(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    ada = await seated(server, store, "Ada", Role.EDITOR)
    choice = await asked(server, owner, desk, "/remove")
    data = choice.buttons[0]["callback_data"]
    theirs = server.world.private(ada)
    listed = await asked(server, ada, theirs, "/editors")
    await server.press_data(ada, listed, data)
    assert (await server.next_message(theirs)).text.startswith("Only an owner may do that")
    assert "Ada" in await roles(store)
    await server.press(owner, choice, 0)
    assert "Ada" not in await roles(store)
    await server.press_data(owner, choice, data)
    assert (await server.next_message(desk)).text.startswith("Nobody on the desk is")
    old = encode(Remove(person_id=owner.id, shown_at=1_700_000_000))
    await server.press_data(owner, choice, old)
    assert "too old" in (await server.next_message(desk)).text
    for data in ("2pr", "2pr:1", "2pr:x:y", "2pz:1", "2p"):
        assert (await server.press_data(owner, choice, data)).text == screens.OLD_BUTTON


@pytest.mark.parametrize("command", ["/invite", "/remove Owner", "/editors", "/desk here"])
async def test_what_is_forwarded_or_edited_is_no_order(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database, command: str
) -> None:
    await seated(server, store, "Ada", Role.OWNER)
    await asked(server, owner, desk, "/start")
    await forward(server, owner, desk, command)
    assert (await server.next_message(desk)).text == NO_SUCH
    said = await server.say(owner, desk, "answer 1")
    await server.next_message(desk)
    await server.edit(said, command)
    await server.quiet()
    assert server.sent(desk)[-1].text.startswith("When was the bridge opened?\nIn 1931.")
    assert len(await roles(store)) == 2


async def test_an_anonymous_administrator_is_nobody(
    server: RehearsalServer, owner: Person, store: Database
) -> None:
    group = server.world.supergroup("Newsroom", owner)
    await asked(server, owner, group, "/desk here")
    message = server.world.add(group, owner, text="/editors")
    body = message.json()
    hidden = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    body["entities"] = [{"type": "bot_command", "offset": 0, "length": 8}]
    server.updates.put("message", body | {"from": hidden, "sender_chat": group.json()})
    await server.quiet()
    assert len(server.sent(group)) == 1


async def test_the_first_owner_comes_by_the_link_of_the_start(
    server: RehearsalServer,
    story_file: Path,
    ben: Person,
    start: Start,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    settings = Settings(database=str(story_file)).against(server.url, TOKEN)
    async with start(settings) as first:
        assert first.first_secret is not None
    async with start(settings) as second:
        assert second.first_secret is not None
        assert second.first_secret not in caplog.text + repr(second)
        late = await entered(server, ben, f"join_{first.first_secret}")
        assert late.text.startswith("That link lets nobody in")
        joined = await entered(server, ben, f"join_{second.first_secret}")
        assert joined.text.startswith("You are on the desk now, as an owner.")
        link = await invited(server, ben, server.world.private(ben))
    async with start(settings) as third:
        assert third.first_secret is None
        await server.until(lambda: "invite" in menu_of(server, server.world.private(ben)))
        ada = server.world.person("Ada")  # a link outlives a restart
        assert (await entered(server, ada, link)).text.startswith("You are on the desk now")


@given(st.text(max_size=80) | st.sampled_from(["editor 24h", "OWNER", "3 hours contributor"]))
def test_whatever_stands_behind_invite_is_read(text: str) -> None:
    wish = wished(text)
    assert wish.odd is None or 0 < len(wish.odd) <= 40
    assert wish.hours is None or 0 <= wish.hours <= 9999


def test_role_and_hours_stand_in_either_order() -> None:
    assert wished("24 contributor") == wished("Contributor 24h") == wished("contributor 24 hours")
    assert wished("24 contributor") == Wish(role=Role.CONTRIBUTOR, hours=24)
    assert wished("") == Wish(role=Role.EDITOR)


@given(st.integers(min_value=0, max_value=2**63 - 1))
def test_any_number_of_seconds_is_a_moment(seconds: int) -> None:
    assert moment(seconds).tzinfo is not None


async def test_the_rehearsals_person_becomes_owner_by_the_line_that_is_printed(
    story_file: Path,
) -> None:
    shown, (reading, writing) = io.StringIO(), os.pipe()
    run = app.rehearsing(Settings(database=str(story_file)))
    with os.fdopen(reading) as source, os.fdopen(writing, "w") as typed:
        playing = asyncio.create_task(client.rehearse(run, source=source, output=shown))
        while "\n" not in shown.getvalue().partition("owner: ")[2]:
            await asyncio.sleep(0.05)
            assert not playing.done()
        line = shown.getvalue().partition("owner: ")[2].splitlines()[0]
        typed.write(f"{line}\n/editors\n")
        typed.close()
        assert await playing == 0
    assert line.startswith("/start join_")
    assert "You are on the desk now, as an owner." in shown.getvalue()
    assert "1 person is on the desk." in shown.getvalue()


async def test_buttons_of_the_desk_group_are_for_the_desk_while_it_is_there(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    ada = await seated(server, store, "Ada", Role.EDITOR)
    stranger = server.world.person("Stranger")
    group = server.world.supergroup("Newsroom", owner, ada, stranger)
    await asked(server, owner, group, "/desk here")
    listed = await asked(server, owner, group, "/remove")
    data = listed.buttons[0]["callback_data"]
    assert (await server.press_data(stranger, listed, data)).text == screens.OLD_BUTTON
    await server.press_data(ada, listed, data)
    assert (await server.next_message(group)).text.startswith("Only an owner may do that")
    await asked(server, owner, desk, "/desk gone")
    assert (await server.press_data(owner, listed, data)).text == screens.OLD_BUTTON
    assert "Ada" in await roles(store)


BUTTONS: list[Press] = [
    ListFrom(skip=0),
    Remove(person_id=1, shown_at=1),
    Keep(),
    Close(asked=1),
    Older(before=0),
    HistoryFrom(fact_id=1, skip=0),
]


@pytest.mark.parametrize("press", BUTTONS, ids=encode)
async def test_a_button_outside_any_chat_does_nothing(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database, press: Press
) -> None:
    answer = await asked(server, owner, desk, "answer 1")
    answer.inline_id = "inline-1"  # as if it hung on a message sent by way of an inline query
    toast = await server.press_data(owner, answer, encode(press))
    assert toast.text == screens.OLD_BUTTON
    await server.quiet()
    assert len(server.sent(desk)) == 1
