"""One summary a day at the reader's hour, when something changed, however long the bot was down."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from bot.services.alerts.parcels import Summary
from bot.services.alerts.summaries import GRACE, Summaries, last_moment
from bot.views.alerts import messages as views
from bot.views.message import plain
from db.alerts import recipients
from db.alerts.summaries import Readership
from db.engine import Database
from db.records import ChangeKind
from db.records.alerts import Level
from tests.newsroom import Newsroom

NOON = datetime(2025, 5, 20, 12, 0, tzinfo=UTC)
AT_SIX: dict[str, Any] = {"level": Level.SUMMARY, "summary_at": time(18), "zone": "UTC"}


class Evening(Newsroom):
    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.at = NOON
        self.summarising = Summaries(database, clock=lambda: self.at)

    async def until(self, at: datetime) -> None:
        self.at = at
        await self.summarising.tick()
        await self.summarising.tick()
        await self.pass_time(timedelta(0))


@pytest.fixture
def evening(database: Database) -> Evening:
    return Evening(database)


def summaries(evening: Evening) -> list[tuple[int, list[ChangeKind]]]:
    told = []
    for parcel in evening.post.carried:
        assert isinstance(parcel.tells, Summary)
        told.append((parcel.delivery.chat_id, [change.kind for change in parcel.tells.changes]))
    return told


async def test_a_summary_comes_at_its_hour_with_corrections_first(evening: Evening) -> None:
    await evening.subscribe(1, **AT_SIX)
    fact, other = await evening.fact(), await evening.fact(key="other")
    evening.at += timedelta(hours=1)
    await evening.change(fact, "Three hours.")
    await evening.change(other, "Four hours.", ChangeKind.CORRECTION)
    await evening.until(NOON.replace(hour=17, minute=59))
    assert evening.post.carried == []
    await evening.until(NOON.replace(hour=18))
    await evening.until(NOON.replace(hour=23))
    assert summaries(evening) == [(1, [ChangeKind.CORRECTION, ChangeKind.UPDATE])]
    text = plain(views.alert(evening.post.carried[0]))
    assert text == (
        "2 things changed since 20 May 12:00.\n"
        "• Correction: How long did the call last? Four hours. "
        "We said: About two and a half hours.\n"
        "• Update: How long did the call last? Three hours."
    )


async def test_nothing_changed_nothing_is_sent(evening: Evening) -> None:
    await evening.subscribe(1, **AT_SIX)
    fact = await evening.fact()
    await evening.until(NOON.replace(hour=18))
    first = len(evening.post.carried)
    await evening.change(fact, "About two and a half hours, it says.", ChangeKind.WORDING)
    await evening.until(NOON.replace(hour=18) + timedelta(days=1))
    assert len(evening.post.carried) == first


async def test_each_hears_at_their_own_hour_and_of_their_topics(evening: Evening) -> None:
    await evening.subscribe(1, **AT_SIX)
    await evening.subscribe(2, **{**AT_SIX, "zone": "America/New_York"})
    await evening.subscribe(3, **{**AT_SIX, "topics": ("weather",)})
    fact = await evening.fact()
    evening.at += timedelta(minutes=1)
    await evening.change(fact, "Three hours.")
    await evening.until(NOON.replace(hour=18))
    assert [chat for chat, _ in summaries(evening)] == [1]
    await evening.until(NOON.replace(hour=22))
    assert [chat for chat, _ in summaries(evening)] == [1, 2]


async def test_a_process_that_was_down_makes_up_for_it_within_the_grace(evening: Evening) -> None:
    await evening.subscribe(1, **AT_SIX)
    fact = await evening.fact()
    evening.at += timedelta(minutes=1)
    await evening.change(fact, "Three hours.")
    await evening.until(NOON.replace(hour=18) + GRACE + timedelta(minutes=1))
    assert evening.post.carried == []
    await evening.until(NOON.replace(hour=20) + timedelta(days=1))
    assert summaries(evening) == [(1, [ChangeKind.UPDATE])]


@pytest.mark.parametrize("portions", [0, 1, 2])
async def test_many_get_it_in_portions_and_a_death_between_them_leaves_out_nobody(
    evening: Evening, monkeypatch: pytest.MonkeyPatch, portions: int
) -> None:
    monkeypatch.setattr(recipients, "PORTION", 3)
    await evening.subscribe(*range(1, 11), **AT_SIX)
    fact = await evening.fact()
    evening.at += timedelta(minutes=1)
    await evening.change(fact, "Three hours.")
    evening.at = NOON.replace(hour=18)
    give, given = recipients.to_readers, 0

    async def dying(*args: Any, **kwargs: Any) -> int:
        nonlocal given
        given += 1
        if given > portions:
            raise MemoryError
        return await give(*args, **kwargs)

    monkeypatch.setattr(recipients, "to_readers", dying)
    with pytest.raises(MemoryError):
        await evening.summarising.tick()
    monkeypatch.setattr(recipients, "to_readers", give)
    await evening.until(NOON.replace(hour=18))
    await evening.until(NOON.replace(hour=19))
    assert sorted(chat for chat, _ in summaries(evening)) == list(range(1, 11))


@pytest.mark.parametrize(
    ("at", "struck"),
    [
        ("2025-03-30 16:00", "2025-03-30 16:00"),  # summer time began that night
        ("2025-03-29 17:00", "2025-03-29 17:00"),
        ("2025-03-30 15:59", "2025-03-29 17:00"),
        ("2025-10-26 17:00", "2025-10-26 17:00"),
        ("2025-10-26 16:59", "2025-10-25 16:00"),
    ],
)
def test_the_hour_is_that_of_the_readers_clock(at: str, struck: str) -> None:
    berlin = Readership(zone="Europe/Berlin", summary_at=time(18), topics=(), told_until=NOON)
    when = datetime.fromisoformat(at).replace(tzinfo=UTC)
    expected = datetime.fromisoformat(struck).replace(tzinfo=UTC)
    assert last_moment(berlin, when, zone="UTC") == expected
