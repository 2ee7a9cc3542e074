"""What `storydesk ask` prints, for verdicts of every kind."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot import asking
from bot.asking import Conversation
from bot.errors import SettingError
from bot.services.answers.reader import ReaderAnswers
from db.engine import Database
from tests import bridge


@pytest.fixture
async def answering(story_file: Path) -> Any:
    database = await Database.open(story_file)
    yield ReaderAnswers(database, ask=bridge.spelled_out)
    await database.close()


async def lines(answering: ReaderAnswers, *turns: str) -> list[dict[str, Any]]:
    asked = await asking.answered(answering, Conversation(id="x", turns=turns))
    return [json.loads(asking.as_json(each)) for each in asked]


async def test_facts_are_those_stated_as_the_answer(answering: ReaderAnswers) -> None:
    (line,) = await lines(answering, "answer 1 2 | 3")
    assert [fact["key"] for fact in line["facts"]] == ["opened", "closed"]
    assert [fact["id"] for fact in line["candidates"]] == [1, 2, 3]
    assert "known_unknown" not in line


async def test_a_known_unknown_is_no_fact(answering: ReaderAnswers) -> None:
    (line,) = await lines(answering, "unknown 5 | 1")
    assert line["facts"] == []
    assert line["known_unknown"]["key"] == "cause"
    assert line["text"].startswith("Why did the bearing fail?\nNot known yet.")


async def test_a_choice_states_nothing_and_leads_with_what_it_offers(
    answering: ReaderAnswers,
) -> None:
    asked = await asking.answered(answering, Conversation(id=None, turns=("choose 3 1 | 2",)))
    line = json.loads(asking.as_json(asked[0]))
    assert (line["id"], line["facts"], line["text"]) == (None, [], "Which one?")
    assert [fact["id"] for fact in line["candidates"]] == [3, 1, 2]
    assert line["candidates"][0]["question"] == "How long is the bridge?"
    assert asking.as_text(asked[0]) == (
        "Which one?\n  1. How long is the bridge?\n  2. When was the bridge opened?"
    )


async def test_turns_lean_on_one_another_across_small_talk(answering: ReaderAnswers) -> None:
    told = await lines(answering, "again", "answer 2", "thanks", "again")
    assert [line["turn"] for line in told] == [1, 2, 3, 4]
    assert [[fact["id"] for fact in line["facts"]] for line in told] == [[], [2], [], [2]]
    assert [fact["id"] for fact in (await lines(answering, "again"))[0]["facts"]] == []


async def test_any_text_becomes_one_line_of_json(answering: ReaderAnswers) -> None:
    for text in ("\ud800", "\u2028\n", '"\\', "\x00"):
        (asked,) = await asking.answered(answering, Conversation(id=1, turns=(text,)))
        line = asking.as_json(asked)
        assert "\n" not in line
        line.encode()
        assert json.loads(line)["question"] == text


def test_a_file_and_a_question_at_once_are_too_much(tmp_path: Path) -> None:
    with pytest.raises(SettingError):
        asking.conversations("how long", tmp_path)


def test_a_file_may_hold_unusual_separators(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_bytes('\ufeff{"q": "a\u2028b"}\r\n\r\n{"id": 2, "turns": [{"q": "c"}]}\n'.encode())
    assert asking.conversations(None, path) == [
        Conversation(id=None, turns=("a\u2028b",)),
        Conversation(id=2, turns=("c",)),
    ]
