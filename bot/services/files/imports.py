"""Importing a file of facts: all of it in one transaction, or nothing."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot import stories
from bot.clock import Clock
from bot.errors import StoryFileError
from bot.services.alerts.import_announcements import announce_import
from bot.services.files.cautions import Caution, cautions
from bot.stories import reading
from bot.stories.notes import DateOrder, Note
from bot.stories.storyfile import STORY_FIELDS, Entry, Format, StoryFile
from db import story
from db.engine import Database, Session
from db.facts import facts
from db.records import ChangeKind, Fact, FactDraft, Lexicon, Status, Story, tell_the_same


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did, or would do in a dry run; numbers of facts."""

    new: int
    changed: int
    unchanged: int
    story_changed: bool  # its name, time zone, language, names or synonyms
    dry_run: bool
    notes: tuple[Note, ...] = ()  # how the file was read
    cautions: tuple[Caution, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an import has to do."""

    story: Story | None  # None: the story stays as it is
    new: tuple[FactDraft, ...]
    revised: tuple[tuple[Fact, FactDraft], ...]  # readers are told something else now
    withdrawn: tuple[tuple[Fact, FactDraft], ...]
    annotated: tuple[tuple[Fact, FactDraft], ...]  # only phrasings, topics, weight or check_by
    unchanged: int
    cautions: tuple[Caution, ...] = ()

    @property
    def changed(self) -> tuple[tuple[Fact, FactDraft], ...]:
        """The facts that would be others, with what they would be."""
        return (*self.revised, *self.withdrawn, *self.annotated)

    @property
    def before(self) -> list[Fact]:
        """The facts of which readers are told something else, or nothing any more, as they were."""
        return [fact for fact, _ in (*self.revised, *self.withdrawn)]

    @property
    def is_news(self) -> bool:
        """Whether readers hear of anything that it does."""
        silent = (Status.WITHDRAWN, Status.NOT_COVERED)
        fresh = any(draft.status not in silent for draft in self.new)
        return fresh or bool(self.revised or self.withdrawn)


class Imports:
    """Takes facts from files into the database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def load_file(
        self,
        path: Path,
        kind: Format | None = None,
        *,
        dry_run: bool = False,
        order: DateOrder | None = None,
    ) -> Imported:
        """Import the file at `path`; its format is taken from its name unless given.

        Raises:
            StoryFileError: the file cannot be read or something in it is wrong.
        """
        kind = kind or Format.of(path.name)
        data = await asyncio.to_thread(_bytes_of, path)
        return await self.load(data, kind, name=path.name, dry_run=dry_run, order=order)

    async def load(
        self,
        data: bytes,
        kind: Format,
        *,
        name: str,
        editor: int | None = None,
        dry_run: bool = False,
        order: DateOrder | None = None,
    ) -> Imported:
        """Import a file that faults call `name`, sent by `editor` (None: from the command line).

        A fact whose key is stored already gets a new version where the file says something else;
        fields that the file does not name stay. A dry run changes nothing. `order` is that of day
        and month, where nothing in the file decides it.

        Raises:
            StoryFileError: something in it is wrong; names every fault.
        """
        async with self._database.reading() as session:
            stored = await story.get(session) or story.UNNAMED
        file = await asyncio.to_thread(
            reading.read, data, kind, name=name, time_zone=stored.time_zone, order=order
        )
        if dry_run:
            async with self._database.reading() as session:
                return _result(await _plan(session, file), file, dry_run=True)
        async with self._database.writing() as session:
            return await self._carry_out(session, file, editor=editor)

    async def load_bundled_if_empty(self) -> Imported | None:
        """Import the bundled story into a database that holds nothing; None if it holds any."""
        async with self._database.reading() as session:
            if await story.get(session) is not None:
                return None
        file = await asyncio.to_thread(
            reading.read, stories.bundled(), Format.TOML, name="the bundled story"
        )
        async with self._database.writing() as session:
            if await story.get(session) is not None:  # another process was faster
                return None
            return await self._carry_out(session, file, editor=None)

    async def _carry_out(
        self, session: Session, file: StoryFile, *, editor: int | None
    ) -> Imported:
        planned, at = await _plan(session, file), self._clock()
        batch_id = await facts.next_batch_id(session)
        await carry_out(session, planned, batch_id=batch_id, editor=editor, at=at)
        await announce_import(
            session, planned.before, batch_id=batch_id, tell=False, editor=editor, at=at
        )
        return _result(planned, file, dry_run=False)


async def carry_out(
    session: Session, planned: Plan, *, batch_id: int, editor: int | None, at: datetime
) -> dict[str, int]:
    """Do what was planned in this same state of the story; return the new facts' numbers by key."""
    if planned.story is not None:
        await story.save(
            session,
            title=planned.story.title,
            about=planned.story.about,
            time_zone=planned.story.time_zone,
            language=planned.story.language,
            lexicon=planned.story.lexicon,
        )
    numbers = await facts.add_all(session, planned.new, editor=editor, at=at, batch_id=batch_id)
    for changes, kind in (
        (planned.revised, ChangeKind.UPDATE),
        (planned.withdrawn, ChangeKind.WITHDRAWAL),
    ):
        await facts.revise_all(
            session, changes, kind=kind, reason=None, editor=editor, at=at, batch_id=batch_id
        )
    await facts.annotate(session, [(fact.id, draft) for fact, draft in planned.annotated])
    return numbers


def plan(file: StoryFile, stored: Story | None, current: Mapping[str, Fact]) -> Plan:
    """Return what has to be done so that the story says what `file` says."""
    new: list[FactDraft] = []
    revised: list[tuple[Fact, FactDraft]] = []
    withdrawn: list[tuple[Fact, FactDraft]] = []
    annotated: list[tuple[Fact, FactDraft]] = []
    unchanged = 0
    for entry in file.entries:
        fact = current.get(entry.key)
        if fact is None:
            new.append(entry.draft())
            continue
        was, wished = FactDraft.of(fact), _merged(fact, entry)
        if wished == was:
            unchanged += 1
        elif tell_the_same(wished, was):
            annotated.append((fact, wished))
        elif wished.status is Status.WITHDRAWN and was.status is not Status.WITHDRAWN:
            withdrawn.append((fact, wished))
        else:
            revised.append((fact, wished))
    changed = (*revised, *withdrawn, *annotated)
    return Plan(
        story=_changed_story(file, stored),
        new=tuple(new),
        revised=tuple(revised),
        withdrawn=tuple(withdrawn),
        annotated=tuple(annotated),
        unchanged=unchanged,
        cautions=cautions(file, stored, current.values(), changed),
    )


def _merged(fact: Fact, entry: Entry) -> FactDraft:
    return replace(FactDraft.of(fact), **entry.given)


def _changed_story(file: StoryFile, stored: Story | None) -> Story | None:
    before = stored or story.UNNAMED
    named = {name: file.story.get(name, getattr(before, name)) for name in STORY_FIELDS}
    wished = replace(
        before,
        title=named["title"],
        about=named["about"],
        time_zone=named["time_zone"],
        language=named["language"],
        lexicon=Lexicon(
            names=before.lexicon.names if file.names is None else file.names,
            synonyms=before.lexicon.synonyms if file.synonyms is None else file.synonyms,
        ),
    )
    return None if wished == before else wished


async def _plan(session: Session, file: StoryFile) -> Plan:
    current = {fact.key: fact for fact in await facts.all_current(session)}
    return plan(file, await story.get(session), current)


def _result(done: Plan, file: StoryFile, *, dry_run: bool) -> Imported:
    return Imported(
        new=len(done.new),
        changed=len(done.changed),
        unchanged=done.unchanged,
        story_changed=done.story is not None,
        dry_run=dry_run,
        notes=file.notes,
        cautions=done.cautions,
    )


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(reading.FILE_LIMIT + 1)  # one more shows that it is too long
    except OSError as error:
        raise StoryFileError(f"The file {path} cannot be read: {error.strerror}.") from None
