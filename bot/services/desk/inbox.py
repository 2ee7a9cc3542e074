"""The desk's screens: what waits, what has grown old, and the feedback of readers."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from bot.clock import Clock, now
from bot.errors import DeskError
from bot.search import Outcome as Found
from bot.services.answers.index_cache import IndexCache, Snapshot
from bot.services.answers.results import Outcome
from bot.services.rights import Actor, acting, looking
from db.answers import exchanges, feedback
from db.desk import cards, proposals
from db.engine import Database, Session
from db.questions import questions, suggestions, waiting
from db.records import Fact, Story
from db.records.desk import Card, CardKind, DeskQuestion, Feedback, ProposalState, Role, Wait

SHOWN: Final = 5
"""Waiting questions on the desk's screen, and stale facts and feedback on one page."""

FACTS_SHOWN: Final = 10
WORDINGS: Final = 5
CLOSEST: Final = 3

DRAFTS_COUNTED: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A waiting question in the list."""

    question: DeskQuestion
    answered_by: int | None  # the fact, newer than the question, that may answer it


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskScreen:
    """Everything that waits for an editor, on one screen."""

    questions: int
    readers: int
    first: tuple[Waiting, ...]  # those that most readers wait for
    stale: int  # facts that an editor must look at again
    feedback: int  # that no editor has settled yet
    suggestions: int  # of readers' words, to be looked at
    drafts: int  # of contributors, not published yet
    today: dict[Outcome, int]  # questions asked since midnight in the story's zone
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionCard:
    """One waiting question, to be answered."""

    question: DeskQuestion
    wordings: tuple[str, ...]  # up to five, the first first
    closest: tuple[Fact, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FreshLook:
    """One page of what should be looked at again."""

    stale: tuple[Fact, ...]
    feedback: tuple[tuple[Feedback, Fact | None], ...]  # with the fact as it stands
    page: int  # from 0
    more: bool
    story: Story
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FactPage:
    """One page of all facts, by number."""

    facts: tuple[Fact, ...]
    total: int
    withdrawn: int
    page: int  # from 0
    more: bool


class DeskInbox:
    """What editors see of the desk. Each method is one unit of work, for editors alone."""

    def __init__(self, database: Database, cache: IndexCache, *, clock: Clock = now) -> None:
        self._database = database
        self._cache = cache
        self._clock = clock

    async def desk(self, actor: Actor) -> DeskScreen:
        """Return what waits."""
        indexed, at = await self._cache.current(), self._clock()
        async with looking(self._database, actor, Role.EDITOR, "desk.see", at=at) as session:
            first = await questions.waiting(session, limit=SHOWN)
            asked, readers = await questions.count_waiting(session)
            drafts = await proposals.in_state(
                session, [ProposalState.SUBMITTED], limit=DRAFTS_COUNTED
            )
            unsettled = await feedback.count(session)
            suggested = await suggestions.count(session)
            today = await exchanges.outcomes_since(session, _midnight(indexed.story, at))
        now_answered = await asyncio.to_thread(
            lambda: tuple(_answered_by(indexed, each) for each in first)
        )
        return DeskScreen(
            questions=asked,
            readers=readers,
            first=tuple(
                Waiting(question=each, answered_by=number)
                for each, number in zip(first, now_answered, strict=True)
            ),
            stale=len(_stale(indexed, at)),
            feedback=unsettled,
            suggestions=suggested,
            drafts=len(drafts),
            today=today,
            at=at,
        )

    async def ranked(self, actor: Actor, position: int) -> QuestionCard:
        """Return the question at this position of the desk's list, from 1."""
        at = self._clock()
        async with looking(self._database, actor, Role.EDITOR, "desk.see", at=at) as session:
            found = await questions.waiting(session, limit=max(1, min(position, 1000)))
            if not 1 <= position <= len(found):
                count = f"{len(found)} questions wait" if found else "No question waits"
                raise DeskError(f"There is no question {position}: {count}. See /desk.")
            return await self._card(session, found[position - 1], at)

    async def question(self, actor: Actor, question_id: int) -> QuestionCard:
        """Return a question that waits; DeskError when it waits no longer."""
        at = self._clock()
        async with looking(self._database, actor, Role.EDITOR, "desk.see", at=at) as session:
            return await self._card(session, await waiting_question(session, question_id), at)

    async def shown(self, actor: Actor, question_id: int, message_id: int) -> None:
        """Note that a message shows a question, so that a reply to it is an answer."""
        at, chat_id = self._clock(), actor.place.chat_id
        async with acting(self._database, actor, Role.EDITOR, "desk.see", at=at) as done:
            await cards.put(
                done.session,
                Card(
                    chat_id=chat_id,
                    message_id=message_id,
                    kind=CardKind.QUESTION,
                    about=question_id,
                ),
            )

    async def give_up(self, actor: Actor, question_id: int) -> tuple[DeskQuestion, int]:
        """End a question that nobody can answer; return it, and how many readers are told."""
        at = self._clock()
        async with acting(self._database, actor, Role.EDITOR, "question.give_up", at=at) as done:
            question = await waiting_question(done.session, question_id)
            told = await questions.settle(
                done.session, question_id, Wait.GIVEN_UP, at=at, by=actor.person_id
            )
            await done.record(before=question.question, after=f"given up, {told} readers")
        return question, told or 0

    async def fresh_look(self, actor: Actor, page: int) -> FreshLook:
        """Return what should be looked at again: stale facts, and feedback, a page of each."""
        indexed, at = await self._cache.current(), self._clock()
        async with looking(self._database, actor, Role.EDITOR, "desk.see", at=at) as session:
            said = await feedback.unsettled(session, limit=(page + 1) * SHOWN + 1)
        stale = _stale(indexed, at)
        begin, end = page * SHOWN, (page + 1) * SHOWN
        return FreshLook(
            stale=tuple(stale[begin:end]),
            feedback=tuple((each, indexed.facts.get(each.fact_id)) for each in said[begin:end]),
            page=page,
            more=len(stale) > end or len(said) > end,
            story=indexed.story,
            at=at,
        )

    async def seen(self, actor: Actor, *, first: int, last: int) -> int:
        """Settle the feedback on exchanges `first` to `last`; return how much it was."""
        at = self._clock()
        async with acting(self._database, actor, Role.EDITOR, "feedback.seen", at=at) as done:
            number = await feedback.settle(
                done.session, first=first, last=last, at=at, by=actor.person_id
            )
            if number:
                await done.record(after=f"feedback of {number} readers")
        return number

    async def all_facts(self, actor: Actor, page: int) -> FactPage:
        """Return a page of the facts that may be told, by number."""
        indexed, at = await self._cache.current(), self._clock()
        async with looking(self._database, actor, Role.EDITOR, "desk.see", at=at):
            pass
        everything = sorted(indexed.facts.values(), key=lambda fact: fact.id)
        begin, end = page * FACTS_SHOWN, (page + 1) * FACTS_SHOWN
        return FactPage(
            facts=tuple(everything[begin:end]),
            total=len(everything),
            withdrawn=len(indexed.withdrawn),
            page=page,
            more=len(everything) > end,
        )

    async def _card(self, session: Session, question: DeskQuestion, at: datetime) -> QuestionCard:
        indexed = await self._cache.current()
        return QuestionCard(
            question=question,
            wordings=tuple(await waiting.words(session, question.id, limit=WORDINGS)),
            closest=await asyncio.to_thread(closest, indexed, question),
            at=at,
        )


async def waiting_question(session: Session, question_id: int) -> DeskQuestion:
    """Return a question that waits.

    Raises:
        DeskError: there is none, or it waits no longer; the sentence says how it ended.
    """
    question = await questions.by_id(session, question_id)
    if question is None:
        raise DeskError("That question is no longer kept. See /desk for those that wait.")
    match question.state:
        case Wait.WAITING:
            return question
        case Wait.ANSWERED:
            how = f"was answered meanwhile with fact #{question.fact_id}"
        case Wait.GIVEN_UP:
            how = "was given up meanwhile"
        case Wait.EXPIRED | Wait.NEVER_MIND | Wait.REVIEW:
            how = "is no longer waited for"
    raise DeskError(f"“{question.question[:200]}” {how}. See /desk for those that wait.")


def closest(indexed: Snapshot, question: DeskQuestion) -> tuple[Fact, ...]:
    """Return the facts that come nearest to a question; a known unknown that it waits for first."""
    numbers = [each.document.id for each in indexed.index.ask(question.question).candidates]
    if question.fact_id is not None:
        numbers = [question.fact_id, *numbers]
    facts = (indexed.facts.get(number) for number in dict.fromkeys(numbers))
    return tuple(fact for fact in facts if fact is not None)[:CLOSEST]


def _answered_by(indexed: Snapshot, question: DeskQuestion) -> int | None:
    """Return the fact that answers a waiting question now and did not when it was asked."""
    if question.fact_id is not None:
        return None
    verdict = indexed.index.ask(question.question)
    if verdict.outcome is not Found.ANSWER or not verdict.told:
        return None
    fact = indexed.facts.get(verdict.told[0].document.id)
    return fact.id if fact is not None and fact.changed_at > question.opened_at else None


def _stale(indexed: Snapshot, at: datetime) -> list[Fact]:
    """Return the facts whose day to be looked at again has come, the oldest first."""
    due = [(fact.check_by, fact) for fact in indexed.facts.values() if fact.check_by is not None]
    return [fact for day, fact in sorted(due, key=lambda each: each[0]) if day <= at]


def _midnight(story: Story, at: datetime) -> datetime:
    zone = ZoneInfo(story.time_zone)
    return datetime.combine(at.astimezone(zone).date(), time(), zone)
