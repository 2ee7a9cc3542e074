"""What a file of facts would do to the story, and did: pure."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.search import SentenceVectors
from bot.services.answers.index_cache import Snapshot, built, fact_of
from bot.services.files import imports
from bot.services.files.cautions import Caution, TwoAnswers, contradictions
from bot.services.files.imports import Plan
from bot.stories.notes import DatesUnclear, Note
from bot.stories.reading import Sound
from bot.stories.storyfile import STORY_FIELDS
from db.records import Fact, FactDraft, Story
from db.records.alerts import Alert
from db.records.desk import Proposal

EXAMPLES: Final = 3

HELD_AGAINST: Final = 50
"""New facts of a file that are held against those that stand: some ten milliseconds each."""
_NAMED: Final = (*STORY_FIELDS, "lexicon")


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """What a file would do to the story."""

    name: str
    proposal: Proposal | None  # None: it would do nothing, so there is nothing to decide
    new: int
    changed: int  # withdrawn ones included
    withdrawn: int
    unchanged: int
    refused: int
    faults: tuple[str, ...]  # the first hundred, with their lines
    fault_count: int
    story_changed: bool
    is_news: bool = False  # subscribers could be told of it
    first_new: tuple[FactDraft, ...] = ()
    first_changed: tuple[tuple[Fact, FactDraft], ...] = ()
    again: bool = False  # the story moved on since it was shown
    notes: tuple[Note, ...] = ()  # how the file was read
    cautions: tuple[Caution, ...] = ()

    @property
    def unclear(self) -> DatesUnclear | None:
        """The days that can mean two things, which must be settled first; None: there are none."""
        return unclear(self.notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What a file did to the story."""

    name: str
    new: int
    changed: int
    unchanged: int
    refused: int
    first: int | None  # numbers of the new facts, first to last; None without any
    last: int | None
    story_changed: bool
    alert_id: int | None = None  # that tells the subscribers


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A file beside the story as it stood when the two were compared."""

    sound: Sound
    plan: Plan
    digest: str  # of everything that the plan does
    story: Story
    current: list[Fact]

    @property
    def is_news(self) -> bool:
        """Whether subscribers could be told of it; what begins a story is no news."""
        return bool(self.current) and self.plan.is_news


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """The story as it will be, if the new facts get the numbers that were foreseen."""

    indexed: Snapshot
    numbers: dict[str, int]

    def fits(self, numbers: dict[str, int]) -> bool:
        """Return whether the new facts got these very numbers, by key."""
        return self.numbers == numbers


def prepared(planned: Planned, at: datetime, sentences: SentenceVectors | None = None) -> Prepared:
    """Return the story as it will be once the plan is carried out. CPU work, for a thread."""
    done = planned.plan
    changed = {
        fact.id: fact_of(draft, number=fact.id, version=fact.version + 1, at=at)
        for fact, draft in (*done.revised, *done.withdrawn)
    }
    changed |= {
        fact.id: fact_of(draft, number=fact.id, version=fact.version, at=fact.changed_at)
        for fact, draft in done.annotated
    }
    free = max((fact.id for fact in planned.current), default=0) + 1
    new = [
        fact_of(draft, number=number, version=1, at=at)
        for number, draft in enumerate(done.new, start=free)
    ]
    everything = [*(changed.get(fact.id, fact) for fact in planned.current), *new]
    return Prepared(
        indexed=built(done.story or planned.story, everything, sentences),
        numbers={fact.key: fact.id for fact in new},
    )


def compared(sound: Sound, stored: Story, current: list[Fact]) -> Planned:
    """Return what the file would do; plans of one digest do the same. CPU work, for a thread."""
    plan = imports.plan(sound.file, stored, {fact.key: fact for fact in current})
    digest = hashlib.sha256()
    digest.update(repr(plan.story and [getattr(plan.story, name) for name in _NAMED]).encode())
    for draft in plan.new:
        digest.update(repr(draft).encode())
    for fact, draft in plan.changed:
        digest.update(f"{fact.id} {fact.version} {draft!r}".encode())
    return Planned(sound=sound, plan=plan, digest=digest.hexdigest(), story=stored, current=current)


def held_against(planned: Planned, indexed: Snapshot) -> Planned:
    """Return a plan with the facts that would contradict one which stands. As above, for a thread.

    Those of which a question has two answers are named already.
    """
    plan = planned.plan
    named = {each.question for each in plan.cautions if isinstance(each, TwoAnswers)}
    new = [draft for draft in plan.new if draft.question not in named][:HELD_AGAINST]
    found = tuple(contradictions(new, indexed))
    return replace(planned, plan=replace(plan, cautions=(*plan.cautions, *found)))


def decides_nothing(planned: Planned) -> bool:
    """Return whether the file changes nothing, however its days are read."""
    plan = planned.plan
    return not (plan.new or plan.changed or plan.story or unclear(planned.sound.file.notes))


def unclear(notes: Iterable[Note]) -> DatesUnclear | None:
    """Return the days that can mean two things, which must be settled first; None without any."""
    return next((each for each in notes if isinstance(each, DatesUnclear)), None)


def dry_run(
    name: str, planned: Planned, proposal: Proposal | None, *, again: bool = False
) -> DryRun:
    """Return what an editor is shown of a plan."""
    plan = planned.plan
    changed = plan.changed
    return DryRun(
        name=name,
        proposal=proposal,
        new=len(plan.new),
        changed=len(changed),
        withdrawn=len(plan.withdrawn),
        unchanged=plan.unchanged,
        refused=planned.sound.refused,
        faults=planned.sound.faults,
        fault_count=planned.sound.fault_count,
        story_changed=plan.story is not None,
        is_news=planned.is_news,
        first_new=plan.new[:EXAMPLES],
        first_changed=changed[:EXAMPLES],
        again=again,
        notes=planned.sound.file.notes,
        cautions=plan.cautions,
    )


def taken_in(
    name: str, planned: Planned, numbers: dict[str, int], *, news: Alert | None = None
) -> TakenIn:
    """Return what was done; `numbers` of the new facts by key, and the `news` of it if any."""
    shown = dry_run(name, planned, None)
    return TakenIn(
        name=name,
        new=shown.new,
        changed=shown.changed,
        unchanged=shown.unchanged,
        refused=shown.refused,
        first=min(numbers.values(), default=None),
        last=max(numbers.values(), default=None),
        story_changed=shown.story_changed,
        alert_id=None if news is None else news.id,
    )


def counts(planned: Planned) -> str:
    """Return the counts of a plan in words, for the records."""
    shown = dry_run("", planned, None)
    return (
        f"{shown.new} new, {shown.changed} changed, {shown.unchanged} unchanged, "
        f"{shown.refused} refused"
    )


def recorded(taken: TakenIn, planned: Planned) -> str:
    """Return what was done in words, for the records."""
    numbers = "" if taken.first is None else f" (#{taken.first} to #{taken.last})"
    told = "" if taken.alert_id is None else ", told to subscribers"
    return f"{taken.name}: {counts(planned)}{numbers}{told}"
