"""A folder with a story and its readers' questions, measured with few ways of asking a fact."""

import json
from pathlib import Path

import pytest

from bot.errors import QuestionFileError
from bot.evaluation import prepared
from tests.search import flood

KEYS = {each.question: f"fact-{each.id}" for each in flood.DOCUMENTS}


def row(question: str, style: str, *facts: str) -> dict[str, object]:
    return {"id": question, "q": question, "style": style, "facts": [KEYS[each] for each in facts]}


QUESTIONS = (
    row("How many people were hurt?", "plain", "How many people were hurt?"),
    row("Why did the dam break?", "plain", "Why did the dam break?"),
    row("Is line 3 running?", "near"),
    row("recipe for pancakes", "off"),
    row("hello", "chat"),
    {
        "id": "d1",
        "turns": [
            {"q": "Is line 1 running?", "facts": [KEYS["Is line 1 running?"]]},
            {"q": "who won the chess final", "facts": []},
        ],
    },
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    facts = [
        {
            "key": KEYS[each.question],
            "question": each.question,
            "text": each.text,
            "status": "unknown" if each.unknown else "confirmed",
            "phrasings": [f"{each.question} please", f"tell me: {each.question}"],
        }
        for each in flood.DOCUMENTS
    ]
    head = {"title": "Flood", "about": "the flood", "time_zone": "Europe/Berlin"}
    story = {"story": head, "facts": facts}
    (tmp_path / "facts.json").write_text(json.dumps(story), encoding="utf-8")
    lines = "\n".join(json.dumps(each) for each in QUESTIONS)
    (tmp_path / "questions.jsonl").write_text(lines, encoding="utf-8")
    return tmp_path


def test_a_folder_is_a_story_if_it_holds_facts(folder: Path) -> None:
    assert prepared.is_story(folder)
    (folder / "facts.json").unlink()
    assert not prepared.is_story(folder)


def test_without_questions_the_phrasings_left_over_are_asked(folder: Path) -> None:
    (folder / "questions.jsonl").unlink()

    assert prepared.figures(folder, 1).questions == len(flood.DOCUMENTS)
    assert prepared.figures(folder, 3).questions == 0


@pytest.mark.parametrize("count", prepared.PHRASINGS)
def test_a_story_is_asked_as_the_chat_asks_and_judged_by_the_facts_told(
    folder: Path, count: int
) -> None:
    figures = prepared.figures(folder, count)

    assert (figures.questions, figures.right, figures.wrong) == (2, 1, 0)
    assert figures.near is not None
    assert figures.off is not None
    assert figures.chat is not None
    assert (figures.near.questions, figures.off.questions, figures.chat.questions) == (1, 1, 1)
    assert (figures.near.told, figures.off.told, figures.chat.told) == (0, 0, 0)
    assert (figures.turns, figures.turns_right) == (2, 1)


def test_only_so_many_phrasings_are_left(folder: Path) -> None:
    for count in (0, 1, 3):
        story = json.loads(prepared.with_few_phrasings(folder / "facts.json", count))
        assert {len(each["phrasings"]) for each in story["facts"]} == {min(count, 2)}


def test_a_file_of_stories_is_refused_where_questions_should_stand(folder: Path) -> None:
    story = {"id": "s", "facts": [], "questions": []}
    (folder / "questions.jsonl").write_text(json.dumps(story), encoding="utf-8")
    with pytest.raises(QuestionFileError, match="it should ask one"):
        prepared.figures(folder, 0)
