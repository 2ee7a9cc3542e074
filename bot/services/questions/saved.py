"""Checks the story against the questions that editors saved."""

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.clock import Clock, now
from bot.errors import DeskError
from bot.search import FactIndex
from bot.services.answers import composition
from bot.services.answers.index_cache import IndexCache
from bot.services.answers.results import Outcome, Place
from bot.services.answers.verdicts import Ask
from bot.services.questions.saved_results import Judged, judged
from bot.services.rights import Acting, Actor, acting, looking
from db.answers import exchanges
from db.engine import Database, Session
from db.facts import facts
from db.questions import saved as saved_questions
from db.records import Exchange, Fact, Story
from db.records.desk import Role, SavedQuestion

MOST: Final = 1_000
"""Saved questions; a run of a thousand takes some seconds."""

ASKED: Final = tuple(each for each in Outcome if each is not Outcome.SMALLTALK)
"""Outcomes of messages that asked something: "thanks" is not what an editor wants saved."""

EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A question that was saved just now."""

    question: SavedQuestion
    fact: Fact | None  # that it should get; None: it should be declined


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What all saved questions get."""

    judged: tuple[Judged, ...]
    story: Story
    before: datetime | None  # when they were last run; None: never


class SavedQuestions:
    """Saved questions and their runs. Each method is one unit of work."""

    def __init__(
        self, database: Database, cache: IndexCache, *, ask: Ask = FactIndex.ask, clock: Clock = now
    ) -> None:
        self._database = database
        self._cache = cache
        self._ask = ask
        self._clock = clock

    async def save(self, actor: Actor, question: str, expected: str) -> Saved:
        """Save a question with the fact that it should get: `7`, or `none` to be declined.

        Raises:
            NotAllowed: `actor` is no editor.
            DeskError: there is no such fact, no question, or there are too many.
        """
        async with self._saving(actor) as doing:
            return await self._save(doing, question, fact_named(expected))

    async def save_answer(self, actor: Actor, message_id: int | None, expected: str = "") -> Saved:
        """Save the question that a message of the bot answers (None: the last one here).

        Args:
            actor: who saves.
            message_id: the bot's message.
            expected: the number of the fact that it should get, or `none` for a question that
                should be declined; empty for what it was told.

        Raises:
            NotAllowed: `actor` is no editor.
            DeskError: that message is no answer, nothing was asked here, or as `save`.
        """
        async with self._saving(actor) as doing:
            exchange = await _answered(doing.session, actor.place, message_id)
            if exchange is None:
                raise DeskError(_NO_ANSWER if message_id is not None else _NOTHING_ASKED)
            return await self._save_exchange(doing, exchange, expected)

    async def save_exchange(self, actor: Actor, exchange_id: int) -> Saved | None:
        """Save a question with what it was told; None where this chat asked no such question.

        Raises:
            NotAllowed: `actor` is no editor.
            DeskError: nothing was told, or as `save`.
        """
        async with self._saving(actor) as doing:
            exchange = await exchanges.by_id(doing.session, exchange_id)
            if exchange is None or exchange.chat_id != actor.place.chat_id:
                return None
            return await self._save_exchange(doing, exchange, "")

    async def forget(self, actor: Actor, number: int) -> SavedQuestion:
        """Remove a saved question and return it; raises as `save`."""
        at = self._clock()
        async with acting(self._database, actor, Role.EDITOR, "question.forget", at=at) as doing:
            saved = await saved_questions.by_id(doing.session, number)
            if saved is None:
                raise DeskError(f"There is no saved question {number}: /test names them by number.")
            await saved_questions.forget(doing.session, number)
            await doing.record(fact_id=saved.fact_id, before=saved.question)
        return saved

    async def test(self, actor: Actor) -> Run:
        """Run all saved questions, note what each gets, and return it beside the last run.

        Raises:
            NotAllowed: `actor` is no editor.
        """
        async with looking(self._database, actor, Role.EDITOR, "question.test", at=self._clock()):
            pass
        return await self.run()

    async def run(self) -> Run:
        """Run all saved questions as `test` does, on the command line."""
        indexed = await self._cache.current()
        async with self._database.reading() as session:
            saved = await saved_questions.everything(session)
        at = self._clock()
        found = await asyncio.to_thread(judged, indexed, saved, self._ask, at)
        if found:
            results = [(each.saved.id, each.outcome, each.first) for each in found]
            async with self._database.writing() as session:
                await saved_questions.ran(session, results, at=at)
        runs = [each.last_run_at for each in saved if each.last_run_at is not None]
        return Run(judged=found, story=indexed.story, before=max(runs, default=None))

    def _saving(self, actor: Actor) -> AbstractAsyncContextManager[Acting]:
        return acting(self._database, actor, Role.EDITOR, "question.save", at=self._clock())

    async def _save_exchange(self, doing: Acting, exchange: Exchange, expected: str) -> Saved:
        if expected:
            return await self._save(doing, exchange.question, fact_named(expected))
        if exchange.told:
            return await self._save(doing, exchange.question, exchange.told[0][0])
        if exchange.outcome is Outcome.CHOOSE:
            raise DeskError(
                "That answer asks “Which one?”: tap one first, or name the fact, for example: "
                "/save 7"
            )
        return await self._save(doing, exchange.question, None)

    async def _save(self, doing: Acting, words: str, fact_id: int | None) -> Saved:
        question = " ".join(composition.bounded(words).split())
        if not question:
            raise DeskError(_HOW)
        session = doing.session
        fact = None
        if fact_id is not None:
            fact = await facts.by_id(session, fact_id)
            if fact is None:
                raise DeskError(f"There is no fact #{fact_id}: see /find.")
        before = await saved_questions.by_question(session, question)
        if before is None and len(await saved_questions.everything(session)) >= MOST:
            raise DeskError(
                f"{MOST:,} questions are saved already: remove one, for example: /save forget 7"
            )
        stored = await saved_questions.save(
            session, question, fact_id, editor=doing.actor.person_id, at=doing.at
        )
        await doing.record(
            fact_id=fact_id,
            before=None if before is None else _line(before),
            after=_line(stored),
        )
        return Saved(question=stored, fact=fact)


def fact_named(word: str) -> int | None:
    """Return the fact that `7` or `#7` names; None for `none`.

    Raises:
        DeskError: it names none.
    """
    if word.lower() == "none":
        return None
    digits = word.removeprefix("#")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 16):
        raise DeskError(_HOW)
    return int(digits)


async def _answered(session: Session, place: Place, message_id: int | None) -> Exchange | None:
    if message_id is not None:
        return await exchanges.by_reply(session, place.chat_id, message_id)
    return await exchanges.last(session, place.chat_id, place.thread_id, EVER, outcomes=ASKED)


def _line(saved: SavedQuestion) -> str:
    return f"{saved.question} → {'declined' if saved.fact_id is None else f'#{saved.fact_id}'}"


_HOW: Final = (
    "Reply /save to an answer, or write the fact and the question, for example: /save 7 how long "
    "was it. For a question that should be declined: /save none who won the match"
)
_NO_ANSWER: Final = (
    "That message answers no question: reply /save to an answer, or write for example: "
    "/save 7 how long was it"
)
_NOTHING_ASKED: Final = (
    "Nothing was asked here yet: ask first, or write for example: /save 7 how long was it"
)
