"""The steps in which a waiting question is resolved: the answer is written, or a fact is named."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from bot.errors import DeskError
from bot.services.alerts.announcements import announce
from bot.services.desk.inbox import WORDINGS, closest, waiting_question
from bot.services.dialogues.notes import Published
from bot.services.dialogues.turns import Opening, Turn
from bot.services.facts import parsing, time_expressions
from bot.services.facts.additions.steps import free_key
from bot.services.questions import phrasing_candidates
from bot.services.questions.personal_data import REMOVED
from bot.stories.schema import FIELD
from db.facts import facts
from db.questions import questions, waiting
from db.records import ChangeKind, Fact, FactDraft, Status, Story
from db.records.desk import DeskQuestion, Proposal, ProposalState, Wait


class Step(StrEnum):
    """Where the resolving of a question stands."""

    TEXT = "answer.text"  # what is the answer?
    SOURCE = "answer.source"  # who says so?
    WORDS = "answer.words"  # which of the readers' words become phrasings?
    FACT = "answer.fact"  # which fact is it?


NUMBERS: Final = re.compile(r"\d{1,2}(?:[\s,;]+\d{1,2})*")
FACT_NUMBER: Final = re.compile(r"#?\s*(\d{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Published):
    """What the steps keep besides the draft."""

    desk_question: int  # that is resolved
    fact: int | None = None  # that holds the answer, where none is written
    offered: tuple[str, ...] = ()  # readers' words that may become phrasings, up to five
    ticked: tuple[int, ...] = ()  # places among those


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """The resolving of a question, as it is shown."""

    proposal: Proposal
    question: DeskQuestion
    fact: Fact | None  # the one that holds the answer, where none is written
    closest: tuple[Fact, ...]  # to choose from while no fact is named
    offered: tuple[str, ...]  # readers' words that may become phrasings, up to five
    ticked: frozenset[int]  # places among those
    story: Story
    at: datetime

    @property
    def step(self) -> Step:
        """Where it stands."""
        return Step(self.proposal.step)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A question that has its answer; its readers are about to be told."""

    proposal: Proposal
    fact: Fact
    readers: int
    written: bool  # False: the fact was there already
    phrasings: int


def fits(step: str, words: str) -> bool:
    """Return whether words that are no reply are meant for a step rather than a question."""
    words = words.strip()
    match Step(step):
        case Step.FACT:
            return FACT_NUMBER.fullmatch(words) is not None
        case Step.WORDS:
            return NUMBERS.fullmatch(words) is not None or parsing.has_labels(words)
        case _:
            return True


async def write(opening: Opening[Step, Note], question_id: int) -> Resolution:
    """Begin to write the answer to a question."""
    return await shown(await _begun(opening, question_id, Step.TEXT))


async def link(opening: Opening[Step, Note], question_id: int) -> Resolution:
    """Begin to name the fact that answers a question."""
    return await shown(await _begun(opening, question_id, Step.FACT))


async def answer_card(opening: Opening[Step, Note], question_id: int, words: str) -> Resolution:
    """Take a reply to a question's card: the number of a fact, or the answer itself."""
    if FACT_NUMBER.fullmatch(words.strip()):
        return await name_fact(await _begun(opening, question_id, Step.FACT), words)
    return await answer(await _begun(opening, question_id, Step.TEXT), words)


async def answer(turn: Turn[Step, Note], words: str) -> Resolution:
    """Take the answer, or a labelled line that says more of it; what is missing is asked for."""
    there = turn.act.at.astimezone(ZoneInfo(turn.parts.indexed.story.time_zone))
    fields = parsing.answer(words.strip(), there)
    draft = turn.proposal.draft
    if draft is None:
        if "text" not in fields:
            raise DeskError("The answer itself is missing: write it on a line of its own.")
        question = await questions.by_id(turn.act.session, turn.note.desk_question)
        asked = "" if question is None else question.question
        usable = REMOVED not in asked and len(asked) <= FIELD["question"].limit
        draft = FactDraft(key="", text="", question=asked if usable else None)
    draft = replace(draft, **fields)
    if draft.source is None and turn.state is not Step.WORDS:
        return await shown(await turn.drafting(draft).go(Step.SOURCE))
    if draft.as_of is None:  # whoever is named says it now, unless the editor wrote when
        draft = replace(draft, as_of=time_expressions.of(there))
    return await _offer(turn.drafting(draft))


async def name_source(turn: Turn[Step, Note], words: str) -> Resolution:
    """Take who says so, or labelled lines."""
    words = words.strip()
    return await answer(turn, words if parsing.has_labels(words) else f"Source: {words}")


async def tick(turn: Turn[Step, Note], words: str) -> Resolution:
    """Take the numbers of readers' words, or lines that change the answer."""
    if NUMBERS.fullmatch(words.strip()):
        places = [int(each) - 1 for each in re.findall(r"\d+", words)]
        return await _toggled(turn, places)
    if turn.note.fact is not None:
        raise DeskError("Write the numbers of the words to tick, such as 1 3, or /cancel.")
    return await answer(turn, words)


async def name_fact(turn: Turn[Step, Note], words: str) -> Resolution:
    """Take the number of the fact that answers a question."""
    number = FACT_NUMBER.fullmatch(words.strip())
    if number is None:
        raise DeskError("Write the number of a fact, such as #7, or /cancel.")
    return await pick(turn, int(number[1]))


async def without_source(turn: Turn[Step, Note]) -> Resolution:
    """Go on without a source."""
    return await _offer(turn)


async def pick(turn: Turn[Step, Note], fact_id: int) -> Resolution:
    """Name the fact that answers a question; DeskError for one that is told no more.

    One that says that nobody knows yet is told as that, and its readers go on waiting for it.
    """
    fact = await facts.by_id(turn.act.session, fact_id)
    if fact is None or fact.status is Status.WITHDRAWN:
        raise DeskError(f"There is no fact #{fact_id} that may be told: see /find and words.")
    question = await questions.by_id(turn.act.session, turn.note.desk_question)
    if question is not None and question.fact_id == fact_id:
        raise DeskError(
            f"Its readers wait until #{fact_id} is known already: change that fact when it is."
        )
    return await _offer(turn.noting(fact=fact_id))


async def toggle(turn: Turn[Step, Note], place: int) -> Resolution:
    """Tick some of the readers' words as a phrasing, or take the tick away."""
    return await _toggled(turn, [place])


async def publish(turn: Turn[Step, Note]) -> Resolved:
    """Store the answer, its phrasings and that the question has it, all at once.

    Raises:
        DeskError: the question has been resolved meanwhile, or the fact withdrawn.
    """
    act = turn.act
    question = await waiting_question(act.session, turn.note.desk_question)
    chosen = tuple(turn.note.offered[place] for place in sorted(turn.note.ticked))
    written = turn.note.fact is None
    fact = await (_added(turn, chosen) if written else _linked(turn, chosen))
    await phrasing_candidates.answered(
        act.session,
        question.id,
        fact,
        turn.parts.indexed,
        at=act.at,
        at_once=turn.parts.at_once,
    )
    readers = await questions.settle(
        act.session,
        question.id,
        Wait.ANSWERED,
        at=act.at,
        by=act.actor.person_id,
        fact_id=fact.id,
    )
    if written:  # only then there is something to undo
        ended = await turn.noting(version=fact.version).end(ProposalState.DONE, fact_id=fact.id)
    else:
        ended = await turn.end(ProposalState.DROPPED)
    await act.record(fact_id=fact.id, before=question.question, after=fact.text)
    return Resolved(
        proposal=ended.proposal,
        fact=fact,
        readers=readers or 0,
        written=written,
        phrasings=len(chosen),
    )


async def shown(turn: Turn[Step, Note]) -> Resolution:
    """Return the resolving as it is shown."""
    session, indexed = turn.act.session, turn.parts.indexed
    question = await questions.by_id(session, turn.note.desk_question)
    assert question is not None  # noqa: S101 - questions are never removed
    number = turn.note.fact
    near: tuple[Fact, ...] = ()
    if turn.state is Step.FACT:
        near = await asyncio.to_thread(closest, indexed, question)
    return Resolution(
        proposal=turn.proposal,
        question=question,
        fact=None if number is None else await facts.by_id(session, number),
        closest=near,
        offered=turn.note.offered,
        ticked=frozenset(turn.note.ticked),
        story=indexed.story,
        at=turn.act.at,
    )


async def _begun(opening: Opening[Step, Note], question_id: int, step: Step) -> Turn[Step, Note]:
    question = await waiting_question(opening.act.session, question_id)
    if step is Step.TEXT and question.fact_id is not None:
        raise DeskError(
            f"This question waits until #{question.fact_id} is known: "
            f"write /edit {question.fact_id} and the news."
        )
    return await opening.begin(step, Note(desk_question=question.id))


async def _offer(turn: Turn[Step, Note]) -> Resolution:
    """Offer the readers' words that may become phrasings; ticks stay on theirs."""
    note, draft = turn.note, turn.proposal.draft
    said = await waiting.words(turn.act.session, note.desk_question, limit=50)
    fact = None if note.fact is None else await facts.by_id(turn.act.session, note.fact)
    asked = draft.question if draft is not None else None
    has = {asked} if fact is None else {fact.question, *fact.phrasings}
    taken = {each.casefold() for each in has if each}
    ticked = {note.offered[place] for place in note.ticked}
    words = [each for each in said if REMOVED not in each and each.casefold() not in taken]
    words = words[:WORDINGS]
    offered = turn.noting(
        offered=tuple(words),
        ticked=tuple(place for place, each in enumerate(words) if each in ticked),
    )
    return await shown(await offered.go(Step.WORDS))


async def _toggled(turn: Turn[Step, Note], places: Sequence[int]) -> Resolution:
    """Turn over the ticks at `places`."""
    words = turn.note.offered
    for place in places:
        if not 0 <= place < len(words):
            raise DeskError(f"There are no words {place + 1}: {len(words)} are offered.")
    ticked = tuple(sorted(set(turn.note.ticked) ^ set(places)))
    return await shown(await turn.noting(ticked=ticked).go(Step.WORDS))


async def _added(turn: Turn[Step, Note], phrasings: tuple[str, ...]) -> Fact:
    """Store the answer as a new fact and return it."""
    act, draft = turn.act, turn.proposal.draft
    assert draft is not None  # noqa: S101 - the step comes after the text
    key = await free_key(act.session, draft)
    ready = replace(draft, key=key, phrasings=phrasings)
    fact = await facts.add(act.session, ready, editor=act.actor.person_id, at=act.at)
    await announce(act, fact, was=None, kind=ChangeKind.NEW)
    return fact


async def _linked(turn: Turn[Step, Note], phrasings: tuple[str, ...]) -> Fact:
    """Teach the named fact the readers' words and return it; DeskError if it is told no more."""
    number = turn.note.fact or 0
    fact = await facts.by_id(turn.act.session, number)
    if fact is None or fact.status is Status.WITHDRAWN:
        raise DeskError(f"Fact #{number} may not be told any more: name another, or /cancel.")
    for text in phrasings:
        fact = await facts.add_phrasing(turn.act.session, number, text) or fact
    return fact
