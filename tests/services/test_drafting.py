"""An editor's message becomes the fields of a fact, or a sentence that asks for one again."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import DeskError
from bot.services import drafting
from bot.services.drafting import EMPTY, LABELS, Wished
from db.records import FactDraft, Moment, Status, Weight

NOW = datetime(2025, 5, 20, 12, 0, tzinfo=ZoneInfo("Europe/Kyiv"))


def added(text: str) -> Wished:
    return drafting.addition(text, NOW)


def test_a_full_message_gives_every_field() -> None:
    wished = added(
        "How long did the call last?\n"
        "About two and a half hours.\n"
        "TASS counted.\n"
        "TOPICS: call,  Istanbul , call\n"
        "source: TASS https://tass.com/1\n"
        "BIG\n"
        "Status: Reported\n"
        "when: 19 May 14:20\n"
        "Said: yesterday 18:00\n"
        "Check: tomorrow 9:00"
    )
    assert wished.troubles == {}
    assert wished.on(EMPTY) == FactDraft(
        key="",
        question="How long did the call last?",
        text="About two and a half hours.\nTASS counted.",
        source="TASS",
        source_url="https://tass.com/1",
        status=Status.REPORTED,
        weight=Weight.BIG,
        topics=("call", "Istanbul"),
        happened=Moment.parse("2025-05-19 14:20"),
        as_of=Moment.parse("2025-05-19 18:00"),
        check_by=datetime(2025, 5, 21, 6, 0, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    "text",
    [
        "How long?\nTwo hours.\nSource: TASS",
        "Source: TASS\nHow long?\nTwo hours.",
        "How\nlong?\n\nTwo hours.\nSource: TASS",
        "How long? Two hours.\nSource: TASS",
        "Answer: Two hours.\nQuestion: How long?\nSource: TASS",
        "How long? | Two hours. | TASS",
        "How long?|Two hours.\nSource: TASS",
        "Source: TASS\r\nHow\u0000 long?\r\nTwo\thours.",
    ],
)
def test_question_answer_and_source_in_any_form(text: str) -> None:
    given = {"question": "How long?", "text": "Two hours.", "source": "TASS"}
    read = added(text)
    assert read.given == given
    assert read.troubles == {}


def test_a_question_needs_no_mark() -> None:
    wished = added("Length of the call\nTwo hours.\nHe said: nothing else.\nSource: TASS")
    assert wished.given["question"] == "Length of the call"
    assert wished.given["text"] == "Two hours.\nHe said: nothing else."


@pytest.mark.parametrize(
    ("line", "name", "trouble"),
    [
        ("Status: sure", "status", "The status “sure” is none of confirmed, reported, disputed"),
        ("Status: withdrawn", "status", "The status “withdrawn” is none of"),
        ("Said: 18:00", "as_of", "“18:00” would be Tuesday 20 May 2025, 18:00, which is still to"),
        ("When: 5/4", "happened", "“5/4” may be 5 April or 4 May: write the month as a word."),
        ("Check: 9:00", "check_by", "“9:00” would be Tuesday 20 May 2025, 09:00, which is over."),
        ("Source: https://tass.com", "source", "I have the link, but not whose it is."),
        ("Source: " + "x" * 301, "source", "The source has 301 characters, 1 too many: send it"),
        ("Link: tass.com", "source_url", "“tass.com” is no link that begins with http"),
        ("Answer: " + "x" * 1104, "text", "The answer has 1,104 characters, 104 too many: send it"),
        ("Question: " + "x" * 1000, "question", "The question has 1,000 characters, 700 too many"),
        (
            "Topics: " + ",".join(map(str, range(21))),
            "topics",
            "At most 20 topics of 60 characters",
        ),
        ("Weight: heavy", "weight", "The weight “heavy” is neither big nor ordinary."),
        ("Next: 9:00", "next_word", "“9:00” would be Tuesday 20 May 2025, 09:00, which is over."),
    ],
)
def test_a_field_that_cannot_be_read_is_asked_for_again(line: str, name: str, trouble: str) -> None:
    wished = added(line)
    assert list(wished.troubles) == [name]
    assert wished.troubles[name].startswith(trouble)
    assert name not in wished.given


def test_a_link_without_a_name_is_kept_while_the_name_is_asked_for() -> None:
    assert added("Source: HTTPS://tass.com/1.").given == {"source_url": "https://tass.com/1"}


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("How long?\nTwo hours.\nSorce: TASS", "“Sorce:” is no label; did you mean “Source:”?"),
        ("Source: TASS\nHow long?\nSource: RIA", "“Source:” stands there twice"),
        ("How long?\nTwo.\nAnswer: Three.", "The answer stands there twice, with its label and"),
        ("a | b | c | d", "There are 4 parts between the bars, and at most 3 are understood"),
    ],
)
def test_what_cannot_be_told_apart_is_refused_as_a_whole(text: str, refusal: str) -> None:
    with pytest.raises(DeskError) as refused:
        added(text)
    assert str(refused.value).startswith(refusal)


def test_when_news_is_expected_is_also_when_an_editor_looks() -> None:
    wished = drafting.known_unknown("The cause? | Nobody has named one. | next 18:00", NOW)
    assert wished.given == {
        "question": "The cause?",
        "text": "Nobody has named one.",
        "next_word": "Tuesday 20 May 2025, 18:00",
        "check_by": datetime(2025, 5, 20, 15, 0, tzinfo=UTC),
        "status": Status.UNKNOWN,
    }
    words = drafting.known_unknown("The cause? | Nobody knows. | after the inspection", NOW)
    assert words.given["next_word"] == "after the inspection"
    assert "check_by" not in words.given


def test_a_change_touches_only_what_it_names() -> None:
    draft = FactDraft(key="", question="How long?", text="Two hours.", source="TASS", topics=("a",))
    now = drafting.changes("Three hours.\nTopics:\nbig", NOW)
    assert now.on(draft) == FactDraft(
        key="", question="How long?", text="Three hours.", source="TASS", weight=Weight.BIG
    )
    needed = drafting.changes("Source:", NOW)
    assert (needed.given, needed.troubles) == ({}, {"source": "A fact needs its source."})
    with pytest.raises(DeskError, match="There is nothing in that"):
        drafting.changes(" \n ", NOW)


def test_one_field_is_taken_as_it_is_written() -> None:
    assert drafting.one("text", "Putin: we talked.\nFor two hours?", NOW).given == {
        "text": "Putin: we talked.\nFor two hours?"
    }
    assert drafting.one("source", "Source: TASS", NOW).given == {"source": "TASS"}


def test_plain_words_are_an_addition_only_in_its_form() -> None:
    assert drafting.one_line("How long? | Two hours. | TASS")
    for words in ("How long? | Two hours.", "answer 1 | 2", "a | b |", "a | b | c | d", "a|b\n|c"):
        assert not drafting.one_line(words)


_LINES = st.one_of(
    st.text(max_size=40),
    st.builds("{}: {}".format, st.sampled_from(sorted(LABELS)), st.text(max_size=40)),
)


@given(st.lists(_LINES, max_size=6).map("\n".join))
def test_any_message_is_read_or_refused(text: str) -> None:
    for read in (drafting.addition, drafting.known_unknown, drafting.changes):
        try:
            wished = read(text, NOW)
        except DeskError:
            continue
        wished.on(EMPTY)
        assert not set(wished.troubles) & set(wished.given) - {"status"}
