"""Exporting: the story as a file that can be imported again."""

import asyncio
from pathlib import Path

from bot.errors import StoryFileError
from bot.stories import writing
from bot.stories.storyfile import Format, StoryFile
from db import facts, story
from db.engine import Database
from db.records import FactDraft


class Exporting:
    """Writes out what the database holds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def export(self, kind: Format) -> str:
        """Return the facts as they stand, withdrawn ones included, by number.

        TOML and JSON hold the story's name, names and synonyms too; JSONL and CSV the facts only.
        """
        async with self._database.reading() as session:
            file = StoryFile.of(
                await story.get(session),
                [FactDraft.of(fact) for fact in await facts.all_current(session)],
            )
        return await asyncio.to_thread(writing.write, file, kind)


def save(text: str, path: Path) -> None:
    """Write an export to `path`: the whole file, or, if the disk is full, none of it.

    Raises:
        StoryFileError: it cannot be written.
    """
    try:
        if path.exists() and not path.is_file():  # a pipe or a device
            path.write_text(text, encoding="utf-8", newline="")
            return
        part = path.with_name(path.name + ".part")
        try:
            part.write_text(text, encoding="utf-8", newline="")
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise StoryFileError(f"The file {path} cannot be written: {error.strerror}.") from None
