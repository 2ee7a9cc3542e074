"""What a question asks for."""

import pytest

from bot.search.language.analyzer import Analyzer
from bot.search.language.question_kind import Kind, kind_of


def kind(text: str) -> Kind:
    return kind_of(Analyzer().tokens(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Who called?", Kind.WHO),
        ("which minister went", Kind.WHO),
        ("When was it?", Kind.WHEN),
        ("what day did they meet", Kind.WHEN),
        ("Where did they meet?", Kind.WHERE),
        ("in which city were the talks", Kind.WHERE),
        ("How long did it last?", Kind.HOW_LONG),
        ("how many hours did they talk", Kind.HOW_LONG),
        ("How many prisoners were freed?", Kind.HOW_MANY),
        ("the exact number of prisoners", Kind.HOW_MANY),
        ("How much did it cost?", Kind.HOW_MUCH),
        ("Why did he go?", Kind.WHY),
        ("how come he went", Kind.WHY),
        ("What exactly did he say?", Kind.QUOTE),
        ("who said it, in his own words", Kind.QUOTE),
        ("how did they travel", Kind.HOW),
        ("what is on the table", Kind.WHAT),
        ("Did he call?", Kind.YES_NO),
        ("so, was it long?", Kind.YES_NO),
        ("they met, is that right?", Kind.YES_NO),
        ("Trump Putin call", Kind.OPEN),
        ("", Kind.OPEN),
        ("🙂", Kind.OPEN),
    ],
)
def test_a_question_is_of_its_kind(text: str, expected: Kind) -> None:
    assert kind(text) is expected


def test_a_greeting_before_a_question_does_not_change_its_kind() -> None:
    assert kind("hello, please, did he call?") is Kind.YES_NO
    assert kind("hello, when did he call?") is Kind.WHEN


def test_the_first_of_two_question_words_counts() -> None:
    assert kind("when and where did they meet") is Kind.WHEN
    assert kind("where and when did they meet") is Kind.WHERE


def test_a_month_does_not_make_a_question_of_yes_or_no() -> None:
    assert kind("In May, who met?") is Kind.WHO
