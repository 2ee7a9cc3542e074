"""Begins a new story in the place of the old one, which is put away and can be brought back.

What an owner is about to do is a proposal: each step is stored before it is shown, and a button
works only at the turn that it was shown at.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from bot.clock import Clock, now
from bot.errors import DeskError
from bot.services.facts import proposal_turns
from bot.services.files.story_fields import ASKED, LANGUAGE, TITLE, fields_of, read
from bot.services.rights import Acting, Actor, acting, looking
from db import story
from db.desk import audit, proposals
from db.engine import Database, Session
from db.facts import facts
from db.files import put_away
from db.records import Story
from db.records.desk import Proposal, ProposalKind, ProposalState, Role

OFFERED: Final = 3
"""Stories that were put away and are offered to be brought back, the newest."""

CONFIRM: Final = "confirm"
BACK: Final = "back"
"""Steps behind the questions: what will happen is shown, of a new story or of an old one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A story that was put away."""

    name: str  # of its file, beside the database
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """The story as its owner sees it."""

    story: Story
    total: int  # facts that stand
    kept: tuple[Kept, ...]  # the newest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Founded:
    """A step on the way to another story, or that story."""

    proposal: Proposal
    story: Story  # as it stands now: at the end, the new one
    total: int  # facts that stand
    put_away: str | None = None  # at the end: the file of the story before

    @property
    def wished(self) -> Mapping[str, Any]:
        """What was said of the new story so far."""
        return self.proposal.notes

    @property
    def is_done(self) -> bool:
        """Whether the other story stands."""
        return self.proposal.state is ProposalState.DONE


class NewStory:
    """Another story. Each method is one unit of work; only owners may.

    All raise NotAllowed for whoever may not, and DeskError for what cannot be understood or done;
    nothing has changed then. They return None for an old button, or one that was never the actor's.
    """

    def __init__(self, database: Database, *, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock

    async def show(self, actor: Actor) -> Shelved:
        """Return the story, and those that were put away."""
        async with looking(
            self._database, actor, Role.OWNER, "story.show", at=self._clock()
        ) as session:
            current = await story.get(session) or story.UNNAMED
            total = await _total(session)
        kept = await asyncio.to_thread(stories_kept, self._database.path)
        return Shelved(story=current, total=total, kept=kept[:OFFERED])

    async def rename(self, actor: Actor, text: str) -> Story:
        """Change the title, what it is about or its place, as lines of `text` say."""
        given = fields_of(text)
        if not given:
            raise DeskError(
                "Nothing changed: write what shall be different on a line, such as Title: The "
                "bridge, About: the closed bridge, or Place: Lagos."
            )
        async with self._acting(actor, "story.rename") as act:
            before = await story.get(act.session) or story.UNNAMED
            wished = {name: given.get(name, getattr(before, name)) for name in (*ASKED, LANGUAGE)}
            after = await story.save(act.session, **wished, lexicon=before.lexicon)
            await act.record(before=_summary(before), after=_summary(after))
            return after

    async def begin(self, actor: Actor, text: str) -> Founded:
        """Begin a new story with what the lines of `text` give; what is missing is asked for."""
        given = fields_of(text)
        async with self._acting(actor, "proposal.make") as act:
            return await _made(act, step=_next(given), notes=given)

    async def words(
        self, actor: Actor, text: str, *, reply_to: int | None = None
    ) -> Founded | None:
        """Take words for what was asked. None: nobody waits for these words."""
        async with self._database.reading() as session:
            found = await proposal_turns.awaiting(
                session, actor, reply_to, kind=ProposalKind.STORY, at=self._clock()
            )
        if found is None or found.step not in ASKED:
            return None
        given = fields_of(text) or read(found.step, text)
        async with self._acting(actor, "proposal.change") as act:
            mine = await _own(act, found.id, found.turn, steps=(found.step,))
            if mine is None:
                return None
            notes = {**mine.notes, **given}
            return await _stepped(act, mine, step=_next(notes), notes=notes)

    async def back(self, actor: Actor, place: int) -> Founded | None:
        """Ask whether the story in this place of those put away shall come back."""
        async with self._acting(actor, "proposal.make") as act:
            kept = await asyncio.to_thread(stories_kept, self._database.path)
            if not 0 <= place < len(kept):
                return None
            notes = {"file": kept[place].name, TITLE: kept[place].title}
            return await _made(act, step=BACK, notes=notes)

    async def confirm(self, actor: Actor, proposal_id: int, turn: int) -> Founded | None:
        """Put the present story away, and let the other one stand: all of it, or nothing."""
        async with self._acting(actor, "story.begin") as act:
            mine = await _own(act, proposal_id, turn, steps=(CONFIRM, BACK))
            if mine is None:
                return None
            if await put_away.is_sending(act.session):
                raise DeskError("Alerts are on their way just now: tap once more in a minute.")
            before = await story.get(act.session) or story.UNNAMED
            after, file = await exchanged(act.session, self._database.path, mine.notes, at=act.at)
            await act.record(before=_summary(before), after=_summary(after))
            total = await _total(act.session)
        # Its row went with the story before, so that no button of it does anything more.
        done = replace(mine, state=ProposalState.DONE)
        return Founded(proposal=done, story=after, total=total, put_away=file)

    async def drop(self, actor: Actor, proposal_id: int, turn: int) -> bool:
        """Leave everything as it is; False for an old button."""
        async with self._acting(actor, "proposal.drop") as act:
            mine = await _own(act, proposal_id, turn, steps=(*ASKED, CONFIRM, BACK))
            if mine is None:
                return False
            await proposals.advance(act.session, mine, at=act.at, state=ProposalState.DROPPED)
        return True

    async def shown(self, founded: Founded, *, message_id: int) -> None:
        """Note which message shows a step, so that a reply to it is for it."""
        proposal = founded.proposal
        await proposal_turns.shown(
            self._database, proposal.id, chat_id=proposal.chat_id, message_id=message_id
        )

    def _acting(self, actor: Actor, action: str) -> Any:
        return acting(
            self._database, actor, Role.OWNER, action, at=self._clock(), while_closed=True
        )


async def from_command_line(
    database: Database, wished: Mapping[str, Any], *, at: datetime
) -> tuple[Story, str]:
    """Let another story stand, as an operator says; return it and the file of the one before.

    Raises:
        StoreFault: the present story cannot be put away, or the other not be read.
    """
    async with database.writing() as session:
        before = await story.get(session) or story.UNNAMED
        after, file = await exchanged(session, database.path, wished, at=at)
        await audit.record(
            session,
            at=at,
            person=None,
            name="the command line",
            action="story.begin",
            before=_summary(before),
            after=_summary(after),
        )
    return after, file


async def exchanged(
    session: Session, database: Path, wished: Mapping[str, Any], *, at: datetime
) -> tuple[Story, str]:
    """Put the story away and return the one that stands then, with the file of the one before;
    "" where there was none.

    With a `file` among what is `wished`, beside the database or a whole path, it is the story in
    that file, else a new one. To be called
    before anything else is written in the transaction.
    """
    name, kept = wished.get("file"), None
    if name is not None or await story.get(session) is not None:
        kept = await asyncio.to_thread(put_away.file_for, database, at)
        await put_away.copy(database, kept)
    if name is None:
        await put_away.clear(session)
        names = {each: wished[each] for each in ASKED}
        begun = await story.begin(session, **names, language=wished.get(LANGUAGE, "en"))
        return begun, kept.name if kept is not None else ""
    file = database.parent / name
    columns = await asyncio.to_thread(put_away.story_in, file)
    await put_away.clear(session)
    await put_away.bring_back(session, file)
    await put_away.name_as(session, columns, revision=await story.bump(session))
    found = await story.get(session)
    assert found is not None  # noqa: S101 - written above, in this transaction
    return found, kept.name if kept is not None else ""


def stories_kept(database: Path) -> tuple[Kept, ...]:
    """Return the stories that were put away beside a database, the newest first. Blocks."""
    found = ((file.name, put_away.title_of(file)) for file in put_away.files_of(database))
    return tuple(Kept(name=name, title=title) for name, title in found if title is not None)


def _next(given: Mapping[str, Any]) -> str:
    return next((name for name in ASKED if name not in given), CONFIRM)


async def _own(
    act: Acting, proposal_id: int, turn: int, *, steps: tuple[str, ...]
) -> Proposal | None:
    return await proposal_turns.own(
        act, proposal_id, turn, kinds=(ProposalKind.STORY,), steps=steps
    )


async def _made(act: Acting, *, step: str, notes: Mapping[str, Any]) -> Founded:
    place = act.actor.place
    proposal = await proposals.make(
        act.session,
        chat_id=place.chat_id,
        thread_id=place.thread_id,
        editor=act.actor.person_id,
        kind=ProposalKind.STORY,
        step=step,
        at=act.at,
        notes=notes,
    )
    return await _founded(act, proposal)


async def _stepped(act: Acting, proposal: Proposal, **changes: Any) -> Founded:
    changed = await proposals.advance(act.session, proposal, at=act.at, **changes)
    assert changed is not None  # noqa: S101 - its turn was read in this same transaction
    return await _founded(act, changed)


async def _founded(act: Acting, proposal: Proposal) -> Founded:
    current = await story.get(act.session) or story.UNNAMED
    return Founded(proposal=proposal, story=current, total=await _total(act.session))


async def _total(session: Session) -> int:
    return await facts.count(session)


def _summary(current: Story) -> str:
    return f"{current.title}: {current.about} ({current.time_zone}, {current.language})"
