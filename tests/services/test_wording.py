"""What editors write becomes fields, or a sentence that says what to mend."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import DeskError
from bot.services.wording import moment, read
from db.records import Status, Weight

NOW = datetime(2025, 5, 20, 9, 0, tzinfo=ZoneInfo("Europe/Kyiv"))


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("2025-05-19", "2025-05-19"),
        ("2025-05-19 14:20", "2025-05-19 14:20"),
        ("14:20", "2025-05-20 14:20"),
        ("today", "2025-05-20"),
        ("Yesterday 18:00", "2025-05-19 18:00"),
        ("yesterday at 18:00", "2025-05-19 18:00"),
        ("19 May", "2025-05-19"),
        ("19 may, 14:20", "2025-05-19 14:20"),
        ("1 December", "2024-12-01"),
        ("1 Dec 2023", "2023-12-01"),
    ],
)
def test_times_are_read_as_people_write_them(written: str, read_as: str) -> None:
    assert str(moment(written, NOW)) == read_as


@pytest.mark.parametrize("written", ["soon", "25:00", "31 February", "19 Mai 2025 x", "2025-13-01"])
def test_what_is_no_time_is_said_so(written: str) -> None:
    with pytest.raises(DeskError, match="is no time that I can read"):
        moment(written, NOW)


def test_labelled_lines_are_fields_and_the_rest_is_the_text() -> None:
    fields = read(
        "Twelve ships.\n source : Harbour office\nSTATUS: Reported\nBig\nLink: https://a.example\n"
        "Nine of them with grain.\nTopics: ships, past, ships",
        NOW,
    )
    assert fields == {
        "text": "Twelve ships.\nNine of them with grain.",
        "source": "Harbour office",
        "status": Status.REPORTED,
        "weight": Weight.BIG,
        "source_url": "https://a.example",
        "topics": ("ships", "past"),
    }


@given(st.text(max_size=1200) | st.from_regex(r"(?i)(when|status|link|topics|source): .{0,40}"))
def test_anything_typed_is_read_or_refused_in_a_sentence(written: str) -> None:
    fields, refused = {}, "."
    try:
        fields = dict(read(written, NOW))
    except DeskError as error:
        refused = str(error)
    assert refused.endswith(".")
    assert len(fields.get("text", "")) <= 1000
