"""Days and times as people write them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services import dates

NOW = datetime(2025, 5, 20, 15, 0, tzinfo=ZoneInfo("Europe/Kyiv"))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2025-05-19", "2025-05-19"),
        ("2025-05-19 14:20", "2025-05-19 14:20"),
        ("2025-05-19T14:20", "2025-05-19 14:20"),
        ("19 May", "2025-05-19"),
        ("May 19th, 2pm", "2025-05-19 14:00"),
        ("19 may 2024 at 9:05", "2024-05-19 09:05"),
        ("14:20", "2025-05-20 14:20"),
        ("12 am", "2025-05-20 00:00"),
        ("12:30 pm", "2025-05-20 12:30"),
        ("yesterday 18:00", "2025-05-19 18:00"),
        ("tomorrow", "2025-05-21"),
        ("3 January", "2025-01-03"),
        ("30 December", "2024-12-30"),
    ],
)
def test_a_day_or_a_minute_is_read(text: str, meant: str) -> None:
    assert str(dates.moment(text, NOW)) == meant


@pytest.mark.parametrize(
    "text", ["", "7", "soon", "30 February", "25:00", "13 pm", "May", "at", "19 May 7", "0 am"]
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert dates.moment(text, NOW) is None
    assert dates.instant(text, NOW) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("18:00", datetime(2025, 5, 20, 15, 0, tzinfo=UTC)),
        ("9:00", datetime(2025, 5, 21, 6, 0, tzinfo=UTC)),
        ("tomorrow", datetime(2025, 5, 20, 21, 0, tzinfo=UTC)),
        ("in 2 hours", datetime(2025, 5, 20, 14, 0, tzinfo=UTC)),
        ("in a week", datetime(2025, 5, 27, 12, 0, tzinfo=UTC)),
    ],
)
def test_a_coming_time_is_read_in_the_storys_zone(text: str, meant: datetime) -> None:
    assert dates.instant(text, NOW) == meant


@given(st.text(max_size=40) | st.dates().map(str))
def test_nothing_typed_raises(text: str) -> None:
    dates.moment(text, NOW)
    dates.instant(text, NOW)
