"""Begins a new story in the place of the old one, which is put away and can be brought back."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from bot.errors import DeskError
from bot.services.dialogues import notes
from bot.services.dialogues.dialogue import Button, Dialogue, Listens, Move, Start, Typed
from bot.services.dialogues.turns import Opening, Turn
from bot.services.files import story_fields
from bot.services.files.story_fields import ASKED, LANGUAGE, fields_of, read
from bot.services.rights import Actor, looking
from db import story
from db.desk import audit
from db.engine import Database, Session
from db.facts import facts
from db.files import put_away
from db.records import Story
from db.records.desk import Proposal, ProposalKind, ProposalState, Role

OFFERED: Final = 3
"""Stories that were put away and are offered to be brought back, the newest."""


class Step(StrEnum):
    """Where another story stands."""

    TITLE = story_fields.TITLE
    ABOUT = story_fields.ABOUT
    PLACE = story_fields.PLACE
    CONFIRM = "confirm"  # what will happen is shown, of a new story
    BACK = "back"  # or of an old one


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What was said of the other story so far."""

    title: str | None = None
    about: str | None = None
    time_zone: str | None = None
    language: str | None = None
    file: str | None = None  # in which an old one was put away

    @property
    def next(self) -> Step:
        """What is asked next."""
        return next((step for step in _ASKED if getattr(self, step) is None), Step.CONFIRM)


_ASKED: Final = (Step.TITLE, Step.ABOUT, Step.PLACE)


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
    def step(self) -> Step:
        """Where it stands."""
        return Step(self.proposal.step)

    @property
    def note(self) -> Note:
        """What was said of the other story so far."""
        return notes.read(Note, self.proposal.notes)

    @property
    def is_done(self) -> bool:
        """Whether the other story stands."""
        return self.proposal.state is ProposalState.DONE


async def begin(opening: Opening[Step, Note], text: str) -> Founded:
    """Begin a new story with what the lines of `text` give; what is missing is asked for."""
    note = Note(**fields_of(text))
    return await _founded(await opening.begin(note.next, note))


async def answer(turn: Turn[Step, Note], text: str) -> Founded:
    """Take words for what was asked."""
    turn = turn.noting(**(fields_of(text) or read(turn.state, text)))
    return await _founded(await turn.go(turn.note.next))


async def bring_back(opening: Opening[Step, Note], database: Path, place: int) -> Founded | None:
    """Ask whether the story in this place of those put away shall come back."""
    kept = await asyncio.to_thread(stories_kept, database)
    if not 0 <= place < len(kept):
        return None
    note = Note(file=kept[place].name, title=kept[place].title)
    return await _founded(await opening.begin(Step.BACK, note))


async def exchange(turn: Turn[Step, Note], database: Path) -> Founded:
    """Put the present story away, and let the other one stand: all of it, or nothing."""
    act = turn.act
    if await put_away.is_sending(act.session):
        raise DeskError("Alerts are on their way just now: tap once more in a minute.")
    before, wished = await turn.parts.story(), notes.stored(turn.note)
    after, file = await exchanged(act.session, database, wished, at=act.at)
    await act.record(before=_summary(before), after=_summary(after))
    # Its row went with the story before, so that no button of it does anything more.
    done = replace(turn.proposal, state=ProposalState.DONE)
    return Founded(proposal=done, story=after, total=await _total(act.session), put_away=file)


async def drop(turn: Turn[Step, Note]) -> bool:
    """Leave everything as it is."""
    await turn.end(ProposalState.DROPPED)
    return True


class NewStory(Dialogue[Founded]):
    """Another story, which only owners let stand."""

    kinds = (ProposalKind.STORY,)
    states = Step
    note = Note
    role = Role.OWNER
    while_closed = True
    said = Move("proposal.change")
    words = tuple(Typed(step, Listens.ASKED, answer, (*_ASKED, Step.CONFIRM)) for step in _ASKED)

    begin = Start(begin, Move("proposal.make", to=(*_ASKED, Step.CONFIRM)))
    bring_back = Start(bring_back, Move("proposal.make", to=(Step.BACK,)))
    exchange = Button(
        exchange, Move("story.begin", at=(Step.CONFIRM, Step.BACK), ends=(ProposalState.DONE,))
    )
    drop = Button(drop, Move("proposal.drop", at=tuple(Step), ends=(ProposalState.DROPPED,)))

    @classmethod
    def is_unanswered(cls, proposal: Proposal) -> bool:
        """Return whether nothing was said of the other story yet."""
        note = notes.read(Note, proposal.notes)
        return all(getattr(note, step) is None for step in _ASKED)

    @classmethod
    async def name_of(cls, session: Session, proposal: Proposal) -> str:  # noqa: ARG003 - kept
        """Return the title of the other story."""
        return notes.read(Note, proposal.notes).title or ""

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
        async with self.parts(actor, Move("story.rename")) as parts:
            act, before = parts.act, await parts.story()
            wished = {name: given.get(name, getattr(before, name)) for name in (*ASKED, LANGUAGE)}
            after = await story.save(act.session, **wished, lexicon=before.lexicon)
            await act.record(before=_summary(before), after=_summary(after))
            return after

    async def back(self, actor: Actor, place: int) -> Founded | None:
        """Ask whether the story in this place of those put away shall come back."""
        return await self.bring_back(actor, self._database.path, place)

    async def confirm(self, actor: Actor, proposal_id: int, turn: int) -> Founded | None:
        """Put the present story away, and let the other one stand: all of it, or nothing."""
        return await self.exchange(actor, proposal_id, turn, self._database.path)


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


async def _founded(turn: Turn[Step, Note]) -> Founded:
    total = await _total(turn.act.session)
    return Founded(proposal=turn.proposal, story=await turn.parts.story(), total=total)


async def _total(session: Session) -> int:
    return await facts.count(session)


def _summary(current: Story) -> str:
    return f"{current.title}: {current.about} ({current.time_zone}, {current.language})"
