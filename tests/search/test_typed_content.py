"""What a fact holds, word by word and as a whole."""

import pytest

from bot.search.language.analyzer import Analyzer
from bot.search.language.question_kind import Kind
from bot.search.language.typed_content import (
    EXPECTED,
    EXPECTED_WHOLE,
    Carries,
    Holds,
    carries,
    tags,
)


def held(text: str) -> dict[str, Holds]:
    tokens = Analyzer().tokens(text)
    return {token.word: Holds(tag) for token, tag in zip(tokens, tags(tokens), strict=True)}


def test_words_after_a_title_or_in_a_row_of_capitals_are_persons() -> None:
    found = held("Yesterday President Putin met Vladimir Medinsky")
    assert Holds.PERSON in found["putin"]
    assert Holds.PERSON in found["medinsky"]


def test_a_capital_after_a_preposition_of_place_is_a_place() -> None:
    assert held("he flew to Sochi") == {
        "he": Holds(0),
        "flew": Holds(0),
        "to": Holds(0),
        "sochi": Holds.NAME | Holds.PLACE,
    }


def test_a_capital_at_the_start_says_nothing() -> None:
    assert held("Prisoners were freed")["prisoners"] == Holds(0)


@pytest.mark.parametrize("text", ["on Monday", "in May 2024", "this morning", "in 1932", "in may"])
def test_days_months_and_years_are_times(text: str) -> None:
    assert any(Holds.TIME in each for each in held(text).values())


def test_a_month_is_no_name() -> None:
    assert held("it was in March")["march"] == Holds.TIME


def test_years_are_numbers_too_and_large_numbers_are_no_years() -> None:
    assert held("in 1932")["1932"] == Holds.NUMBER | Holds.TIME
    assert held("some 5000 people")["5000"] == Holds.NUMBER


@pytest.mark.parametrize(
    "text", ["for 2 hours", "two and a half hours", "several weeks", "an hour", "half an hour"]
)
def test_a_unit_of_time_near_a_number_is_a_span(text: str) -> None:
    assert any(Holds.SPAN in each for each in held(text).values())


def test_a_unit_of_time_without_a_number_is_no_span() -> None:
    assert Holds.SPAN not in held("the hours before the call")["hours"]


def test_money_and_bodies_are_told_by_their_words() -> None:
    found = held("the committee paid 300 million dollars")
    assert Holds.BODY in found["committee"]
    assert Holds.MONEY in found["dollars"]
    assert found["300"] == Holds.NUMBER


def test_every_token_gets_its_own_tag() -> None:
    assert tags([]) == []
    assert len(held("one word after another")) == 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It failed because of the rain.", Carries.REASON),
        ('He said "we will meet again soon".', Carries.QUOTE | Carries.ATTRIBUTION),
        ("He said «мы встретимся».", Carries.QUOTE | Carries.ATTRIBUTION),
        ("They agreed by calling him.", Carries.MANNER),
        ("A “short” one.", Carries(0)),
        ("", Carries(0)),
    ],
)
def test_a_text_as_a_whole_carries(text: str, expected: Carries) -> None:
    assert Carries(carries(text)) == expected


def test_each_kind_of_question_expects_words_or_a_whole_not_both() -> None:
    assert not EXPECTED.keys() & EXPECTED_WHOLE.keys()
    assert set(Kind) - EXPECTED.keys() - EXPECTED_WHOLE.keys() == {
        Kind.WHAT,
        Kind.YES_NO,
        Kind.OPEN,
    }
