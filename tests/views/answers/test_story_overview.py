"""The screens that answer requests about the story as a whole."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.services.alerts.parcels import Change
from bot.services.answers.results import (
    Answer,
    Look,
    Outcome,
    Overview,
    Request,
    Screen,
    Source,
    Whole,
)
from bot.views import screens
from bot.views.answers import story_overview
from bot.views.message import Message, plain
from db.records import ChangeKind, Fact, Moment, Status
from tests.samples import AT, a_fact, a_story, an_answer

OPENED = a_fact(
    1, question="When did it open?", text="It opened in 1931.", as_of=Moment.parse("2025-05-19")
)
CAUSE = a_fact(
    5,
    question="Why did it fail?",
    text="Nobody has named a cause.",
    status=Status.UNKNOWN,
    next_word="the report of 1 June.",
)
HEARING = a_fact(
    6, question="When is the hearing?", text="On 2 June.", happened=Moment.parse("2025-06-02")
)


def given(screen: Screen, *told: Fact, **fields: Any) -> Answer:
    story = a_story()
    shown = Whole(
        request=Request(screen=screen),
        overview=Overview(story=story, known=(OPENED,), unknown=(CAUSE,), total=1, at=AT),
        expected=(HEARING, CAUSE),
        sources=(Source(name="TASS", facts=3), Source(name="Reuters", facts=1)),
        newest=(OPENED,),
        changed_at=AT,
        look=Look(since=AT - timedelta(hours=3), changes=(), more=0, story=story, at=AT),
    )
    outcome = Outcome.ANSWER if told else Outcome.SCREEN
    return replace(an_answer(outcome, told=told), whole=replace(shown, **fields))


def text(screen: Screen, *told: Fact, **fields: Any) -> str:
    return plain(story_overview.answer(given(screen, *told, **fields)))


@pytest.mark.parametrize("screen", list(Screen))
def test_every_screen_is_a_message_that_can_be_sent(screen: Screen) -> None:
    message = story_overview.answer(given(screen), bot="storydesk_bot")
    assert isinstance(message, Message)
    assert plain(message).strip()
    assert "!" not in plain(message)
    assert len(message.buttons) <= 1


def test_a_summary_is_what_we_know() -> None:
    overview = given(Screen.OVERVIEW).whole
    assert overview is not None
    assert text(Screen.OVERVIEW) == plain(screens.overview(overview.overview))


def test_news_tell_what_changed() -> None:
    change = Change(kind=ChangeKind.NEW, fact=OPENED, was=None)
    look = Look(since=AT - timedelta(hours=3), changes=(change,), more=0, story=a_story(), at=AT)
    assert text(Screen.NEWS, look=look) == (
        "One thing changed since 20 May 09:00.\n• New: When did it open? It opened in 1931."
    )


def test_where_nothing_changed_the_latest_is_told() -> None:
    assert text(Screen.NEWS) == (
        "Nothing changed since 20 May 09:00.\n\n"
        "The latest that I have\n• 19 May: When did it open? It opened in 1931."
    )
    assert text(Screen.NEWS, newest=()) == "Nothing changed since 20 May 09:00."


def test_what_nobody_knows_is_listed_with_its_next_word() -> None:
    assert text(Screen.GAPS) == (
        "What nobody knows yet\n• Why did it fail? Next word expected: the report of 1 June."
    )


def test_where_nothing_is_unknown_that_is_said() -> None:
    overview = Overview(story=a_story(), known=(OPENED,), unknown=(), total=1, at=AT)
    assert text(Screen.GAPS, overview=overview).startswith("Nothing is on record as unknown.")


def test_what_comes_next_has_days_and_what_news_is_due_of() -> None:
    assert text(Screen.NEXT) == (
        "What comes next\n• 2 June: When is the hearing? On 2 June.\n"
        "• Why did it fail? Next word expected: the report of 1 June."
    )
    assert text(Screen.NEXT, expected=()) == (
        "No next step is on record with a day.\n\nWhat nobody knows yet\n"
        "• Why did it fail? Next word expected: the report of 1 June."
    )


def test_sources_are_named_with_how_much_is_theirs() -> None:
    assert text(Screen.SOURCES).split("\n\n")[1] == (
        "Who says so\n• TASS: 3 facts\n• Reuters: 1 fact"
    )
    many = tuple(Source(name=f"Paper {number}", facts=1) for number in range(9))
    assert text(Screen.SOURCES, sources=many).endswith("\nAnd 3 more.")
    assert "Who says so" not in text(Screen.SOURCES, sources=())


def test_a_doubt_repeats_what_was_told_above_the_sources() -> None:
    first, *_, last = text(Screen.SOURCES, OPENED).split("\n\n")
    assert first.startswith("When did it open?\nIt opened in 1931.")
    assert last.startswith("Who says so")


def test_who_runs_it_is_said_with_how_much_and_since_when() -> None:
    shown = text(Screen.ABOUT)
    assert shown.startswith("I am a bot, and editors run me.")
    assert shown.endswith("1 fact, last changed 20 May 12:00")
    assert "last changed" not in text(Screen.ABOUT, changed_at=None)


def test_a_closed_story_says_how_it_stood() -> None:
    story = a_story(closed_at=AT)
    overview = Overview(story=story, known=(OPENED,), unknown=(CAUSE,), total=1, at=AT)
    for screen in (Screen.OVERVIEW, Screen.NEWS, Screen.GAPS, Screen.NEXT, Screen.SOURCES):
        assert text(screen, overview=overview).endswith("this is how it stood.")


def test_markup_in_facts_and_sources_is_shown_as_written() -> None:
    source = Source(name="<b>Paper</b>", facts=1)
    assert "• <b>Paper</b>: 1 fact" in text(Screen.SOURCES, sources=(source,))
