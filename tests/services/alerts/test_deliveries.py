"""Alerts reach everybody once: fanned out, leased, sent, settled."""

import asyncio
from datetime import time, timedelta
from typing import Any

import pytest

from bot.services.alerts.announcements import HOLD
from bot.services.alerts.channel import ChannelAlerts
from bot.services.alerts.deliveries import GIVEN_UP_AFTER, RETRIES, Deliveries
from bot.services.alerts.parcels import Parcel, Posted
from db.alerts import alerts
from db.engine import Database
from db.facts import facts
from db.records import ChangeKind, Weight
from db.records.alerts import AlertKind, AlertState, DeliveryState, Level
from db.records.desk import Role
from db.subscriptions import subscriptions
from tests.factories import draft, seat
from tests.newsroom import Newsroom, Postman, change_of, subscribers
from tests.samples import AT
from tests.scale import sized


@pytest.fixture
def newsroom(database: Database) -> Newsroom:
    return Newsroom(database)


async def test_an_update_reaches_each_subscriber_once_after_the_hold(newsroom: Newsroom) -> None:
    await newsroom.subscribe(1, 2, 3)
    await newsroom.subscribe(4, level=Level.SUMMARY)
    fact = await newsroom.fact()
    await newsroom.change(fact, "Three hours.")
    await newsroom.pass_time(HOLD - timedelta(seconds=1))
    assert newsroom.post.carried == []
    await newsroom.pass_time(timedelta(seconds=1))
    await newsroom.pass_time()
    assert sorted(newsroom.post.chats) == [1, 2, 3]
    assert {change_of(parcel).fact.text for parcel in newsroom.post.carried} == {"Three hours."}
    was = change_of(newsroom.post.carried[0]).was
    assert was is not None
    assert was.text == "About two and a half hours."
    async with newsroom.database.reading() as session:
        (alert,) = await alerts.in_state(session, list(AlertState))
    assert alert.state is AlertState.DONE


async def test_edits_that_follow_while_unsent_are_one_alert_with_the_newest_text(
    newsroom: Newsroom,
) -> None:
    await newsroom.subscribe(1, 2)
    fact = await newsroom.fact()
    for number in range(5):
        await newsroom.change(fact, f"{number} hours.")
        newsroom.at += timedelta(seconds=5)
    await newsroom.pass_time()
    assert sorted(newsroom.post.chats) == [1, 2]
    (first, _) = newsroom.post.carried
    assert change_of(first).fact.text == "4 hours."
    was = change_of(first).was
    assert was is not None
    assert was.version == 1


@pytest.mark.parametrize(
    ("wish", "hears"),
    [
        ({"level": Level.EVERY}, True),
        ({"level": Level.BIG}, False),
        ({"level": Level.EVERY, "topics": ("call",)}, True),
        ({"level": Level.EVERY, "topics": ("money", "weather")}, False),
        ({"level": Level.SUMMARY}, False),
    ],
)
async def test_subscribers_hear_what_they_wished_for(
    newsroom: Newsroom,
    wish: dict[str, Any],
    hears: bool,  # noqa: FBT001 - what the case expects
) -> None:
    await newsroom.subscribe(1, **wish)
    async with newsroom.database.writing() as session:
        fact = await facts.add(session, draft(weight=Weight.ORDINARY), editor=None, at=AT)
    await newsroom.change(fact, "Three hours.")
    await newsroom.pass_time()
    assert newsroom.post.chats == ([1] if hears else [])


async def test_who_follows_a_fact_hears_of_it_once_whatever_else_they_wished(
    newsroom: Newsroom,
) -> None:
    await newsroom.subscribe(1, 2)
    await newsroom.subscribe(3, level=Level.SUMMARY)
    fact = await newsroom.fact()
    other = await newsroom.fact(key="other")
    async with newsroom.database.writing() as session:
        for chat_id in (1, 3):
            assert await subscriptions.follow(session, chat_id, fact.id, thread_id=None, at=AT)
        assert not await subscriptions.follow(session, 1, fact.id, thread_id=None, at=AT)
    await newsroom.change(fact, "Three hours.")
    await newsroom.pass_time()
    assert sorted(newsroom.post.chats) == [1, 2, 3]
    await newsroom.change(other, "Four hours.")
    await newsroom.pass_time()
    assert sorted(newsroom.post.chats) == [1, 1, 2, 2, 3]


async def test_a_correction_reaches_those_who_were_told_first_and_once(
    newsroom: Newsroom,
) -> None:
    fact = await newsroom.fact()
    await newsroom.subscribe(1, 2)
    await newsroom.told(2, fact, message=40)
    await newsroom.told(2, fact, message=50)
    await newsroom.told(9, fact, message=60)
    await newsroom.change(fact, "Three hours.", ChangeKind.CORRECTION)
    await newsroom.pass_time()
    kinds = [(p.alert.kind, p.delivery.chat_id) for p in newsroom.post.carried]
    assert sorted(kinds[:2]) == [(AlertKind.CORRECTION, 2), (AlertKind.CORRECTION, 9)]
    assert kinds[2:] == [(AlertKind.NEWS, 1)]
    second = next(p for p in newsroom.post.carried if p.delivery.chat_id == 2)
    assert second.delivery.reply_to == 50
    assert [each.message_id for each in second.edits] == [51, 41]


async def test_an_alert_of_the_error_is_corrected_too(newsroom: Newsroom) -> None:
    await newsroom.subscribe(1)
    fact = await newsroom.fact()
    wrong = await newsroom.change(fact, "Three hours.")
    await newsroom.pass_time()
    await newsroom.subscribe(2)
    await newsroom.change(wrong, "Two hours.", ChangeKind.CORRECTION)
    await newsroom.pass_time()
    kinds = [(p.alert.kind, p.delivery.chat_id) for p in newsroom.post.carried]
    assert kinds[1:] == [(AlertKind.CORRECTION, 1), (AlertKind.NEWS, 2)]


async def test_what_is_taken_back_in_time_is_told_to_nobody(newsroom: Newsroom) -> None:
    await newsroom.subscribe(1)
    fact = await newsroom.fact()
    await newsroom.change(fact, "Three hours.")
    await newsroom.change(fact, fact.text, ChangeKind.UNDO)
    await newsroom.pass_time()
    await newsroom.change(fact, "About two and a half hours, it says.", ChangeKind.WORDING)
    await newsroom.pass_time()
    assert newsroom.post.carried == []


async def test_ordinary_news_waits_for_the_morning_and_a_correction_comes_silently(
    newsroom: Newsroom,
) -> None:
    newsroom.at = AT.replace(hour=23)
    await newsroom.subscribe(1, quiet_from=time(22), quiet_to=time(7))
    fact = await newsroom.fact()
    other = await newsroom.fact(key="other")
    await newsroom.change(fact, "Three hours.")
    await newsroom.pass_time()
    assert newsroom.post.carried == []
    await newsroom.change(other, "Four hours.", ChangeKind.CORRECTION)
    await newsroom.pass_time()
    assert [(change_of(p).fact.key, p.silent) for p in newsroom.post.carried] == [("other", True)]
    await newsroom.pass_time(timedelta(hours=8))
    assert [(change_of(p).fact.key, p.silent) for p in newsroom.post.carried[1:]] == [
        ("call-length", False)
    ]


async def test_quiet_hours_are_looked_at_again_just_before_sending(newsroom: Newsroom) -> None:
    newsroom.at = AT.replace(hour=21, minute=59)
    await newsroom.subscribe(1, quiet_from=time(22), quiet_to=time(7))
    fact = await newsroom.fact()
    await newsroom.change(fact, "Three hours.")
    newsroom.at += HOLD
    await newsroom.broadcasting.tick()
    newsroom.at += timedelta(minutes=1)
    await newsroom.delivering.tick()
    assert newsroom.post.carried == []
    await newsroom.pass_time(timedelta(hours=9))
    assert newsroom.post.chats == [1]


async def test_who_is_gone_is_not_tried_again_until_they_write(newsroom: Newsroom) -> None:
    await newsroom.subscribe(1, 2)
    newsroom.post.fails[1] = [DeliveryState.GONE]
    fact = await newsroom.fact()
    await newsroom.change(fact, "Three hours.")
    await newsroom.pass_time()
    await newsroom.change(fact, "Four hours.")
    await newsroom.pass_time()
    assert newsroom.post.chats == [2, 2]
    await newsroom.told(1, fact, message=7)
    await newsroom.change(fact, "Five hours.")
    await newsroom.pass_time()
    assert sorted(newsroom.post.chats) == [1, 2, 2, 2]


async def test_order_in_a_chat_holds_while_one_is_repeated(newsroom: Newsroom) -> None:
    await newsroom.subscribe(1)
    newsroom.post.fails[1] = [DeliveryState.WAITING]
    fact = await newsroom.fact()
    other = await newsroom.fact(key="other")
    await newsroom.change(fact, "Three hours.")
    await newsroom.change(other, "Four hours.")
    await newsroom.pass_time()
    assert newsroom.post.carried == []
    await newsroom.pass_time(timedelta(minutes=1))
    assert [change_of(p).fact.key for p in newsroom.post.carried] == ["call-length", "other"]


async def test_what_never_gets_through_is_given_up(newsroom: Newsroom) -> None:
    await newsroom.subscribe(1)
    newsroom.post.fails[1] = [DeliveryState.WAITING] * GIVEN_UP_AFTER
    await newsroom.change(await newsroom.fact(), "Three hours.")
    await newsroom.pass_time(timedelta(minutes=5))
    for _ in range(GIVEN_UP_AFTER - 2):
        await newsroom.pass_time_for_deliveries(timedelta(minutes=5))
    assert await newsroom.states() == {DeliveryState.WAITING: 1}
    await newsroom.pass_time(timedelta(minutes=5))
    assert await newsroom.states() == {DeliveryState.REFUSED: 1}


async def test_an_outage_of_hours_loses_nobody_and_hammers_nobody(newsroom: Newsroom) -> None:
    await newsroom.subscribe(*range(1, 101))
    newsroom.post.down = True
    await newsroom.change(await newsroom.fact(), "Three hours.")
    newsroom.at += HOLD
    await newsroom.broadcasting.tick()
    for _ in range(120):  # a tick a second, for two minutes, and one an hour later
        newsroom.at += timedelta(seconds=1)
        await newsroom.delivering.tick()
    assert newsroom.post.tries <= newsroom.delivering.window * 2 + 120
    newsroom.post.down = False
    for _ in range(sized(5, 100)):
        await newsroom.pass_time(timedelta(minutes=5))
    assert sorted(newsroom.post.chats) == list(range(1, 101))


async def test_what_is_told_to_wait_has_not_been_tried(newsroom: Newsroom) -> None:
    await newsroom.subscribe(1)
    newsroom.post.waits = [timedelta(seconds=30)] * GIVEN_UP_AFTER
    await newsroom.change(await newsroom.fact(), "Three hours.")
    await newsroom.pass_time()
    for _ in range(GIVEN_UP_AFTER - 1):
        await newsroom.pass_time_for_deliveries(timedelta(seconds=30))
    assert newsroom.post.carried == []
    assert newsroom.post.waits == []
    await newsroom.pass_time(timedelta(seconds=30))
    assert [parcel.delivery.attempts for parcel in newsroom.post.carried] == [1]


async def test_nothing_is_leased_while_nothing_may_leave(newsroom: Newsroom) -> None:
    await newsroom.subscribe(1, 2)
    newsroom.post.closed = True
    await newsroom.change(await newsroom.fact(), "Three hours.")
    await newsroom.pass_time()
    assert await newsroom.states() == {DeliveryState.WAITING: 2}
    newsroom.post.closed = False
    await newsroom.pass_time(timedelta(seconds=1))
    assert sorted(newsroom.post.chats) == [1, 2]


async def test_it_is_counted_of_how_many_nobody_knows_whether_it_came_once(
    newsroom: Newsroom,
) -> None:
    await newsroom.subscribe(1, 2, 3)
    newsroom.post.unsure = {2}
    fact = await newsroom.fact()
    await newsroom.change(fact, "Three hours.")
    seen = await newsroom.steering.announced(fact.id)
    assert seen is not None
    await newsroom.steering.watch(seen.alert.id, chat_id=7, message_id=1)
    await newsroom.pass_time()
    await newsroom.pass_time(RETRIES[0])
    (seen,) = await newsroom.steering.watched()
    assert (seen.tally.sent, seen.tally.unsure) == (3, 1)


async def test_a_later_update_within_ten_minutes_amends_the_message(newsroom: Newsroom) -> None:
    await newsroom.subscribe(1)
    fact = await newsroom.fact()
    await newsroom.change(fact, "Three hours.")
    await newsroom.pass_time()
    await newsroom.subscribe(2)
    await newsroom.change(fact, "Four hours.")
    await newsroom.pass_time()
    await newsroom.pass_time(timedelta(minutes=11))
    await newsroom.change(fact, "Five hours.")
    await newsroom.pass_time()
    amended = [(p.delivery.chat_id, p.delivery.amends) for p in newsroom.post.carried]
    assert amended[:3] == [(1, None), (1, 1), (2, None)]
    assert amended[3:] == [(1, None), (2, None)]


async def test_stopped_half_way_and_carried_on(newsroom: Newsroom) -> None:
    ada = await seat(newsroom.database)
    await newsroom.subscribe(*range(1, 21))
    await newsroom.change(await newsroom.fact(), "Three hours.")
    newsroom.at += HOLD
    await newsroom.broadcasting.tick()
    (alert,) = await _alerts(newsroom)

    async def stop_after_seven(parcel: Parcel) -> Posted:
        if len(newsroom.post.carried) > 7:
            await newsroom.steering.hold(ada, alert)
        return await Postman.carry(newsroom.post, parcel)

    newsroom.post.carry = stop_after_seven  # type: ignore[method-assign]
    await newsroom.delivering.tick()
    await newsroom.broadcasting.tick()
    await newsroom.steering.watch(alert, chat_id=7, message_id=1)
    (progress,) = await newsroom.steering.watched()
    assert progress.ended
    assert 8 <= progress.tally.sent <= 16
    assert progress.tally.dropped == 20 - progress.tally.sent
    newsroom.post.carry = Postman.carry.__get__(newsroom.post)  # type: ignore[method-assign]
    assert await newsroom.steering.carry_on(ada, alert)
    await newsroom.pass_time()
    assert sorted(newsroom.post.chats) == list(range(1, 21))


async def test_held_back_alerts_never_leave(newsroom: Newsroom) -> None:
    await newsroom.subscribe(1)
    await newsroom.change(await newsroom.fact(), "Three hours.")
    (alert,) = await _alerts(newsroom)
    ada = await seat(newsroom.database)
    assert await newsroom.steering.hold(ada, alert)
    assert await newsroom.steering.send_now(ada, alert) is None
    await newsroom.pass_time()
    assert newsroom.post.carried == []


async def test_a_newer_change_overtakes_one_that_is_on_its_way(newsroom: Newsroom) -> None:
    await newsroom.subscribe(*range(1, 6))
    fact = await newsroom.fact()
    await newsroom.change(fact, "Three hours.")
    newsroom.at += HOLD
    await newsroom.broadcasting.tick()
    await newsroom.change(fact, "Four hours.")
    await newsroom.delivering.tick()
    assert newsroom.post.carried == []
    await newsroom.pass_time()
    assert sorted(newsroom.post.chats) == [1, 2, 3, 4, 5]
    assert {change_of(parcel).fact.text for parcel in newsroom.post.carried} == {"Four hours."}


async def test_leases_of_a_killed_process_are_sent_again(newsroom: Newsroom) -> None:
    await newsroom.subscribe(*range(1, 31))
    await newsroom.change(await newsroom.fact(), "Three hours.")
    newsroom.at += HOLD
    await newsroom.broadcasting.tick()

    full = asyncio.Event()

    async def hang(parcel: Parcel) -> Posted:
        newsroom.post.carried.append(parcel)
        if len(newsroom.post.carried) == 8:
            full.set()
        await asyncio.Event().wait()
        raise AssertionError

    newsroom.post.carry = hang  # type: ignore[method-assign]
    killed = asyncio.create_task(newsroom.delivering.tick())
    await full.wait()
    killed.cancel()
    with pytest.raises(asyncio.CancelledError):
        await killed
    after = Newsroom(newsroom.database)
    after.at = newsroom.at
    assert await after.delivering.begin() == 8
    await after.pass_time()
    assert sorted(after.post.chats) == list(range(1, 31))


async def test_thousands_of_subscribers_hear_it_once(newsroom: Newsroom) -> None:
    many = sized(2_000, 10_000)
    await subscribers(newsroom.database, range(1, many + 1))
    newsroom.delivering = Deliveries(
        newsroom.database, newsroom.post, window=128, clock=lambda: newsroom.at
    )
    await newsroom.change(await newsroom.fact(), "Three hours.")
    await newsroom.pass_time()
    assert sorted(newsroom.post.chats) == list(range(1, many + 1))
    assert await newsroom.states() == {DeliveryState.SENT: many}


async def _alerts(newsroom: Newsroom) -> list[int]:
    async with newsroom.database.reading() as session:
        return [alert.id for alert in await alerts.in_state(session, list(AlertState))]


@pytest.mark.parametrize(("hour", "silent"), [(23, True), (12, False)])
async def test_a_channel_is_posted_to_at_any_hour_and_silently_at_night(
    newsroom: Newsroom,
    hour: int,
    silent: bool,  # noqa: FBT001 - what the case expects
) -> None:
    newsroom.at = AT.replace(hour=hour)
    owner = await seat(newsroom.database, role=Role.OWNER)
    relaying = ChannelAlerts(newsroom.database, clock=lambda: newsroom.at)
    await relaying.begin(owner, -100, name="@news", level=Level.EVERY)
    await newsroom.change(await newsroom.fact(), "Three hours.")
    await newsroom.pass_time()
    assert [(p.delivery.chat_id, p.silent) for p in newsroom.post.carried] == [(-100, silent)]


async def test_the_desk_is_shown_what_waits_for_the_morning_once(newsroom: Newsroom) -> None:
    await newsroom.subscribe(1, 2)
    await newsroom.subscribe(3, quiet_from=time(0), quiet_to=time(23, 59))
    await newsroom.added("Three hours.")
    announced = await newsroom.steering.announced(1)
    assert announced is not None
    await newsroom.steering.watch(announced.alert.id, chat_id=77, message_id=5)
    await newsroom.pass_time()
    news = []
    for _ in range(5):
        await newsroom.pass_time(timedelta(seconds=3))
        (seen,) = await newsroom.steering.watched()
        if newsroom.steering.is_news(seen):
            newsroom.steering.seen(seen)
            news.append((seen.tally.sent, seen.tally.total, seen.waiting))
    assert news == [(2, 3, 1)]


async def test_a_stop_waits_for_what_is_in_flight_alone(database: Database) -> None:
    newsroom = Newsroom(database, window=3)
    await newsroom.subscribe(*range(1, 21))
    await newsroom.change(await newsroom.fact(), "Three hours.")
    newsroom.at += HOLD
    await newsroom.broadcasting.tick()
    carry = newsroom.post.carry

    async def stopping(parcel: Parcel) -> Posted:
        newsroom.delivering.stop()
        return await carry(parcel)

    newsroom.post.carry = stopping  # type: ignore[method-assign]
    await newsroom.delivering.tick()
    await newsroom.delivering.tick()
    assert len(newsroom.post.carried) == 3
    assert await newsroom.states() == {DeliveryState.SENT: 3, DeliveryState.WAITING: 17}
    after = Newsroom(database)
    after.at = newsroom.at
    assert await after.delivering.begin() == 0
    await after.pass_time()
    assert len(after.post.carried) == 17


async def test_a_clock_that_is_set_back_keeps_no_alert_waiting(newsroom: Newsroom) -> None:
    await newsroom.subscribe(1, 2, 3)
    fact = await newsroom.fact()
    newsroom.post.fails[2] = [DeliveryState.WAITING]
    await newsroom.change(fact, "Three hours.")
    await newsroom.pass_time()
    assert sorted(newsroom.post.chats) == [1, 3]  # the other is to be tried again
    await newsroom.change(fact, "Four hours.")
    newsroom.at -= timedelta(hours=2)
    assert await newsroom.broadcasting.bring_forward() == 2
    await newsroom.pass_time()
    assert newsroom.post.chats.count(1) == newsroom.post.chats.count(3) == 2
    assert 2 in newsroom.post.chats
    assert await newsroom.broadcasting.bring_forward() == 0
