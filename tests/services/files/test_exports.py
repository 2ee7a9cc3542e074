"""Exporting: what comes out goes in again and comes out the same."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from bot import stories
from bot.errors import StoryFileError
from bot.services.files import exports
from bot.services.files.exports import Exports
from bot.services.files.imports import Imports
from bot.stories.storyfile import WRITTEN, Format
from db import story
from db.engine import Database
from db.facts import facts
from db.records import FactDraft, Story
from tests.stories.test_round_trip import DRAFTS, STORY

AT = datetime(2025, 5, 20, tzinfo=UTC)


async def imported(path: Path, text: str, kind: Format) -> Database:
    database = await Database.open(path)
    await Imports(database, lambda: AT).load(text.encode(), kind, name="export")
    return database


@pytest.mark.parametrize("kind", WRITTEN)
@settings(max_examples=8, deadline=None)
@given(drafts=DRAFTS, content=STORY)
def test_export_of_an_import_is_identical(
    kind: Format, drafts: list[FactDraft], content: Story
) -> None:
    async def run(folder: Path) -> None:
        first = await Database.open(folder / "first.sqlite3")
        async with first.writing() as session:
            await story.save(
                session,
                title=content.title,
                about=content.about,
                time_zone=content.time_zone,
                language=content.language,
                lexicon=content.lexicon,
            )
            await facts.add_all(session, drafts, editor=None, at=AT)
        exported = await Exports(first).export(kind)
        second = await imported(folder / "second.sqlite3", exported, kind)
        async with first.reading() as before, second.reading() as after:
            assert await facts.all_current(after) == await facts.all_current(before)
        assert await Exports(second).export(kind) == exported
        await first.close()
        await second.close()

    with TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder)))


async def test_bundled_story_survives_every_format(tmp_path: Path) -> None:
    first = await imported(tmp_path / "0", stories.bundled().decode(), Format.TOML)
    expected = await Exports(first).export(Format.JSON)
    for kind in (Format.JSON, Format.TOML):
        again = await imported(tmp_path / kind, await Exports(first).export(kind), kind)
        assert await Exports(again).export(Format.JSON) == expected
        await again.close()
    await first.close()


async def test_empty_database_gives_an_empty_export(database: Database) -> None:
    export = Exports(database).export
    assert await export(Format.JSONL) == ""
    assert (await export(Format.CSV)).startswith("key,question,text,")
    assert await export(Format.TOML) == "facts = []\nnames = []\nsynonyms = []\n"


def test_saved_export_replaces_the_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "story.csv"
    path.write_text("older and longer")
    exports.save("a\r\nb\u2028🕊\n", path)
    assert path.read_bytes() == "a\r\nb\u2028🕊\n".encode()
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(StoryFileError, match="cannot be written: No such file or directory"):
        exports.save("x", tmp_path / "none" / "story.csv")
