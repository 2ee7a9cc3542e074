"""What an alert tells, and what changed in a while: read from the versions of the facts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from bot.services.parcels import Change, Summary, Tidings
from db import alerts, facts, versions
from db.engine import Session
from db.records import ChangeKind, Fact, FactVersion, Status
from db.records.alerts import Alert

_ORDER: Final = (
    ChangeKind.CORRECTION,
    ChangeKind.WITHDRAWAL,
    ChangeKind.UPDATE,
    ChangeKind.NEW,
)
"""In which changes are told; known unknowns that became known come last."""

_OF_AN_ERROR: Final = (ChangeKind.CORRECTION, ChangeKind.UNDO)
"""What was undone after it was seen had been wrong."""


async def read(session: Session, numbers: Iterable[int]) -> dict[int, tuple[Alert, Tidings]]:
    """Return alerts by number, each with what it tells; without those that tell nothing now."""
    found: dict[int, tuple[Alert, Tidings]] = {}
    for number, alert in (await alerts.by_ids(session, list(numbers))).items():
        told = await (_change(session, alert) if alert.since is None else _summary(session, alert))
        if told is not None:
            found[number] = (alert, told)
    return found


async def between(
    session: Session, since: datetime, until: datetime, *, topics: Sequence[str] = ()
) -> tuple[Change, ...]:
    """Return what changed after one moment and up to another, about `topics` if there are any.

    Each fact once: corrected, withdrawn, changed, new, answered; of a kind, the newest first.
    """
    made = defaultdict[int, list[FactVersion]](list)
    for version in reversed(await versions.between(session, since, until)):
        made[version.fact_id].append(version)
    before = await versions.replaced(session, since, until)
    standing = await facts.by_ids(session, list(made))
    changes = (
        _net(standing[number], before.get(number), theirs[::-1]) for number, theirs in made.items()
    )
    told = [
        change
        for change in changes
        if change is not None and (not topics or set(topics) & set(change.fact.topics))
    ]
    return tuple(sorted(told, key=_rank))


async def _change(session: Session, alert: Alert) -> Change | None:
    fact = None if alert.fact_id is None else await facts.by_id(session, alert.fact_id)
    if fact is None:
        return None
    was = None
    if alert.was_version is not None:
        was = await facts.version(session, fact.id, alert.was_version)
    return Change(kind=alert.change or ChangeKind.UPDATE, fact=fact, was=was)


async def _summary(session: Session, alert: Alert) -> Summary | None:
    assert alert.since is not None  # noqa: S101 - what makes it a summary
    changes = await between(session, alert.since, alert.made_at, topics=alert.topics)
    return Summary(since=alert.since, changes=changes) if changes else None


def summed(changes: Iterable[Change], *, since: datetime) -> Summary:
    """Return changes as one message, in the order in which they are told."""
    return Summary(since=since, changes=tuple(sorted(changes, key=_rank)))


def _net(fact: Fact, before: FactVersion | None, made: Sequence[FactVersion]) -> Change | None:
    """Return what the versions made of a fact come to; None where that is nobody's news."""
    kept = _not_taken_back(made)
    wrong = next((each for each in kept if each.kind in _OF_AN_ERROR), None)
    if fact.status is Status.WITHDRAWN:
        known = before is None or before.status is not Status.WITHDRAWN
        return Change(kind=ChangeKind.WITHDRAWAL, fact=fact, was=before) if known and kept else None
    if wrong is not None:
        numbered = {each.version: each for each in (before, *made) if each is not None}
        said = numbered.get(wrong.version - 1)
        return Change(kind=ChangeKind.CORRECTION, fact=fact, was=said)
    if before is None:
        return Change(kind=ChangeKind.NEW, fact=fact, was=None) if kept else None
    moved = any(each.kind is not ChangeKind.WORDING for each in kept)
    if not moved or _says_the_same(fact, before):
        return None
    return Change(kind=ChangeKind.UPDATE, fact=fact, was=before)


def _not_taken_back(made: Sequence[FactVersion]) -> list[FactVersion]:
    """Return the versions without those undone, and without the undoing."""
    kept: list[FactVersion] = []
    for version in made:
        if version.kind is ChangeKind.UNDO and kept:
            kept.pop()
        else:
            kept.append(version)
    return kept


def _says_the_same(fact: Fact, before: FactVersion) -> bool:
    return all(getattr(fact, name) == getattr(before, name) for name in facts.TOLD_FIELDS)


def _rank(change: Change) -> int:
    return len(_ORDER) if change.answers else _ORDER.index(change.kind)
