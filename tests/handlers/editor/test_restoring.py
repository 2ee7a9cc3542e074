"""A backup that was restored: the desk is asked, and nothing goes out before it says so."""

from pathlib import Path

from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.world.world import Chat, Person
from bot.services.files import backups, restoration
from db.engine import Database
from db.records.desk import Role
from tests.clocks import Clock
from tests.factories import seat
from tests.handlers.conftest import Runs, Start
from tests.newsroom import Newsroom


async def restored(path: Path, owner: Person, reader: Person, clock: Clock) -> None:
    """Restore a backup of a story in which an alert to `reader` was not sent yet."""
    database = await Database.open(path)
    await seat(database, owner.id, Role.OWNER, name="Owner")
    room = Newsroom(database)
    room.at = clock.at
    await room.subscribe(reader.id)
    await room.added("The mayor resigned.", key="mayor")
    await database.close()
    await restoration.restore(backups.make(path, None, at=clock.at), path, at=clock.at)


async def test_the_desk_is_asked_at_start_and_its_tap_lets_it_go_out(
    server: RehearsalServer,
    start: Start,
    runs: Runs,
    story_file: Path,
    owner: Person,
    desk: Chat,
    clock: Clock,
) -> None:
    reader = server.world.person("Reader")
    private = server.world.private(reader)
    owner.has_started = reader.has_started = True
    await restored(story_file, owner, reader, clock)
    clock.pass_(3600)
    async with start():
        question = await server.next_message(desk)
        assert "A backup was restored" in question.text
        assert "The mayor resigned." in question.text
        await runs.pass_("alerts")
        assert not any("resigned" in each.text for each in server.world.history(private))
        await server.press(owner, question, "Send it")
        told = await server.next_message(private)
        assert "The mayor resigned." in told.text
        await runs.pass_("alerts")
    texts = [each.text for each in server.world.history(private)]
    assert sum("The mayor resigned." in each for each in texts) == 1
