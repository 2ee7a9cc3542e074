"""Exporting: the story as a file that can be imported again."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.clock import Clock, now
from bot.errors import DeskError, StoryFileError
from bot.services.rights import Actor, acting
from bot.stories import writing
from bot.stories.storyfile import WRITTEN, Format, StoryFile
from db import story
from db.engine import Database
from db.facts import facts
from db.records import FactDraft
from db.records.desk import Role

LARGEST: Final = 50_000_000
"""Bytes of a file that a bot may send."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOut:
    """The facts as a file."""

    name: str
    data: bytes
    facts: int
    kind: Format


class Exports:
    """Writes out what the database holds."""

    def __init__(self, database: Database, *, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock

    async def hand_out(self, actor: Actor, wished: str) -> HandedOut:
        """Return the facts as a file for an editor, in the format `wished`; see `export`.

        Raises:
            NotAllowed: `actor` is no editor.
            DeskError: `wished` is no format, there are no facts, or more than a chat can carry.
        """
        at = self._clock()
        async with acting(self._database, actor, Role.EDITOR, "facts.export", at=at) as doing:
            if wished not in WRITTEN:
                raise DeskError(
                    f"{wished[:20]!r} is no format: write one of {', '.join(WRITTEN)}, for example "
                    "/export csv. Without a word behind it /export writes toml."
                )
            kind, count = Format(wished), await facts.count(doing.session)
            if not count:
                raise DeskError("There are no facts yet: write /add, or send a file of facts.")
            await doing.record(after=f"{count} facts as {kind}")
        data = (await self.export(kind)).encode()
        if len(data) > LARGEST:
            raise DeskError(
                f"The facts take {len(data) / 1e6:,.0f} MB as {kind}, and at most "
                f"{LARGEST / 1e6:g} MB can be sent here: let an operator use storydesk export."
            )
        return HandedOut(name=f"facts-{at:%Y-%m-%d}.{kind}", data=data, facts=count, kind=kind)

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
