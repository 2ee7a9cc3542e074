"""Readers' words as ways of asking: which are worth keeping, and for which fact."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from bot.search.language.small_talk import without_opening
from bot.services.answers.index_cache import Snapshot
from bot.services.questions.personal_data import REMOVED, cleaned
from db.engine import Session
from db.questions import suggestions, votes, waiting
from db.records import Exchange, Fact
from db.records.suggestions import Vote

FEWEST_WORDS: Final = 2
"""One word asks for nothing in particular: what a reader meant by it, the next may not."""

LONGEST: Final = 160
"""Characters: what is longer tells a story besides, which nobody else will tell."""


def said(question: str) -> str:
    """Return a question on one line, without personal data and without a greeting before it."""
    return " ".join(without_opening(" ".join(cleaned(question).split())).split())


def worth_keeping(question: str, fact: Fact, facts: Iterable[Fact]) -> str | None:
    """Return the words of a question that may become a way of asking for `fact`; None for none.

    None where personal data was in them, and where `fact` or another of `facts` is asked so.
    """
    words = said(question)
    plain = suggestions.normal(words)
    if REMOVED in words or len(words) > LONGEST or len(plain.split()) < FEWEST_WORDS:
        return None
    if any(plain == suggestions.normal(way) for each in (fact, *facts) for way in _ways(each)):
        return None
    return words


async def tapped(
    session: Session,
    exchange: Exchange,
    fact: Fact,
    indexed: Snapshot,
    *,
    vote: Vote,
    at: datetime,
    at_once: bool,
) -> bool:
    """Keep a question with the fact that its reader tapped, or that fits it; False if not kept.

    Not where it leans on another question: its words alone do not ask for the fact.
    """
    if not exchange.self_contained:
        return False
    words = worth_keeping(exchange.question, fact, indexed.facts.values())
    if words is None:
        return False
    return await votes.show(
        session, fact.id, words, chat_id=exchange.chat_id, vote=vote, at=at, at_once=at_once
    )


async def contradicted(
    session: Session, exchange: Exchange, *, at: datetime, at_once: bool
) -> None:
    """Note that a reader meant something else than what they were told last."""
    if not exchange.self_contained or not exchange.told:
        return
    fact_id, _ = exchange.told[-1]
    words = said(exchange.question)
    await votes.oppose(session, fact_id, words, chat_id=exchange.chat_id, at=at, at_once=at_once)


async def answered(
    session: Session,
    question_id: int,
    fact: Fact,
    indexed: Snapshot,
    *,
    at: datetime,
    at_once: bool,
) -> None:
    """Keep the words of the readers whose desk question an editor answers with `fact`.

    What is a phrasing of it already was ticked, and is kept as such.
    """
    await suggestions.taken(session, fact.id, fact.phrasings, at)
    others = [each for each in indexed.facts.values() if each.id != fact.id]
    for chat_id, asked in await waiting.voices(session, question_id):
        words = worth_keeping(asked, fact, others)
        if words is not None:
            await votes.show(
                session, fact.id, words, chat_id=chat_id, vote=Vote.DESK, at=at, at_once=at_once
            )


def _ways(fact: Fact) -> Iterable[str]:
    return fact.phrasings if fact.question is None else (fact.question, *fact.phrasings)
