"""The correction follows the error: first, once, and into the messages that told it."""

from datetime import time, timedelta
from typing import Any

import pytest

from bot.services.alerts.deliveries import RETRIES
from bot.services.alerts.parcels import Change
from bot.services.answers.results import Place
from bot.services.subscriptions.preferences import Subscriptions
from bot.views.alerts import messages as views
from bot.views.message import plain
from db.engine import Database
from db.records import ChangeKind, ChatKind
from db.records.alerts import AlertKind, DeliveryState
from db.subscriptions import chats
from tests.newsroom import Newsroom, change_of

CORRECTION, NEWS = AlertKind.CORRECTION, AlertKind.NEWS


@pytest.fixture
def newsroom(database: Database) -> Newsroom:
    return Newsroom(database)


async def test_news_waits_until_everybody_who_was_told_the_error_has_heard(
    newsroom: Newsroom,
) -> None:
    await newsroom.subscribe(*range(1, 31))
    fact = await newsroom.fact()
    for reader in range(101, 141):
        await newsroom.told(reader, fact, message=3)
    newsroom.post.fails[120] = [DeliveryState.WAITING]
    await newsroom.change(fact, "Three hours.", ChangeKind.CORRECTION)
    await newsroom.pass_time()
    assert {kind for kind, _ in newsroom.heard} == {CORRECTION}
    assert len(newsroom.heard) == 39
    await newsroom.pass_time(RETRIES[0])
    assert newsroom.heard[39] == (CORRECTION, 120)
    assert sorted(newsroom.heard[40:]) == [(NEWS, chat) for chat in range(1, 31)]


async def test_news_does_not_wait_for_whoever_cannot_be_reached(newsroom: Newsroom) -> None:
    await newsroom.subscribe(1)
    fact = await newsroom.fact()
    for reader in (8, 9):
        await newsroom.told(reader, fact, message=3)
    newsroom.post.fails[8] = [DeliveryState.GONE]
    newsroom.post.fails[9] = [DeliveryState.WAITING] * 3
    await newsroom.change(fact, "Three hours.", ChangeKind.CORRECTION)
    await newsroom.pass_time()
    await newsroom.pass_time(RETRIES[0])
    await newsroom.pass_time(RETRIES[1])  # the next try is minutes away
    assert newsroom.heard == [(NEWS, 1)]
    await newsroom.pass_time(RETRIES[2])
    assert newsroom.heard == [(NEWS, 1), (CORRECTION, 9)]


async def test_all_messages_that_told_the_error_are_named_and_what_else_they_told(
    newsroom: Newsroom,
) -> None:
    await newsroom.subscribe(1)
    fact = await newsroom.fact(text="Two hours.")
    other = await newsroom.fact(key="other", text="By phone.")
    wrong = await newsroom.change(fact, "Three hours.")
    await newsroom.pass_time()
    alerted = newsroom.post.carried[0]
    await newsroom.told(1, wrong, message=50)
    await newsroom.told(1, other, wrong, message=60)
    await newsroom.told(1, other, message=70)
    await newsroom.change(wrong, "Four hours.", ChangeKind.CORRECTION)
    await newsroom.pass_time()
    correction = newsroom.post.carried[-1]
    assert correction.delivery.reply_to == 60
    assert {each.message_id: [f.text for f in each.beside] for each in correction.edits} == {
        61: ["By phone."],
        51: [],
        1: [],
    }
    assert alerted.alert.kind is NEWS
    both = next(each for each in correction.edits if each.beside)
    now = plain(views.corrected(change_of(correction), both, newsroom.at))
    assert now.index("Four hours.") < now.index("Before that we said: Three hours.")
    assert now.index("Before that") < now.index("By phone.")


async def test_the_desk_sees_whom_a_correction_reached_and_what_it_edited(
    newsroom: Newsroom,
) -> None:
    await newsroom.subscribe(1, 2)
    fact = await newsroom.fact()
    for reader in (2, 8, 9):
        await newsroom.told(reader, fact, message=3)
    newsroom.post.fails[8] = [DeliveryState.GONE]
    newsroom.post.edits = True
    await newsroom.change(fact, "Three hours.", ChangeKind.CORRECTION)
    seen = await newsroom.steering.announced(fact.id)
    assert seen is not None
    assert seen.reach is not None
    assert (seen.reach.subscribers, seen.reach.told) == (2, 3)
    assert [(each.question, each.chats) for each in seen.asked] == [("how long?", 3)]
    await newsroom.steering.watch(seen.alert.id, chat_id=7, message_id=1)
    await newsroom.pass_time()
    (seen,) = await newsroom.steering.watched()
    assert seen.ended
    assert (seen.told.total, seen.told.sent, seen.told.gone, seen.told.edited) == (3, 2, 1, 2)
    assert (seen.tally.total, seen.tally.sent) == (4, 3)


async def test_a_message_that_has_arrived_is_not_sent_again_for_its_edits(
    newsroom: Newsroom,
) -> None:
    fact = await newsroom.fact()
    await newsroom.told(9, fact, message=3)
    newsroom.post.arrives_but_edits_wait = 1
    await newsroom.change(fact, "Three hours.", ChangeKind.CORRECTION)
    await newsroom.pass_time()
    assert await newsroom.states() == {DeliveryState.WAITING: 1}
    assert newsroom.post.carried[0].delivery.arrived is None
    await newsroom.pass_time(RETRIES[0])
    assert newsroom.post.carried[1].delivery.arrived == 1
    assert await newsroom.states() == {DeliveryState.SENT: 1}


async def test_what_a_group_that_moved_was_told_is_corrected_without_its_old_numbers(
    newsroom: Newsroom,
) -> None:
    fact = await newsroom.fact()
    await newsroom.told(-5, fact, message=50)
    async with newsroom.database.writing() as session:
        await chats.move(session, -5, -100_5)
    await newsroom.change(fact, "Three hours.", ChangeKind.CORRECTION)
    await newsroom.pass_time()
    (correction,) = newsroom.post.carried
    assert (correction.delivery.chat_id, correction.delivery.reply_to) == (-100_5, None)
    assert correction.edits == ()


async def test_what_waited_for_the_morning_is_one_message(newsroom: Newsroom) -> None:
    newsroom.at = newsroom.at.replace(hour=23)
    night: dict[str, Any] = {"quiet_from": time(22), "quiet_to": time(7), "zone": "Etc/UTC"}
    await newsroom.subscribe(1, 2, **night)
    await newsroom.subscribe(3)
    for number in range(3):
        fact = await newsroom.fact(key=f"f{number}", text=f"It was {number}.")
        await newsroom.change(fact, f"It is {number}.")
        await newsroom.pass_time(timedelta(minutes=1))
        if number == 0:
            newsroom.post.fails[2] = [DeliveryState.WAITING]
    assert newsroom.post.chats == [3, 3, 3]
    newsroom.post.carried.clear()
    await newsroom.pass_time(timedelta(hours=8))
    (first,) = newsroom.post.carried
    assert first.delivery.chat_id == 1
    assert not isinstance(first.tells, Change)
    assert [change.fact.text for change in first.tells.changes] == [
        "It is 0.",
        "It is 1.",
        "It is 2.",
    ]
    said = plain(views.alert(first))
    assert said.startswith("3 things changed since ")
    await newsroom.pass_time(RETRIES[0])
    assert newsroom.post.chats == [1, 2]
    assert await newsroom.states() == {DeliveryState.SENT: 9}


async def test_one_thing_that_waited_for_the_morning_is_told_as_ever(newsroom: Newsroom) -> None:
    newsroom.at = newsroom.at.replace(hour=23)
    await newsroom.subscribe(1, quiet_from=time(22), quiet_to=time(7), zone="Etc/UTC")
    fact = await newsroom.fact(text="Two hours.")
    wrong = await newsroom.change(fact, "Three hours.")
    await newsroom.pass_time()
    await newsroom.pass_time(timedelta(hours=8))
    assert change_of(newsroom.post.carried[0]).fact.text == "Three hours."
    await newsroom.change(wrong, "Four hours.", ChangeKind.CORRECTION)
    await newsroom.pass_time()
    assert [each.message_id for each in newsroom.post.carried[1].edits] == [1]


async def test_an_error_among_what_came_in_the_morning_is_corrected(newsroom: Newsroom) -> None:
    newsroom.at = newsroom.at.replace(hour=23)
    await newsroom.subscribe(1, quiet_from=time(22), quiet_to=time(7), zone="Etc/UTC")
    wrong = None
    for number in range(2):
        fact = await newsroom.fact(key=f"f{number}", text=f"It was {number}.")
        wrong = await newsroom.change(fact, f"It is {number}.")
    await newsroom.pass_time()
    await newsroom.pass_time(timedelta(hours=8))
    assert wrong is not None
    await newsroom.change(wrong, "It is 7.", ChangeKind.CORRECTION)
    await newsroom.pass_time()
    (morning, correction) = newsroom.post.carried
    assert correction.alert.kind is CORRECTION
    assert correction.delivery.reply_to == 1
    assert correction.edits == ()  # it told another fact as well
    assert len(morning.also) == 1


async def test_who_ends_it_in_the_night_hears_nothing_in_the_morning(newsroom: Newsroom) -> None:
    newsroom.at = newsroom.at.replace(hour=23)
    await newsroom.subscribe(1, quiet_from=time(22), quiet_to=time(7), zone="Etc/UTC")
    fact = await newsroom.fact()
    await newsroom.change(fact, "Three hours.")
    await newsroom.pass_time()
    place = Place(chat_id=1, kind=ChatKind.PRIVATE)
    assert await Subscriptions(newsroom.database, clock=lambda: newsroom.at).unsubscribe(place)
    await newsroom.pass_time(timedelta(hours=8))
    assert newsroom.post.carried == []


async def test_an_alert_of_the_evening_is_amended_in_the_night(newsroom: Newsroom) -> None:
    newsroom.at = newsroom.at.replace(hour=21, minute=58)
    await newsroom.subscribe(1, quiet_from=time(22), quiet_to=time(7), zone="Etc/UTC")
    fact = await newsroom.fact()
    await newsroom.change(fact, "Three hours.")
    await newsroom.pass_time()
    await newsroom.pass_time(timedelta(minutes=5))
    await newsroom.change(fact, "Four hours.")
    await newsroom.pass_time()
    assert [each.delivery.amends for each in newsroom.post.carried] == [None, 1]
