"""The steps in which a waiting question is resolved, kept in a proposal."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from bot.errors import DeskError
from bot.services.alerts.announcements import announce
from bot.services.answers.index_cache import Snapshot
from bot.services.desk.inbox import WORDINGS, closest
from bot.services.facts import parsing, time_expressions
from bot.services.questions.personal_data import REMOVED
from bot.services.rights import Acting, Actor
from bot.stories.reading import made_key
from bot.stories.schema import FIELD
from db.desk import proposals
from db.engine import Session
from db.facts import facts
from db.questions import questions, waiting
from db.records import ChangeKind, Fact, FactDraft, Status, Story
from db.records.desk import DeskQuestion, Proposal, ProposalKind, ProposalState

QUESTION: Final = "desk_question"
"""The note of a proposal that names the question which it resolves; other parts leave it alone."""

TEXT, SOURCE, WORDS, FACT = "answer.text", "answer.source", "answer.words", "answer.fact"
"""The steps: what is the answer, who says so, which words become phrasings, which fact is it."""

NUMBERS: Final = re.compile(r"\d{1,2}(?:[\s,;]+\d{1,2})*")
FACT_NUMBER: Final = re.compile(r"#?\s*(\d{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Where the resolving of a question stands."""

    proposal: Proposal
    question: DeskQuestion
    fact: Fact | None  # the one that holds the answer, where none is written
    closest: tuple[Fact, ...]  # to choose from while no fact is named
    offered: tuple[str, ...]  # readers' words that may become phrasings, up to five
    ticked: frozenset[int]  # places among those
    story: Story
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A question that has its answer; its readers are about to be told."""

    proposal: Proposal
    fact: Fact
    readers: int
    written: bool  # False: the fact was there already
    phrasings: int


async def make(done: Acting, question: DeskQuestion, step: str) -> Proposal:
    """Store that an editor is at a question, at this step."""
    place = done.actor.place
    return await proposals.make(
        done.session,
        chat_id=place.chat_id,
        thread_id=place.thread_id,
        editor=done.actor.person_id,
        kind=ProposalKind.ADD,
        step=step,
        at=done.at,
        notes={QUESTION: question.id},
    )


async def own(
    session: Session, actor: Actor, proposal_id: int, turn: int, step: str
) -> Proposal | None:
    """Return a proposal at the turn that its author saw; None for any other, and for others'."""
    proposal = await proposals.by_id(session, proposal_id)
    if proposal is None or not is_at(proposal, actor):
        return None
    return proposal if proposal.turn == turn and proposal.step == step else None


def is_at(proposal: Proposal, actor: Actor) -> bool:
    """Return whether this person is resolving a question by this proposal, here and now."""
    return (
        proposal.editor == actor.person_id
        and proposal.chat_id == actor.place.chat_id
        and proposal.state is ProposalState.OPEN
        and QUESTION in proposal.notes
    )


def fits(step: str, words: str) -> bool:
    """Return whether words that are no reply are meant for a step rather than a question."""
    words = words.strip()
    match step:
        case "answer.fact":
            return FACT_NUMBER.fullmatch(words) is not None
        case "answer.words":
            return NUMBERS.fullmatch(words) is not None or parsing.has_labels(words)
        case _:
            return True


async def current(session: Session, proposal: Proposal, indexed: Snapshot, at: datetime) -> Step:
    """Return a proposal as it stands, with what is shown of it."""
    question = await questions.by_id(session, proposal.notes[QUESTION])
    assert question is not None  # noqa: S101 - questions are never removed
    number = proposal.notes.get("fact")
    return Step(
        proposal=proposal,
        question=question,
        fact=None if number is None else await facts.by_id(session, number),
        closest=await asyncio.to_thread(closest, indexed, question)
        if proposal.step == FACT
        else (),
        offered=tuple(proposal.notes.get("offered", ())),
        ticked=frozenset(proposal.notes.get("ticked", ())),
        story=indexed.story,
        at=at,
    )


async def amended(
    session: Session, proposal: Proposal, fields: Mapping[str, Any], there: datetime
) -> Mapping[str, Any]:
    """Return the proposal's changes by what was written; what is missing yet decides the step.

    `there` is the present on the story's clock.
    """
    draft = proposal.draft
    if draft is None:
        if "text" not in fields:
            raise DeskError("The answer itself is missing: write it on a line of its own.")
        question = await questions.by_id(session, proposal.notes[QUESTION])
        asked = "" if question is None else question.question
        usable = REMOVED not in asked and len(asked) <= FIELD["question"].limit
        draft = FactDraft(key="", text="", question=asked if usable else None)
    draft = replace(draft, **fields)
    proposal = replace(proposal, draft=draft)
    if draft.source is None and proposal.step != WORDS:
        return {"draft": draft, "step": SOURCE}
    if draft.as_of is None:  # whoever is named says it now, unless the editor wrote when
        draft = replace(draft, as_of=time_expressions.of(there))
        proposal = replace(proposal, draft=draft)
    notes = await offered(session, proposal)
    return {"draft": draft, "step": WORDS, "notes": notes}


async def named(session: Session, proposal: Proposal, fact_id: int) -> Mapping[str, Any]:
    """Return the proposal's changes by naming a fact; DeskError for one that is told no more.

    One that says that nobody knows yet is told as that, and its readers go on waiting for it.
    """
    fact = await facts.by_id(session, fact_id)
    if fact is None or fact.status is Status.WITHDRAWN:
        raise DeskError(f"There is no fact #{fact_id} that may be told: see /find and words.")
    question = await questions.by_id(session, proposal.notes[QUESTION])
    if question is not None and question.fact_id == fact_id:
        raise DeskError(
            f"Its readers wait until #{fact_id} is known already: change that fact when it is."
        )
    notes = {**proposal.notes, "fact": fact_id}
    return {"step": WORDS, "notes": await offered(session, replace(proposal, notes=notes))}


async def offered(session: Session, proposal: Proposal) -> dict[str, Any]:
    """Return the notes with the readers' words that may become phrasings; ticks stay on theirs."""
    said = await waiting.words(session, proposal.notes[QUESTION], limit=50)
    number = proposal.notes.get("fact")
    fact = None if number is None else await facts.by_id(session, number)
    asked = proposal.draft.question if proposal.draft is not None else None
    has = {asked} if fact is None else {fact.question, *fact.phrasings}
    taken = {each.casefold() for each in has if each}
    before = proposal.notes.get("offered", ())
    ticked = {before[place] for place in proposal.notes.get("ticked", ())}
    words = [each for each in said if REMOVED not in each and each.casefold() not in taken]
    words = words[:WORDINGS]
    return {
        **proposal.notes,
        "offered": words,
        "ticked": [place for place, each in enumerate(words) if each in ticked],
    }


def toggled(proposal: Proposal, places: Sequence[int]) -> dict[str, Any]:
    """Return the notes with the ticks at `places` turned over."""
    words = proposal.notes.get("offered", ())
    for place in places:
        if not 0 <= place < len(words):
            raise DeskError(f"There are no words {place + 1}: {len(words)} are offered.")
    ticked = set(proposal.notes.get("ticked", ())) ^ set(places)
    return {**proposal.notes, "ticked": sorted(ticked)}


async def added(done: Acting, proposal: Proposal, phrasings: tuple[str, ...]) -> Fact:
    """Store the answer as a new fact and return it."""
    draft = proposal.draft
    assert draft is not None  # noqa: S101 - the step comes after the text
    base = key = made_key(draft.question or draft.text)
    number = 2
    while await facts.by_key(done.session, key) is not None:
        key, number = f"{base}-{number}", number + 1
    ready = replace(draft, key=key, phrasings=phrasings)
    fact = await facts.add(done.session, ready, editor=done.actor.person_id, at=done.at)
    await announce(done, fact, was=None, kind=ChangeKind.NEW)
    return fact


async def linked(session: Session, proposal: Proposal, phrasings: tuple[str, ...]) -> Fact:
    """Teach the named fact the readers' words and return it; DeskError if it is told no more."""
    number = proposal.notes["fact"]
    fact = await facts.by_id(session, number)
    if fact is None or fact.status is Status.WITHDRAWN:
        raise DeskError(f"Fact #{number} may not be told any more: name another, or /cancel.")
    for text in phrasings:
        fact = await facts.add_phrasing(session, number, text) or fact
    return fact


def ending(proposal: Proposal, fact: Fact, at: datetime, *, written: bool) -> Mapping[str, Any]:
    """Return how a proposal ends; only a fact that was written can be undone."""
    if not written:
        return {"state": ProposalState.DROPPED}
    notes = {**proposal.notes, "version": fact.version}
    return {
        "state": ProposalState.DONE,
        "done_at": at,
        "fact_id": fact.id,
        "base_version": None,
        "notes": notes,
    }
