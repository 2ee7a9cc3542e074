"""The records, as editors ask for them and as others do not get them."""

import pytest

from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.world.world import Chat, Person
from bot.views import screens
from bot.views.desk.audit import HistoryFrom, Older
from bot.views.message import plain
from bot.views.presses import encode
from db.desk import audit, cards
from db.engine import Database
from db.records.desk import Card, CardKind, Role
from tests import bridge
from tests.handlers.editor.conftest import asked, seated
from tests.samples import AT

NO_SUCH = plain(screens.NO_SUCH_COMMAND)


async def test_the_audit_is_turned_by_pages(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    async with store.writing() as session:
        for number in range(25):
            await audit.record(
                session, at=AT, person=1, name="Eve <b>", action="fact.add", after=f"word {number}"
            )
    shown = await asked(server, owner, desk, "/audit")
    assert shown.text.splitlines()[1] == "• 20 May 2025 09:00, Eve <b>: new fact. “word 24”"
    assert (shown.text.count("•"), shown.labels) == (10, ["Older"])
    await server.press(owner, shown, "Older")
    assert "“word 14”" in shown.text.splitlines()[1]
    assert shown.labels == ["Older", "Newest"]
    await server.press(owner, shown, "Older")
    assert shown.labels == ["Newest"]
    assert shown.text.splitlines()[-1].endswith("the settings: admission. “5000000001, owner”")
    await server.press(owner, shown, "Newest")
    assert "“word 24”" in shown.text


async def test_a_history_is_shown_by_number_and_by_card(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    await bridge.revise(store, 3, "It is 414 metres long.")
    shown = await asked(server, owner, desk, "/history 3")
    head, newest, first = shown.text.split("\n\n")
    assert head == "Fact #3, version 2. How long is the bridge?"
    assert newest.endswith("Text: Was “It is 412 metres long.”, now “It is 414 metres long.”.")
    assert "version 1, new.\nText: “It is 412 metres long.”" in first
    async with store.writing() as session:
        card = Card(chat_id=desk.id, message_id=shown.id, kind=CardKind.FACT, about=3)
        await cards.put(session, card)
    await server.say(owner, desk, "/history", reply_to=shown)
    assert (await server.next_message(desk)).text == shown.text
    assert (await asked(server, owner, desk, "/history #3")).text == shown.text
    for words in ("", "three", "3 4", "-3", "9" * 19):
        said = await asked(server, owner, desk, f"/history {words}".strip())
        assert said.text == "Name the fact by its number, for example /history 7."
    assert "There is no fact #99" in (await asked(server, owner, desk, "/history 99")).text


async def test_a_long_history_is_turned_by_pages(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    for number in range(12):
        await bridge.revise(store, 3, f"It is {number} metres long.")
    shown = await asked(server, owner, desk, "/history 3")
    seen = shown.text.count("metres long.”.")
    assert shown.labels == ["Older"]
    while "Older" in shown.labels:
        await server.press(owner, shown, "Older")
        seen += shown.text.count("metres long.”.")
    assert seen == 12
    assert "version 1, new." in shown.text
    await server.press(owner, shown, "Newest")
    assert "now “It is 11 metres long.”" in shown.text


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, None])
async def test_others_do_not_read_the_records(
    server: RehearsalServer, owner: Person, store: Database, role: Role | None
) -> None:
    ada = server.world.person("Ada") if role is None else await seated(server, store, "Ada", role)
    theirs = server.world.private(ada)
    answer = await asked(server, ada, theirs, "answer 1")
    said = NO_SUCH if role is None else "Only an editor may do that"
    for command in ("/audit", "/history 3", "/history", "/history 99"):
        assert (await asked(server, ada, theirs, command)).text.startswith(said)
    for press in (Older(before=0), HistoryFrom(fact_id=3, skip=0), HistoryFrom(fact_id=99, skip=0)):
        toast = await server.press_data(ada, answer, encode(press))
        if role is None:
            assert toast.text == screens.OLD_BUTTON
        else:
            assert (await server.next_message(theirs)).text.startswith(said)
    async with store.reading() as session:
        entries = await audit.newest(session, limit=20)
    assert sum(each.refused and each.person == ada.id for each in entries) == 7


async def test_in_other_groups_and_in_edits_nothing_is_shown(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    group = server.world.supergroup("Town", owner)
    await server.say(owner, group, "/audit")
    await server.say(owner, group, "/history 3")
    said = await server.say(owner, desk, "answer 1")
    answer = await server.next_message(desk)
    await server.edit(said, "/audit")
    await server.quiet()
    assert (server.sent(group), len(server.sent(desk))) == ([], 1)
    for data in ("2ra", "2rh:1", "2ra:x", "2rh:1:2:3"):
        assert (await server.press_data(owner, answer, data)).text == screens.OLD_BUTTON
