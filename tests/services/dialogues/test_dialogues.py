"""What every dialogue declares is true: each state can be reached, each button works once."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import pytest

from bot.services.answers.index_cache import IndexCache
from bot.services.dialogues import dialogue, notes
from bot.services.dialogues.dialogue import Button, Dialogue, Listens, Move, Start
from bot.services.dialogues.turns import Parts, Turn
from bot.services.facts.additions import article_state
from bot.services.facts.additions.article import Articles
from bot.services.facts.additions.conversation import Additions
from bot.services.facts.additions.state import Notes
from bot.services.facts.changes import state as changes
from bot.services.facts.changes.conversation import Changes
from bot.services.facts.changes.echoes import Decision
from bot.services.files import new_story, upload_moves
from bot.services.files.new_story import NewStory
from bot.services.files.uploads import Uploads
from bot.services.questions import resolution_steps
from bot.services.questions.resolutions import Resolutions
from bot.services.rights import acting
from bot.stories.notes import DateOrder
from db.desk import audit, proposals
from db.engine import Database
from db.records import ChangeKind, FactDraft, Moment
from db.records.desk import Proposal, ProposalState, Role
from handlers.editor.facts import additions as addition_buttons
from handlers.editor.facts import article as article_buttons
from handlers.editor.facts import changes as change_buttons
from handlers.editor.moves import Moves
from handlers.editor.questions import resolutions as resolution_buttons
from tests.factories import draft, seat
from tests.samples import AT

NOTES: dict[type[Dialogue[Any]], object] = {
    Additions: Notes(
        author="Ada", asked=("as_of",), troubles={"source": "Who?"}, twins=(3,), returned="Why?"
    ),
    Articles: article_state.Note(
        name="news.txt",
        rows=(article_state.Sentence(text="Rain.", as_of=Moment.parse("2025-05-20 12:00")),),
        taken=(7, 8),
    ),
    Changes: changes.Note(
        kind=ChangeKind.CORRECTION,
        changed=("text",),
        refused=(changes.Objection(what="number", was="3", now="4"),),
        echoes=(changes.NotedEcho(id=2, version=1, says="three", decision=Decision.TAKEN),),
        before=draft(topics=("call",)),
        version=2,
    ),
    NewStory: new_story.Note(title="The ferry", time_zone="Africa/Lagos"),
    Resolutions: resolution_steps.Note(desk_question=4, offered=("when", "how"), ticked=(1,)),
    Uploads: upload_moves.Note(plan="abc", dates=DateOrder.DAY_FIRST),
}
DIALOGUES = list(NOTES)
INNER = {
    Additions: {"see", "give_reason"},
    Changes: {"resume", "choose_kind", "decide"},
    NewStory: {"exchange", "drop"},
    Resolutions: {"publish"},
    Uploads: {"compare", "write", "drop"},
}
"""Moves that a method or a handler makes in other words than its button's values."""


def moves(
    of: type[Dialogue[Any]],
) -> Iterator[tuple[str, Start[Any, Any, ..., Any] | Button[Any, Any, ..., Any]]]:
    for name, each in vars(of).items():
        if isinstance(each, Start | Button):
            yield name, each


def reached(of: type[Dialogue[Any]]) -> set[StrEnum]:
    """Return the states to which declared moves lead, from the beginning on."""
    begun = {to for _, each in moves(of) if isinstance(each, Start) for to in each.move.to}
    onward = [(set(each.move.at), set(each.move.to)) for _, each in moves(of)]
    onward += [({each.at}, set(each.to)) for each in of.words]
    while True:
        more = {to for at, leads in onward if at & begun for to in leads} - begun
        if not more:
            return begun
        begun |= more


async def stored(
    database: Database, of: type[Dialogue[Any]], step: str, state: ProposalState
) -> Proposal:
    """Return a proposal of member 77 at this step, at its second turn."""
    async with database.writing() as session:
        made = await proposals.make(
            session,
            chat_id=77,
            thread_id=None,
            editor=77,
            kind=of.kinds[0],
            step=step,
            at=AT,
            draft=draft(),
            notes=notes.stored(NOTES[of]),
        )
        turned = await proposals.advance(session, made, at=AT, state=state)
    assert turned is not None
    return turned


async def read(database: Database, proposal: Proposal) -> Proposal | None:
    async with database.reading() as session:
        return await proposals.by_id(session, proposal.id)


@pytest.mark.parametrize("of", DIALOGUES)
def test_every_state_is_reached_and_every_move_leads_somewhere(of: type[Dialogue[Any]]) -> None:
    able = reached(of)
    # The last one is stored with the end.
    assert {each for each in of.states if each.name != "DONE"} == able
    for name, each in moves(of):
        at, to = set(each.move.at), set(each.move.to)
        assert at | to <= set(of.states), name
        assert isinstance(each, Start) or at & able, name
        leads_out = name in ("resume", "instead")  # to its own screen, and to another dialogue
        assert to or each.move.ends or leads_out, name
    assert len({each.at for each in of.words}) == len(of.words)


def test_every_button_of_a_dialogue_has_a_press_that_makes_its_move() -> None:
    tables: dict[type[Dialogue[Any]], Moves] = {
        Additions: addition_buttons.MOVES,
        Articles: article_buttons.MOVES,
        Changes: change_buttons.MOVES,
        Resolutions: resolution_buttons.MOVES,
    }
    for of in DIALOGUES:
        made = set(map(id, tables.get(of, {}).values()))
        left = {n for n, each in moves(of) if isinstance(each, Button) and id(each) not in made}
        assert left == INNER.get(of, set()), of


async def test_a_button_of_another_turn_or_person_has_one_outcome(database: Database) -> None:
    ada = await seat(database, 77, Role.OWNER)
    eve = await seat(database, 78, Role.OWNER, name="Eve")
    cache = IndexCache(database)
    tried = 0
    for of in DIALOGUES:
        service: Dialogue[Any] = of(database, cache, clock=lambda: AT)
        for name, each in moves(of):
            if not isinstance(each, Button) or each.move.any_turn:
                continue
            for state in ProposalState:
                proposal = await stored(database, of, next(iter(each.move.at)), state)
                past = proposal.turn - 1
                assert await service.press(each, ada, proposal.id, past) is None, name
                if not (each.move.by_desk and state is ProposalState.SUBMITTED):
                    assert await service.press(each, eve, proposal.id, proposal.turn) is None, name
                    tried += state in each.move.of and not of.is_shared
                if state not in each.move.of:
                    assert await service.press(each, ada, proposal.id, proposal.turn) is None
                assert await service.press(each, ada, 10**9, proposal.turn) is None, name
                assert await read(database, proposal) == proposal
    async with database.reading() as session:
        kept = await audit.newest(session, limit=1000)
    assert {(each.name, each.refused) for each in kept} == {("Eve", True)}
    assert tried > len(kept) >= 20  # of one person no more are kept in an hour


async def test_a_turn_goes_only_where_its_move_is_declared_to_lead(database: Database) -> None:
    ada = await seat(database)
    proposal = await stored(database, Changes, changes.Step.KIND, ProposalState.OPEN)
    async with acting(database, ada, Role.EDITOR, "fact.change", at=AT) as act:
        move = Move("fact.change", to=(changes.Step.SOURCE,))
        turn: Turn[changes.Step, changes.Note] = Changes.turn(Parts(act=act), proposal, move)
        with pytest.raises(AssertionError, match="no move leads to preview"):
            await turn.go(changes.Step.PREVIEW)
        with pytest.raises(AssertionError, match="no move ends done"):
            await turn.end(ProposalState.DONE)
        gone = await turn.noting(reason="It was three.").go(changes.Step.SOURCE)
    after = await read(database, gone.proposal)
    assert after == gone.proposal
    assert (after.step, changes.note_of(after).reason) == ("source", "It was three.")


@pytest.mark.parametrize("of", DIALOGUES)
def test_a_note_is_read_as_it_was_stored(of: type[Dialogue[Any]]) -> None:
    note = NOTES[of]
    kept = notes.stored(note)
    assert notes.read(of.note, kept | {"paused": True, "of_another_version": 1}) == note


def test_notes_of_earlier_versions_are_read() -> None:
    kept = {"refused": [["number", "3", "4"]], "sources": ["TASS"], "echoes": [], "reason": None}
    note = notes.read(changes.Note, kept)
    assert note.refused == (changes.Objection(what="number", was="3", now="4"),)
    assert (note.sources, note.echoes, note.reason) == (("TASS",), (), None)


def test_what_takes_plain_words_asks_for_them_by_name() -> None:
    asks = (Listens.ASKED, Listens.A_QUESTION)
    asked = {each.at for of in DIALOGUES for each in of.words if each.listens in asks}
    assert len(asked) == len(
        {str(each) for each in asked}
    )  # so that a step alone names what it asks
    assert all(dialogue.of(_at(of, each.at)) is of for of in DIALOGUES for each in of.words)


def _at(of: type[Dialogue[Any]], step: str) -> Proposal:
    return Proposal(
        id=1,
        chat_id=77,
        thread_id=None,
        editor=77,
        kind=of.kinds[0],
        state=ProposalState.OPEN,
        step=step,
        turn=1,
        draft=FactDraft(key="", text=""),
        fact_id=None,
        base_version=None,
        notes={},
        message_id=None,
        made_at=AT,
        touched_at=AT,
    )
