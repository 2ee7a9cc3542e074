"""An editor's message becomes the fields of a fact, or a sentence that asks for one again."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import DeskError
from bot.services.facts import parsing
from bot.services.facts.parsing import EMPTY, Parsed, answer, fact_changes
from bot.stories.schema import FIELDS, LABELS
from db.records import FactDraft, Moment, Status, Weight

Read: TypeAlias = Callable[[str, datetime], Mapping[str, Any]]

NOW = datetime(2025, 5, 20, 12, 0, tzinfo=ZoneInfo("Europe/Kyiv"))


def added(text: str) -> Parsed:
    return parsing.addition(text, NOW)


def test_a_full_message_gives_every_field() -> None:
    parsed = added(
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
    assert parsed.troubles == {}
    assert parsed.on(EMPTY) == FactDraft(
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
    parsed = added("Length of the call\nTwo hours.\nHe said: nothing else.\nSource: TASS")
    assert parsed.given["question"] == "Length of the call"
    assert parsed.given["text"] == "Two hours.\nHe said: nothing else."


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
    parsed = added(line)
    assert list(parsed.troubles) == [name]
    assert parsed.troubles[name].startswith(trouble)
    assert name not in parsed.given


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
    parsed = parsing.known_unknown("The cause? | Nobody has named one. | next 18:00", NOW)
    assert parsed.given == {
        "question": "The cause?",
        "text": "Nobody has named one.",
        "next_word": "Tuesday 20 May 2025, 18:00",
        "check_by": datetime(2025, 5, 20, 15, 0, tzinfo=UTC),
        "status": Status.UNKNOWN,
    }
    words = parsing.known_unknown("The cause? | Nobody knows. | after the inspection", NOW)
    assert words.given["next_word"] == "after the inspection"
    assert "check_by" not in words.given


def test_a_change_touches_only_what_it_names() -> None:
    draft = FactDraft(key="", question="How long?", text="Two hours.", source="TASS", topics=("a",))
    now = parsing.draft_changes("Three hours.\nTopics:\nbig", NOW)
    assert now.on(draft) == FactDraft(
        key="", question="How long?", text="Three hours.", source="TASS", weight=Weight.BIG
    )
    needed = parsing.draft_changes("Source:", NOW)
    assert (needed.given, needed.troubles) == ({}, {"source": "A fact needs its source."})
    with pytest.raises(DeskError, match="There is nothing in that"):
        parsing.draft_changes(" \n ", NOW)


def test_one_field_is_taken_as_it_is_written() -> None:
    assert parsing.one("text", "Putin: we talked.\nFor two hours?", NOW).given == {
        "text": "Putin: we talked.\nFor two hours?"
    }
    assert parsing.one("source", "Source: TASS", NOW).given == {"source": "TASS"}


def test_plain_words_are_an_addition_only_in_its_form() -> None:
    assert parsing.one_line("How long? | Two hours. | TASS")
    for words in ("How long? | Two hours.", "answer 1 | 2", "a | b |", "a | b | c | d", "a|b\n|c"):
        assert not parsing.one_line(words)


FULL = """It is 421 metres long.

    That is 9 more.
    SOURCE: City archive (https://example.org/a)
    said: yesterday 18:00
    When: 3 May
    Status: Reported.
    Topics: #past;  length , past
    Check by: in 2 hours
    Next word: when it is measured
    Question: How long is it?
    Ordinary."""
GIVEN = {
    "text": "It is 421 metres long.\n\nThat is 9 more.",
    "source": "City archive",
    "source_url": "https://example.org/a",
    "as_of": Moment.parse("2025-05-19 18:00"),
    "happened": Moment.parse("2025-05-03"),
    "status": Status.REPORTED,
    "topics": ("past", "length"),
    "check_by": datetime(2025, 5, 20, 11, 0, tzinfo=UTC),
    "next_word": "when it is measured",
    "question": "How long is it?",
    "weight": Weight.ORDINARY,
}
READERS = [lambda text, now: parsing.draft_changes(text, now).given, fact_changes, answer]
"""A draft is changed, a fact is changed, readers are answered: one grammar."""


@pytest.mark.parametrize("read", READERS)
class TestOneGrammar:
    """What a line means does not depend on the command behind which it stands."""

    def test_every_labelled_line_is_its_field(self, read: Read) -> None:
        assert read(FULL, NOW) == GIVEN
        assert set(GIVEN) == {each.name for each in FIELDS if each.labels}

    @pytest.mark.parametrize("label", LABELS)
    def test_no_label_becomes_part_of_the_answer(self, read: Read, label: str) -> None:
        value = GIVEN[LABELS[label]]
        words = ", ".join(value) if isinstance(value, tuple) else str(value)
        shown = words.split("\n")[0]
        line = f"{label.upper()} : {'tomorrow 9:00' if 'check' in label else shown}"
        given = read(line, NOW)
        assert LABELS[label] in given
        assert "text" not in given or LABELS[label] == "text"

    def test_a_slip_of_a_label_is_refused(self, read: Read) -> None:
        with pytest.raises(DeskError, match="“Sorce:” is no label; did you mean “Source:”"):
            read("Two hours.\nSorce: TASS", NOW)

    def test_a_label_twice_is_refused(self, read: Read) -> None:
        with pytest.raises(DeskError, match="“source:” stands there twice"):
            read("Source: TASS\nsource: RIA", NOW)

    def test_a_sentence_with_a_colon_is_no_label(self, read: Read) -> None:
        words = "He said: no talks.\nThe source: unnamed."
        assert read(words, NOW) == {"text": words}

    def test_a_dash_empties_a_field(self, read: Read) -> None:
        given = read("Said: -\nTopics: -\nCheck: -\nLink: -", NOW)
        assert given == {"as_of": None, "topics": (), "check_by": None, "source_url": None}

    def test_a_time_of_the_next_word_is_also_when_an_editor_looks(self, read: Read) -> None:
        given = read("Next: tomorrow 18:00", NOW)
        assert given["next_word"] == "Wednesday 21 May 2025, 18:00"
        assert given["check_by"] == datetime(2025, 5, 21, 15, 0, tzinfo=UTC)
        both = read("Check: tomorrow 9:00\nNext: tomorrow 18:00", NOW)
        assert both["check_by"] == datetime(2025, 5, 21, 6, 0, tzinfo=UTC)

    def test_what_no_message_can_hold_is_left_out(self, read: Read) -> None:
        assert read("Two\x00 hours.\x9b", NOW) == {"text": "Two hours."}

    @pytest.mark.parametrize(
        ("line", "trouble"),
        [
            ("Topics: " + "x" * 61, "At most 20 topics of 60 characters are kept"),
            ("Source: " + "x" * 301, "The source has 301 characters, 1 too many"),
            ("Status: sure", "The status “sure” is none of"),
            ("Said: soon", "“soon” "),
        ],
    )
    def test_nothing_is_cut_or_guessed(self, read: Read, line: str, trouble: str) -> None:
        refused = parsing.draft_changes(line, NOW).troubles
        assert trouble in " ".join(refused.values())
        if read is not READERS[0]:
            with pytest.raises(DeskError, match=re.escape(trouble)):
                read(line, NOW)


def test_of_a_fact_that_is_not_changed_it_is_said_so() -> None:
    with pytest.raises(DeskError, match=r"^Nothing changed: A fact needs its answer"):
        fact_changes("Text: -", NOW)
    assert fact_changes("Source: -", NOW) == {"source": None}


def test_what_nobody_knows_answers_no_reader() -> None:
    with pytest.raises(DeskError, match="“unknown” is no status of an answer: write confirmed"):
        answer("Status: unknown", NOW)


def test_labelled_lines_are_told_from_questions() -> None:
    assert parsing.has_labels("Said: yesterday")
    assert parsing.has_labels("so\nbig.")
    assert not parsing.has_labels("who said: no talks?")


_LINES = st.one_of(
    st.text(max_size=40),
    st.builds("{}: {}".format, st.sampled_from(sorted(LABELS)), st.text(max_size=40)),
)


@given(st.lists(_LINES, max_size=6).map("\n".join))
def test_any_message_is_read_or_refused(text: str) -> None:
    for change in (fact_changes, answer):
        try:
            FactDraft(**{"key": "k", "text": "x", **change(text, NOW)})
        except DeskError as refused:
            assert str(refused).endswith((".", "again."))  # noqa: PT017 - both ends are good
    for read in (parsing.addition, parsing.known_unknown, parsing.draft_changes):
        try:
            parsed = read(text, NOW)
        except DeskError:
            continue
        parsed.on(EMPTY)
        assert not set(parsed.troubles) & set(parsed.given) - {"status"}
