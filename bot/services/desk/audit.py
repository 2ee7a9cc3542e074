"""Shows what was done at the desk, and what became of a fact."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.clock import Clock, now
from bot.errors import DeskError
from bot.services.rights import Actor, looking
from db import story
from db.desk import audit, cards, editors
from db.engine import Database, Session
from db.facts import facts
from db.records import TOLD_FIELDS, Fact, FactVersion, Story
from db.records.desk import AuditEntry, CardKind, Role

PAGE: Final = 10
ENTRIES_READ: Final = 1000
"""Entries about one fact that are looked through; it is changed a few dozen times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """Some entries of the audit, the newest first."""

    entries: tuple[AuditEntry, ...]
    has_older: bool
    from_newest: bool
    story: Story
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field of a fact that a version changed."""

    field: str
    before: str | None  # None: it was empty, or there was no version before
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened to a fact: a new version, or an action that made none."""

    at: datetime
    who: str
    what: str  # the kind of change, or the action
    version: int | None  # None: no version was made
    differences: tuple[Difference, ...] = ()
    reason: str | None = None
    refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What happened to a fact, the newest first, from the event at `skip` on."""

    fact: Fact
    events: tuple[Event, ...]
    skip: int
    total: int
    story: Story
    at: datetime


class AuditTrail:
    """Reads the records. Each method is one unit of work; editors may."""

    def __init__(self, database: Database, *, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock

    async def newest(self, actor: Actor, *, before: int | None = None) -> Trail:
        """Return the ten newest entries; older than entry `before` if given.

        Raises:
            NotAllowed: only editors read the records.
        """
        at = self._clock()
        async with looking(self._database, actor, Role.EDITOR, "audit.read", at=at) as session:
            entries = await audit.newest(session, limit=PAGE + 1, before=before)
            current = await story.get(session) or story.UNNAMED
        return Trail(
            entries=tuple(entries[:PAGE]),
            has_older=len(entries) > PAGE,
            from_newest=before is None,
            story=current,
            at=at,
        )

    async def history(
        self, actor: Actor, fact_id: int | None, *, replied: int | None = None, skip: int = 0
    ) -> History:
        """Return what happened to a fact, by its number or by the card `replied` to.

        Raises:
            NotAllowed: only editors read the records.
            DeskError: no fact is named, or there is none with that number.
        """
        at = self._clock()
        async with looking(self._database, actor, Role.EDITOR, "fact.history", at=at) as session:
            fact = await _fact(session, actor, fact_id, replied)
            versions = await facts.history(session, fact.id)
            entries = await audit.of_fact(session, fact.id, limit=ENTRIES_READ)
            names = await editors.names(session)
            current = await story.get(session) or story.UNNAMED
        events = told(versions, entries, names)
        skip = skip if skip < len(events) else 0
        return History(
            fact=fact,
            events=tuple(events[skip:]),
            skip=skip,
            total=len(events),
            story=current,
            at=at,
        )


def told(
    versions: Iterable[FactVersion], entries: Iterable[AuditEntry], names: Mapping[int, str]
) -> list[Event]:
    """Return versions and entries as one list of events, the newest first.

    The entry of an action that made a version stands in the version's event.
    """
    events, last, made = [], None, set()
    for version in versions:
        events.append(_of_version(version, last, names))
        made.add((version.at, version.editor))
        last = version
    events += [
        _of_entry(entry)
        for entry in entries
        if entry.refused or (entry.at, entry.person) not in made
    ]
    return sorted(events, key=lambda event: (event.at, event.version or 0), reverse=True)


async def _fact(session: Session, actor: Actor, fact_id: int | None, replied: int | None) -> Fact:
    if fact_id is None and replied is not None:
        card = await cards.by_message(session, actor.place.chat_id, replied)
        if card is not None and card.kind is CardKind.FACT:
            fact_id = card.about
    if fact_id is None:
        raise DeskError("Name the fact by its number, for example /history 7.")
    fact = await facts.by_id(session, fact_id)
    if fact is None:
        raise DeskError(f"There is no fact #{fact_id}: /find looks for one by its words.")
    return fact


def _of_version(version: FactVersion, last: FactVersion | None, names: Mapping[int, str]) -> Event:
    who = "an import"
    if version.editor is not None:
        who = names.get(version.editor, str(version.editor))
    return Event(
        at=version.at,
        who=who,
        what=str(version.kind),
        version=version.version,
        differences=tuple(
            Difference(field=name, before=was, after=now)
            for name in TOLD_FIELDS
            if (was := _plain(getattr(last, name, None))) != (now := _plain(getattr(version, name)))
        ),
        reason=version.reason,
    )


def _of_entry(entry: AuditEntry) -> Event:
    changed = entry.before is not None or entry.after is not None
    difference = Difference(field="", before=entry.before, after=entry.after)
    return Event(
        at=entry.at,
        who=entry.name,
        what=entry.action,
        version=None,
        differences=(difference,) if changed else (),
        refused=entry.refused,
    )


def _plain(value: Any) -> str | None:
    return None if value is None else str(value)
