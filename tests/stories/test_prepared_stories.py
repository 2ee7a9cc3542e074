"""The stories that the search is learned from and measured on are sound."""

import json
from pathlib import Path

import pytest

from bot.stories import reading
from bot.stories.storyfile import Format

FOLDERS = sorted(path.parent for path in Path(__file__).parent.glob("*/facts.json"))


def test_there_are_stories_of_many_subjects() -> None:
    assert len(FOLDERS) >= 8


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda each: each.name)
def test_an_editor_could_import_the_facts(folder: Path) -> None:
    path = folder / "facts.json"

    story = reading.read(path.read_bytes(), Format.JSON, name=path.name, time_zone="UTC")

    drafts = [entry.draft() for entry in story.entries]
    assert 40 <= len(drafts) <= 80
    assert 5 <= sum(draft.status.value == "unknown" for draft in drafts) <= 12
    assert {len(draft.phrasings) for draft in drafts} == {3}


LESSONS = sorted(
    path
    for folder in ("lessons", "unlearned")
    for path in Path(__file__).parent.glob(f"{folder}/*.json")
)


@pytest.mark.parametrize("path", LESSONS, ids=lambda each: each.stem)
def test_a_lesson_asks_each_fact_in_many_ways_and_others_in_none(path: Path) -> None:
    lesson = json.loads(path.read_text(encoding="utf-8"))

    story = reading.read(
        json.dumps({"facts": lesson["facts"]}).encode(),
        Format.JSON,
        name=path.name,
        time_zone="UTC",
    )
    drafts = [entry.draft() for entry in story.entries]
    ways = [way.lower() for draft in drafts for way in (draft.question or "", *draft.phrasings)]
    keys = {draft.key for draft in drafts}
    assert len(drafts) >= 40
    assert sum(draft.status.value == "unknown" for draft in drafts) >= 5
    assert min(len(draft.phrasings) for draft in drafts) >= 4
    assert len(ways) == len(set(ways))
    assert len(lesson["near"]) >= 25
    assert not set(ways).intersection(text.lower() for text in lesson["near"])
    assert all({each["fact"], each["answer"] or each["fact"]} <= keys for each in lesson["follow"])
    assert {each["fact"] for each in lesson.get("beside", ())} <= keys
