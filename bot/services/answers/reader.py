"""Answers readers: finds the fact, keeps what was told, offers what else was meant."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.clock import Clock, now
from bot.search import Context, FactIndex, Verdict
from bot.services.alerts import content
from bot.services.answers import composition, typed_buttons, whats_new
from bot.services.answers.index_cache import IndexCache, Snapshot
from bot.services.answers.results import (
    Answer,
    Offer,
    Outcome,
    Overview,
    Place,
    Request,
    Screen,
    Standing,
)
from bot.services.answers.typed_buttons import Typed
from bot.services.questions import phrasing_candidates
from bot.services.questions.personal_data import cleaned
from db import story, updates
from db.answers import exchanges, feedback
from db.desk import audit
from db.engine import Database, Session
from db.facts import facts
from db.records import Exchange, Status, Story
from db.records.desk import Feedback
from db.records.suggestions import Vote
from db.subscriptions import chats

CONVERSATION: Final = timedelta(minutes=10)
"""For how long a question may lean on the one before it."""

ONE_QUESTION: Final = timedelta(seconds=15)
"""How soon a message follows another that is the beginning of the same question."""

_UNANSWERED: Final = (Outcome.CHOOSE, Outcome.MISSING, Outcome.OFF_TOPIC, Outcome.SMALLTALK)

LEANED_ON: Final = (
    Outcome.ANSWER,
    Outcome.CHOOSE,
    Outcome.UNKNOWN,
    Outcome.NOT_COVERED,
    Outcome.MISSING,
)
"""A "thanks" in between does not end a conversation."""

ATTEMPTS: Final = 5
"""How often an answer is found anew because the story changed while it was being found."""

OTHERS: Final = 2
"""Candidates that are offered to a reader who meant something else."""

CHOICES_LEAST: Final = 2
"""Facts to choose from, at the least."""

_TAPS: Final = {Outcome.CHOOSE: Vote.CHOICE, Outcome.MISSING: Vote.OTHER}
"""What a tap on a fact tells, by what its exchange was before."""

_TOLD: Final = (Outcome.ANSWER, Outcome.UNKNOWN, Outcome.NOT_COVERED)


class Ask(Protocol):
    """How an index is asked; a test brings its own to have verdicts of every kind."""

    def __call__(self, index: FactIndex, /, question: str, *, context: Context | None) -> Verdict:
        """Return the verdict on one message."""


class ReaderAnswers:
    """Everything that readers get from the story. Each method is one unit of work."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock = now,
        ask: Ask = FactIndex.ask,
        cache: IndexCache | None = None,
        at_once: bool = True,
    ) -> None:
        """Prepare; with `at_once` what readers of two chats show counts before an editor looks."""
        self._database = database
        self._clock = clock
        self._ask = ask
        self._cache = cache or IndexCache(database)
        self._at_once = at_once

    @property
    def revision(self) -> int:
        """Return the revision of the story that questions were last answered from."""
        return self._cache.revision

    async def answer(self, text: str, place: Place, *, message_id: int | None = None) -> Answer:
        """Return the answer to one message, recorded.

        It is recorded in the transaction that finds the story unchanged since it was read: what
        is told was true of the story as last committed, and a later correction finds it.
        """
        question = composition.bounded(text)
        for attempt in range(ATTEMPTS):
            indexed, context, at = await self._at_hand(place)
            verdict = await self._asked(indexed.index, question, context)
            said = question
            if (begun := await self._begun(place, at)) is not None:
                joined = composition.bounded(f"{begun} {question}")
                other = await self._asked(indexed.index, joined, None)
                if composition.is_surer(other, verdict):
                    said, verdict = joined, other
            given = composition.considered(indexed, verdict, said, at)
            async with self._database.writing() as session:
                given = await _with_screen(
                    session, indexed, verdict.request, given, chat_id=place.chat_id
                )
                moved_on = await story.revision(session) != indexed.revision
                if moved_on and attempt < ATTEMPTS - 1:
                    continue
                # Before the answer, which is what the next question may lean on.
                rest = await _record_rest(session, given, place, message_id)
                number = await _record(session, given, place, message_id)
            return replace(given, exchange_id=number, rest_id=rest)
        raise AssertionError("the last attempt returns")

    async def consider(self, text: str, *, after: Answer | None = None) -> Answer:
        """Return the answer to one message, leaving no trace in the database.

        `after` is the answer before it in the same conversation.
        """
        indexed = await self._cache.current()
        at = self._clock()
        context = None
        if after is not None and at - after.at <= CONVERSATION:
            told = tuple(found.fact.id for found in after.told)
            context = Context(question=after.question, documents=told)
        question = composition.bounded(text)
        verdict = await self._asked(indexed.index, question, context)
        given = composition.considered(indexed, verdict, question, at)
        async with self._database.reading() as session:
            return await _with_screen(session, indexed, verdict.request, given)

    async def typed(self, text: str, place: Place) -> Typed | None:
        """Return the button of the chat's last answer that a message types out; None for none."""
        if len(text) > composition.QUESTION_LENGTH:
            return None
        indexed, at = await self._cache.current(), self._clock()
        async with self._database.reading() as session:
            last = await exchanges.last(session, place.chat_id, place.thread_id, at - CONVERSATION)
        if last is None:
            return None
        told = {number for number, _ in last.told}
        choices = [number for number in last.offered if number not in told]
        if last.outcome is Outcome.CHOOSE:
            # How many were shown is not kept: the same question is offered the same.
            verdict = await self._asked(indexed.index, last.question, None)
            choices = choices[: len(verdict.choices) or CHOICES_LEAST]
        elif last.outcome is Outcome.MISSING:
            choices = choices[: OTHERS if told else 1]
        else:
            choices = []
        return typed_buttons.typed(text, last, indexed.facts, choices)

    async def show(
        self, fact_id: int, place: Place, *, message_id: int | None = None
    ) -> Answer | None:
        """Return one fact as the answer to its own question, recorded; None if it is not told."""
        indexed = await self._cache.current()
        fact = indexed.facts.get(fact_id)
        if fact is None:
            return None
        question = composition.bounded(fact.question or fact.key)
        given = composition.telling(indexed, fact, question, self._clock())
        async with self._database.writing() as session:
            number = await _record(session, given, place, message_id)
        return replace(given, exchange_id=number)

    async def choose(self, exchange_id: int, fact_id: int, *, chat_id: int) -> Answer | None:
        """Return the fact that was meant, and record that it was told.

        None when this chat was never offered that fact or it is no longer told: the button is
        forged or out of date.
        """
        indexed = await self._cache.current()
        fact = indexed.facts.get(fact_id)
        async with self._database.writing() as session:
            exchange = await _exchange(session, exchange_id, chat_id)
            if exchange is None or fact is None or fact_id not in exchange.offered:
                return None
            given = composition.telling(
                indexed,
                fact,
                exchange.question,
                self._clock(),
                exchange_id=exchange_id,
                offered=exchange.offered,
            )
            if exchange.outcome in _TAPS:
                await phrasing_candidates.tapped(
                    session,
                    exchange,
                    fact,
                    indexed,
                    vote=_TAPS[exchange.outcome],
                    at=given.at,
                    at_once=self._at_once,
                )
            version = (fact.id, fact.version)
            await exchanges.change_outcome(
                session,
                exchange_id,
                was=exchange.outcome,
                becomes=given.outcome,
                told=[] if version in exchange.told else [version],
            )
        return given

    async def other(self, exchange_id: int, *, chat_id: int, shown: int = 0) -> Offer | None:
        """Return the next candidates, and record that what was told was not what was asked.

        `shown` of the candidates are before the reader already; those told are never offered
        again. None when the exchange is not this chat's.
        """
        indexed, at = await self._cache.current(), self._clock()
        async with self._database.writing() as session:
            exchange = await _exchange(session, exchange_id, chat_id)
            if exchange is None:
                return None
            await exchanges.change_outcome(
                session, exchange_id, was=exchange.outcome, becomes=Outcome.MISSING
            )
            await _keep_feedback(session, exchange, at)
            if exchange.outcome in _TOLD:
                await phrasing_candidates.contradicted(
                    session, exchange, at=at, at_once=self._at_once
                )
        told = {fact_id for fact_id, _ in exchange.told}
        left = [
            indexed.facts[number]
            for number in exchange.offered[shown:]
            if number in indexed.facts and number not in told
        ]
        return Offer(exchange_id=exchange_id, facts=tuple(left[:OTHERS]))

    async def delivered(self, exchange_id: int, message_id: int) -> None:
        """Note which message carries the answer, for edits and corrections later."""
        async with self._database.writing() as session:
            await exchanges.delivered(session, exchange_id, message_id)
            await updates.note_reply(session)
        updates.settled()

    async def standing(self, fact_id: int, version: int | None = None) -> Standing:
        """Return what became of a version that somebody holds; None: the last that was told."""
        indexed = await self._cache.current()
        async with self._database.reading() as session:
            history = await facts.history(session, fact_id)
            if not history or composition.never_stood(history):
                return Standing(fact=None, story=indexed.story, at=self._clock())
            if version is None:
                told = (each for each in history if each.status is not Status.WITHDRAWN)
                version = max((each.version for each in told), default=0)
            became = await content.since_version(session, fact_id, version)
            looked = await audit.last_of(session, "fact.still", fact_id=fact_id)
        change, changed_at = became or (None, None)
        return Standing(
            fact=indexed.facts.get(fact_id),
            change=change,
            changed_at=changed_at,
            checked_at=max(history[-1].at, looked.at if looked else history[-1].at),
            story=indexed.story,
            at=self._clock(),
        )

    async def overview(self) -> Overview:
        """Return what is known and what nobody knows, big things and the most asked first."""
        indexed = await self._cache.current()
        async with self._database.reading() as session:
            asked = await exchanges.most_asked(session, limit=composition.OVERVIEW_LENGTH)
        return composition.overview(indexed, asked, self._clock())

    async def store_derived(self) -> None:
        """Store what was derived from the facts' texts to find answers, where it is new."""
        await self._cache.store_derived()

    async def story(self) -> Story:
        """Return the story as last committed."""
        return (await self._cache.current()).story

    async def moved(self, chat_id: int, to: int) -> None:
        """Carry everything of a group over to the supergroup that it became."""
        async with self._database.writing() as session:
            await chats.move(session, chat_id, to)

    async def _asked(self, index: FactIndex, question: str, context: Context | None) -> Verdict:
        return await asyncio.to_thread(self._ask, index, question, context=context)

    async def _begun(self, place: Place, at: datetime) -> str | None:
        """Return what a chat wrote just now and got no answer to; None where that was a question.

        Some people send a question in two messages.
        """
        async with self._database.reading() as session:
            last = await exchanges.last(session, place.chat_id, place.thread_id, at - ONE_QUESTION)
        if last is None or last.told or last.outcome not in _UNANSWERED:
            return None
        return None if last.question.endswith((".", "?", "!")) else last.question

    async def _at_hand(self, place: Place) -> tuple[Snapshot, Context | None, datetime]:
        at = self._clock()
        indexed = await self._cache.current()
        async with self._database.reading() as session:
            last = await exchanges.last(
                session,
                place.chat_id,
                place.thread_id,
                at - CONVERSATION,
                outcomes=LEANED_ON,
            )
        if last is None:
            return indexed, None, at
        documents = tuple(dict.fromkeys(fact_id for fact_id, _ in last.told))
        return indexed, Context(question=last.question, documents=documents), at


async def _with_screen(
    session: Session,
    indexed: Snapshot,
    request: Request | None,
    given: Answer,
    *,
    chat_id: int | None = None,
) -> Answer:
    """Return an answer with what the screen shows that the message asked for, if it did."""
    if request is None:
        return given
    look = None
    if request.screen is Screen.NEWS:
        since = composition.since(request, given.story, given.at)
        look = await whats_new.look(session, chat_id, given.at, since=since)
    asked = await exchanges.most_asked(session, limit=composition.OVERVIEW_LENGTH)
    whole = composition.whole(indexed, request, given.at, most_asked=asked, look=look)
    return replace(given, whole=whole)


async def _record(session: Session, given: Answer, place: Place, message_id: int | None) -> int:
    await chats.remember(
        session, chat_id=place.chat_id, kind=place.kind, title=place.title, at=given.at
    )
    number = await exchanges.record(
        session,
        chat_id=place.chat_id,
        thread_id=place.thread_id,
        question=given.question,
        outcome=given.outcome,
        told=[(found.fact.id, found.fact.version) for found in given.told],
        offered=[found.fact.id for found in given.candidates],
        question_message_id=message_id,
        asked_at=given.at,
        confidence=given.candidates[0].confidence if given.candidates else None,
        self_contained=given.self_contained,
    )
    await updates.note_answer(session, number)
    return number


async def _record_rest(
    session: Session, given: Answer, place: Place, message_id: int | None
) -> int | None:
    """Record the parts of a message that were not found as an exchange of their own, declined."""
    if given.rest is None:
        return None
    rest = replace(
        given, question=given.rest, outcome=Outcome.MISSING, told=(), choices=(), candidates=()
    )
    return await _record(session, rest, place, message_id)


async def _keep_feedback(session: Session, exchange: Exchange, at: datetime) -> None:
    """Let the desk know that a reader was told something else than they had asked."""
    if exchange.outcome not in _TOLD or not exchange.told:
        return
    words, (fact_id, _) = cleaned(exchange.question), exchange.told[0]
    said = Feedback(exchange_id=exchange.id, fact_id=fact_id, words=words, at=at)
    await feedback.give(session, said)


async def _exchange(session: Session, exchange_id: int, chat_id: int) -> Exchange | None:
    exchange = await exchanges.by_id(session, exchange_id)
    return exchange if exchange is not None and exchange.chat_id == chat_id else None
