"""What an alert tells, read from the versions of the facts it is about."""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.services.parcels import Change, Summary, Tidings
from db import alerts, changes, facts
from db.changes import Made
from db.engine import Session
from db.records import ChangeKind, Status
from db.records.alerts import Alert

_ORDER: Final = (
    ChangeKind.CORRECTION,
    ChangeKind.WITHDRAWAL,
    ChangeKind.UPDATE,
    ChangeKind.NEW,
)
"""Of a summary. Wording is nobody's news, and what was taken back is as it was."""

NAMED: Final = 10
"""Changes that a summary names; the others are counted, be they thousands."""


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
    made: dict[int, list[Made]] = {}
    for each in await changes.between(session, alert.since, alert.made_at):
        made.setdefault(each.fact_id, []).append(each)
    kinds: dict[int, ChangeKind] = {}
    for number, versions in made.items():
        kind = _kind(versions)
        if kind is None:
            continue
        if alert.topics and not set(alert.topics) & set(versions[-1].topics):
            continue
        kinds[number] = kind
    if not kinds:
        return None
    first = sorted(kinds, key=lambda number: _rank(kinds[number]))[:NAMED]
    return Summary(
        since=alert.since,
        changes=tuple([await _changed(session, made[each][0], kinds[each]) for each in first]),
        more=len(kinds) - len(first),
    )


def _kind(versions: Sequence[Made]) -> ChangeKind | None:
    """Return what a summary says of the versions of one fact; None: nothing."""
    kinds = {each.kind for each in versions if each.kind in _ORDER}
    if versions[-1].kind is ChangeKind.UNDO:
        return None
    if versions[-1].status is Status.WITHDRAWN:  # perhaps since: then it tells of itself
        return ChangeKind.WITHDRAWAL if ChangeKind.WITHDRAWAL in kinds else None
    return min(kinds, key=_rank, default=None)


async def _changed(session: Session, first: Made, kind: ChangeKind) -> Change:
    fact = await facts.by_id(session, first.fact_id)
    assert fact is not None  # noqa: S101 - found in this same snapshot
    before = first.version - 1
    was = await facts.version(session, fact.id, before) if before else None
    return Change(kind=kind, fact=fact, was=was)


def _rank(kind: ChangeKind) -> int:
    return _ORDER.index(kind)
