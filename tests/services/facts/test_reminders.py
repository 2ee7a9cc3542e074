"""The desk is reminded of each fact once for each time it was due, by day, in an open story."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.errors import DeskError
from bot.services.facts.reminders import FIRST_PAUSE, SHOWN, Reminder, Reminders
from bot.services.facts.reviews import Reviews
from db import story
from db.engine import Database
from db.facts import facts
from db.records import ChangeKind, FactDraft, Status
from db.records.desk import Role
from tests.clocks import Clock
from tests.factories import draft, seat
from tests.samples import AT
from tests.services.newsdesk import LATER, added, fact, order


@pytest.fixture
def clock() -> Clock:
    return Clock(LATER)


@pytest.fixture
def reminding(database: Database, clock: Clock) -> Reminders:
    return Reminders(database, clock=clock)


async def numbers(reminding: Reminders, *, taken: bool = True) -> list[int]:
    """Return what the desk is reminded of by a tick, whether or not any chat took it."""
    told: list[int] = []

    async def tell(reminder: Reminder) -> bool:
        told.extend(each.fact.id for each in reminder.first)
        return taken

    await reminding.tick(tell)
    return told


async def look_at(database: Database, number: int, when: datetime | None) -> None:
    wished = FactDraft.of(await fact(database, number))
    async with database.writing() as session:
        await facts.annotate(session, [(number, replace(wished, check_by=when))])


async def test_each_fact_comes_once_for_each_time(
    database: Database, reminding: Reminders, clock: Clock
) -> None:
    await added(database, check_by=clock.at + timedelta(minutes=2))
    await added(database, key="never")
    assert await numbers(reminding) == []
    clock.pass_(120)
    assert await numbers(reminding) == [1]
    assert await numbers(reminding) == []
    await look_at(database, 1, clock.at + timedelta(minutes=1))
    clock.pass_(60)
    assert await numbers(reminding) == [1]
    clock.pass_(3600)
    assert await numbers(reminding) == []


async def test_what_nobody_took_comes_again_later_in_another_process_too(
    database: Database, reminding: Reminders, clock: Clock
) -> None:
    await added(database, check_by=AT)
    for minutes in (1, 2, 4):
        assert await numbers(reminding, taken=False) == [1]
        clock.pass_(minutes * FIRST_PAUSE.total_seconds() - 1)
        assert await numbers(reminding) == []
        clock.pass_(1)
    assert await numbers(reminding, taken=False) == [1]
    assert await numbers(Reminders(database, clock=clock)) == [1]
    clock.pass_(3600)
    assert await reminding.due() is None


async def test_what_became_due_while_the_message_was_sent_is_not_lost(
    database: Database, reminding: Reminders
) -> None:
    await added(database, check_by=AT)

    async def tell(_: Reminder) -> bool:
        await added(database, key="late", check_by=AT)
        assert await numbers(reminding) == []  # one tick at a time
        return True

    await reminding.tick(tell)
    assert await numbers(reminding) == [2]


async def test_hundreds_at_once_are_one_reminder(database: Database, reminding: Reminders) -> None:
    drafts = [
        draft(key=f"k{number}", phrasings=(), check_by=AT - timedelta(minutes=number))
        for number in range(300)
    ]
    async with database.writing() as session:
        await facts.add_all(session, drafts, editor=None, at=AT)
    due = await reminding.due()
    assert due is not None
    assert (due.count, [each.fact.id for each in due.first]) == (300, [300, 299, 298, 297, 296])
    assert len(due.first) == SHOWN
    assert len(await numbers(reminding)) == SHOWN
    assert await reminding.due() is None


async def test_withdrawn_facts_and_closed_stories_remind_nobody(
    database: Database, reminding: Reminders, clock: Clock
) -> None:
    gone = await added(database, check_by=AT)
    async with database.writing() as session:
        wished = replace(FactDraft.of(gone), status=Status.WITHDRAWN)
        kind = ChangeKind.WITHDRAWAL
        await facts.revise(session, 1, 1, wished, kind=kind, reason=None, editor=None, at=AT)
    assert await reminding.due() is None
    await added(database, key="open", check_by=AT)
    async with database.writing() as session:
        await story.close(session, clock.at)
    assert await reminding.due() is None
    async with database.writing() as session:
        await story.close(session, None)
    assert await numbers(reminding) == [2]


@pytest.mark.parametrize(("hour", "reminded"), [(6, 0), (7, 1), (21, 1), (22, 0)])
async def test_nothing_sounds_at_night_on_the_storys_clock(
    database: Database, reminding: Reminders, clock: Clock, hour: int, reminded: int
) -> None:
    await added(database, check_by=AT - timedelta(days=2))
    async with database.writing() as session:
        current = await story.get(session)
        assert current is not None
        content = {name: getattr(current, name) for name in ("title", "about", "language")}
        await story.save(session, **content, lexicon=current.lexicon, time_zone="Asia/Tokyo")
    clock.at = AT.replace(hour=hour) - timedelta(hours=9)
    assert len(await numbers(reminding)) == reminded


async def test_editors_and_owners_hear_it_and_when_the_fact_was_last_checked(
    database: Database, reminding: Reminders, clock: Clock
) -> None:
    ada = await seat(database)
    await seat(database, 78, Role.OWNER, name="Olga")
    await seat(database, 79, Role.CONTRIBUTOR, name="Carl")
    await added(database, check_by=clock.at)
    assert (await _due(reminding)).members == (77, 78)
    assert (await _due(reminding)).first[0].checked_at == AT
    await Reviews(database, clock=clock).still(ada, order("1 next look in 2 hours"))
    checked = clock.at
    clock.pass_(7200)
    assert (await _due(reminding)).first[0].checked_at == checked


async def test_the_button_confirms_only_what_the_reminder_showed(
    database: Database, clock: Clock
) -> None:
    ada, keeping = await seat(database), Reviews(database, clock=clock)
    before = await added(database, check_by=AT)
    seconds = int(AT.timestamp())
    for version, due, says in ((2, seconds, "something else"), (1, seconds + 60, "meanwhile")):
        with pytest.raises(DeskError, match=says):
            await keeping.stands(ada, 1, version=version, due=due)
    assert await fact(database) == before
    assert (await keeping.stands(ada, 1, version=1, due=seconds)).fact.check_by is None
    assert (await fact(database)).check_by is None
    with pytest.raises(DeskError, match="looked at meanwhile"):
        await keeping.stands(ada, 1, version=1, due=seconds)


async def _due(reminding: Reminders) -> Reminder:
    due = await reminding.due()
    assert due is not None
    return due
