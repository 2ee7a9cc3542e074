"""Resolves waiting questions: an editor writes the answer, or names the fact that holds it."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.clock import Clock, now
from bot.errors import DeskError
from bot.services.answers.index_cache import IndexCache, Snapshot
from bot.services.desk.inbox import waiting_question
from bot.services.facts import parsing
from bot.services.questions import phrasing_candidates
from bot.services.questions import resolution_steps as steps
from bot.services.questions.resolution_steps import (
    FACT,
    FACT_NUMBER,
    NUMBERS,
    QUESTION,
    SOURCE,
    TEXT,
    WORDS,
    Resolved,
    Step,
)
from bot.services.rights import Actor, acting, role_of
from db.desk import cards, proposals
from db.engine import Database, Session
from db.questions import questions
from db.records import ChatKind
from db.records.desk import Card, CardKind, Proposal, Role, Wait

LISTENING: Final = timedelta(hours=24)
"""For how long plain words go to what an editor is at; a reply to its message always does."""


class Resolutions:
    """Answers waiting questions, for editors alone. Each method is one unit of work.

    None in place of a step: the button was pressed before, is old, or is another editor's.
    """

    def __init__(
        self, database: Database, cache: IndexCache, *, at_once: bool = True, clock: Clock = now
    ) -> None:
        self._database = database
        self._cache = cache
        self._at_once = at_once  # whether readers' words count before an editor looks
        self._clock = clock

    async def write(self, actor: Actor, question_id: int) -> Step:
        """Begin to write the answer to a question."""
        return await self._begun(actor, question_id, TEXT)

    async def link(self, actor: Actor, question_id: int) -> Step:
        """Begin to name the fact that answers a question."""
        return await self._begun(actor, question_id, FACT)

    async def take(self, words: str, actor: Actor, *, reply_to: int | None) -> Step | None:
        """Take what an editor wrote as the next step; None when it is not meant for this."""
        target = await self._meant(words, actor, reply_to)
        if target is None:
            return None
        indexed, at = await self._cache.current(), self._clock()
        async with acting(self._database, actor, Role.EDITOR, "question.answer", at=at) as done:
            if isinstance(target, int):
                step = FACT if FACT_NUMBER.fullmatch(words.strip()) else TEXT
                question = await waiting_question(done.session, target)
                target = await steps.make(done, question, step)
            changes = await self._next(done.session, target, words, indexed, at)
            changed = await proposals.advance(done.session, target, at=at, **changes)
            return (
                None if changed is None else await steps.current(done.session, changed, indexed, at)
            )

    async def without_source(self, actor: Actor, proposal_id: int, turn: int) -> Step | None:
        """Go on without a source."""
        return await self._pressed(actor, proposal_id, turn, SOURCE, step=WORDS)

    async def pick(self, actor: Actor, proposal_id: int, turn: int, fact_id: int) -> Step | None:
        """Name the fact that answers a question."""
        return await self._pressed(actor, proposal_id, turn, FACT, fact=fact_id)

    async def toggle(self, actor: Actor, proposal_id: int, turn: int, place: int) -> Step | None:
        """Tick some of the readers' words as a phrasing, or take the tick away."""
        return await self._pressed(actor, proposal_id, turn, WORDS, toggled=[place])

    async def publish(self, actor: Actor, proposal_id: int, turn: int) -> Resolved | None:
        """Store the answer, its phrasings and that the question has it, all at once.

        Raises:
            DeskError: the question has been resolved meanwhile, or the fact withdrawn.
        """
        indexed, at = await self._cache.current(), self._clock()
        async with acting(self._database, actor, Role.EDITOR, "question.answer", at=at) as done:
            proposal = await steps.own(done.session, actor, proposal_id, turn, WORDS)
            if proposal is None:
                return None
            question = await waiting_question(done.session, proposal.notes[QUESTION])
            step = await steps.current(done.session, proposal, indexed, at)
            chosen = tuple(step.offered[place] for place in sorted(step.ticked))
            written = step.fact is None
            if written:
                fact = await steps.added(done, proposal, chosen)
            else:
                fact = await steps.linked(done.session, proposal, chosen)
            await phrasing_candidates.answered(
                done.session, question.id, fact, indexed, at=at, at_once=self._at_once
            )
            readers = await questions.settle(
                done.session,
                question.id,
                Wait.ANSWERED,
                at=at,
                by=actor.person_id,
                fact_id=fact.id,
            )
            ended = await proposals.advance(
                done.session, proposal, at=at, **steps.ending(proposal, fact, at, written=written)
            )
            if ended is None:  # not between a read and a write of one writer; never half of it
                raise DeskError("Somebody else was faster: see /desk.")
            await done.record(fact_id=fact.id, before=question.question, after=fact.text)
        return Resolved(
            proposal=ended,
            fact=fact,
            readers=readers or 0,
            written=written,
            phrasings=len(chosen),
        )

    async def shown(self, actor: Actor, step: Step, message_id: int) -> None:
        """Note which message shows a step, so that a reply to it is understood."""
        at = self._clock()
        async with acting(self._database, actor, Role.EDITOR, "question.answer", at=at) as done:
            await proposals.shown(done.session, step.proposal.id, message_id)
            await cards.put(
                done.session,
                Card(
                    chat_id=actor.place.chat_id,
                    message_id=message_id,
                    kind=CardKind.PROPOSAL,
                    about=step.proposal.id,
                ),
            )

    async def _begun(self, actor: Actor, question_id: int, step: str) -> Step:
        indexed, at = await self._cache.current(), self._clock()
        async with acting(self._database, actor, Role.EDITOR, "question.answer", at=at) as done:
            question = await waiting_question(done.session, question_id)
            if step == TEXT and question.fact_id is not None:
                raise DeskError(
                    f"This question waits until #{question.fact_id} is known: "
                    f"write /edit {question.fact_id} and the news."
                )
            proposal = await steps.make(done, question, step)
            return await steps.current(done.session, proposal, indexed, at)

    async def _meant(self, words: str, actor: Actor, reply_to: int | None) -> Proposal | int | None:
        """Return the proposal or the question that words are meant for; nothing is changed."""
        async with self._database.reading() as session:
            role = await role_of(session, actor)
            if role is None:
                return None
            if reply_to is not None:
                card = await cards.by_message(session, actor.place.chat_id, reply_to)
                if card is not None and card.kind is CardKind.QUESTION:
                    return card.about
                if card is None or card.kind is not CardKind.PROPOSAL:
                    return None
                proposal = await proposals.by_id(session, card.about)
            elif actor.place.kind is ChatKind.PRIVATE:
                proposal = await proposals.newest_open(
                    session, actor.place.chat_id, actor.person_id
                )
            else:
                return None
        if proposal is None or not steps.is_at(proposal, actor):
            return None
        if reply_to is not None:
            return proposal
        recent = not proposals.paused(proposal)
        recent &= self._clock() - proposal.touched_at <= LISTENING
        return proposal if recent and steps.fits(proposal.step, words) else None

    async def _next(
        self, session: Session, proposal: Proposal, words: str, indexed: Snapshot, at: datetime
    ) -> Mapping[str, Any]:
        """Return what changes in a proposal by what its author wrote."""
        words = words.strip()
        if proposal.step == FACT:
            number = FACT_NUMBER.fullmatch(words)
            if number is None:
                raise DeskError("Write the number of a fact, such as #7, or /cancel.")
            return await steps.named(session, proposal, int(number[1]))
        if proposal.step == WORDS and NUMBERS.fullmatch(words):
            places = [int(each) - 1 for each in re.findall(r"\d+", words)]
            return {"notes": steps.toggled(proposal, places)}
        if proposal.notes.get("fact") is not None:
            raise DeskError("Write the numbers of the words to tick, such as 1 3, or /cancel.")
        there = at.astimezone(ZoneInfo(indexed.story.time_zone))
        if proposal.step == SOURCE:
            words = words if parsing.has_labels(words) else f"Source: {words}"
        return await steps.amended(session, proposal, parsing.answer(words, there), there)

    async def _pressed(
        self,
        actor: Actor,
        proposal_id: int,
        turn: int,
        at_step: str,
        *,
        step: str | None = None,
        fact: int | None = None,
        toggled: Sequence[int] = (),
    ) -> Step | None:
        indexed, at = await self._cache.current(), self._clock()
        async with acting(self._database, actor, Role.EDITOR, "question.answer", at=at) as done:
            proposal = await steps.own(done.session, actor, proposal_id, turn, at_step)
            if proposal is None:
                return None
            changes: dict[str, Any] = {}
            if step is not None:
                changes = {"step": step, "notes": await steps.offered(done.session, proposal)}
            elif fact is not None:
                changes = dict(await steps.named(done.session, proposal, fact))
            else:
                changes = {"notes": steps.toggled(proposal, toggled)}
            changed = await proposals.advance(done.session, proposal, at=at, **changes)
            return (
                None if changed is None else await steps.current(done.session, changed, indexed, at)
            )
