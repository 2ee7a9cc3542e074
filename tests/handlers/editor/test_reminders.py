"""The desk is reminded over the wire: in its group, or each of its members."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest_asyncio

from bot.rehearsal.api import faults
from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.world.world import Chat, Person
from db import story
from db.engine import Database
from db.facts import facts, reminders
from db.records import FactDraft
from db.records.desk import Role
from tests.clocks import Clock, until
from tests.handlers.conftest import Start
from tests.handlers.editor.conftest import seated
from tests.samples import AT


@pytest_asyncio.fixture
async def stored(story_file: Path) -> AsyncIterator[Database]:
    """The story before the bot starts, with one fact past its day."""
    opened = await Database.open(story_file)
    async with opened.writing() as session:
        fact = await facts.by_id(session, 3)
        assert fact is not None
        await facts.annotate(session, [(3, replace(FactDraft.of(fact), check_by=AT))])
    yield opened
    await opened.close()


async def left(store: Database, at: datetime) -> int:
    async with store.reading() as session:
        return await reminders.count_due(session, at)


async def noted(store: Database, at: datetime) -> None:
    """Wait until the reminder is noted as told."""

    async def is_noted() -> bool:
        return not await left(store, at)

    await until(is_noted, "that the reminder is noted")


async def test_members_are_reminded_once_and_one_tap_says_that_it_stands(
    server: RehearsalServer, owner: Person, desk: Chat, start: Start, stored: Database, clock: Clock
) -> None:
    owner.has_started = True
    editor = await seated(server, stored, "Eve", Role.EDITOR)
    contributor = await seated(server, stored, "Carl", Role.CONTRIBUTOR)
    contributor.has_started = True
    async with start():
        reminder = await server.next_message(desk)
        assert reminder.text.startswith("1 fact is due for another look.")
        assert "#3 · How long is the bridge? It is 412 metres long." in reminder.text
        await noted(stored, clock())
        await server.press(owner, reminder, "Show #3")
        assert "Next look:" in (await server.next_message(desk)).text
        await server.press(owner, reminder, "Still true")
        checked = await server.next_message(desk)
        assert checked.text.startswith("Checked. #3 still stands: It is 412 metres long.")
        await server.press(owner, reminder, "Still true")
        again = await server.next_message(desk)
        assert again.text == "Nothing changed: #3 was looked at meanwhile."
    async with start():
        await server.quiet()
        assert len(server.sent(desk)) == 4
    # Eve never opened a chat with the bot, and drafts are all that Carl may do.
    assert server.sent(server.world.private(editor)) == []
    assert server.sent(server.world.private(contributor)) == []


async def test_the_group_is_reminded_alone_and_its_members_where_it_is_gone(
    server: RehearsalServer, owner: Person, desk: Chat, start: Start, stored: Database, clock: Clock
) -> None:
    owner.has_started = True
    group = server.world.supergroup("The desk", owner)
    async with stored.writing() as session:
        await story.move_desk(session, group.id)
    await server.add_bot(owner, group)
    async with start():
        assert "due for another look" in (await server.next_message(group)).text
        await noted(stored, clock())
        assert server.sent(desk) == []
    await server.remove_bot(owner, group)
    async with stored.writing() as session:
        fact = await facts.by_id(session, 2)
        assert fact is not None
        await facts.annotate(session, [(2, replace(FactDraft.of(fact), check_by=AT))])
    async with start():
        assert "#2 · When was the bridge closed?" in (await server.next_message(desk)).text


async def test_what_telegram_does_not_take_is_not_noted(
    server: RehearsalServer, owner: Person, desk: Chat, start: Start, stored: Database, clock: Clock
) -> None:
    owner.has_started = True
    server.faults.add(faults.broken(502), method="sendMessage", times=1)
    async with start():
        await server.until(lambda: server.calls("sendMessage"))
        await server.quiet()
        assert server.sent(desk) == []
        assert await left(stored, clock()) == 1
    async with start():
        assert "#3 · How long is the bridge?" in (await server.next_message(desk)).text
