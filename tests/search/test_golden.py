"""How good the answers are: practice questions on the bundled story, and what must not get worse.

The questions in files `…_d` are kept for the final figure and are never looked at here.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.search import Candidate, Context, FactIndex, Outcome, Verdict
from bot.search.learning.examples import plain, right

QUESTIONS = Path(__file__).parents[1] / "questions"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A practice question with its verdict."""

    must: list[list[str]]  # one substring of each group; none where nothing answers
    style: str
    verdict: Verdict

    @property
    def answered(self) -> bool:
        """Whether facts are told; a known unknown is none."""
        return self.verdict.outcome is Outcome.ANSWER

    @property
    def right(self) -> bool:
        """Whether what is told answers the question."""
        return self.answered and holds(self.must, self.verdict.told)

    @property
    def right_choice(self) -> bool:
        """Whether one of those offered with "Which one?" answers the question."""
        return any(holds(self.must, (each,)) for each in self.verdict.choices)


def holds(must: Sequence[Sequence[str]], told: Iterable[Candidate]) -> bool:
    facts = " ".join(f"{each.document.text} {each.document.source or ''}" for each in told)
    return right(must, plain(facts))


def lines(name: str) -> Iterator[dict[str, Any]]:
    for line in (QUESTIONS / name).read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def share(hits: Iterable[bool]) -> float:
    counted = list(hits)
    return sum(counted) / len(counted)


@pytest.fixture(scope="module")
def asked(story: FactIndex) -> list[Asked]:
    return [
        Asked(must=line["must"], style=line["style"], verdict=story.ask(line["q"]))
        for name in ("questions_a.jsonl", "questions_b.jsonl", "questions_c.jsonl")
        for line in lines(name)
    ]


@pytest.fixture(scope="module")
def answerable(asked: list[Asked]) -> list[Asked]:
    return [each for each in asked if each.must]


def test_most_questions_are_answered_at_once(answerable: list[Asked]) -> None:
    assert share(each.right for each in answerable) >= 0.88


def test_more_are_answered_after_which_one(answerable: list[Asked]) -> None:
    assert share(each.right or each.right_choice for each in answerable) >= 0.91


def test_few_answers_are_wrong(answerable: list[Asked]) -> None:
    assert share(each.answered and not each.right for each in answerable) <= 0.04


def test_an_answer_is_about_one_fact(answerable: list[Asked]) -> None:
    told = [len(each.verdict.told) for each in answerable if each.answered]
    assert sum(told) / len(told) < 1.3


def test_questions_near_the_story_seldom_get_facts(asked: list[Asked]) -> None:
    assert share(each.answered for each in asked if each.style == "near") <= 0.25


def test_other_subjects_and_chat_hardly_ever_get_facts(asked: list[Asked]) -> None:
    assert share(each.answered for each in asked if each.style in ("off", "chat")) <= 0.03


def test_dialogues_are_followed(story: FactIndex) -> None:
    hits = []
    for dialogue in (*lines("dialogues_b.jsonl"), *lines("dialogues_c.jsonl")):
        context = None
        for turn in dialogue["turns"]:
            verdict = story.ask(turn["q"], context=context)
            if turn["must"]:
                hits.append(verdict.outcome is Outcome.ANSWER and holds(turn["must"], verdict.told))
            else:
                hits.append(verdict.outcome is not Outcome.ANSWER)
            if verdict.told:
                told = tuple(each.document.id for each in verdict.told)
                context = Context(question=turn["q"], documents=told)
    assert share(hits) >= 0.74
