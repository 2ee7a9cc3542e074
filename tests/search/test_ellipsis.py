"""Answers that lean on their question, told from those that stand by themselves."""

import json
import tomllib
from pathlib import Path

import pytest

from bot.search.language import ellipsis

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Did Trump and Putin speak?", "Yes. They spoke by phone."),
        ("Is the bridge open?", "No, it is closed."),
        ("Is Putin willing to compromise?", "Hardly: Putin has shown little readiness."),
        ("How long is the bridge?", "412 metres."),
        ("How long is the bridge?", "It is 412 metres long."),
        ("When was the bridge opened?", "In 1931. The mayor cut the ribbon."),
        ("Who will pay for the new bridge?", "The town."),
        ("Why was the bridge closed?", "They found a crack."),
        ("When is the hearing?", "That is open."),
        ("How long will he be in prison?", "Five years."),
        ("Who opened the bridge?", "The mayor cut the ribbon."),
        ("Who opened the bridge?", ""),
    ],
)
def test_a_text_that_needs_its_question_leans_on_it(question: str, text: str) -> None:
    assert ellipsis.leans(text, question)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How long is the bridge?", "The bridge is 412 metres long."),
        ("When was the bridge opened?", "The bridge was opened in 1931. It is old."),
        ("Was it a call?", "The U.S. president and Putin spoke in a call of two hours."),
        ("Who will pay for the bridge?", "It is not known whether the town will pay the bridge."),
        ("What did Russia demand in Istanbul?", "In Istanbul, Russia repeated its demand."),
        ("How many were hurt in the flood?", "There were 14 people hurt in the flood."),
    ],
)
def test_a_sentence_that_names_its_subject_stands_by_itself(question: str, text: str) -> None:
    assert not ellipsis.leans(text, question)


@pytest.mark.parametrize("text", ["Yes.", "no, never", "Yes: he did", " Yes — twice", "Nope."])
def test_a_bare_yes_or_no_is_seen(text: str) -> None:
    assert ellipsis.answers_yes_or_no(text)


@pytest.mark.parametrize(
    "text", ["No European reaction is out.", "Nobody knows.", "Yesterday.", ""]
)
def test_other_beginnings_are_no_yes_or_no(text: str) -> None:
    assert not ellipsis.answers_yes_or_no(text)


def test_facts_that_were_typed_in_a_hurry_lean_on_their_questions() -> None:
    facts = [
        fact
        for path in sorted((ROOT / "tests" / "stories" / "lessons").glob("*.json"))
        for fact in json.loads(path.read_text(encoding="utf-8"))["facts"]
        if fact.get("status") != "unknown"
    ]
    stand = [fact["text"] for fact in facts if not ellipsis.leans(fact["text"], fact["question"])]
    assert len(facts) > 2_000
    assert len(stand) <= 16  # read one by one: a dozen of them lean, and are missed


def test_facts_that_were_written_with_care_mostly_stand() -> None:
    bundled = tomllib.loads((ROOT / "bot" / "stories" / "call.toml").read_text(encoding="utf-8"))
    facts = [fact for fact in bundled["facts"] if fact.get("status") in (None, "confirmed")]
    yes_no = [fact for fact in facts if ellipsis.answers_yes_or_no(fact["text"])]
    leaning = [fact for fact in facts if ellipsis.leans(fact["text"], fact["question"])]
    assert all(fact in leaning for fact in yes_no)
    assert len(leaning) - len(yes_no) < 0.1 * len(facts)


@pytest.mark.parametrize("half", ["a", "b"])
def test_texts_that_were_labelled_by_hand_are_told_apart(half: str) -> None:
    """Neither half was looked at when this was made: .90 and .96 precise, .98 and .99 complete."""
    path = ROOT / "tests" / "questions" / f"leaning_{half}.jsonl"
    texts = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    found = [each for each in texts if ellipsis.leans(each["text"], each["question"])]
    right = [each for each in found if each["leans"]]
    assert len(texts) > 120
    assert len(right) >= 0.88 * len(found)
    assert len(right) >= 0.96 * sum(each["leans"] for each in texts)
