"""Receives files of facts from the chat: a dry run first, then everything in one transaction."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from bot.clock import Clock, now
from bot.errors import DeskError
from bot.services import rights
from bot.services.alerts.import_announcements import announce_import
from bot.services.answers.index_cache import IndexCache
from bot.services.facts import proposal_turns
from bot.services.files import dry_run, imports
from bot.services.files.dry_run import DryRun, Planned, TakenIn
from bot.services.files.progress import Progress, Stage
from bot.services.files.sent_files import SentFile
from bot.services.rights import Actor
from bot.stories import reading
from bot.stories.notes import DateOrder
from bot.stories.storyfile import Format
from db import story
from db.desk import proposals
from db.engine import Database, Session
from db.facts import facts
from db.files import uploads
from db.records.desk import Proposal, ProposalKind, ProposalState, Role, Upload

ROWS: Final = 50_000
"""Facts that one file from the chat may hold; `storydesk import` takes more."""

KEPT: Final = timedelta(days=1)
"""For how long a file waits for its sender to decide."""

WAITING: Final = 10
"""Files of one editor that wait at the same time."""

ATTEMPTS: Final = 3
"""How often an import is prepared anew because the story changed meanwhile."""

_ORDER: Final = "dates"
"""The note of a proposal that settles the order of day and month."""

FILE: Final = "file"  # the step of a proposal: a file of facts waits


class _MovedOnError(Exception):
    """The story changed between planning and writing; nothing was written."""


class Uploads:
    """Files of facts that editors send. Each method is one unit of work."""

    def __init__(self, database: Database, cache: IndexCache, *, clock: Clock = now) -> None:
        self._database = database
        self._cache = cache
        self._clock = clock

    async def receive(
        self, actor: Actor, sent: SentFile, progress: Progress | None = None
    ) -> DryRun:
        """Keep a file and return what it would do; the story stays as it is.

        Raises:
            NotAllowed: `actor` is no editor.
            StoryFileError: nothing in the file can be read.
            DeskError: it is too large or cannot be fetched, or too many files of theirs wait.
        """
        async with rights.looking(
            self._database, actor, Role.EDITOR, "file.send", at=self._clock()
        ):
            pass
        name, kind = sent.name, sent.format
        data = await sent.fetched(reading.FILE_LIMIT)
        planned = await self._planned(name, kind, data, progress or Progress())
        if dry_run.decides_nothing(planned):
            return dry_run.dry_run(name, planned, None)
        at = self._clock()
        async with rights.acting(self._database, actor, Role.EDITOR, "file.send", at=at) as doing:
            session = doing.session
            if await uploads.count_of(session, actor.person_id) >= WAITING:
                raise DeskError(
                    f"{WAITING} of your files wait already: import or drop one of them, then send "
                    f"{name} again."
                )
            proposal = await proposals.make(
                session,
                chat_id=actor.place.chat_id,
                thread_id=actor.place.thread_id,
                editor=actor.person_id,
                kind=ProposalKind.IMPORT,
                step=FILE,
                at=at,
                notes={"plan": planned.digest},
            )
            await uploads.keep(
                session, Upload(proposal_id=proposal.id, name=name, data=data), at=at
            )
            await doing.record(after=f"{name}: {dry_run.counts(planned)}")
        return dry_run.dry_run(name, planned, proposal)

    async def pending(self, actor: Actor, proposal_id: int, turn: int) -> str | None:
        """Return the name of the file behind a button; None where the button is not in use."""
        found = await self._waiting(actor, proposal_id, turn)
        return None if found is None else found[1].name

    async def settle_dates(
        self,
        actor: Actor,
        proposal_id: int,
        turn: int,
        order: DateOrder,
        progress: Progress | None = None,
    ) -> DryRun | None:
        """Read the days of a file in this order, and return what it would do now.

        None when the button is old, forged or another's.

        Raises:
            NotAllowed: `actor` is no editor.
        """
        found = await self._waiting(actor, proposal_id, turn)
        if found is None:
            return None
        proposal, upload = found
        settled = replace(proposal, notes={**proposal.notes, _ORDER: order.value})
        planned = await self._planned_of(settled, upload, progress or Progress())
        return await self._shown_again(actor, settled, upload, planned, again=False)

    async def take_in(
        self,
        actor: Actor,
        proposal_id: int,
        turn: int,
        progress: Progress | None = None,
        *,
        tell: bool = False,
    ) -> DryRun | TakenIn | None:
        """Import a file that was shown: all that is sound in it, in one transaction.

        With `tell` the subscribers hear of it, if there is anything to tell.

        A `DryRun` where the story has moved on, so that the file would do something else than
        was shown; nothing is imported then. None when the button is old, forged or another's.

        Raises:
            NotAllowed: `actor` is no editor.
            DeskError: the story changes too often just now.
        """
        progress = progress or Progress()
        for _ in range(ATTEMPTS):
            found = await self._waiting(actor, proposal_id, turn)
            if found is None:
                return None
            proposal, upload = found
            planned = await self._planned_of(proposal, upload, progress)
            if dry_run.unclear(planned.sound.file.notes) is not None:
                return None
            if planned.digest != proposal.notes["plan"]:
                return await self._shown_again(actor, proposal, upload, planned, again=True)
            try:
                return await self._written(
                    actor, proposal, upload, planned, progress, tell=tell and planned.is_news
                )
            except _MovedOnError:
                continue
        raise DeskError("The story is changing just now: tap Import once more in a minute.")

    async def drop(self, actor: Actor, proposal_id: int, turn: int) -> str | None:
        """Forget a file and return its name; None when the button is old, forged or another's."""
        at = self._clock()
        async with rights.acting(self._database, actor, Role.EDITOR, "file.drop", at=at) as doing:
            found = await _file_of(doing.session, actor, proposal_id, turn)
            if found is None:
                return None
            proposal, upload = found
            await proposals.advance(doing.session, proposal, at=at, state=ProposalState.DROPPED)
            await uploads.drop(doing.session, proposal_id)
            await doing.record(before=upload.name)
        return upload.name

    async def forget_old(self) -> int:
        """Drop the files that nobody has decided about for a day; return how many."""
        at = self._clock()
        async with self._database.writing() as session:
            numbers = await uploads.older(session, at - KEPT)
            for number in numbers:
                proposal = await proposals.by_id(session, number)
                if proposal is not None and proposal.state is ProposalState.OPEN:
                    await proposals.advance(session, proposal, at=at, state=ProposalState.DROPPED)
                await uploads.drop(session, number)
        return len(numbers)

    async def _waiting(
        self, actor: Actor, proposal_id: int, turn: int
    ) -> tuple[Proposal, Upload] | None:
        """Return the file behind a button; None where the button is not in use."""
        async with rights.looking(
            self._database, actor, Role.EDITOR, "facts.import", at=self._clock()
        ) as session:
            return await _file_of(session, actor, proposal_id, turn)

    async def _planned_of(self, proposal: Proposal, upload: Upload, progress: Progress) -> Planned:
        given = proposal.notes.get(_ORDER)
        order = None if given is None else DateOrder(given)
        return await self._planned(
            upload.name, Format.of(upload.name), upload.data, progress, order
        )

    async def _planned(
        self,
        name: str,
        kind: Format,
        data: bytes,
        progress: Progress,
        order: DateOrder | None = None,
    ) -> Planned:
        progress.begin(Stage.READING)
        async with self._database.reading() as session:
            stored = await story.get(session) or story.UNNAMED
        sound = await asyncio.to_thread(
            reading.read_sound,
            data,
            kind,
            name=name,
            time_zone=stored.time_zone,
            most=ROWS,
            told=progress.tell,
            order=order,
        )
        progress.begin(Stage.COMPARING)
        async with self._database.reading() as session:
            stored = await story.get(session) or story.UNNAMED
            current = await facts.all_current(session)
        planned = await asyncio.to_thread(dry_run.compared, sound, stored, current)
        if not current:
            return planned
        indexed = await self._cache.current()
        return await asyncio.to_thread(dry_run.held_against, planned, indexed)

    async def _shown_again(
        self, actor: Actor, proposal: Proposal, upload: Upload, planned: Planned, *, again: bool
    ) -> DryRun | None:
        at = self._clock()
        async with rights.acting(
            self._database, actor, Role.EDITOR, "file.compare", at=at
        ) as doing:
            shown: dict[str, Any] = {"notes": {**proposal.notes, "plan": planned.digest}}
            if dry_run.decides_nothing(planned):
                shown["state"] = ProposalState.DROPPED
                await uploads.drop(doing.session, proposal.id)
            renewed = await proposals.advance(doing.session, proposal, at=at, **shown)
            if renewed is None:
                return None
            await doing.record(after=f"{upload.name}: {dry_run.counts(planned)}")
        offered = None if dry_run.decides_nothing(planned) else renewed
        return dry_run.dry_run(upload.name, planned, offered, again=again)

    async def _written(
        self,
        actor: Actor,
        proposal: Proposal,
        upload: Upload,
        planned: Planned,
        progress: Progress,
        *,
        tell: bool,
    ) -> TakenIn | None:
        """Write what was planned; what readers ask is built before, so that nobody waits for it.

        Raises:
            _MovedOnError: the story is not the one that was planned for.
        """
        at = self._clock()
        progress.begin(Stage.PREPARING)
        ready = await asyncio.to_thread(dry_run.prepared, planned, at, self._cache.sentences)
        progress.begin(Stage.WRITING)
        await self._cache.current()  # so that nobody renews the index while the writer is held
        async with AsyncExitStack() as until_committed:
            async with rights.acting(
                self._database, actor, Role.EDITOR, "facts.import", at=at
            ) as doing:
                session = doing.session
                if await story.revision(session) != planned.story.revision:
                    raise _MovedOnError
                done = await proposals.advance(
                    session, proposal, at=at, state=ProposalState.DONE, done_at=at
                )
                if done is None:
                    return None
                # After the writer, never before it: whoever writes may ask for the index.
                put_up = await until_committed.enter_async_context(self._cache.renewing())
                batch_id = await facts.next_batch_id(session)
                numbers = await imports.carry_out(
                    session, planned.plan, batch_id=batch_id, editor=actor.person_id, at=at
                )
                news = await announce_import(
                    session,
                    planned.plan.before,
                    batch_id=batch_id,
                    tell=tell,
                    editor=actor.person_id,
                    at=at,
                )
                await uploads.drop(session, proposal.id)
                taken = dry_run.taken_in(upload.name, planned, numbers, news=news)
                await doing.record(after=dry_run.recorded(taken, planned))
                stored = await story.get(session)
            if stored is not None and ready.fits(numbers):
                put_up(ready.indexed.at(stored))
        return taken


async def _file_of(
    session: Session, actor: Actor, proposal_id: int, turn: int
) -> tuple[Proposal, Upload] | None:
    proposal = await proposals.by_id(session, proposal_id)
    upload = await uploads.of_proposal(session, proposal_id)
    theirs = proposal_turns.is_theirs(proposal, actor, turn, step=FILE)
    return (proposal, upload) if proposal is not None and upload is not None and theirs else None
