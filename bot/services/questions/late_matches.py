"""Which questions that went badly a fact fits that came later; pure."""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.search import Outcome
from bot.services.answers import composition
from bot.services.answers.index_cache import Snapshot
from bot.services.answers.verdicts import Ask
from db.records import Exchange, Fact

DOUBTFUL: Final = 0.5
"""Confidence below which an answer may have been the wrong one."""

ASKED: Final = 200
"""Recent questions that new facts are compared with: a second or two of a thread."""


def fits(
    indexed: Snapshot, asked: Sequence[Exchange], ask: Ask, *, after: int
) -> list[tuple[Exchange, Fact]]:
    """Return the questions whose answer is now a fact of a number above `after`, with that fact.

    CPU work of some milliseconds a question: call it off the event loop.
    """
    found = []
    for exchange in asked:
        verdict = ask(indexed.index, composition.bounded(exchange.question), context=None)
        if verdict.outcome not in (Outcome.ANSWER, Outcome.UNKNOWN) or len(verdict.told) != 1:
            continue
        fact = indexed.facts.get(verdict.told[0].document.id)
        if fact is not None and fact.id > after and fact.id not in _told(exchange):
            found.append((exchange, fact))
    return found


def _told(exchange: Exchange) -> Iterable[int]:
    return (fact_id for fact_id, _ in exchange.told)
