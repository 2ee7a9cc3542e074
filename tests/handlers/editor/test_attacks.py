"""Everything that the desk can do, tried by those who may not: nothing happens, and it is kept."""

from dataclasses import fields

import pytest

from bot.messaging import presses, screens
from bot.messaging.desk import COMMANDS, Command
from bot.messaging.message import plain
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.world import Person
from db import audit
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
}


async def tables(store: Database) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table that the desk writes, but the records of refusals."""
    kept = {}
    async with store.reading() as session:
        connection = await session.connection()
        names = await connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type='table'"
        )
        for (name,) in names.fetchall():
            if name not in ("audit", "chats", "exchanges", "told", "sqlite_sequence"):
                rows = await connection.exec_driver_sql(f"SELECT * FROM {name}")  # noqa: S608 - ours
                kept[name] = sorted((tuple(row) for row in rows.fetchall()), key=repr)
    return kept


def order(command: Command) -> str:
    return f"/{command.name} {WORDS.get(command.name, '')}".strip()


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
async def test_to_a_stranger_no_command_of_the_desk_exists(
    server: RehearsalServer, store: Database, command: Command
) -> None:
    stranger = server.world.person("Stranger")
    theirs = server.world.private(stranger)
    before = await tables(store)
    refused = await asked(server, stranger, theirs, order(command))
    await server.quiet()
    assert refused.text == plain(screens.NO_SUCH_COMMAND)
    assert len(server.sent(theirs)) == 1
    assert await tables(store) == before
    async with store.reading() as session:
        kept = await audit.newest(session, limit=9)
    assert [each.person for each in kept if each.refused] == [stranger.id]


@pytest.mark.parametrize(
    "command",
    [each for each in COMMANDS if each.role is not Role.CONTRIBUTOR],
    ids=lambda command: command.name,
)
async def test_a_contributor_is_told_whose_right_it_is(
    server: RehearsalServer, store: Database, command: Command
) -> None:
    person = await seated(server, store, "Carl", Role.CONTRIBUTOR)
    theirs = server.world.private(person)
    before = await tables(store)
    refused = await asked(server, person, theirs, order(command))
    assert refused.text.startswith(("Only an editor may do that", "Only an owner may do that"))
    assert await tables(store) == before


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
async def test_in_a_group_that_is_not_the_desks_nobody_is_answered(
    server: RehearsalServer, store: Database, owner: Person, command: Command
) -> None:
    group = server.world.supergroup("Town", owner)
    before = await tables(store)
    await server.say(
        owner, group, f"{order(command)}".replace(" ", f"@{server.world.bot.username} ", 1)
    )
    await server.quiet()
    assert server.sent(group) == []
    assert await tables(store) == before


@pytest.mark.parametrize("kind", DESK_PRESSES, ids=lambda kind: kind.code)
async def test_a_forged_button_of_the_desk_does_nothing(
    server: RehearsalServer, store: Database, kind: type[presses.Press]
) -> None:
    stranger = server.world.person("Stranger")
    theirs = server.world.private(stranger)
    shown = await asked(server, stranger, theirs, "answer 1 | 2")
    await server.quiet()
    before = await tables(store)
    names = [each.name for each in fields(kind)]  # type: ignore[arg-type]
    pressed = kind(**dict.fromkeys(names, 1))
    toast = await server.press_data(stranger, shown, presses.encode(pressed))
    await server.quiet()
    assert toast.text in (screens.OLD_BUTTON, "That button is no longer in use.")
    assert [message.id for message in server.sent(theirs)] == [shown.id]
    assert await tables(store) == before
