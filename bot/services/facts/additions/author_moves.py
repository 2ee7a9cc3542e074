"""What their author does with additions: begins them, writes, and presses buttons."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.services.dialogues.turns import Opening, Turn
from bot.services.facts import parsing
from bot.services.facts.additions import state, steps
from bot.services.facts.additions.state import Addition, Notes, Step
from bot.services.facts.parsing import EMPTY, Parsed
from db.desk import proposals
from db.records import FactDraft, Status
from db.records.desk import Proposal, ProposalKind

_ASKED: Final[Mapping[Status | None, tuple[str, ...]]] = {
    None: ("as_of",),
    Status.UNKNOWN: ("next_word",),
    Status.NOT_COVERED: (),
}
"""What a conversation asks for besides what is needed, by the sort of gap; None: an answer."""

_BEGUN: Final = (*state.ASKS, Step.CHANGE)


async def begin(opening: Opening[Step, Notes], text: str, *, gap: Status | None = None) -> Addition:
    """Begin an addition with what `text` gives; without text, go on with the one begun.

    With `gap` it says why there is no answer: UNKNOWN or NOT_COVERED.
    """
    session, place = opening.act.session, opening.act.actor.place
    mine = await proposals.open_of(session, place.chat_id, opening.act.actor.person_id)
    begun = [each for each in mine if each.kind is ProposalKind.ADD and each.step in _BEGUN]
    for each in begun:
        if not text and _gap_of(each) is gap:
            turn = opening.turn(each, Step(each.step), Notes.of(each))
            return await steps.shown(await turn.go(turn.state, thread_id=place.thread_id))
    for each in begun:
        await proposals.pause(session, each)
    draft, notes = await _first(opening, text, gap)
    turn = await opening.begin(state.next_step(draft, notes), notes, draft=draft)
    shown = await steps.shown(turn)
    if turn.state is Step.PREVIEW and (twins := await steps.twins_of(turn)):
        shown = await steps.at_twins(turn, twins)
    return replace(shown, another_waits=bool(begun))


async def answer(turn: Turn[Step, Notes], text: str) -> Addition:
    """Take words for the field that was asked for."""
    here = state.here(await turn.parts.story(), turn.act.at)
    assert turn.state.field is not None  # noqa: S101 - declared for the steps that ask
    return await steps.onward(turn, parsing.one(turn.state.field, text, here))


async def amend(turn: Turn[Step, Notes], text: str) -> Addition:
    """Take words for what shall be different."""
    here = state.here(await turn.parts.story(), turn.act.at)
    return await steps.onward(turn, parsing.draft_changes(text, here))


async def skip(turn: Turn[Step, Notes]) -> Addition | None:
    """Leave out the field that is asked for, or change nothing after all."""
    asked, draft = turn.state.field, turn.proposal.draft or EMPTY
    if asked in state.needed(draft):
        return None  # no button offers that
    # What was there before, or nothing, counts as given.
    given = {} if asked is None else {asked: getattr(draft, asked)}
    return await steps.onward(turn, Parsed(given=given))


async def change(turn: Turn[Step, Notes]) -> Addition:
    """Wait for words on what shall be different."""
    return await steps.shown(await turn.go(Step.CHANGE))


async def is_new(turn: Turn[Step, Notes]) -> Addition:
    """Go on although a fact says nearly the same: its author knows better."""
    seen = turn.noting(seen=(*turn.note.seen, *turn.note.twins), twins=())
    return await steps.shown(await seen.go(Step.PREVIEW))


async def drop(turn: Turn[Step, Notes]) -> Addition:
    """Drop one's own addition, handed in or not."""
    dropped = await turn.let_go()
    return await steps.shown(dropped)


def _gap_of(begun: Proposal) -> Status | None:
    """Return what sort of gap an addition is about; None for an answer."""
    status = (begun.draft or EMPTY).status
    return status if status.is_gap else None


async def _first(
    opening: Opening[Step, Notes], text: str, gap: Status | None
) -> tuple[FactDraft, Notes]:
    """Return the draft that `text` makes; without text, what a conversation will ask for."""
    here = state.here(await opening.parts.story(), opening.act.at)
    notes = Notes(author=opening.act.actor.name, asked=() if text else _ASKED[gap])
    read = parsing.known_unknown if gap is Status.UNKNOWN else parsing.addition
    start = EMPTY if gap is None else replace(EMPTY, status=gap)
    draft, notes = state.taken(start, notes, read(text, here))
    return state.complete(draft, notes, here), notes
