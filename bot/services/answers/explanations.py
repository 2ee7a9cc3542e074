"""Explains answers to those who run the desk."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.clock import Clock, now
from bot.search import Context
from bot.search.ranking import explanation as ranking_explanation
from bot.search.ranking.explanation import Contender, Explanation, Part, Ranking, Understood
from bot.services.answers import composition
from bot.services.answers.index_cache import IndexCache
from bot.services.answers.results import Answer, Place
from bot.services.arrivals import CONVERSATION, LEANED_ON
from bot.services.rights import Actor, looking
from db.answers import exchanges
from db.engine import Database
from db.records import Exchange
from db.records.desk import Role

__all__ = ["Contender", "Explanation", "Explanations", "Part", "Ranking", "Reasons", "Understood"]

EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """Why a question is answered as it is."""

    explanation: Explanation | None  # None: nothing was asked in the chat yet


class Explanations:
    """What the search had in mind. Explanations are those of the story as last committed."""

    def __init__(
        self,
        database: Database,
        cache: IndexCache,
        *,
        clock: Clock = now,
    ) -> None:
        self._database = database
        self._cache = cache
        self._clock = clock

    async def why(self, question: str, actor: Actor) -> Reasons:
        """Return the reasons for the answer to `question`, or for the last one in the chat.

        Raises:
            NotAllowed: to whoever is no editor: they are told nothing of how the search works,
                nor what was asked.
        """
        place, at = actor.place, self._clock()
        async with looking(self._database, actor, Role.EDITOR, "why", at=at):
            pass
        last = await self._last(place)
        if question:
            fresh = last is not None and at - last.asked_at <= CONVERSATION
            context = _context(last) if fresh else None
            return Reasons(explanation=await self._explained(question, context))
        asked = await self._last(place, leaned_on=False)
        if asked is None:
            return Reasons(explanation=None)
        before = await self._last(place, before=asked)
        fresh = before is not None and asked.asked_at - before.asked_at <= CONVERSATION
        context = _context(before) if fresh else None
        return Reasons(explanation=await self._explained(asked.question, context))

    async def explain(self, question: str, *, after: Answer | None = None) -> Explanation:
        """Return the reasons for the answer to one message, on the command line.

        `after` is the answer before it in the same conversation.
        """
        context = None
        if after is not None:
            told = tuple(found.fact.id for found in after.told)
            context = Context(question=after.question, documents=told)
        return await self._explained(question, context)

    async def _explained(self, question: str, context: Context | None) -> Explanation:
        indexed = await self._cache.current()
        asked = composition.bounded(question)
        return await asyncio.to_thread(
            ranking_explanation.explain, indexed.index, asked, context=context
        )

    async def _last(
        self, place: Place, *, before: Exchange | None = None, leaned_on: bool = True
    ) -> Exchange | None:
        outcomes = {"outcomes": LEANED_ON} if leaned_on else {}
        async with self._database.reading() as session:
            return await exchanges.last(
                session,
                place.chat_id,
                place.thread_id,
                EVER,
                before=None if before is None else before.id,
                **outcomes,
            )


def _context(exchange: Exchange | None) -> Context | None:
    if exchange is None:
        return None
    documents = tuple(dict.fromkeys(fact_id for fact_id, _ in exchange.told))
    return Context(question=exchange.question, documents=documents)
