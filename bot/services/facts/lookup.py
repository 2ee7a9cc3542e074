"""Finds facts for the desk, and shows one with its history."""

import asyncio
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.clock import Clock, now
from bot.errors import DeskError
from bot.services.answers import composition
from bot.services.answers.index_cache import IndexCache, Snapshot
from bot.services.answers.results import Place
from bot.services.facts import references, values
from bot.services.facts.references import Order
from bot.services.rights import Actor, looking
from db import story
from db.answers import tellings
from db.desk import cards, editors
from db.engine import Database, Session
from db.facts import facts
from db.records import Fact, FactVersion, Status, Story
from db.records.desk import Card, CardKind, Role

SHOWN: Final = 8
"""Facts that one search shows."""

WITHDRAWN_READ: Final = 500
"""Withdrawn facts that are looked through for words, those withdrawn last."""

NEAR: Final = 0.15
"""The confidence from which what the search finds is shown beside the exact words."""

_NUMBER: Final = re.compile(r"#?(\d{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finds:
    """What a search for facts found."""

    words: str
    facts: tuple[Fact, ...]  # the best first


@dataclass(frozen=True, slots=True, kw_only=True)
class FactCard:
    """A fact with everything that the desk knows of it."""

    fact: Fact
    history: tuple[FactVersion, ...]  # the oldest first; the last is how it stands
    names: Mapping[int, str]  # of all who are or were on the desk
    told: int  # how often readers were told it, in any version
    story: Story
    at: datetime

    @property
    def never_stood(self) -> bool:
        """Whether it was taken back right after it was added."""
        return composition.never_stood(self.history)


class FactLookup:
    """What the desk looks up. Each method is one unit of work; nothing changes."""

    def __init__(self, database: Database, cache: IndexCache, *, clock: Clock = now) -> None:
        self._database = database
        self._cache = cache
        self._clock = clock

    async def find(self, actor: Actor, words: str) -> Finds:
        """Return the facts that `words` mean: a number, a status, or words of theirs.

        Facts that hold every word come with those that the search finds; withdrawn ones last.

        Raises:
            NotAllowed: the actor is not on the desk.
            DeskError: there are no words.
        """
        words = composition.bounded(" ".join(words.split()))
        at = self._clock()
        async with looking(self._database, actor, Role.CONTRIBUTOR, "fact.find", at=at) as session:
            if not words:
                raise DeskError("Write words of the fact, its number or a status: /find sanctions")
            if numbered := _NUMBER.fullmatch(words):
                fact = await facts.by_id(session, int(numbered[1]))
                if fact is not None:
                    return Finds(words=words, facts=(fact,))
            if status := values.status_named(words):
                of_status = await facts.with_status(session, status, limit=SHOWN)
                return Finds(words=words, facts=tuple(of_status))
            gone = await facts.with_status(session, Status.WITHDRAWN, limit=WITHDRAWN_READ)
        indexed = await self._cache.current()
        found = await asyncio.to_thread(_found, indexed, words, gone)
        return Finds(words=words, facts=tuple(found[:SHOWN]))

    async def card(self, actor: Actor, order: Order) -> FactCard:
        """Return the fact whose number stands in the order, or whose card it replies to.

        Raises:
            NotAllowed: the actor is not on the desk.
            DeskError: there is no such fact.
        """
        at = self._clock()
        async with looking(self._database, actor, Role.CONTRIBUTOR, "fact.see", at=at) as session:
            fact, _ = await references.resolve(session, actor.place, order)
            return await _card(session, fact, at)

    async def shown(self, fact_id: int, place: Place, *, message_id: int) -> None:
        """Note that a message shows a fact: a reply to it is about that fact."""
        card = Card(chat_id=place.chat_id, message_id=message_id, kind=CardKind.FACT, about=fact_id)
        async with self._database.writing() as session:
            await cards.put(session, card)


async def _card(session: Session, fact: Fact, at: datetime) -> FactCard:
    history = await facts.history(session, fact.id)
    return FactCard(
        fact=fact,
        history=tuple(history),
        names=await editors.names(session),
        told=await tellings.count(session, fact.id),
        story=await story.get(session) or story.UNNAMED,
        at=at,
    )


def _found(indexed: Snapshot, words: str, gone: Iterable[Fact]) -> list[Fact]:
    """Return the facts for these words: exact words first, then the search, withdrawn ones last."""
    wanted = [word.casefold() for word in words.split()]
    exact = [fact for fact in indexed.facts.values() if _holds(fact, wanted)]
    verdict = indexed.index.ask(words)
    searched = [
        indexed.facts[each.document.id]
        for each in verdict.candidates
        if each.document.id in indexed.facts and (not exact or each.confidence >= NEAR)
    ]
    in_both = [fact for fact in searched if fact in exact]
    withdrawn = [fact for fact in gone if _holds(fact, wanted)]
    ordered = (*in_both, *exact, *searched, *withdrawn)
    return list({fact.id: fact for fact in ordered}.values())


def _holds(fact: Fact, wanted: Iterable[str]) -> bool:
    parts = (fact.text, fact.question, fact.source, fact.key, *fact.topics, *fact.phrasings)
    text = " ".join(part for part in parts if part).casefold()
    return all(word in text for word in wanted)
