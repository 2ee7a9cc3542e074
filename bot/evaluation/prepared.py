"""A folder with a story and its readers' questions, asked as the chat asks.

`facts.json` is a story as an editor typed it; `questions.jsonl`, where there is one, holds
questions and dialogues, each with the keys of the facts that answer it under `facts`. It is
measured with few ways of asking each fact: the question alone, or with the first of its phrasings.
Where there are no questions, it is asked the phrasings that are left over.
"""

import asyncio
import json
import tempfile
from pathlib import Path
from typing import Final

from bot import clock, storage
from bot.errors import QuestionFileError
from bot.evaluation import own, reading
from bot.evaluation.own import OwnFigures
from bot.evaluation.reading import OwnQuestion, Turn
from bot.services.answers.reader import ReaderAnswers
from bot.services.files.imports import Imports
from bot.stories.storyfile import Format

FACTS: Final = "facts.json"
QUESTIONS: Final = "questions.jsonl"

PHRASINGS: Final = (0, 1, 3)
"""Other ways of asking a fact that a story is measured with."""


def is_story(path: Path) -> bool:
    """Return whether `path` is a folder with a story."""
    return (path / FACTS).is_file()


def figures(folder: Path, phrasings: int) -> OwnFigures:
    """Return the figures of a story whose facts keep `phrasings` other ways of asking.

    Raises:
        QuestionFileError: the questions are not understood.
        StoryFileError: the facts are not understood.
    """
    if (folder / QUESTIONS).exists():
        asked = _read(folder / QUESTIONS)
    else:
        asked = _left_over(folder / FACTS, phrasings)
    return asyncio.run(_measured(with_few_phrasings(folder / FACTS, phrasings), asked))


def with_few_phrasings(path: Path, count: int) -> bytes:
    """Return the story file at `path` with at most `count` phrasings a fact."""
    story = json.loads(path.read_text(encoding="utf-8"))
    for fact in story["facts"]:
        fact["phrasings"] = fact.get("phrasings", [])[:count]
    return json.dumps(story, ensure_ascii=False).encode()


def _read(path: Path) -> list[OwnQuestion]:
    questions = reading.read(path)
    asked = [each for each in questions if isinstance(each, OwnQuestion)]
    if len(asked) < len(questions):
        raise QuestionFileError(f"The file {path} holds stories: it should ask one.")
    return asked


def _left_over(path: Path, count: int) -> list[OwnQuestion]:
    """Return the phrasings behind the first `count` of each fact as questions for it."""
    story = json.loads(path.read_text(encoding="utf-8"))
    return [
        OwnQuestion(
            id=way,
            style="phrasing",
            turns=(Turn(question=way, facts=frozenset({fact["key"]})),),
        )
        for fact in story["facts"]
        for way in fact.get("phrasings", [])[count:]
    ]


async def _measured(story: bytes, asked: list[OwnQuestion]) -> OwnFigures:
    timed = own.Timed()
    with tempfile.TemporaryDirectory() as scratch:
        async with storage.opened(str(Path(scratch, "story.sqlite3"))) as database:
            await Imports(database, clock.now).load(story, Format.JSON, name=FACTS)
            return await own.measure(ReaderAnswers(database, ask=timed), asked, timed)
