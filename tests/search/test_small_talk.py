"""Small talk, and what only begins like it."""

import time

import pytest

from bot.search import Courtesy, FactIndex, Outcome
from bot.search.language import small_talk
from bot.search.language.analyzer import Analyzer
from bot.search.language.small_talk import recognise


def kind(index: FactIndex, message: str) -> Courtesy | None:
    return recognise(index.query(message).tokens, index.is_word)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Hello!", Courtesy.GREETING),
        ("hi there", Courtesy.GREETING),
        ("good morning everyone", Courtesy.GREETING),
        ("how are you today?", Courtesy.GREETING),
        ("Thanks a lot!", Courtesy.THANKS),
        ("thank you so much, bot", Courtesy.THANKS),
        ("bye bye", Courtesy.FAREWELL),
        ("see you later", Courtesy.FAREWELL),
        ("Are you a robot?", Courtesy.IDENTITY),
        ("what is your name", Courtesy.IDENTITY),
        ("you are such a stupid bot", Courtesy.ABUSE),
        ("shut up", Courtesy.ABUSE),
        ("ok", Courtesy.NOISE),
        ("lol", Courtesy.NOISE),
        ("🙂🙂", Courtesy.NOISE),
        ("...", Courtesy.NOISE),
        ("", Courtesy.NOISE),
        ("qwrtpl zxcvbn mnbvq", Courtesy.NOISE),
        ("Сколько длился звонок?", Courtesy.NOISE),
    ],
)
def test_small_talk_is_of_its_kind(story: FactIndex, message: str, expected: Courtesy) -> None:
    assert kind(story, message) is expected
    verdict = story.ask(message)
    assert (verdict.outcome, verdict.courtesy) == (Outcome.SMALLTALK, expected)


def test_asking_what_came_later_is_no_farewell(story: FactIndex) -> None:
    assert kind(story, "later") is Courtesy.FAREWELL
    assert kind(story, "and later?") is None


@pytest.mark.parametrize(
    "message",
    [
        "hello, how long was the call?",
        "thanks! and who called?",
        "Are you a robot or does Putin answer?",
        "ok so when did they talk",
        "stupid question, but where was Putin?",
        "call",
        "who is Vance",
    ],
)
def test_a_question_with_a_courtesy_is_no_small_talk(story: FactIndex, message: str) -> None:
    assert kind(story, message) is None
    assert story.ask(message).outcome is not Outcome.SMALLTALK


def test_a_greeting_does_not_change_the_answer(story: FactIndex) -> None:
    plain = story.ask("How long was the call?").told
    greeted = story.ask("Hello, how long was the call?").told
    assert [each.document.id for each in greeted] == [each.document.id for each in plain]
    assert plain


def test_whether_a_word_is_one_is_for_the_caller_to_say() -> None:
    tokens = Analyzer().tokens("Zorbling?")
    assert recognise(tokens, lambda _: True) is None
    assert recognise(tokens, lambda _: False) is Courtesy.NOISE


@pytest.mark.parametrize(
    "piece",
    [
        "such a ",
        "you are such a ",
        "really so totally ",
        "thank you ",
        "ha",
        "real live human ",
        "what is up ",
        "how are you doing ",
        "bye ",
        "the best ",
    ],
)
def test_the_longest_message_is_recognised_at_once(piece: str) -> None:
    """A pattern that can match in two ways takes ages over what it does not match."""
    tokens = Analyzer().tokens(("you " + piece * 4096)[:4090] + " zebra")
    began = time.perf_counter()
    recognise(tokens, lambda _: True)
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize("message", ["5", "#12", "2️⃣", "٣", " 7. ", "№ 6", "3)"])
def test_a_bare_number_asks_nothing(story: FactIndex, message: str) -> None:
    verdict = story.ask(message)
    assert (verdict.outcome, verdict.courtesy) == (Outcome.SMALLTALK, Courtesy.NOISE)


@pytest.mark.parametrize("message", ["1931?", "1,000 for 1,000", "May 19", "5 what"])
def test_a_number_with_anything_else_may_be_a_question(message: str) -> None:
    assert not small_talk.is_bare_number(message)
