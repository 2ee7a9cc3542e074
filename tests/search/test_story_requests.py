"""Requests about the story as a whole, told from questions that ask for one thing of it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from bot.search import Context, Courtesy, FactIndex, Outcome, Screen, Subject
from bot.search.language import story_requests
from bot.search.language.analyzer import Token
from bot.search.meaning.word_vectors import WordVectors, load
from tests.search import harbour

ROOT = Path(__file__).parents[1]
TITLE = "The harbour bridge closure"


class Recognised(Protocol):
    def __call__(self, message: str, title: str = TITLE) -> Screen | None: ...


@pytest.fixture(scope="module")
def vectors() -> WordVectors:
    return load()


@pytest.fixture
def screen(vectors: WordVectors) -> "Recognised":
    def is_word(token: Token) -> bool:
        return not token.content or vectors.known(token.word)

    def recognised(message: str, title: str = TITLE) -> Screen | None:
        request = story_requests.recognise(message, Subject(title=title), is_word)
        return None if request is None else request.screen

    return recognised


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("tell me everything", Screen.OVERVIEW),
        ("Could you give me a short summary, please?", Screen.OVERVIEW),
        ("tl;dr", Screen.OVERVIEW),
        ("sumary plz", Screen.OVERVIEW),
        ("whats this all about", Screen.OVERVIEW),
        ("what's the latest?", Screen.NEWS),
        ("anything new since yesterday", Screen.NEWS),
        ("what changed today", Screen.NEWS),
        ("latset news", Screen.NEWS),
        ("what's the latest on the bridge closure", Screen.NEWS),
        ("what is not known yet?", Screen.GAPS),
        ("what dont you know", Screen.GAPS),
        ("open questions", Screen.GAPS),
        ("what comes next", Screen.NEXT),
        ("and what happens now?", Screen.NEXT),
        ("who says so", Screen.SOURCES),
        ("where do you get your information from?", Screen.SOURCES),
        ("why should I trust you?", Screen.SOURCES),
        ("who runs this bot?", Screen.ABOUT),
        ("what can you do", Screen.HELP),
        ("how does this work?", Screen.HELP),
    ],
)
def test_a_request_leads_to_its_screen(screen: Recognised, message: str, expected: Screen) -> None:
    assert screen(message) is expected


@pytest.mark.parametrize(
    "message",
    [
        "what's the latest on the ferry",
        "who said that the bridge was unsafe",
        "what changed at the inspection",
        "when does the next ferry leave",
        "what do we know about the mayor",
        "what did she say",
        "has that changed?",
        "who runs the ferry?",
        "who pays",
        "who is responsible?",
        "how long is the bridge",
        "what happened on the bridge in the storm",
        "is the bridge open",
        "",
        "?",
        "new " * 40,
    ],
)
def test_a_question_for_one_thing_is_none(screen: Recognised, message: str) -> None:
    assert screen(message) is None


def test_news_are_asked_for_since_a_day(vectors: WordVectors) -> None:
    def days(message: str) -> int | None:
        request = story_requests.recognise(
            message, Subject(title=TITLE), lambda token: vectors.known(token.word)
        )
        assert request is not None
        return request.days

    assert days("what changed today?") == 0
    assert days("what is new since yesterday") == 1
    assert days("what changed in the last week") == 7
    assert days("latest news") is None
    assert days("what comes next this week") is None


def ordinary() -> Iterator[str]:
    """Yield the questions that the bundled story answers, one a line of the practice sets."""
    for path in sorted((ROOT / "questions").glob("questions_*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            question = json.loads(line)
            if question.get("must") and question.get("style") != "broad":
                yield question["q"]


def test_no_ordinary_question_is_lost_to_a_screen(screen: Recognised) -> None:
    questions = list(ordinary())
    assert len(questions) > 600
    lost = [each for each in questions if screen(each, "The Trump–Putin call") is not None]
    assert lost == []


def lines(name: str) -> list[dict[str, str]]:
    text = (ROOT / "questions" / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


BUNDLED = Subject(
    title="The Trump–Putin call",
    about="the phone call of 19 May 2025 between the U.S. and Russian presidents, and the talks "
    "around it",
)
SCREENS = {"new": Screen.NEWS, "open": Screen.GAPS}


def test_requests_in_readers_words_lead_to_their_screens(vectors: WordVectors) -> None:
    """Nine in ten; on first sight, before anything was learned from them, it was three in four."""
    asked = lines("whole.jsonl")
    found = [
        story_requests.recognise(each["q"], BUNDLED, lambda token: vectors.known(token.word))
        for each in asked
    ]
    right = [
        request is not None and request.screen == SCREENS.get(each["screen"], each["screen"])
        for each, request in zip(asked, found, strict=True)
    ]
    assert len(right) == 120
    assert sum(right) >= 108


def test_questions_that_sound_alike_and_ask_for_one_thing_are_none(vectors: WordVectors) -> None:
    for each in lines("particular.jsonl"):
        request = story_requests.recognise(
            each["q"], BUNDLED, lambda token: vectors.known(token.word)
        )
        assert request is None, each["q"]


def test_a_request_never_leans_on_the_last_question(bridge: FactIndex) -> None:
    after = Context(question="How long is the bridge?", documents=(2,))
    for message in ("what is new?", "and what comes next?", "summary", "who runs this?"):
        for context in (None, after):
            verdict = bridge.ask(message, context=context)
            assert (verdict.outcome, verdict.told) == (Outcome.SCREEN, ())


def test_who_says_so_after_an_answer_repeats_it_beside_the_sources(bridge: FactIndex) -> None:
    after = Context(question="How long is the bridge?", documents=(2,))
    verdict = bridge.ask("who says so?", context=after)
    assert [each.document.id for each in verdict.told] == [2]
    assert verdict.request is not None
    assert verdict.request.screen is Screen.SOURCES
    assert bridge.ask("who says so?").outcome is Outcome.SCREEN


def test_small_talk_stays_small_talk(bridge: FactIndex) -> None:
    verdict = bridge.ask("how are you today")
    assert (verdict.outcome, verdict.courtesy) == (Outcome.SMALLTALK, Courtesy.GREETING)
    assert bridge.ask("are you a robot?").courtesy is Courtesy.IDENTITY


def test_the_title_may_be_named(bridge: FactIndex) -> None:
    named = FactIndex.build(harbour.FACTS, subject=Subject(title="Harbour bridge"))
    assert named.ask("any news about the harbour bridge?").outcome is Outcome.SCREEN
    assert bridge.ask("any news about the harbour bridge?").outcome is not Outcome.SCREEN
