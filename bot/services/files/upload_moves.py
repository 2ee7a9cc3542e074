"""What an editor does with a file of facts: looks what it would do, imports or drops it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from bot.errors import DeskError
from bot.services.alerts.import_announcements import announce_import
from bot.services.answers.index_cache import Snapshot
from bot.services.dialogues.turns import Opening, Turn
from bot.services.files import dry_run, imports
from bot.services.files.dry_run import DryRun, Planned, TakenIn
from bot.stories.notes import DateOrder
from db import story
from db.facts import facts
from db.files import uploads
from db.records import Story
from db.records.desk import Proposal, ProposalState, Upload

WAITING: Final = 10
"""Files of one editor that wait at the same time."""


class Step(StrEnum):
    """Where a file stands."""

    FILE = "file"  # it waits for its sender's decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What is kept with a file."""

    plan: str  # the digest of what it would do, as it was shown
    dates: DateOrder | None = None  # the order of day and month, where that was settled


class MovedOnError(Exception):
    """The story changed between planning and writing; nothing was written."""


PutUp: TypeAlias = Callable[[Snapshot], None]
"""Lets questions be answered from an index that was made before the commit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """An import that was carried out, in a transaction that is about to be committed."""

    taken: TakenIn
    numbers: dict[str, int]
    story: Story | None
    put_up: PutUp


async def keep(opening: Opening[Step, Note], name: str, data: bytes, planned: Planned) -> DryRun:
    """Keep a file until its sender decides; DeskError where too many of theirs wait."""
    act = opening.act
    if await uploads.count_of(act.session, act.actor.person_id) >= WAITING:
        raise DeskError(
            f"{WAITING} of your files wait already: import or drop one of them, then send "
            f"{name} again."
        )
    turn = await opening.begin(Step.FILE, Note(plan=planned.digest))
    upload = Upload(proposal_id=turn.proposal.id, name=name, data=data)
    await uploads.keep(act.session, upload, at=act.at)
    await act.record(after=f"{name}: {dry_run.counts(planned)}")
    return dry_run.dry_run(name, planned, turn.proposal)


async def compare(
    turn: Turn[Step, Note],
    upload: Upload,
    planned: Planned,
    *,
    order: DateOrder | None,
    again: bool,
) -> DryRun:
    """Show once more what a file would do, its days read in this order."""
    turn = turn.noting(plan=planned.digest, dates=order)
    offered: Proposal | None = None
    if dry_run.decides_nothing(planned):
        await turn.end(ProposalState.DROPPED)
        await uploads.drop(turn.act.session, turn.proposal.id)
    else:
        offered = (await turn.go(Step.FILE)).proposal
    await turn.act.record(after=f"{upload.name}: {dry_run.counts(planned)}")
    return dry_run.dry_run(upload.name, planned, offered, again=again)


async def write(
    turn: Turn[Step, Note],
    upload: Upload,
    planned: Planned,
    renewing: Callable[[], Awaitable[PutUp]],
    *,
    tell: bool,
) -> Written:
    """Carry out what was planned.

    Raises:
        MovedOnError: the story is not the one that was planned for.
    """
    act = turn.act
    if await story.revision(act.session) != planned.story.revision:
        raise MovedOnError
    await turn.end(ProposalState.DONE)
    # After the writer, never before it: whoever writes may ask for the index.
    put_up = await renewing()
    editor = act.actor.person_id
    batch_id = await facts.next_batch_id(act.session)
    numbers = await imports.carry_out(
        act.session, planned.plan, batch_id=batch_id, editor=editor, at=act.at
    )
    news = await announce_import(
        act.session, planned.plan.before, batch_id=batch_id, tell=tell, editor=editor, at=act.at
    )
    await uploads.drop(act.session, turn.proposal.id)
    taken = dry_run.taken_in(upload.name, planned, numbers, news=news)
    await act.record(after=dry_run.recorded(taken, planned))
    stored = await story.get(act.session)
    return Written(taken=taken, numbers=numbers, story=stored, put_up=put_up)


async def drop(turn: Turn[Step, Note]) -> str | None:
    """Forget a file and return its name."""
    upload = await uploads.of_proposal(turn.act.session, turn.proposal.id)
    name = None if upload is None else upload.name
    await turn.end(ProposalState.DROPPED)
    await uploads.drop(turn.act.session, turn.proposal.id)
    await turn.act.record(before=name)
    return name
