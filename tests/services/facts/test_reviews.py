"""Other ways of asking, and when to look again."""

from datetime import UTC, datetime

import pytest

from bot.errors import DeskError, NotAllowed
from bot.services.facts.reviews import Reviews
from db.engine import Database
from db.records.desk import Role
from tests.clocks import Clock
from tests.factories import actor, seat
from tests.services.newsdesk import LATER, added, fact, order, records


@pytest.fixture
def keeping(database: Database) -> Reviews:
    return Reviews(database, clock=Clock(LATER))


async def test_a_way_of_asking_is_added_without_a_version(
    database: Database, keeping: Reviews
) -> None:
    ada = await seat(database)
    await added(database)
    phrased = await keeping.phrase(ada, order("1 how long were they  on the phone"))
    assert phrased.phrasing == "how long were they on the phone"
    after = await fact(database)
    assert after.phrasings[-1] == "how long were they on the phone"
    assert after.version == 1
    (entry,) = await records(database)
    assert (entry.action, entry.after) == ("fact.phrase", "how long were they on the phone")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("1", "In which other words"),
        ("1 Duration of the Call?", "#1 is asked in these words already"),
        ("1 how wide is it", "#2 is asked in these words. #2 · How wide is it\\? 12 metres."),
        ("1 its width", "#2 is asked in these words"),
        ("1 " + "x" * 301, "301 characters"),
        ("9 words", "no fact #9"),
    ],
)
async def test_a_way_of_asking_that_is_taken_or_no_good_is_refused(
    database: Database, keeping: Reviews, words: str, says: str
) -> None:
    ada = await seat(database)
    before = await added(database)
    await added(
        database,
        key="width",
        question="How wide is it?",
        text="12 metres.",
        phrasings=("ITS width",),
    )
    with pytest.raises(DeskError, match=says):
        await keeping.phrase(ada, order(words))
    assert await fact(database) == before
    assert await records(database) == []


async def test_a_fact_that_still_stands_is_looked_at_again_later(
    database: Database, keeping: Reviews
) -> None:
    ada = await seat(database)
    await added(database, check_by=datetime(2025, 5, 20, 9, 30, tzinfo=UTC))
    checked = await keeping.still(ada, order("1 next look at 18:00"))
    assert checked.fact.check_by == datetime(2025, 5, 20, 18, 0, tzinfo=UTC)
    assert (await fact(database)).check_by == checked.fact.check_by
    assert (await keeping.still(ada, order("#1"))).fact.check_by is None
    after = await fact(database)
    assert (after.check_by, after.version) == (None, 1)
    assert len(after.phrasings) == 2
    kept = await records(database)
    assert [each.action for each in kept] == ["fact.still"] * 2
    assert (kept[0].before, kept[0].after) == ("2025-05-20T09:30+00:00", "2025-05-20T18:00+00:00")
    with pytest.raises(DeskError, match="the next look is “yesterday”"):
        await keeping.still(ada, order("1 yesterday"))


async def test_only_editors_keep_facts(database: Database, keeping: Reviews) -> None:
    carl = await seat(database, 80, Role.CONTRIBUTOR, name="Carl")
    before = await added(database)
    for somebody in (carl, actor(99), actor(80, chat=-5)):
        for tried in (
            keeping.phrase(somebody, order("1 words")),
            keeping.still(somebody, order("1")),
        ):
            with pytest.raises(NotAllowed):
                await tried
    assert await fact(database) == before
