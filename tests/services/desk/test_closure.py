"""The story ends when an owner says so twice, and can go on."""

from datetime import datetime, timedelta

import pytest

from bot.errors import DeskError, NotAllowed
from bot.services.answers.index_cache import IndexCache
from bot.services.desk.closure import BUTTON_LASTS, Closure
from bot.services.rights import Actor
from db import story
from db.desk import audit
from db.engine import Database
from db.facts import facts
from db.records.desk import Role
from tests.clocks import Clock
from tests.factories import actor, draft, seat
from tests.samples import AT

OWNER, ADA = 7, 77


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def closing(database: Database, clock: Clock) -> Closure:
    return Closure(database, clock=clock)


async def closed_at(database: Database) -> datetime | None:
    async with database.reading() as session:
        current = await story.get(session)
    return None if current is None else current.closed_at


async def test_it_is_closed_as_asked_and_reopened(database: Database, closing: Closure) -> None:
    owner = await seat(database, OWNER, Role.OWNER)
    asked = await closing.ask(owner, "  the talks\nare over  ")
    assert asked.why == "the talks are over"
    assert await closed_at(database) is None
    assert (await closing.close(owner, asked.number)).closed_at == AT
    for again in (closing.ask(owner, ""), closing.close(owner, asked.number)):
        with pytest.raises(DeskError, match="already"):
            await again
    assert (await closing.reopen(owner)).closed_at is None
    with pytest.raises(DeskError, match="is open"):
        await closing.reopen(owner)
    with pytest.raises(DeskError, match="write /close again"):
        await closing.close(owner, asked.number)
    assert await closed_at(database) is None
    async with database.reading() as session:
        kept = [
            (each.action, each.before, each.after) for each in await audit.newest(session, limit=9)
        ]
    assert kept == [
        ("story.reopen", "closed on 20 May", "open"),
        ("story.close", "open", "closed: the talks are over"),
        ("story.close.asked", None, "the talks are over"),
    ]


async def test_a_revision_counts_each_so_that_answers_follow(
    database: Database, closing: Closure
) -> None:
    owner = await seat(database, OWNER, Role.OWNER)
    revisions = []
    for _ in range(2):
        async with database.reading() as session:
            revisions.append(await story.revision(session))
        await closing.close(owner, (await closing.ask(owner, "")).number)
        await closing.reopen(owner)
    assert revisions == sorted(set(revisions))


async def test_a_button_that_is_old_foreign_or_forged_closes_nothing(
    database: Database, closing: Closure, clock: Clock
) -> None:
    owner, other = await seat(database, OWNER, Role.OWNER), await seat(database, 8, Role.OWNER)
    asked = await closing.ask(owner, "")

    async def refused(who: Actor, number: int) -> None:
        with pytest.raises(DeskError, match="write /close again"):
            await closing.close(who, number)

    await refused(other, asked.number)
    await refused(owner, asked.number + 1)
    await refused(owner, 10**18)
    clock.at += BUTTON_LASTS + timedelta(seconds=1)
    await refused(owner, asked.number)
    kept = await closing.ask(owner, "")
    await closing.keep(owner)
    await refused(owner, kept.number)
    assert await closed_at(database) is None


async def test_closing_costs_no_new_index(database: Database, closing: Closure) -> None:
    owner = await seat(database, OWNER, Role.OWNER)
    async with database.writing() as session:
        await facts.add(session, draft(), editor=None, at=AT)
    cache = IndexCache(database)
    before = await cache.current()
    await closing.close(owner, (await closing.ask(owner, "")).number)
    closed = await cache.current()
    assert closed.story.closed_at == AT
    assert closed.index is before.index
    await closing.reopen(owner)
    assert (await cache.current()).story.closed_at is None


@pytest.mark.parametrize("role", [Role.EDITOR, Role.CONTRIBUTOR, None])
async def test_only_owners_end_the_story(
    database: Database, closing: Closure, role: Role | None
) -> None:
    owner = await seat(database, OWNER, Role.OWNER)
    asked = await closing.ask(owner, "")
    ada = actor(ADA) if role is None else await seat(database, ADA, role)
    for tried in (
        closing.ask(ada, "x"),
        closing.close(ada, asked.number),
        closing.keep(ada),
        closing.reopen(ada),
    ):
        with pytest.raises(NotAllowed):
            await tried
    assert await closed_at(database) is None
    await closing.close(owner, asked.number)
    with pytest.raises(NotAllowed):
        await closing.reopen(ada)
    assert await closed_at(database) == AT
