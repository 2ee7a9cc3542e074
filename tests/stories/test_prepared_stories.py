"""The stories that the search is learned from and measured on are sound."""

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
