"""How a message stands to others."""

import pytest

from bot.search.language import conversation
from bot.search.language.analyzer import Analyzer, Token


def tokens(text: str) -> list[Token]:
    return Analyzer().tokens(text)


@pytest.mark.parametrize(
    "message", ["and him?", "where was he?", "what about Kyiv", "so why did they", "how about it"]
)
def test_a_pronoun_or_a_link_leans_on_the_last_question(message: str) -> None:
    assert conversation.leans(tokens(message), terms=3)


def test_a_question_of_one_word_leans_and_a_full_one_does_not() -> None:
    assert conversation.leans(tokens("where exactly"), terms=1)
    assert not conversation.leans(tokens("how long was the peace call"), terms=3)


@pytest.mark.parametrize(
    "message",
    [
        "is there any date for the summit",
        "were there Russian officials in Istanbul",
        "why there is no ceasefire yet",
        "is it true the talks failed",
        "did Vance say that Trump would call",
    ],
)
def test_there_it_and_that_which_stand_for_nothing_do_not_lean(message: str) -> None:
    assert not conversation.leans(tokens(message), terms=3)


@pytest.mark.parametrize(
    "message",
    ["who was there", "was he there with Vance", "how long is it", "is it true", "did he say that"],
)
def test_there_it_and_that_which_stand_for_something_lean(message: str) -> None:
    assert conversation.leans(tokens(message), terms=3)


@pytest.mark.parametrize(
    "message", ["tell me about the talks", "what happened", "summary of the call", "fill me in"]
)
def test_a_call_for_an_overview_is_heard(message: str) -> None:
    assert conversation.wants_overview(tokens(message))


@pytest.mark.parametrize("message", ["how long was the call", "who called", ""])
def test_a_question_for_one_thing_wants_no_overview(message: str) -> None:
    assert not conversation.wants_overview(tokens(message))


@pytest.mark.parametrize(
    "message",
    ["Who says so?", "says who?", "and source?", "source?", "Is that true?", "are you sure?"],
)
def test_a_doubt_asks_only_who_says_so(message: str) -> None:
    assert conversation.doubts(tokens(message))


@pytest.mark.parametrize("message", ["who says the call was long?", "is the call confirmed?", ""])
def test_a_doubt_about_something_else_is_a_question(message: str) -> None:
    assert not conversation.doubts(tokens(message))
