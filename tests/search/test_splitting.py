"""The questions of one message, set apart."""

import json
from pathlib import Path

import pytest

from bot.search import FactIndex, Outcome
from bot.search.language import splitting

QUESTIONS = Path(__file__).parents[1] / "questions"


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("How long was it? Who called?", ["How long was it?", "Who called?"]),
        ("How long was it and who called?", ["How long was it", "who called?"]),
        ("When was it, where was it, and who was there?", None),
        ("Who won\nand why?", ["Who won", "and why?"]),
        ("How long was it; who called", ["How long was it;", "who called"]),
        ("where was it?who called?", ["where was it?", "who called?"]),
        ("1) how long was it 2) who called", ["how long was it", "who called"]),
        (
            "1. length of the call\n2. who called\n3. why",
            ["length of the call", "who called", "why"],
        ),
        ("a) how long was it b) and why", ["how long was it", "and why"]),
        ("- how long\n- who was there", ["how long", "who was there"]),
        ("the ferry running? any deaths?", ["the ferry running?", "any deaths?"]),
        (
            "is line 2 running, can i drink the tap water, how can i donate",
            ["is line 2 running", "can i drink the tap water", "how can i donate"],
        ),
    ],
)
def test_several_questions_are_taken_apart(message: str, parts: list[str] | None) -> None:
    found = splitting.parts(message)
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
        "What did the mayor, the governor and the president say?",
        "On 19. May and 20. June who called?",
        "the call of 19 May - how long was it",
        "Hi, quick question: when does the ferry run?",
        "",
        "🙂",
    ],
)
def test_a_lone_question_stays_whole(message: str) -> None:
    assert splitting.parts(message) == [message]


def test_of_several_sentences_the_one_that_asks_can_stand_alone() -> None:
    message = "Trump called Putin. I read it today. How long was it?"
    assert splitting.question_alone(message) == "How long was it?"


@pytest.mark.parametrize(
    "message", ["How long was it?", "Who? When?", "They met. They talked.", "", "?"]
)
def test_where_none_or_several_ask_no_one_stands_alone(message: str) -> None:
    assert splitting.question_alone(message) is None


@pytest.mark.parametrize(
    "message", ["Who called Mr. Putin?", "Where is St. Petersburg?", "Is Mrs. Trump there?"]
)
def test_an_abbreviated_title_does_not_end_a_sentence(message: str) -> None:
    assert splitting.question_alone(message) is None


@pytest.mark.parametrize("piece", ["and who ", "? ", ", when ", "St. A", "and ", "a. B"])
def test_the_longest_message_is_taken_apart_at_once(piece: str) -> None:
    message = (piece * 4096)[:4096]
    assert splitting.parts(message)
    splitting.question_alone(message)


def test_messages_of_readers_are_taken_apart() -> None:
    """Nine in ten; on first sight, before anything was learned from them, it was eight in ten."""
    text = (QUESTIONS / "several.jsonl").read_text(encoding="utf-8")
    messages = [json.loads(line) for line in text.splitlines()]
    right = [len(splitting.parts(each["q"])) == len(each["parts"]) for each in messages]
    assert len(right) == 60
    assert sum(right) >= 54


def test_every_part_is_answered_or_named(story: FactIndex) -> None:
    text = (QUESTIONS / "several.jsonl").read_text(encoding="utf-8")
    for line in text.splitlines():
        message = json.loads(line)["q"]
        verdict = story.ask(message)
        if not verdict.parts:  # it comes to one question
            assert len(verdict.told) <= 1 or verdict.outcome is Outcome.ANSWER
            continue
        told = {each.document.id for each in verdict.told}
        answered = [part for part in verdict.parts if part.told]
        assert len(told) <= len(answered)
        assert bool(told) is bool(answered)
