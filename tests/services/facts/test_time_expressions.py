"""Times as people write them are understood, or given back with the reason."""

from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.facts import time_expressions
from bot.services.facts.time_expressions import Direction, Unclear
from db.records import Moment

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2025, 5, 20, 12, 0, tzinfo=KYIV)  # a Tuesday


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("9:05", "2025-05-20 09:05"),
        ("yesterday 18:00", "2025-05-19 18:00"),
        ("Yesterday at 6pm", "2025-05-19 18:00"),
        ("the day before yesterday", "2025-05-18"),
        ("this morning", "2025-05-20"),
        ("yesterday evening", "2025-05-19"),
        ("19 May", "2025-05-19"),
        ("19th of May 2025", "2025-05-19"),
        ("19 May 14:20", "2025-05-19 14:20"),
        ("19 May, 14:20", "2025-05-19 14:20"),
        ("May 19, 2pm", "2025-05-19 14:00"),
        ("May 19 2:30 p.m.", "2025-05-19 14:30"),
        ("Monday", "2025-05-19"),
        ("on Monday at 6 pm", "2025-05-19 18:00"),
        ("last Tuesday", "2025-05-13"),
        ("Tuesday 9:00", "2025-05-20 09:00"),
        ("Monday, 19 May", "2025-05-19"),
        ("an hour ago", "2025-05-20 11:00"),
        ("half an hour ago", "2025-05-20 11:30"),
        ("20 minutes ago", "2025-05-20 11:40"),
        ("three days ago", "2025-05-17"),
        ("now", "2025-05-20 12:00"),
        ("2025-05-19 14:20", "2025-05-19 14:20"),
        ("2025-05-19T14:20", "2025-05-19 14:20"),
        ("2025-05-19", "2025-05-19"),
        ("19.05.2025 08:00", "2025-05-19 08:00"),
        ("19.5.", "2025-05-19"),
        ("5/19/2025", "2025-05-19"),
        ("30 December", "2024-12-30"),
        ("29 Feb", "2024-02-29"),
        ("noon", "2025-05-20 12:00"),
        ("12am", "2025-05-20 00:00"),
    ],
)
def test_what_was_is_understood(written: str, meant: str) -> None:
    assert time_expressions.read(written, NOW) == Moment.parse(meant)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("18:00", "2025-05-20 18:00"),
        ("tomorrow 9:00", "2025-05-21 09:00"),
        ("in 2 hours", "2025-05-20 14:00"),
        ("in thirteen hours", "2025-05-21 01:00"),
        ("Friday 18:00", "2025-05-23 18:00"),
        ("Monday", "2025-05-26"),
        ("next Tuesday", "2025-05-27"),
        ("19 May", "2026-05-19"),
    ],
)
def test_what_will_be_is_understood(written: str, meant: str) -> None:
    assert time_expressions.read(written, NOW, Direction.FUTURE) == Moment.parse(meant)


def test_an_event_may_be_over_or_to_come() -> None:
    for written, meant in (
        ("Monday", "2025-05-19"),
        ("21 November", "2024-11-21"),
        ("1 June 2025", "2025-06-01"),
        ("next 1 June", "2025-06-01"),
        ("next Friday", "2025-05-23"),
        ("last 1 June", "2024-06-01"),
        ("this coming June 1 18:00", "2025-06-01 18:00"),
        ("20 May", "2025-05-20"),
    ):
        assert time_expressions.read(written, NOW, Direction.EITHER) == Moment.parse(meant)


def test_an_event_on_a_day_that_is_near_both_ways_needs_its_year() -> None:
    with pytest.raises(Unclear, match="may be 1 June 2024 or 1 June 2025: write the year"):
        time_expressions.read("1 June", NOW, Direction.EITHER)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("14:20", "would be Tuesday 20 May 2025, 14:20, which is still to come"),
        ("tomorrow", "would be Wednesday 21 May 2025, which is still to come"),
        ("next Friday", "is still to come"),
        ("5/4", "may be 5 April or 4 May: write the month as a word"),
        ("Tuesday", "may be today or a week away"),
        ("midnight", "may be the midnight before that day or after it"),
        ("last night", "may be two days"),
        ("Monday 20 May", "names a Monday, but 20 May 2025 is a Tuesday"),
        ("30 February", "is no day of the calendar"),
        ("2025-02-30", "is no day of the calendar"),
        ("25:00", "is no time of day"),
        ("13pm", "is no time of day"),
        ("19", "is no time that I can read; for example 14:20"),
        ("may", "is no time that I can read"),
        ("TASS", "is no time that I can read"),
        ("", "is empty"),
    ],
)
def test_what_is_unclear_is_never_guessed(written: str, reason: str) -> None:
    with pytest.raises(Unclear) as unclear:
        time_expressions.read(written, NOW)
    assert str(unclear.value).startswith(reason)


def test_what_is_over_is_no_time_to_look_again() -> None:
    with pytest.raises(Unclear, match="would be Tuesday 20 May 2025, 09:00, which is over"):
        time_expressions.read("9:00", NOW, Direction.FUTURE)


def test_an_hour_is_an_hour_where_the_clocks_change() -> None:
    after = datetime(2025, 3, 30, 4, 30, tzinfo=KYIV)  # at 3:00 the clocks showed 4:00
    assert time_expressions.read("an hour ago", after) == Moment.parse("2025-03-30 02:30")


def test_a_moment_becomes_an_instant_of_its_zone() -> None:
    moment = Moment.parse("2025-05-21 09:00")
    assert time_expressions.instant(moment, KYIV) == datetime(2025, 5, 21, 6, 0, tzinfo=UTC)


def test_a_moment_is_told_in_full_words() -> None:
    assert (
        time_expressions.in_words(Moment.parse("2025-05-19 14:20")) == "Monday 19 May 2025, 14:20"
    )
    assert time_expressions.in_words(Moment.parse("2025-05-09")) == "Friday 9 May 2025"


_PIECES = """
1 2 19 31 99 2025 0000 9999 may mon last next in ago an half hour weeks at pm a.m. 14:20 24:61
2025-13-01 1/2 31.11. 29.2.2100 , T now noon
"""


@given(st.lists(st.sampled_from(_PIECES.split()), max_size=5).map(" ".join) | st.text(max_size=30))
def test_any_words_are_a_moment_or_unclear(written: str) -> None:
    for direction in Direction:
        with suppress(Unclear):
            moment = time_expressions.read(written, NOW, direction)
            assert Moment.parse(str(moment)) == moment
