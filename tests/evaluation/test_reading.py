"""Files of questions with known answers: both formats, and what is wrong with a line."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.errors import QuestionFileError
from bot.evaluation import reading
from bot.evaluation.reading import OwnQuestion, PublicQuestion, PublicStory, Turn
from bot.search import Document


def written(path: Path, *rows: Any) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "questions.jsonl"


def test_public_sets_become_documents_numbered_in_order(path: Path) -> None:
    story = {
        "id": "s",
        "facts": [{"id": "x", "text": "One."}, {"id": "y", "text": "Two.", "aliases": ["second"]}],
        "questions": [{"text": "which?", "gold": ["y", "x"]}],
        "off_topic": ["weather?"],
        "adversarial": ["third?"],
    }
    assert reading.read(written(path, story, {"facts": [], "questions": []})) == (
        PublicStory(
            name="s",
            documents=(
                Document(id=0, text="One."),
                Document(id=1, text="Two.", phrasings=("second",)),
            ),
            questions=(PublicQuestion(text="which?", gold=frozenset({0, 1})),),
            off_topic=("weather?",),
            near=("third?",),
        ),
        PublicStory(name="2", documents=(), questions=()),
    )


def test_own_questions_and_dialogues_may_stand_in_one_file(path: Path) -> None:
    question = {"id": "1", "q": "how long?", "style": "plain", "must": [["two", "2"]], "line": 3}
    dialogue = {"id": 2, "turns": [{"q": "who?", "must": []}, {"q": "and?", "must": [["a"]]}]}
    bare = {"q": "weather?", "must": []}
    assert reading.read(written(path, question, "", dialogue, bare)) == (
        OwnQuestion(
            id="1", style="plain", turns=(Turn(question="how long?", must=(("two", "2"),)),)
        ),
        OwnQuestion(
            id=2,
            style=None,
            turns=(Turn(question="who?", must=()), Turn(question="and?", must=(("a",),))),
        ),
        OwnQuestion(id=None, style="off", turns=(Turn(question="weather?", must=()),)),
    )


GOOD = {"id": "1", "q": "x", "must": []}
STORY: dict[str, Any] = {"facts": [{"id": "a", "text": "A."}], "questions": []}


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (GOOD, "nonsense", "it is not JSON"),
        (GOOD, "[" * 100_000, "it is nested too deeply"),
        (GOOD, [], "it is not an object"),
        (GOOD, {"q": "x"}, '"must" is not a list of lists'),
        (GOOD, {"q": "x", "must": [[]]}, '"must" is not a list of lists'),
        (GOOD, {"q": 5, "must": []}, 'no text under "q"'),
        (GOOD, {"id": True, "q": "x", "must": []}, '"id" is neither'),
        (GOOD, {"turns": []}, '"turns" is empty'),
        (GOOD, {"turns": [5]}, '"turns" is not a list of objects'),
        (STORY, GOOD, '"facts" is not a list of objects'),
        (STORY, {**STORY, "facts": [{"id": "a"}]}, 'no text under "text"'),
        (STORY, {**STORY, "facts": STORY["facts"] * 2}, 'two facts have the id "a"'),
        (STORY, {**STORY, "questions": [{"text": "x", "gold": ["b"]}]}, 'has the id "b"'),
        (STORY, {**STORY, "questions": [{"text": "x", "gold": []}]}, "a question has no gold"),
        (STORY, {**STORY, "off_topic": [5]}, '"off_topic" is not a list of texts'),
    ],
)
def test_a_bad_line_is_told_by_its_number(path: Path, first: Any, second: Any, said: str) -> None:
    with pytest.raises(QuestionFileError) as caught:
        reading.read(written(path, first, second))
    assert f"Line 2 of {path} is not understood, " in str(caught.value)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_holds_nothing_is_refused(path: Path, tmp_path: Path) -> None:
    for file in (written(path, ""), tmp_path / "nowhere.jsonl", tmp_path):
        with pytest.raises(QuestionFileError, match=str(file)):
            reading.read(file)
    path.write_bytes(b"\xff")
    with pytest.raises(QuestionFileError, match="not UTF-8"):
        reading.read(path)
