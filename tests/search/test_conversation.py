"""How a message stands to others."""

import time

import pytest

from bot.search import conversation
from bot.search.analyzer import Analyzer, Token


def tokens(text: str) -> list[Token]:
    return Analyzer().tokens(text)


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("How long was it? Who called?", ["How long was it?", "Who called?"]),
        ("How long was it and who called?", ["How long was it", "who called?"]),
        ("When was it, where was it, and who was there?", None),
        ("Who won\nand why?", ["Who won", "and why?"]),
        ("How long was it; who called", ["How long was it;", "who called"]),
    ],
)
def test_several_questions_are_taken_apart(message: str, parts: list[str] | None) -> None:
    found = conversation.parts(message)
    assert found == (parts or ["When was it", "where was it", "who was there?"])


@pytest.mark.parametrize(
    "message",
    [
        "How long was the call?",
        "Did Trump and Putin talk?",
        "Who called Trump and Putin?",
        "Putin went to Sochi. How long was the call?",
        "trump putin call",
        "Was it long, and by phone?",
        "",
        "🙂",
    ],
)
def test_a_lone_question_stays_whole(message: str) -> None:
    assert conversation.parts(message) == [message]


def test_of_several_sentences_the_one_that_asks_can_stand_alone() -> None:
    message = "Trump called Putin. I read it today. How long was it?"
    assert conversation.question_alone(message) == "How long was it?"


@pytest.mark.parametrize(
    "message", ["How long was it?", "Who? When?", "They met. They talked.", "", "?"]
)
def test_where_none_or_several_ask_no_one_stands_alone(message: str) -> None:
    assert conversation.question_alone(message) is None


@pytest.mark.parametrize(
    "message", ["Who called Mr. Putin?", "Where is St. Petersburg?", "Is Mrs. Trump there?"]
)
def test_an_abbreviated_title_does_not_end_a_sentence(message: str) -> None:
    assert conversation.question_alone(message) is None


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


@pytest.mark.parametrize("piece", ["and who ", "? ", ", when ", "St. A", "and ", "a. B"])
def test_the_longest_message_is_taken_apart_at_once(piece: str) -> None:
    began = time.perf_counter()
    message = (piece * 4096)[:4096]
    conversation.parts(message)
    conversation.question_alone(message)
    assert time.perf_counter() - began < 2
