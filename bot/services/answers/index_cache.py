"""The index of the story as last committed, held in memory and renewed off the event loop."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Final

from bot import search
from bot.search import Document, FactIndex, SentenceVectors, StoryLexicon, Subject
from bot.search.index.learned import Learned
from bot.services.answers.derived_data import DerivedData
from db import story
from db.engine import Database
from db.facts import facts
from db.records import Fact, FactDraft, Lexicon, Status, Story

WORTH_REBUILDING: Final = 0.25
"""The share of changed facts from which a new index is cheaper than a mended one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One committed state of the story: what is asked and what is told always fit together."""

    story: Story
    facts: Mapping[int, Fact]  # everything that may be told; nothing withdrawn
    withdrawn: frozenset[int]  # numbers of the facts no longer stood by
    index: FactIndex

    @property
    def revision(self) -> int:
        """The story's revision that this was read at."""
        return self.story.revision

    def at(self, committed: Story) -> "Snapshot":
        """Return this, made beforehand, as the state of the story as it was then committed."""
        index = replace(self.index, revision=committed.revision)
        return replace(self, story=committed, index=index)


class IndexCache:
    """Holds the newest `Indexed`; one reading of the revision tells whether it still is."""

    def __init__(self, database: Database, *, meaning: bool = True) -> None:
        """Take the database; without `meaning` no sentence model is asked."""
        self._database = database
        self._derived = DerivedData(meaning=meaning)
        self._indexed: Snapshot | None = None
        self._renewing = asyncio.Lock()

    @property
    def sentences(self) -> SentenceVectors | None:
        """Return the vectors of texts; None where no sentence model is asked."""
        return self._derived.sentences

    @property
    def revision(self) -> int:
        """Return the revision of the story that was read last; 0 before the first reading."""
        return 0 if self._indexed is None else self._indexed.revision

    async def current(self) -> Snapshot:
        """Return the story as it was committed last, or later than this call."""
        async with self._database.reading() as session:
            revision = await story.revision(session)
        return await self.at(revision)

    async def at(self, revision: int) -> Snapshot:
        """Return the story as it was committed as this revision, or later."""
        if self._indexed is not None and self._indexed.revision >= revision:
            return self._indexed
        async with self._renewing:
            # Whoever waited finds the work done.
            if self._indexed is None or self._indexed.revision < revision:
                self._indexed = await self._renewed(self._indexed)
            return self._indexed

    @asynccontextmanager
    async def renewing(self) -> AsyncIterator[Callable[[Snapshot], None]]:
        """Give what puts up an `Indexed` that was made beforehand, of what the block commits.

        Until the block ends, whoever needs the newer state waits for it instead of building it.
        """
        async with self._renewing:
            yield self._put

    def _put(self, indexed: Snapshot) -> None:
        self._indexed = indexed

    async def store_derived(self) -> None:
        """Store what was computed from the facts' texts since the last call."""
        held = self._indexed
        if held is not None:
            await self._derived.store(self._database, held.index, words(held.story.lexicon))

    async def _renewed(self, old: Snapshot | None) -> Snapshot:
        async with self._database.reading() as session:
            now = await story.get(session) or story.UNNAMED
            if old is None or old.story.lexicon_revision != now.lexicon_revision:
                everything = await facts.all_current(session)
                documents = [document(fact) for fact in everything]
                learned = await self._derived.recall(session, documents, words(now.lexicon))
                return await asyncio.to_thread(built, now, everything, self.sentences, learned)
            changed = await facts.changed_since(session, old.revision)
            if not changed:  # closed or renamed, say: what can be found is the same
                return replace(old, story=now, index=old.index.on(subject(now)))
            if len(changed) > max(1, len(old.facts) * WORTH_REBUILDING):
                everything = await facts.all_current(session)
                return await asyncio.to_thread(built, now, everything, self.sentences)
        return await asyncio.to_thread(_mended, old, now, changed)


def built(
    now: Story,
    everything: Iterable[Fact],
    sentences: SentenceVectors | None = None,
    learned: Learned | None = None,
) -> Snapshot:
    """Return the story with these facts, withdrawn ones included. CPU work, for a thread."""
    standing = {fact.id: fact for fact in everything if fact.status is not Status.WITHDRAWN}
    index = FactIndex.build(
        [document(fact) for fact in standing.values()],
        lexicon=words(now.lexicon),
        revision=now.revision,
        sentences=sentences,
        learned=learned,
        subject=subject(now),
    )
    gone = frozenset(fact.id for fact in everything if fact.id not in standing)
    return Snapshot(story=now, facts=standing, withdrawn=gone, index=index)


def _mended(old: Snapshot, now: Story, changed: Iterable[Fact]) -> Snapshot:
    standing = dict(old.facts)
    gone = set(old.withdrawn)
    renewed = []
    for fact in changed:
        standing.pop(fact.id, None)
        gone.discard(fact.id)
        if fact.status is Status.WITHDRAWN:
            gone.add(fact.id)
        else:
            standing[fact.id] = fact
            renewed.append(document(fact))
    index = old.index.updated(renewed, removed=sorted(gone), revision=now.revision)
    index = index.on(subject(now))
    return Snapshot(story=now, facts=standing, withdrawn=frozenset(gone), index=index)


def fact_of(draft: FactDraft, *, number: int, version: int, at: datetime) -> Fact:
    """Return the fact that `draft` is once it is stored as this version."""
    given = {each.name: getattr(draft, each.name) for each in fields(draft)}
    return Fact(id=number, version=version, changed_at=at, **given)


def document(fact: Fact) -> Document:
    """Return `fact` as the search sees it."""
    return Document(
        id=fact.id,
        text=fact.text,
        question=fact.question,
        phrasings=fact.phrasings,
        hints=fact.hints,
        topics=fact.topics,
        source=fact.source,
        unknown=fact.status.is_gap,
    )


def subject(story: Story) -> Subject:
    """Return what a story is called and about as the search sees it."""
    return Subject(title=story.title, about=story.about)


def words(lexicon: Lexicon) -> StoryLexicon:
    """Return the story's words as the search sees them."""
    names = tuple(
        search.Name(name=name.name, kind=name.kind.value, also=name.also) for name in lexicon.names
    )
    return StoryLexicon(names=names, synonyms=lexicon.synonyms)
