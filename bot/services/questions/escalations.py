"""Passes readers' questions on to the desk, and tells the readers how it ended."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final, TypeAlias

from bot.clock import Clock, now
from bot.services.answers import composition
from bot.services.answers.index_cache import IndexCache, Snapshot
from bot.services.answers.results import Answer
from bot.services.questions.personal_data import cleaned, is_empty
from bot.services.questions.same_question import Grouping
from db import story
from db.answers import exchanges
from db.engine import Database, Session
from db.questions import questions, waiting
from db.records import Exchange, Fact, Outcome, Status
from db.records.desk import Wait, WaitingReader

PATIENCE: Final = timedelta(hours=48)
"""How long a reader waits before they hear that nobody has found out yet."""

AT_ONCE: Final = 5
A_DAY: Final = 20
"""Questions of one chat that wait at the same time, and that are passed on within a day."""

_UNANSWERED: Final = (Outcome.MISSING, Outcome.NOT_COVERED)
"""What the desk can do something about."""

COMPARED: Final = 500
"""Waiting questions that a new one is compared with: the newest. To learn them anew takes half a
second of a thread, and four times as many would take more than ten times as long."""


class Refusal(StrEnum):
    """Why a question was not passed on."""

    TOO_MANY_WAIT = "too_many_wait"
    TOO_MANY_TODAY = "too_many_today"
    ONLY_PERSONAL = "only_personal"  # nothing is left without the personal data
    CLOSED = "closed"  # the story has ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """A question that waits for the desk."""

    exchange_id: int
    others: int  # other readers who wait for the same answer
    unknown: Answer | None  # the known unknown that it waits for; None: it waits for the desk


Given: TypeAlias = Escalation | Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a reader's wait ended, and where they are to hear it."""

    reader_id: int
    exchange_id: int
    chat_id: int
    thread_id: int | None
    reply_to: int | None  # their own words
    words: str  # the same, without personal data
    state: Wait
    answer: Answer | None  # ANSWERED only

    @property
    def goes_on(self) -> bool:
        """Whether the reader hears that nobody knows yet, and waits for whoever does."""
        return self.answer is not None and self.answer.outcome is Outcome.UNKNOWN


class Escalations:
    """The readers' side of the desk. Each method is one unit of work."""

    def __init__(self, database: Database, cache: IndexCache, *, clock: Clock = now) -> None:
        self._database = database
        self._cache = cache
        self._clock = clock
        self._passing = asyncio.Lock()  # two who ask the same at once are one question
        self._grouping = Grouping()

    async def pass_on(self, exchange_id: int, *, chat_id: int) -> Given | None:
        """Let the reader of an exchange wait for its answer.

        None when the exchange is not this chat's, or had an answer after all: the button is
        forged or out of date. One who waits already waits on.
        """
        indexed = await self._cache.current()
        async with self._passing:
            async with self._database.reading() as session:
                exchange = await _exchange(session, exchange_id, chat_id)
                asked = await waiting.wordings(session, limit=COMPARED)
            if exchange is None:
                return None
            unknown = _unknown_of(exchange, indexed)
            if exchange.outcome not in _UNANSWERED and unknown is None:
                return None
            said = cleaned(exchange.question)
            same = None
            if unknown is None and not is_empty(said):
                same = await self._grouping.like(said, asked, indexed.story.lexicon)
            return await self._stored(exchange, said, same, unknown, indexed)

    async def never_mind(self, exchange_id: int, *, chat_id: int) -> Answer | None:
        """Let a reader wait no longer; return what they were told before they passed it on.

        None when nobody waits for this exchange of this chat (any more).
        """
        indexed = await self._cache.current()
        at = self._clock()
        async with self._database.writing() as session:
            exchange = await _exchange(session, exchange_id, chat_id)
            reader = await waiting.reader_of(session, exchange_id)
            if exchange is None or reader is None or reader.state is not Wait.WAITING:
                return None
            await waiting.leave(session, reader, at=at)
        gap = _told_last(exchange, indexed)
        if gap is not None and exchange.outcome is not Outcome.MISSING:
            return _telling(indexed, gap, exchange, self._clock)
        return composition.missing(indexed, exchange, at)

    async def end_waits(self) -> None:
        """End what waited too long, and what waited for a known unknown that is known now."""
        at = self._clock()
        async with self._database.reading() as session:
            known = await questions.known_now(session)
        async with self._database.writing() as session:
            for question, status in known:
                gone = status is Status.WITHDRAWN
                await questions.settle(
                    session,
                    question.id,
                    Wait.GIVEN_UP if gone else Wait.ANSWERED,
                    at=at,
                    by=None,
                    fact_id=question.fact_id,
                )
            await waiting.expire(session, before=at - PATIENCE, at=at)

    async def due(self, *, limit: int, without: Sequence[int] = ()) -> list[Ending]:
        """Return whom to tell how their wait ended; at most one message of each chat.

        Not the readers in `without`. A question whose answer was withdrawn before its readers
        were told waits again.
        """
        async with self._database.reading() as session:
            found = [
                (reader, question, await exchanges.by_id(session, reader.exchange_id))
                for reader, question in await waiting.due(session, limit=limit, without=without)
            ]
        indexed = await self._cache.current()
        endings, taken_back = [], set[int]()
        for reader, question, exchange in found:
            fact = indexed.facts.get(question.fact_id or 0)
            answer = None
            if reader.state is Wait.ANSWERED:
                if fact is None or exchange is None:
                    taken_back.add(question.id)
                    continue
                answer = _telling(indexed, fact, exchange, self._clock)
            endings.append(_ending(reader, answer))
        if not taken_back:
            return endings
        async with self._database.writing() as session:
            for number in sorted(taken_back):
                await questions.reopen(session, number)
        return endings or await self.due(limit=limit, without=without)

    async def told(self, ending: Ending, *, message_id: int | None) -> None:
        """Note that a reader heard how it ended, by `message_id`; None: they are not there.

        An answer counts as told in their exchange, so that a later correction finds them.
        """
        async with self._database.writing() as session:
            fresh = await waiting.told(session, ending.reader_id, at=self._clock())
            exchange = await exchanges.by_id(session, ending.exchange_id)
            if not fresh or exchange is None or message_id is None or ending.answer is None:
                return
            versions = [(found.fact.id, found.fact.version) for found in ending.answer.told]
            await exchanges.change_outcome(
                session,
                exchange.id,
                was=exchange.outcome,
                becomes=ending.answer.outcome,
                told=[each for each in versions if each not in exchange.told],
            )
            await exchanges.delivered(session, exchange.id, message_id)
            if ending.goes_on:
                await self._wait_on(session, exchange, ending)

    async def _wait_on(self, session: Session, exchange: Exchange, ending: Ending) -> None:
        """Let a reader who was told that nobody knows yet go on waiting until somebody does."""
        assert ending.answer is not None  # noqa: S101 - what makes it go on
        unknown, at = ending.answer.told[0].fact, self._clock()
        number = await questions.awaiting(session, unknown.id)
        if number is None:
            asked = unknown.question or unknown.text
            number = await questions.ask(session, asked, at=at, fact_id=unknown.id)
        await waiting.join(session, number, exchange, ending.words, at=at)

    async def _stored(
        self,
        exchange: Exchange,
        said: str,
        same: int | None,
        unknown: Fact | None,
        indexed: Snapshot,
    ) -> Given:
        at = self._clock()
        async with self._database.writing() as session:
            reader = await waiting.reader_of(session, exchange.id)
            if reader is None or reader.state is not Wait.WAITING:
                refusal = await self._refusal(session, exchange.chat_id, said, unknown)
                if refusal is not None:
                    return refusal
                number = await _question(session, same, unknown)
                if number is None:
                    number = await questions.ask(
                        session,
                        said if unknown is None else unknown.question or unknown.text,
                        at=at,
                        fact_id=None if unknown is None else unknown.id,
                    )
                await waiting.join(session, number, exchange, said, at=at)
            else:
                number = reader.question_id
            question = await questions.by_id(session, number)
        assert question is not None  # noqa: S101 - written or read in this transaction
        told = None if unknown is None else _telling(indexed, unknown, exchange, self._clock)
        return Escalation(exchange_id=exchange.id, others=question.waiting - 1, unknown=told)

    async def _refusal(
        self, session: Session, chat_id: int, said: str, unknown: Fact | None
    ) -> Refusal | None:
        current = await story.get(session)
        if current is not None and current.closed_at is not None:
            return Refusal.CLOSED
        if unknown is None and is_empty(said):
            return Refusal.ONLY_PERSONAL
        day = self._clock() - timedelta(days=1)
        now_waiting, today = await waiting.in_chat(session, chat_id, since=day)
        if unknown is None and now_waiting >= AT_ONCE:
            return Refusal.TOO_MANY_WAIT
        return Refusal.TOO_MANY_TODAY if today >= A_DAY else None


async def _exchange(session: Session, exchange_id: int, chat_id: int) -> Exchange | None:
    exchange = await exchanges.by_id(session, exchange_id)
    return exchange if exchange is not None and exchange.chat_id == chat_id else None


async def _question(session: Session, same: int | None, unknown: Fact | None) -> int | None:
    """Return the waiting question to join; None when a new one is needed."""
    if unknown is not None:
        return await questions.awaiting(session, unknown.id)
    found = None if same is None else await questions.by_id(session, same)
    return found.id if found is not None and found.state is Wait.WAITING else None


def _unknown_of(exchange: Exchange, indexed: Snapshot) -> Fact | None:
    """Return the known unknown that an exchange told last; None where it told something else."""
    return _told_last(exchange, indexed) if exchange.outcome is Outcome.UNKNOWN else None


def _told_last(exchange: Exchange, indexed: Snapshot) -> Fact | None:
    return indexed.facts.get(exchange.told[-1][0]) if exchange.told else None


def _telling(indexed: Snapshot, fact: Fact, exchange: Exchange, clock: Clock) -> Answer:
    return composition.telling(
        indexed,
        fact,
        exchange.question,
        clock(),
        exchange_id=exchange.id,
        offered=exchange.offered,
    )


def _ending(reader: WaitingReader, answer: Answer | None) -> Ending:
    return Ending(
        reader_id=reader.id,
        exchange_id=reader.exchange_id,
        chat_id=reader.chat_id,
        thread_id=reader.thread_id,
        reply_to=reader.question_message_id,
        words=reader.words,
        state=reader.state,
        answer=answer,
    )
