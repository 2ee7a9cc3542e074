"""What a change, and several that follow one another, are told as, to whom, and against what."""

from datetime import timedelta

import pytest

from bot.services.alerts.announcements import HOLD
from bot.services.alerts.parcels import Change
from db.engine import Database
from db.records import ChangeKind, Status
from db.records.alerts import AlertKind
from tests.factories import seat
from tests.newsroom import Newsroom, change_of
from tests.samples import AT

CORRECTION, NEWS = AlertKind.CORRECTION, AlertKind.NEWS


@pytest.fixture
def newsroom(database: Database) -> Newsroom:
    return Newsroom(database)


def news(newsroom: Newsroom) -> list[Change]:
    return [change_of(p) for p in newsroom.post.carried if p.alert.kind is NEWS]


def was(change: Change) -> str | None:
    return None if change.was is None else change.was.text


async def test_an_update_that_is_corrected_unheard_is_one_update(newsroom: Newsroom) -> None:
    await newsroom.subscribe(1)
    fact = await newsroom.fact(text="Two hours.")
    await newsroom.change(fact, "Three hours.")
    await newsroom.change(fact, "Four hours.", ChangeKind.CORRECTION)
    await newsroom.pass_time()
    (told,) = news(newsroom)
    assert (told.kind, told.fact.text, was(told)) == (
        ChangeKind.UPDATE,
        "Four hours.",
        "Two hours.",
    )


async def test_a_new_fact_that_is_corrected_unheard_is_simply_new(newsroom: Newsroom) -> None:
    await newsroom.subscribe(1)
    fact = await newsroom.added("Two hours.")
    await newsroom.change(fact, "Three hours.", ChangeKind.CORRECTION)
    await newsroom.pass_time()
    (told,) = news(newsroom)
    assert (told.kind, told.fact.text, was(told)) == (ChangeKind.NEW, "Three hours.", None)


async def test_a_new_fact_that_is_withdrawn_unheard_is_no_news(newsroom: Newsroom) -> None:
    await newsroom.subscribe(1)
    fact = await newsroom.added("Two hours.")
    await newsroom.told(9, fact, message=5)
    await newsroom.withdraw(fact)
    await newsroom.pass_time()
    assert newsroom.heard == [(CORRECTION, 9)]


async def test_whoever_asked_while_a_mistake_stood_hears_that_it_was_taken_back(
    newsroom: Newsroom,
) -> None:
    await newsroom.subscribe(1)
    fact = await newsroom.fact(text="Two hours.")
    await newsroom.told(8, fact, message=3)
    wrong = await newsroom.change(fact, "Three hours.")
    await newsroom.told(9, wrong, message=5)
    await newsroom.undo(fact, "Two hours.")
    await newsroom.pass_time()
    assert newsroom.heard == [(CORRECTION, 9)]
    told = change_of(newsroom.post.carried[0])
    assert (told.fact.text, was(told)) == ("Two hours.", "Three hours.")


async def test_a_correction_that_is_taken_back_unheard_corrects_nobody(newsroom: Newsroom) -> None:
    await newsroom.subscribe(1)
    fact = await newsroom.fact(text="Two hours.")
    await newsroom.told(9, fact, message=5)
    await newsroom.change(fact, "Three hours.", ChangeKind.CORRECTION)
    await newsroom.undo(fact, "Two hours.")
    await newsroom.pass_time()
    assert newsroom.post.carried == []


async def test_what_was_heard_and_is_taken_back_is_corrected(newsroom: Newsroom) -> None:
    await newsroom.subscribe(1, 2)
    fact = await newsroom.fact(text="Two hours.")
    await newsroom.change(fact, "Three hours.")
    await newsroom.pass_time()
    await newsroom.subscribe(3)
    await newsroom.undo(fact, "Two hours.")
    await newsroom.pass_time()
    assert sorted(newsroom.heard[2:]) == [(CORRECTION, 1), (CORRECTION, 2)]


async def test_the_undoing_of_mere_wording_is_told_to_nobody(newsroom: Newsroom) -> None:
    await newsroom.subscribe(1)
    fact = await newsroom.fact(text="Two hours.")
    await newsroom.told(9, fact, message=5)
    await newsroom.change(fact, "It took two hours.", ChangeKind.WORDING)
    await newsroom.undo(fact, "Two hours.")
    await newsroom.pass_time()
    assert newsroom.post.carried == []


async def test_the_error_is_corrected_in_whatever_words_it_was_told(newsroom: Newsroom) -> None:
    fact = await newsroom.fact(text="Two hours.")
    await newsroom.told(7, fact, message=1)
    worded = await newsroom.change(fact, "It took two hours.", ChangeKind.WORDING)
    await newsroom.told(8, worded, message=3)
    moved_on = await newsroom.change(fact, "It took three hours.")
    await newsroom.told(9, moved_on, message=5)
    again = await newsroom.change(fact, "It was three hours.", ChangeKind.WORDING)
    await newsroom.pass_time(timedelta(minutes=1))
    await newsroom.change(again, "It was four hours.", ChangeKind.CORRECTION)
    await newsroom.pass_time()
    assert newsroom.heard == [(CORRECTION, 9)]  # two hours was right in its time


async def test_two_corrections_at_once_reach_each_reader_once_with_the_last_words(
    newsroom: Newsroom,
) -> None:
    await newsroom.subscribe(1)
    fact = await newsroom.fact(text="Two hours.")
    await newsroom.told(7, fact, message=1)
    await newsroom.told(8, fact, message=1)
    wrong = await newsroom.change(fact, "Three hours.", ChangeKind.CORRECTION)
    await newsroom.told(8, wrong, message=3)
    await newsroom.told(9, wrong, message=5)
    await newsroom.change(fact, "Four hours.", ChangeKind.CORRECTION)
    await newsroom.pass_time()
    assert sorted(newsroom.heard[:-1]) == [(CORRECTION, 7), (CORRECTION, 8), (CORRECTION, 9)]
    assert newsroom.heard[-1] == (NEWS, 1)
    told = {p.delivery.chat_id: change_of(p) for p in newsroom.post.carried}
    assert {each.fact.text for each in told.values()} == {"Four hours."}
    assert [was(told[chat]) for chat in (7, 9)] == ["Two hours.", "Three hours."]


async def test_a_stopped_alert_is_corrected_for_those_who_heard_it_and_new_for_the_others(
    newsroom: Newsroom,
) -> None:
    ada = await seat(newsroom.database)
    await newsroom.subscribe(*range(1, 21))
    fact = await newsroom.added("Two hours.")
    newsroom.at += HOLD
    await newsroom.broadcasting.tick()
    await newsroom.stop_after(7, ada)
    heard = set(newsroom.post.chats)
    assert 7 <= len(heard) < 20
    await newsroom.change(fact, "Three hours.", ChangeKind.CORRECTION)
    newsroom.post.carried.clear()
    await newsroom.pass_time()
    by_kind = {
        kind: {p.delivery.chat_id for p in newsroom.post.carried if p.alert.kind is kind}
        for kind in (CORRECTION, NEWS)
    }
    assert by_kind == {CORRECTION: heard, NEWS: set(range(1, 21)) - heard}
    assert {(each.kind, was(each)) for each in news(newsroom)} == {(ChangeKind.NEW, None)}


async def test_a_summary_that_told_an_error_is_corrected(newsroom: Newsroom) -> None:
    await newsroom.subscribe_to_summaries(1)
    fact = await newsroom.fact(text="Two hours.")
    newsroom.at += timedelta(minutes=1)
    wrong = await newsroom.change(fact, "Three hours.")
    await newsroom.pass_time(AT.replace(hour=23) - newsroom.at)
    await newsroom.summarise()
    (summary,) = newsroom.post.carried
    await newsroom.change(wrong, "Four hours.", ChangeKind.CORRECTION)
    await newsroom.pass_time()
    (_, correction) = newsroom.post.carried
    assert correction.alert.kind is CORRECTION
    assert correction.delivery.reply_to == 1  # the summary itself
    assert correction.edits == ()  # it tells other facts too
    assert summary.delivery.chat_id == correction.delivery.chat_id == 1


async def test_a_fact_that_stands_again_is_news_against_what_was_heard(newsroom: Newsroom) -> None:
    await newsroom.subscribe(1)
    fact = await newsroom.fact(text="Two hours.")
    gone = await newsroom.withdraw(fact)
    await newsroom.change(gone, "Three hours.", status=Status.CONFIRMED)
    await newsroom.pass_time()
    (told,) = news(newsroom)
    assert (told.kind, told.fact.text, was(told)) == (
        ChangeKind.UPDATE,
        "Three hours.",
        "Two hours.",
    )
