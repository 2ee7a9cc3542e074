"""Answers that lean on their question, as readers of ten small stories see them."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.search.language import ellipsis
from bot.services.answers import standalone
from bot.services.answers.results import Outcome
from bot.views.answers import messages
from bot.views.message import plain
from db.records import Fact, Status
from tests.samples import a_fact, an_answer

STORIES = sorted((Path(__file__).parents[2] / "stories").glob("*/facts.json"))


def facts(path: Path) -> list[Fact]:
    rows = json.loads(path.read_text(encoding="utf-8"))["facts"]
    return [
        a_fact(
            number,
            question=row["question"],
            text=row["text"],
            status=Status(row.get("status", "confirmed")),
        )
        for number, row in enumerate(rows, start=1)
    ]


def shown(fact: Fact) -> str:
    outcome = Outcome.UNKNOWN if fact.status.is_gap else Outcome.ANSWER
    return plain(messages.answer(an_answer(outcome, told=[fact])))


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.parent.name)
def test_every_answer_that_leans_stands_below_its_question(path: Path) -> None:
    for fact in facts(path):
        question = fact.question or ""
        leans = ellipsis.leaves_out if fact.status.is_gap else ellipsis.leans
        assert (standalone.question_above(fact) == question) is leans(fact.text, question)
        known = replace(fact, phrasings=("one", "two", "three"))
        assert shown(known).startswith(f"{question}\n") is leans(fact.text, question)
        if not fact.status.is_gap:  # asked for in few ways: readers see whether it is theirs
            assert shown(fact).startswith(f"{question}\n")


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.parent.name)
def test_no_message_begins_with_a_bare_yes_or_no(path: Path) -> None:
    assert STORIES
    for fact in facts(path):
        assert not re.match(r"(?i)\W*(yes|no)\b\W", shown(fact)), fact.text
