"""Takes changes back within the minute: what stood before stands again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Final

from bot.clock import Clock, now
from bot.services.alerts.announcements import announce
from bot.services.dialogues import notes
from bot.services.dialogues.notes import Published
from bot.services.facts import phrasings
from bot.services.facts.changes import echo_steps, steps
from bot.services.facts.changes.state import is_told, note_of, patched
from bot.services.rights import Acting, Actor, acting
from db.answers import told_chats
from db.desk import proposals
from db.engine import Database
from db.facts import facts
from db.records import ChangeKind, Fact, FactDraft, Status
from db.records.alerts import Wrong
from db.records.desk import Proposal, ProposalKind, ProposalState, Role

WITHIN: Final = timedelta(seconds=60)
"""For how long a change can be taken back."""

_KINDS: Final = (ProposalKind.ADD, ProposalKind.CHANGE, ProposalKind.WITHDRAW)


class Ending(StrEnum):
    """What became of an undo."""

    UNDONE = "undone"
    TOO_LATE = "too_late"  # the minute is over
    MOVED_ON = "moved_on"  # somebody changed the fact since
    NOTHING = "nothing"  # there is nothing to take back


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """How an undo ended."""

    ending: Ending
    proposal: Proposal | None = None  # None: NOTHING
    fact: Fact | None = None  # as it stands now; None too where readers' words are open again
    told: int = 0  # TOO_LATE: chats that were told what should be taken back
    stood_as: Status | None = None  # TOO_LATE, of a withdrawal: the status that there was
    by: str = ""  # MOVED_ON: who changed it since


class Undo:
    """The way back. Each method is one unit of work; both raise NotAllowed for no editors."""

    def __init__(self, database: Database, *, at_once: bool = True, clock: Clock = now) -> None:
        self._database = database
        self._at_once = at_once  # whether readers' words count before an editor looks
        self._clock = clock

    async def undo(self, actor: Actor, proposal_id: int, turn: int) -> Undone | None:
        """Take back what a proposal did and return how that ended.

        None when the button is old, was pressed twice or is somebody else's: only who published
        may press it, which for a contributor's draft is not its author.
        """
        at = self._clock()
        async with acting(self._database, actor, Role.EDITOR, "fact.undo", at=at) as done:
            found = await proposals.by_id(done.session, proposal_id)
            if found is None or found.kind not in _KINDS:
                return None
            if found.state is not ProposalState.DONE or found.turn != turn:
                return None
            if await _publisher(done, found) != actor.person_id:
                await done.refuse()
                return None
            return await _taken_back(done, found)

    async def undo_last(self, actor: Actor) -> Undone:
        """Take back what the actor last did in this chat and return how that ended."""
        at = self._clock()
        async with acting(self._database, actor, Role.EDITOR, "fact.undo", at=at) as done:
            found = await proposals.newest_done(done.session, actor.place.chat_id, actor.person_id)
            if found is not None and found.kind is ProposalKind.PHRASE:
                return await self._words_back(done, found)
            able = found is not None and found.state is ProposalState.DONE
            if not able or found is None or found.kind not in _KINDS:
                return Undone(ending=Ending.NOTHING)
            return await _taken_back(done, found)

    async def _words_back(self, done: Acting, found: Proposal) -> Undone:
        """Let the desk look again at the readers' words that it decided about."""
        if found.state is not ProposalState.DONE:
            return Undone(ending=Ending.NOTHING)
        if found.done_at is None or done.at - found.done_at > WITHIN:
            return Undone(ending=Ending.TOO_LATE, proposal=found)
        await phrasings.take_back(done, found, at_once=self._at_once)
        ended = await proposals.advance(done.session, found, at=done.at, state=ProposalState.UNDONE)
        return Undone(ending=Ending.UNDONE, proposal=ended)


async def _publisher(done: Acting, found: Proposal) -> int | None:
    """Return who published a proposal: for an addition, whoever made the fact's first version."""
    if found.kind is not ProposalKind.ADD or found.fact_id is None:
        return found.editor
    first = await facts.version(done.session, found.fact_id, 1)
    return None if first is None else first.editor


async def _taken_back(done: Acting, found: Proposal) -> Undone:
    fact = await steps.fact_of(done, found)
    if notes.read(Published, found.notes).version != fact.version:
        by = await steps.changed_by(done, fact)
        return Undone(ending=Ending.MOVED_ON, proposal=found, fact=fact, by=by)
    if found.done_at is None or done.at - found.done_at > WITHIN:
        wrong = Wrong(fact_id=fact.id, since=fact.version, until=fact.version)
        told, before = await told_chats.count_told(done.session, [wrong]), None
        if fact.status is Status.WITHDRAWN:
            before = await steps.stood_as(done.session, fact)
        return Undone(ending=Ending.TOO_LATE, proposal=found, fact=fact, told=told, stood_as=before)
    wished, names = _before(found, fact)
    if is_told(names):
        restored = await facts.revise(
            done.session,
            fact.id,
            fact.version,
            wished,
            kind=ChangeKind.UNDO,
            reason=None,
            editor=done.actor.person_id,
            at=done.at,
        )
        assert restored is not None  # noqa: S101 - read in this same transaction
        with_it = await echo_steps.take_back(done, note_of(found))
        await announce(done, restored, was=fact, kind=ChangeKind.UNDO, with_it=with_it)
    else:
        await facts.annotate(done.session, [(fact.id, wished)])
    await done.record(
        fact_id=fact.id,
        before=steps.in_words(fact, names),
        after=steps.in_words(wished, names),
    )
    ended = await proposals.advance(done.session, found, at=done.at, state=ProposalState.UNDONE)
    return Undone(ending=Ending.UNDONE, proposal=ended, fact=await steps.fact_of(done, found))


def _before(found: Proposal, fact: Fact) -> tuple[FactDraft, Sequence[str]]:
    """Return the fact as it was before the proposal, and the names of what that changes.

    Only what the proposal changed goes back: a phrasing that came since stays.
    """
    if found.kind is ProposalKind.ADD:
        return replace(FactDraft.of(fact), status=Status.WITHDRAWN), ("status",)
    note = note_of(found)
    assert note.before is not None  # noqa: S101 - kept when the change came to its end
    names = note.changed or ()
    return patched(fact, note.before, names), names
