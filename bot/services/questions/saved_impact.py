"""Which saved questions a change would answer otherwise, told before it is published."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.clock import Clock, now
from bot.search import FactIndex
from bot.services.answers.index_cache import IndexCache, Snapshot, document, fact_of
from bot.services.answers.verdicts import Ask
from bot.services.facts.additions import state as additions
from bot.services.facts.changes import state as changes
from bot.services.questions.saved_results import Judged, judged
from db.engine import Database
from db.questions import saved as saved_questions
from db.records import Fact, FactDraft, Status
from db.records.desk import Proposal, ProposalKind, ProposalState, SavedQuestion


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerChange:
    """A saved question that would get something else."""

    before: Judged
    after: Judged


_TO_BE_PUBLISHED: Final = frozenset(
    {additions.Step.PREVIEW, changes.Step.PREVIEW, changes.Step.CONFIRM}
)
"""Steps of additions, changes and withdrawals at which the next tap publishes."""


class SavedImpact:
    """Looks ahead for the editors, before they publish."""

    def __init__(
        self, database: Database, cache: IndexCache, *, ask: Ask = FactIndex.ask, clock: Clock = now
    ) -> None:
        self._database = database
        self._cache = cache
        self._ask = ask
        self._clock = clock

    async def altered(self, proposal: Proposal) -> tuple[AnswerChange, ...]:
        """Return which saved questions a proposal would have answered otherwise.

        None of them unless its next tap publishes it.
        """
        wished = proposal.draft
        decided = proposal.state not in (ProposalState.OPEN, ProposalState.SUBMITTED)
        if wished is None or decided or proposal.step not in _TO_BE_PUBLISHED:
            return ()
        if proposal.kind is ProposalKind.WITHDRAW:
            wished = replace(wished, status=Status.WITHDRAWN)
        return await foreseen(
            self._database,
            self._cache,
            wished,
            fact_id=proposal.fact_id,
            at=self._clock(),
            ask=self._ask,
        )


async def foreseen(
    database: Database,
    cache: IndexCache,
    wished: FactDraft,
    *,
    fact_id: int | None,
    at: datetime,
    ask: Ask = FactIndex.ask,
) -> tuple[AnswerChange, ...]:
    """Return which saved questions would get other facts once `wished` were published.

    Args:
        database: where the saved questions are.
        cache: the story as it stands.
        wished: the fact as it would be; with the status `withdrawn`, to be told no longer.
        fact_id: the fact that it changes; None for a new one.
        at: now.
        ask: how an index is asked.

    Nothing is stored, and readers are answered meanwhile: the work is done in a thread.
    """
    async with database.reading() as session:
        saved = await saved_questions.everything(session)
    if not saved:
        return ()
    indexed = await cache.current()
    known = None if fact_id is None else indexed.facts.get(fact_id)
    fact = fact_of(
        wished,
        number=fact_id or 1 + max((*indexed.facts, *indexed.withdrawn), default=0),
        version=1 if known is None else known.version + 1,
        at=at,
    )
    return await asyncio.to_thread(altered, indexed, fact, saved, at, ask)


def altered(
    indexed: Snapshot,
    fact: Fact,
    saved: Sequence[SavedQuestion],
    at: datetime,
    ask: Ask = FactIndex.ask,
) -> tuple[AnswerChange, ...]:
    """Return which of `saved` would get other facts if `fact` stood as it is given; CPU work."""
    then = _with(indexed, fact)
    pairs = zip(judged(indexed, saved, ask, at), judged(then, saved, ask, at), strict=True)
    return tuple(
        AnswerChange(before=before, after=after)
        for before, after in pairs
        if before.gets != after.gets
    )


def _with(indexed: Snapshot, fact: Fact) -> Snapshot:
    facts = {number: each for number, each in indexed.facts.items() if number != fact.id}
    apart, revision = indexed.index.apart(), indexed.revision
    if fact.status is Status.WITHDRAWN:
        index = apart.updated((), removed=(fact.id,), revision=revision)
        gone = indexed.withdrawn | {fact.id}
    else:
        facts[fact.id] = fact
        index = apart.updated((document(fact),), revision=revision)
        gone = indexed.withdrawn - {fact.id}
    return Snapshot(story=indexed.story, facts=facts, withdrawn=gone, index=index)
