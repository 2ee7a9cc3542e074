"""A backup comes back whole, and sends nothing that may have gone out meanwhile."""

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.errors import NotAllowed
from bot.services.alerts.pending_sends import PendingReview
from bot.services.answers.index_cache import IndexCache
from bot.services.answers.reader import ReaderAnswers
from bot.services.files import backups, restoration
from bot.services.files.restoration import Restored
from bot.services.questions.escalations import Escalations
from db import updates
from db.desk import audit
from db.engine import Database
from db.errors import StoreFault
from db.questions import questions
from db.records.alerts import Level
from db.records.desk import Role, Wait
from db.subscriptions import subscriptions
from db.tables.desk import DeskQuestionRow
from db.tables.story import FactRow
from tests import bridge
from tests.clocks import Clock
from tests.desk import waiting_for
from tests.factories import seat
from tests.newsroom import Newsroom
from tests.samples import AT
from tests.services.answers.test_reader import READER

QUESTIONS = ("How long is the bridge?", "When was the bridge opened?", "Who paid?")


async def answers(database: Database) -> list[str]:
    reader = ReaderAnswers(database)
    said = []
    for question in QUESTIONS:
        answer = await reader.answer(question, READER)
        assert answer is not None
        said.append(f"{answer.outcome} {[found.fact.text for found in answer.told]}")
    return said


async def subscribers(database: Database) -> list[int]:
    async with database.reading() as session:
        return [
            chat
            for chat in (500, 501, 502)
            if await subscriptions.of_chat(session, chat) is not None
        ]


async def waiting(database: Database) -> list[tuple[str, Wait]]:
    async with database.reading() as session:
        rows = await session.execute(select(DeskQuestionRow).order_by(DeskQuestionRow.id))
        return [(each.question, each.state) for each in rows.scalars()]


async def restored(backup: Path, database: Path) -> tuple[Restored, Database]:
    done = await restoration.restore(backup, database, at=AT)
    return done, await Database.open(database)


async def test_backup_wipe_restore_gives_everything_back(database: Database) -> None:
    await bridge.name(database)
    await bridge.fill(database)
    room = Newsroom(database)
    await room.subscribe(500, 501)
    await waiting_for(database, "Who pays for it?", [502])
    before = (await answers(database), await subscribers(database), await waiting(database))
    backup = backups.make(database.path, None, at=AT)
    path = database.path
    await database.close()
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()
    done, again = await restored(backup, path)
    try:
        assert done.replaced is None
        assert not done.pending.any
        assert (await answers(again), await subscribers(again), await waiting(again)) == before
        async with again.reading() as session:
            assert await audit.last_of(session, "backup.restore") is not None
    finally:
        await again.close()
    assert path.stat().st_mode & 0o077 == 0


async def under_way(database: Database) -> Path:
    """Return a backup made while an alert, an answer of the desk and an update were under way."""
    await bridge.name(database)
    await bridge.fill(database)
    room = Newsroom(database)
    await room.subscribe(500, 501)
    await room.subscribe(502, level=Level.SUMMARY)
    await room.added("The mayor resigned.", key="mayor")
    number = await waiting_for(database, "Who pays for it?", [503])
    async with database.writing() as session:
        await questions.settle(session, number, Wait.ANSWERED, at=AT, by=None, fact_id=1)
        await updates.store(session, {7: '{"update_id":7}'}, AT)
    return backups.make(database.path, None, at=AT)


async def sent(room: Newsroom) -> list[int]:
    await room.pass_time()
    return sorted(room.post.chats)


async def due(database: Database, clock: Clock) -> list[int]:
    escalations = Escalations(database, IndexCache(database), clock=clock)
    return [each.chat_id for each in await escalations.due(limit=10)]


@pytest.mark.parametrize("decision", ["release", "drop"])
async def test_what_was_under_way_waits_for_the_desk(
    database: Database, clock: Clock, decision: str
) -> None:
    backup = await under_way(database)
    await database.close()
    done, again = await restored(backup, database.path)
    try:
        assert done.replaced is not None
        assert done.replaced.exists()
        assert (done.pending.alerts, done.pending.readers, done.pending.updates) == (1, 1, 1)
        room, review = Newsroom(again), PendingReview(again, clock=clock)
        room.at = clock.at = AT.replace(year=AT.year + 1)
        assert await sent(room) == []
        assert await due(again, clock) == []
        asked = await review.open()
        assert asked is not None
        assert asked.texts == ("The mayor resigned.",)
        editor = await seat(again, 77, Role.EDITOR)
        with pytest.raises(NotAllowed):
            await getattr(review, decision)(await seat(again, 78, Role.CONTRIBUTOR))
        assert await getattr(review, decision)(editor) is not None
        assert await review.open() is None
        assert await getattr(review, decision)(editor) is None
        assert await sent(room) == ([500, 501] if decision == "release" else [])
        assert await due(again, clock) == ([503] if decision == "release" else [])
    finally:
        await again.close()


async def test_numbers_that_were_given_since_the_backup_are_not_given_again(
    database: Database,
) -> None:
    backup = await under_way(database)
    room = Newsroom(database)
    newest = await room.fact(text="Since the backup.", key="since")
    await database.close()
    _, again = await restored(backup, database.path)
    try:
        fact = await Newsroom(again).fact(text="After it.", key="after")
        assert fact.id > newest.id
        async with again.reading() as session:
            assert await session.get(FactRow, newest.id) is None
    finally:
        await again.close()


async def test_a_backup_that_is_damaged_changes_nothing(database: Database) -> None:
    await bridge.fill(database)
    backup = backups.make(database.path, None, at=AT)
    content = bytearray(backup.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 4096] = b"\xff" * 4096
    backup.write_bytes(content)
    before = {each.name for each in backup.parent.iterdir()}
    with pytest.raises(StoreFault, match="damaged"):
        await restoration.restore(backup, database.path, at=AT)
    assert {each.name for each in backup.parent.iterdir()} == before
