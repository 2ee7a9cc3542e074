"""What an alert tells, read from the versions of the facts it is about."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from bot.services.parcels import Change, Summary, Tidings
from db import alerts, facts
from db.engine import Session
from db.records import ChangeKind, FactVersion
from db.records.alerts import Alert

_ORDER: Final = (
    ChangeKind.CORRECTION,
    ChangeKind.WITHDRAWAL,
    ChangeKind.UPDATE,
    ChangeKind.NEW,
)
"""Of a summary. Wording is nobody's news, and what was taken back is as it was."""


async def read(session: Session, numbers: Iterable[int]) -> dict[int, tuple[Alert, Tidings]]:
    """Return alerts by number, each with what it tells; without those that tell nothing now."""
    found: dict[int, tuple[Alert, Tidings]] = {}
    for number, alert in (await alerts.by_ids(session, list(numbers))).items():
        told = await (_change(session, alert) if alert.since is None else _summary(session, alert))
        if told is not None:
            found[number] = (alert, told)
    return found


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
    versions = await facts.versions_between(session, alert.since, alert.made_at)
    by_fact: dict[int, list[FactVersion]] = {}
    for version in versions:
        by_fact.setdefault(version.fact_id, []).append(version)
    changes = []
    for number, made in by_fact.items():
        fact = await facts.by_id(session, number)
        kind = min((each.kind for each in made if each.kind in _ORDER), key=_rank, default=None)
        if fact is None or kind is None or made[-1].kind is ChangeKind.UNDO:
            continue
        if alert.topics and not set(alert.topics) & set(fact.topics):
            continue
        first = made[0].version
        was = await facts.version(session, number, first - 1) if first > 1 else None
        changes.append(Change(kind=kind, fact=fact, was=was))
    return summed(changes, since=alert.since) if changes else None


def summed(changes: Iterable[Change], *, since: datetime) -> Summary:
    """Return changes as one message, in the order in which they are told."""
    return Summary(since=since, changes=tuple(sorted(changes, key=lambda each: _rank(each.kind))))


def _rank(kind: ChangeKind) -> int:
    return _ORDER.index(kind)
