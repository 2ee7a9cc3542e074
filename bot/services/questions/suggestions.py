"""Readers' words before the desk: looked at, taken as phrasings, or dismissed for good."""

import asyncio
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.clock import Clock, now
from bot.errors import DeskError
from bot.search import FactIndex
from bot.services.answers.index_cache import IndexCache
from bot.services.answers.verdicts import Ask
from bot.services.facts import phrasings
from bot.services.facts.changes.undo import WITHIN
from bot.services.questions import phrasing_candidates
from bot.services.questions.late_matches import ASKED, DOUBTFUL, fits
from bot.services.rights import Acting, Actor, acting, looking
from db import story
from db.answers import exchanges
from db.desk import proposals
from db.engine import Database, Session
from db.facts import facts
from db.questions import suggestions, votes
from db.records import Fact
from db.records.desk import Proposal, ProposalKind, ProposalState, Role
from db.records.suggestions import Suggestion, SuggestionState, Vote

SHOWN: Final = 5
"""Suggestions on one page."""

STEP: Final = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A suggestion with its fact as it stands."""

    suggestion: Suggestion
    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some of what readers' words the desk has still to look at, best first."""

    listed: tuple[Listed, ...]
    total: int  # that are open, on all pages
    page: int  # from 0
    fact: Fact | None  # whose alone these are; None: those of all facts

    @property
    def seen(self) -> int:
        """A checksum of what the page shows, by which a button knows it again."""
        return checksum([each.suggestion.id for each in self.listed])


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What an editor did about readers' words."""

    proposal: Proposal | None  # by which it is taken back; None: nothing was done
    taken: tuple[Listed, ...] = ()
    dismissed: tuple[Listed, ...] = ()
    refused: tuple[Listed, ...] = ()  # since another fact is asked in these words, or it is full


def checksum(numbers: Sequence[int]) -> int:
    """Return a number that differs where these numbers or their order do."""
    return zlib.crc32(",".join(map(str, numbers)).encode())


class Suggestions:
    """What the desk makes of readers' words. Each method is one unit of work.

    All but `begin` and `fit` raise NotAllowed for whoever is no editor.
    """

    def __init__(
        self,
        database: Database,
        cache: IndexCache,
        *,
        keep: timedelta,
        at_once: bool = True,
        ask: Ask = FactIndex.ask,
        clock: Clock = now,
    ) -> None:
        self._database = database
        self._cache = cache
        self._keep = keep
        self._at_once = at_once
        self._ask = ask
        self._clock = clock
        self._fitting = asyncio.Lock()  # who comes second finds the work done

    async def begin(self) -> None:
        """Let what is open count, or not, as the setting has it now."""
        async with self._database.writing() as session:
            await votes.weigh_all(session, at_once=self._at_once)

    async def page(self, actor: Actor, fact_id: int | None = None, page: int = 0) -> Page:
        """Return a page of what is to be looked at; the last one where there are fewer."""
        at = self._clock()
        async with looking(self._database, actor, Role.EDITOR, "words.see", at=at) as session:
            return await _page(session, fact_id, page)

    async def take(self, actor: Actor, number: int) -> Decided | None:
        """Take a suggestion as a phrasing; None where it was decided already.

        Raises:
            DeskError: as for a phrasing that the editor writes.
        """
        async with self._acting(actor, "fact.phrase") as done:
            listed = await _listed(done.session, await _open(done.session, [number]))
            if not listed:
                return None
            await phrasings.add(done, listed[0].fact, listed[0].suggestion.words)
            return await self._decided(done, taken=listed)

    async def dismiss(self, actor: Actor, number: int) -> Decided | None:
        """Dismiss a suggestion: the same words are never suggested for that fact again.

        None where it was decided already.
        """
        async with self._acting(actor, "words.dismiss") as done:
            listed = await _listed(done.session, await _open(done.session, [number]))
            if not listed:
                return None
            each = listed[0].suggestion
            await suggestions.settle(done.session, [each.id], SuggestionState.DISMISSED, at=done.at)
            await done.record(fact_id=each.fact_id, before=each.words)
            return await self._decided(done, dismissed=listed)

    async def take_all(
        self, actor: Actor, fact_id: int | None, page: int, seen: int
    ) -> Decided | None:
        """Take all that a page showed; None where it shows something else by now."""
        async with self._acting(actor, "fact.phrase") as done:
            shown = await _page(done.session, fact_id, page)
            if shown.seen != seen or shown.page != page or not shown.listed:
                return None
            taken, refused = [], []
            for each in shown.listed:
                fact = await facts.by_id(done.session, each.fact.id)
                assert fact is not None  # noqa: S101 - facts are never removed
                try:
                    await phrasings.add(done, fact, each.suggestion.words)
                except DeskError:
                    refused.append(each)
                else:
                    taken.append(each)
            return await self._decided(done, taken=taken, refused=refused)

    async def take_back(self, actor: Actor, proposal_id: int, turn: int) -> bool | None:
        """Let the desk look again at what the actor decided; False when the minute is over.

        None when the button is old, was pressed twice or is somebody else's.
        """
        async with self._acting(actor, "fact.undo") as done:
            found = await proposals.by_id(done.session, proposal_id)
            if (
                found is None
                or found.kind is not ProposalKind.PHRASE
                or found.state is not ProposalState.DONE
                or (found.turn, found.editor) != (turn, actor.person_id)
                or found.chat_id != actor.place.chat_id
            ):
                return None
            if found.done_at is None or done.at - found.done_at > WITHIN:
                return False
            await phrasings.take_back(done, found, at_once=self._at_once)
            await proposals.advance(done.session, found, at=done.at, state=ProposalState.UNDONE)
            return True

    async def fit(self) -> Mapping[int, int]:
        """Suggest the recent questions that facts fit which came since; return how many, by fact.

        Questions that got no answer or a doubtful one. What a stop interrupts, the next does.
        """
        async with self._fitting:
            indexed, at = await self._cache.current(), self._clock()
            newest = max((*indexed.facts, *indexed.withdrawn), default=0)
            async with self._database.reading() as session:
                after = await story.compared_up_to(session)
                if newest <= after:
                    return {}
                asked = await exchanges.ill_answered(
                    session, since=at - self._keep, below=DOUBTFUL, limit=ASKED
                )
            found = await asyncio.to_thread(fits, indexed, asked, self._ask, after=after)
            counted = Counter[int]()
            async with self._database.writing() as session:
                for exchange, fact in found:
                    counted[fact.id] += await phrasing_candidates.tapped(
                        session,
                        exchange,
                        fact,
                        indexed,
                        vote=Vote.ADDITION,
                        at=exchange.asked_at,
                        at_once=self._at_once,
                    )
                await story.compare_up_to(session, newest)
            return {number: count for number, count in counted.items() if count}

    def _acting(self, actor: Actor, action: str) -> AbstractAsyncContextManager[Acting]:
        return acting(self._database, actor, Role.EDITOR, action, at=self._clock())

    async def _decided(
        self,
        done: Acting,
        *,
        taken: Sequence[Listed] = (),
        dismissed: Sequence[Listed] = (),
        refused: Sequence[Listed] = (),
    ) -> Decided:
        """Return what was done, with the proposal by which it is taken back."""
        session, place = done.session, done.actor.place
        changed = [each.suggestion for each in (*taken, *dismissed)]
        if not changed:
            return Decided(proposal=None, refused=tuple(refused))
        digests = await suggestions.digests(session, [each.id for each in changed])
        await votes.weigh(session, digests, at_once=self._at_once)
        notes = phrasings.noted(
            [each.suggestion for each in taken], [each.suggestion for each in dismissed]
        )
        made = await proposals.make(
            session,
            chat_id=place.chat_id,
            thread_id=place.thread_id,
            editor=done.actor.person_id,
            kind=ProposalKind.PHRASE,
            step=STEP,
            at=done.at,
            notes=notes,
        )
        ended = await proposals.advance(
            session, made, at=done.at, state=ProposalState.DONE, done_at=done.at
        )
        return Decided(
            proposal=ended,
            taken=tuple(taken),
            dismissed=tuple(dismissed),
            refused=tuple(refused),
        )


async def _open(session: Session, numbers: Sequence[int]) -> list[Suggestion]:
    found = [await suggestions.by_id(session, number) for number in numbers]
    return [each for each in found if each is not None and each.state is SuggestionState.OPEN]


async def _listed(session: Session, found: Sequence[Suggestion]) -> tuple[Listed, ...]:
    standing = await facts.by_ids(session, [each.fact_id for each in found])
    return tuple(Listed(suggestion=each, fact=standing[each.fact_id]) for each in found)


async def _page(session: Session, fact_id: int | None, page: int) -> Page:
    total = await suggestions.count(session, fact_id=fact_id)
    page = min(page, max(0, total - 1) // SHOWN)
    found = await suggestions.best(session, fact_id=fact_id, limit=SHOWN, skip=page * SHOWN)
    return Page(
        listed=await _listed(session, found),
        total=total,
        page=page,
        fact=None if fact_id is None else await facts.by_id(session, fact_id),
    )
