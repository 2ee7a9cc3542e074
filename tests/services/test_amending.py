"""What editors write to change a fact."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import DeskError
from bot.services import amending
from db.records import FactDraft, Moment, Status, Weight

NOW = datetime(2025, 5, 20, 15, 0, tzinfo=ZoneInfo("Europe/Kyiv"))
LINES = st.lists(
    st.builds(
        "{}{}{}".format,
        st.sampled_from(["", "Source", "STATUS", "said", "When", "Link", "check by", "Topics"]),
        st.sampled_from([":", ": ", " "]),
        st.text(max_size=30) | st.sampled_from(["disputed", "19 May", "-", "https://a.b/c", "big"]),
    )
    | st.sampled_from(["Big", "ordinary", ""]),
    max_size=6,
)


def test_words_and_labelled_lines_are_told_apart() -> None:
    words = """It is 421 metres long.
    That is 9 more.

    SOURCE: City archive (https://example.org/a)
    said: yesterday 18:00
    When: 3 May
    Status: Reported
    Topics: past,  length , past
    Check by: in 2 hours
    Next word: when it is measured
    Question: How long is it?
    big"""
    assert amending.read(words, NOW) == {
        "text": "It is 421 metres long.\n    That is 9 more.",
        "source": "City archive",
        "source_url": "https://example.org/a",
        "as_of": Moment.parse("2025-05-19 18:00"),
        "happened": Moment.parse("2025-05-03"),
        "status": Status.REPORTED,
        "topics": ("past", "length"),
        "check_by": datetime(2025, 5, 20, 14, 0, tzinfo=UTC),
        "next_word": "when it is measured",
        "question": "How long is it?",
        "weight": Weight.BIG,
    }


def test_a_dash_empties_a_field() -> None:
    read = amending.read("Source: -\nSaid: -\nTopics: -\nCheck: -\nLink: -", NOW)
    assert read == {
        "source": None,
        "as_of": None,
        "topics": (),
        "check_by": None,
        "source_url": None,
    }


def test_a_sentence_with_a_colon_is_no_label() -> None:
    words = "He said: no talks.\nThe source: unnamed."
    assert amending.read(words, NOW) == {"text": words}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("TASS", ("TASS", None)),
        ("The  Kremlin,\nin Moscow", ("The Kremlin, in Moscow", None)),
        ("TASS https://tass.com/1", ("TASS", "https://tass.com/1")),
    ],
)
def test_a_typed_source_is_a_name_and_perhaps_an_address(
    typed: str, meant: tuple[str, str | None]
) -> None:
    assert amending.source(typed) == meant


@pytest.mark.parametrize("typed", ["", "-", "https://tass.com/1", "x" * 301, "a\x00b"])
def test_a_source_without_a_name_is_refused(typed: str) -> None:
    with pytest.raises(DeskError):
        amending.source(typed)


@given(LINES)
def test_whatever_is_typed_is_read_or_refused_in_words(lines: list[str]) -> None:
    draft, refused = None, ""
    try:
        read = amending.read("\n".join(lines), NOW)
        draft = FactDraft(**{"key": "k", "text": "x", **read})
    except DeskError as error:
        refused = str(error)
    if draft is None:
        assert refused.startswith("Nothing changed: ")
    else:
        assert 0 < len(draft.text.strip()) <= 1000
