"""Updates: stored before they are confirmed, each done once."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from bot.services.answers.reader import ReaderAnswers
from bot.services.answers.results import Place
from bot.services.rights import acting
from bot.services.updates import AT_HAND, ATTEMPTS, KEPT, Body, Updates
from db import updates as table
from db.engine import Database
from db.records import ChatKind
from db.records.desk import Role
from db.records.updates import UpdateState
from tests import bridge
from tests.clocks import Clock
from tests.factories import actor, seat

KEEP = timedelta(days=30)
PLACE = Place(chat_id=5, kind=ChatKind.PRIVATE)


def update(number: int, **fields: Any) -> Body:
    return {"update_id": number, **fields}


@pytest.fixture
def updates(database: Database, clock: Clock) -> Updates:
    return Updates(database, keep=KEEP, clock=clock)


async def left(database: Database) -> dict[int, UpdateState]:
    async with database.reading() as session:
        return {each.id: each.state for each in await table.unfinished(session)}


async def test_what_comes_again_is_taken_in_once(updates: Updates) -> None:
    first, second = update(1, text="“Grüße” \ud800"), update(2)
    assert await updates.receive([second, first, first]) == [first, second]
    assert await updates.receive([first, second]) == []
    async with updates.working(1):
        pass
    assert await updates.receive([first]) == []


async def test_what_is_not_done_is_there_after_a_restart(
    updates: Updates, database: Database
) -> None:
    await updates.receive([update(1, text="a"), update(2, text="b"), update(3)])
    async with updates.working(2):
        pass
    with suppress(asyncio.CancelledError):
        async with updates.working(3):
            raise asyncio.CancelledError
    after = await Updates(database, keep=KEEP).unfinished()
    assert after.waiting == (update(1, text="a"), update(3))
    assert after.acted == ()


async def test_what_ends_process_after_process_is_set_aside(
    updates: Updates, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await updates.receive([update(1)])
    for _ in range(ATTEMPTS):
        assert (await Updates(database, keep=KEEP).unfinished()).waiting == (update(1),)
    assert (await Updates(database, keep=KEEP).unfinished()).waiting == ()
    assert "set aside" in caplog.text
    assert await updates.receive([update(1)]) == []


async def test_what_made_a_handler_fail_is_kept_apart(updates: Updates, database: Database) -> None:
    await updates.receive([update(1), update(2)])
    with pytest.raises(ValueError, match="broken"):
        async with updates.working(1):
            raise ValueError("broken")
    async with updates.working(2):
        updates.failed()
    assert await left(database) == {}
    assert await updates.receive([update(1), update(2)]) == []


async def test_an_answer_that_reached_nobody_is_asked_for_again(
    updates: Updates, database: Database
) -> None:
    await bridge.fill(database)
    reader = ReaderAnswers(database)
    await updates.receive([update(1)])
    with suppress(asyncio.CancelledError):
        async with updates.working(1):
            lost = await reader.answer("When was the bridge opened? Who?", PLACE, message_id=7)
            raise asyncio.CancelledError
    assert (await Updates(database, keep=KEEP).unfinished()).waiting == (update(1),)
    async with updates.working(1):
        given = await reader.answer("When was the bridge opened?", PLACE, message_id=7)
        assert lost.exchange_id is not None
        assert given.exchange_id is not None
        assert await reader.other(lost.exchange_id, chat_id=5) is None
        await reader.delivered(given.exchange_id, 8)
        assert await left(database) == {}
    assert await reader.other(given.exchange_id, chat_id=5) is not None


async def test_what_a_member_of_the_desk_did_is_not_done_again(
    updates: Updates, database: Database, clock: Clock
) -> None:
    await bridge.fill(database)
    await seat(database, 77, Role.EDITOR)
    await updates.receive([update(1)])
    with suppress(asyncio.CancelledError):
        async with updates.working(1):
            async with acting(database, actor(77), Role.EDITOR, "fact.add", at=clock()):
                pass
            raise asyncio.CancelledError
    after = await Updates(database, keep=KEEP).unfinished()
    assert after.waiting == ()
    assert after.acted == (update(1),)


async def test_an_action_that_failed_may_be_done_again(
    updates: Updates, database: Database, clock: Clock
) -> None:
    await bridge.fill(database)
    await seat(database, 77, Role.EDITOR)
    await updates.receive([update(1)])
    with suppress(asyncio.CancelledError):
        async with (
            updates.working(1),
            acting(database, actor(77), Role.EDITOR, "fact.add", at=clock()),
        ):
            raise asyncio.CancelledError
    assert await left(database) == {1: UpdateState.WAITING}


async def test_while_too_many_are_at_hand_none_are_asked_for(updates: Updates) -> None:
    await updates.receive([update(number) for number in range(AT_HAND)])
    waiting = asyncio.create_task(updates.room())
    await asyncio.sleep(0)
    assert not waiting.done()
    await updates.drop(0)
    await waiting


async def test_of_what_is_done_not_even_the_number_stays_for_ever(
    updates: Updates, database: Database, clock: Clock
) -> None:
    await updates.receive([update(1, text="a reader's words"), update(2)])
    await updates.drop(1)
    await updates.set_aside(2)
    async with database.reading() as session:
        connection = await session.connection()
        rows = (await connection.exec_driver_sql("SELECT id, body FROM updates")).all()
    assert rows[0] == (1, "")
    clock.pass_(KEPT.total_seconds() + 1)
    await updates.forget()
    assert await updates.receive([update(1), update(2)]) == [update(1)]
    clock.pass_(KEEP.total_seconds())
    await updates.forget()
    assert await updates.receive([update(2)]) == [update(2)]
