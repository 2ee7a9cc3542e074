"""What editors write becomes fields, or a sentence that says what to mend."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import DeskError
from bot.services.wording import read
from db.records import Status, Weight

NOW = datetime(2025, 5, 20, 9, 0, tzinfo=ZoneInfo("Europe/Kyiv"))


def test_when_it_was_said_and_when_it_happened_are_two_things() -> None:
    fields = read("Twelve.\nSaid: yesterday at 18:00\nWhen: 19 May", NOW)
    assert (str(fields["as_of"]), str(fields["happened"])) == ("2025-05-19 18:00", "2025-05-19")


@pytest.mark.parametrize("written", ["soon", "25:00", "31 February", "19 Mai 2025 x", "2025-13-01"])
def test_what_is_no_time_is_said_so(written: str) -> None:
    with pytest.raises(DeskError, match=r"write the time, for example 14:20, yesterday 18:00"):
        read(f"Said: {written}", NOW)


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


@given(
    st.text(max_size=1200) | st.from_regex(r"(?i)(when|said|status|link|topics|source): .{0,40}")
)
def test_anything_typed_is_read_or_refused_in_a_sentence(written: str) -> None:
    fields, refused = {}, "."
    try:
        fields = dict(read(written, NOW))
    except DeskError as error:
        refused = str(error)
    assert refused.endswith(".")
    assert len(fields.get("text", "")) <= 1000
