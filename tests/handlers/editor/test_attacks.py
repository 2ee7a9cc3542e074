"""Everything that the desk can do, tried by those who may not: nothing happens, and it is kept."""

from dataclasses import fields

import pytest

from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.world.world import Person
from bot.services.rights import REFUSALS_KEPT
from bot.views import presses, screens
from bot.views.desk import COMMANDS, Command
from bot.views.desk.lines import OLD_BUTTON
from bot.views.desk.members import NOT_THE_DESK
from bot.views.message import plain
from db.desk import audit
from db.engine import Database
from db.records.desk import Role
from tests.handlers.editor.conftest import asked, seated

pytestmark = pytest.mark.usefixtures("bot")

DESK_PRESSES = sorted(
    (kind for kind in presses._KINDS.values() if kind.code.startswith("2")),
    key=lambda kind: kind.code,
)
WORDS = {
    "add": "How high is it? | Forty metres. | Roads office",
    "edit": "1 In 1932.",
    "withdraw": "1 wrong",
    "unknown": "Who pays? | Nobody says. | next tomorrow",
    "phrase": "1 when was it opened",
    "status": "1 disputed",
    "save": "1 when was it opened",
    "remove": "5000001",
    "channel": "@bridge_news",
}


async def tables(store: Database) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table that the desk writes, but the records of refusals.

    How far the clock has looked for questions that fit new facts is not the desk's doing.
    """
    kept = {}
    async with store.reading() as session:
        connection = await session.connection()
        names = await connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type='table'"
        )
        for (name,) in names.fetchall():
            if name not in ("audit", "chats", "exchanges", "told", "updates", "sqlite_sequence"):
                rows = await connection.exec_driver_sql(f"SELECT * FROM {name}")  # noqa: S608 - ours
                told = [dict(row) for row in rows.mappings()]
                kept[name] = sorted(
                    (tuple(v for k, v in row.items() if k != "compared_up_to") for row in told),
                    key=repr,
                )
    return kept


def order(command: Command) -> str:
    return f"/{command.name} {WORDS.get(command.name, '')}".strip()


async def test_to_a_stranger_no_command_of_the_desk_exists(
    server: RehearsalServer, store: Database
) -> None:
    stranger = server.world.person("Stranger")
    theirs = server.world.private(stranger)
    before = await tables(store)
    for command in COMMANDS:
        refused = await asked(server, stranger, theirs, order(command))
        assert refused.text == plain(screens.NO_SUCH_COMMAND), command
    await server.quiet()
    assert len(server.sent(theirs)) == len(COMMANDS)
    assert await tables(store) == before
    async with store.reading() as session:
        kept = [each for each in await audit.newest(session, limit=99) if each.refused]
    assert {each.person for each in kept} == {stranger.id}
    assert len(kept) == REFUSALS_KEPT  # of as many attempts within the hour, and more


async def test_a_contributor_is_told_whose_right_it_is(
    server: RehearsalServer, store: Database
) -> None:
    person = await seated(server, store, "Carl", Role.CONTRIBUTOR)
    theirs = server.world.private(person)
    before = await tables(store)
    for command in COMMANDS:
        if command.role is Role.CONTRIBUTOR:
            continue
        refused = await asked(server, person, theirs, order(command))
        whose = "an owner" if command.role is Role.OWNER else "an editor"
        assert refused.text.startswith(f"Only {whose} may do that"), command
    assert await tables(store) == before


async def test_in_a_group_that_is_not_the_desks_nobody_is_answered(
    server: RehearsalServer, store: Database, owner: Person
) -> None:
    group = server.world.supergroup("Town", owner)
    before = await tables(store)
    for command in COMMANDS:
        name, _, words = order(command).partition(" ")
        await server.say(owner, group, f"{name}@{server.world.bot.username} {words}".strip())
    await server.quiet()
    # Of all orders one is answered: an owner who asks for the desk hears how to bring it here.
    assert {each.text for each in server.sent(group)} == {plain(NOT_THE_DESK)}
    assert await tables(store) == before


async def test_a_forged_button_of_the_desk_does_nothing(
    server: RehearsalServer, store: Database
) -> None:
    stranger = server.world.person("Stranger")
    theirs = server.world.private(stranger)
    shown = await asked(server, stranger, theirs, "answer 1 | 2")
    await server.quiet()
    before = await tables(store)
    for kind in DESK_PRESSES:
        names = [each.name for each in fields(kind)]  # type: ignore[arg-type]
        data = presses.encode(kind(**dict.fromkeys(names, 1)))
        toast = await server.press_data(stranger, shown, data)
        assert toast.text in (screens.OLD_BUTTON, OLD_BUTTON), kind
    await server.quiet()
    assert [message.id for message in server.sent(theirs)] == [shown.id]
    assert await tables(store) == before
