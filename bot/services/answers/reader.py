"""Answers readers: finds the fact, keeps what was told, offers what else was meant."""

from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock, now
from bot.search import Context, FactIndex, Verdict
from bot.services.alerts import content
from bot.services.answers import composition, typed_buttons
from bot.services.answers.index_cache import IndexCache
from bot.services.answers.recording import Recorder, Unrecorded, with_screen
from bot.services.answers.results import (
    Answer,
    Offer,
    Outcome,
    Overview,
    Place,
    Standing,
)
from bot.services.answers.typed_buttons import Typed
from bot.services.answers.verdicts import Ask, Verdicts
from bot.services.arrivals import CONVERSATION, Arrival, Arrivals, nobody
from bot.services.questions import phrasing_candidates
from bot.services.questions.personal_data import cleaned
from db.answers import exchanges, feedback
from db.desk import audit
from db.engine import Database, Session
from db.errors import StoreFull
from db.facts import facts
from db.records import Exchange, Status, Story
from db.records.desk import Feedback
from db.records.suggestions import Vote
from db.subscriptions import chats

ONE_QUESTION: Final = timedelta(seconds=15)
"""How soon a message follows another that is the beginning of the same question."""

_UNANSWERED: Final = (Outcome.CHOOSE, Outcome.MISSING, Outcome.OFF_TOPIC, Outcome.SMALLTALK)

ATTEMPTS: Final = 5
"""How often an answer is found anew because the story changed while it was being found."""

OTHERS: Final = 2
"""Candidates that are offered to a reader who meant something else."""

CHOICES_LEAST: Final = 2
"""Facts to choose from, at the least."""

_TAPS: Final = {Outcome.CHOOSE: Vote.CHOICE, Outcome.MISSING: Vote.OTHER}
"""What a tap on a fact tells, by what its exchange was before."""


class ReaderAnswers:
    """Everything that readers get from the story. Each method is one unit of work."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock = now,
        ask: Ask = FactIndex.ask,
        cache: IndexCache | None = None,
        arrivals: Arrivals | None = None,
        at_once: bool = True,
    ) -> None:
        """Prepare; with `at_once` what readers of two chats show counts before an editor looks."""
        self._database = database
        self._clock = clock
        self._verdicts = Verdicts(ask)
        self._cache = cache or IndexCache(database)
        self._arrivals = arrivals or Arrivals(database, clock=clock)
        self._recorder = Recorder(database)
        self._at_once = at_once

    @property
    def revision(self) -> int:
        """Return the revision of the story that questions were last answered from."""
        return self._cache.revision

    async def answer(
        self,
        text: str,
        place: Place,
        *,
        message_id: int | None = None,
        arrival: Arrival | None = None,
    ) -> Answer:
        """Return the answer to one message, recorded; without a record while the disk is full.

        `arrival` is what was read as the message came.
        """
        try:
            return await self._recorded(text, place, message_id, arrival)
        except StoreFull:
            return await self.consider(text)

    async def _recorded(
        self, text: str, place: Place, message_id: int | None, arrival: Arrival | None
    ) -> Answer:
        """Return the answer to one message, recorded.

        It is recorded in the transaction that finds the story unchanged since it was read: what
        is told was true of the story as last committed, and a later correction finds it.
        """
        question = composition.bounded(text)
        for attempt in range(ATTEMPTS):
            at = self._clock()
            if arrival is None or attempt:
                arrival = await self._arrivals.of(nobody(place))
            indexed = await self._cache.at(arrival.revision)
            said, verdict = await self._understood(indexed.index, question, arrival, at)
            recorded = await self._recorder.record(
                Unrecorded(
                    given=composition.considered(indexed, verdict, said, at),
                    snapshot=indexed,
                    place=place,
                    message_id=message_id,
                    request=verdict.request,
                    checked=attempt < ATTEMPTS - 1,
                )
            )
            if recorded is not None:
                return recorded
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
        verdict = await self._verdicts.of(indexed.index, question, context)
        given = composition.considered(indexed, verdict, question, at)
        async with self._database.reading() as session:
            return await with_screen(session, indexed, verdict.request, given)

    async def typed(self, text: str, arrival: Arrival) -> Typed | None:
        """Return the button of the chat's last answer that a message types out; None for none."""
        last = arrival.last
        if len(text) > composition.QUESTION_LENGTH or last is None:
            return None
        indexed = await self._cache.at(arrival.revision)
        told = {number for number, _ in last.told}
        choices = [number for number in last.offered if number not in told]
        if last.outcome is Outcome.CHOOSE:
            # How many were shown is not kept: the same question is offered the same.
            verdict = await self._verdicts.of(indexed.index, last.question, None)
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
        return await self._recorder.record(
            Unrecorded(
                given=given, snapshot=indexed, place=place, message_id=message_id, checked=False
            )
        )

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
            if exchange.outcome.tells_facts:
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
        await self._recorder.delivered(exchange_id, message_id)

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

    async def _understood(
        self, index: FactIndex, question: str, arrival: Arrival, at: datetime
    ) -> tuple[str, Verdict]:
        """Return the verdict on a message, and the question that it is on.

        That may begin with the message before: some people send a question in two.
        """
        verdict = await self._verdicts.of(index, question, _context(arrival))
        if (begun := _begun(arrival, at)) is None:
            return question, verdict
        joined = composition.bounded(f"{begun} {question}")
        other = await self._verdicts.of(index, joined, None)
        return (joined, other) if composition.is_surer(other, verdict) else (question, verdict)


def _begun(arrival: Arrival, at: datetime) -> str | None:
    """Return what a chat wrote just now and got no answer to; None where that was a question."""
    last = arrival.last
    if last is None or last.asked_at < at - ONE_QUESTION:
        return None
    if last.told or last.outcome not in _UNANSWERED:
        return None
    return None if last.question.endswith((".", "?", "!")) else last.question


def _context(arrival: Arrival) -> Context | None:
    last = arrival.leaned_on
    if last is None:
        return None
    documents = tuple(dict.fromkeys(fact_id for fact_id, _ in last.told))
    return Context(question=last.question, documents=documents)


async def _keep_feedback(session: Session, exchange: Exchange, at: datetime) -> None:
    """Let the desk know that a reader was told something else than they had asked."""
    if not exchange.outcome.tells_facts or not exchange.told:
        return
    words, (fact_id, _) = cleaned(exchange.question), exchange.told[0]
    said = Feedback(exchange_id=exchange.id, fact_id=fact_id, words=words, at=at)
    await feedback.give(session, said)


async def _exchange(session: Session, exchange_id: int, chat_id: int) -> Exchange | None:
    exchange = await exchanges.by_id(session, exchange_id)
    return exchange if exchange is not None and exchange.chat_id == chat_id else None
