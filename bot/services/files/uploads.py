"""Receives files of facts from the chat: a dry run first, then everything in one transaction."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from typing import Final

from bot.errors import DeskError
from bot.services.dialogues import notes
from bot.services.dialogues.dialogue import Button, Dialogue, Move, Start, works
from bot.services.dialogues.turns import Turn
from bot.services.files import dry_run, upload_moves
from bot.services.files.dry_run import DryRun, Planned, TakenIn
from bot.services.files.progress import Progress, Stage
from bot.services.files.sent_files import SentFile
from bot.services.files.upload_moves import MovedOnError, Note, Step, Written
from bot.services.rights import Actor, looking
from bot.stories import reading
from bot.stories.notes import DateOrder
from bot.stories.storyfile import Format
from db import story
from db.desk import proposals
from db.engine import Session
from db.facts import facts
from db.files import uploads
from db.records.desk import Proposal, ProposalKind, ProposalState, Role, Upload

ROWS: Final = 50_000
"""Facts that one file from the chat may hold; `storydesk import` takes more."""

KEPT: Final = timedelta(days=1)
"""For how long a file waits for its sender to decide."""

ATTEMPTS: Final = 3
"""How often an import is prepared anew because the story changed meanwhile."""

_AT: Final = (Step.FILE,)
_DROPPED: Final = (ProposalState.DROPPED,)


class Uploads(Dialogue[DryRun]):
    """Files of facts that editors send."""

    kinds = (ProposalKind.IMPORT,)
    states = Step
    note = Note

    keep = Start(upload_moves.keep, Move("file.send", to=_AT))
    compare = Button(upload_moves.compare, Move("file.compare", at=_AT, to=_AT, ends=_DROPPED))
    write = Button(upload_moves.write, Move("facts.import", at=_AT, ends=(ProposalState.DONE,)))
    drop = Button(upload_moves.drop, Move("file.drop", at=_AT, ends=_DROPPED))

    @classmethod
    async def name_of(cls, session: Session, proposal: Proposal) -> str:
        """Return the name of the file."""
        upload = await uploads.of_proposal(session, proposal.id)
        return "" if upload is None else upload.name

    @classmethod
    async def let_go(cls, turn: Turn[Step, Note]) -> None:
        """Drop the proposal with its file."""
        await super().let_go(turn)
        await uploads.drop(turn.act.session, turn.proposal.id)

    async def receive(
        self, actor: Actor, sent: SentFile, progress: Progress | None = None
    ) -> DryRun:
        """Keep a file and return what it would do; the story stays as it is.

        Raises:
            NotAllowed: `actor` is no editor.
            StoryFileError: nothing in the file can be read.
            DeskError: it is too large or cannot be fetched, or too many files of theirs wait.
        """
        async with looking(self._database, actor, Role.EDITOR, "file.send", at=self._clock()):
            pass
        name, kind = sent.name, sent.format
        data = await sent.fetched(reading.FILE_LIMIT)
        planned = await self._planned(name, kind, data, progress or Progress())
        if dry_run.decides_nothing(planned):
            return dry_run.dry_run(name, planned, None)
        return await self.keep(actor, name, data, planned)

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
        upload = found[1]
        planned = await self._planned_of(upload, progress or Progress(), order)
        return await self.compare(
            actor, proposal_id, turn, upload, planned, order=order, again=False
        )

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
            note, upload = found
            planned = await self._planned_of(upload, progress, note.dates)
            if dry_run.unclear(planned.sound.file.notes) is not None:
                return None
            if planned.digest != note.plan:
                return await self.compare(
                    actor, proposal_id, turn, upload, planned, order=note.dates, again=True
                )
            import_file = partial(self.write, actor, proposal_id, turn, upload, planned)
            try:
                return await self._written(
                    import_file, planned, progress, tell=tell and planned.is_news
                )
            except MovedOnError:
                continue
        raise DeskError("The story is changing just now: tap Import once more in a minute.")

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
    ) -> tuple[Note, Upload] | None:
        """Return the file behind a button; None where the button is not in use."""
        async with looking(
            self._database, actor, Role.EDITOR, "facts.import", at=self._clock()
        ) as session:
            proposal = await proposals.by_id(session, proposal_id)
            upload = await uploads.of_proposal(session, proposal_id)
        if proposal is None or upload is None or not self.owns(proposal):
            return None
        place = (actor.person_id, actor.place.chat_id)
        is_theirs = (proposal.editor, proposal.chat_id) == place
        if not is_theirs or not works(type(self).write.move, proposal, turn):
            return None
        return notes.read(Note, proposal.notes), upload

    async def _planned_of(
        self, upload: Upload, progress: Progress, order: DateOrder | None
    ) -> Planned:
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
        indexed = await self.indexed()
        return await asyncio.to_thread(dry_run.held_against, planned, indexed)

    async def _written(
        self,
        import_file: Callable[..., Awaitable[Written | None]],
        planned: Planned,
        progress: Progress,
        *,
        tell: bool,
    ) -> TakenIn | None:
        """Write what was planned; what readers ask is built before, so that nobody waits for it.

        Raises:
            MovedOnError: the story is not the one that was planned for.
        """
        assert self._cache is not None  # noqa: S101 - files are compared with the index
        renewing = self._cache.renewing
        progress.begin(Stage.PREPARING)
        ready = await asyncio.to_thread(
            dry_run.prepared, planned, self._clock(), self._cache.sentences
        )
        progress.begin(Stage.WRITING)
        await self.indexed()  # so that nobody renews the index while the writer is held
        async with AsyncExitStack() as until_committed:
            written = await import_file(
                lambda: until_committed.enter_async_context(renewing()), tell=tell
            )
            if written is None:
                return None
            if written.story is not None and ready.fits(written.numbers):
                written.put_up(ready.indexed.at(written.story))
        return written.taken
