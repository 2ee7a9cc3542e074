"""What an alert tells, and what changed in a while: read from the versions of the facts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, Protocol, TypeVar

from bot.services.alerts.parcels import Change, Summary, Tidings, is_no_news
from db.alerts import alerts
from db.engine import Session
from db.facts import changes, facts
from db.facts.changes import Made
from db.records import ChangeKind, Fact, Status, tell_the_same
from db.records.alerts import Alert, AlertKind, Wrong

_ORDER: Final = (
    ChangeKind.CORRECTION,
    ChangeKind.WITHDRAWAL,
    ChangeKind.UPDATE,
    ChangeKind.NEW,
)
"""In which changes are told; known unknowns that became known come last."""

_ANSWERED: Final = len(_ORDER)

_OF_AN_ERROR: Final = (ChangeKind.CORRECTION, ChangeKind.UNDO)
"""What was undone after it was seen had been wrong."""

_AWAY: Final = (ChangeKind.WITHDRAWAL, ChangeKind.UNDO)
"""What leaves a fact withdrawn."""


class _Version(Protocol):
    """A version of a fact, in short."""

    @property
    def fact_id(self) -> int: ...
    @property
    def version(self) -> int: ...
    @property
    def kind(self) -> ChangeKind: ...


_AnyVersion = TypeVar("_AnyVersion", bound=_Version)

NAMED: Final = 10
"""Changes that a summary names; the others are counted, be they thousands."""


async def read(session: Session, numbers: Iterable[int]) -> dict[int, tuple[Alert, Tidings]]:
    """Return alerts by number, each with what it tells; without those that tell nothing now."""
    found: dict[int, tuple[Alert, Tidings]] = {}
    for number, alert in (await alerts.by_ids(session, list(numbers))).items():
        told = await _content(session, alert)
        if told is not None:
            found[number] = (alert, told)
    return found


async def between(
    session: Session, since: datetime, until: datetime, *, topics: Sequence[str] = ()
) -> Summary:
    """Return what changed after one moment and up to another, about `topics` if there are any.

    Each fact once: corrected, withdrawn, changed, new, answered; of a kind, the newest first.
    """
    versions = await changes.between(session, since, until)
    return await _summary(session, versions, since=since, topics=topics)


async def _summary(
    session: Session, versions: Iterable[Made], *, since: datetime, topics: Sequence[str] = ()
) -> Summary:
    """Return what `versions`, the newest first, come to."""
    made = defaultdict[int, list[Made]](list)
    for version in versions:
        made[version.fact_id].insert(0, version)
    ranks = {
        number: rank
        for number, theirs in made.items()
        if (rank := _rank_of(theirs)) is not None
        and (not topics or set(topics) & set(theirs[0].topics))
    }
    named: list[Change] = []
    left = sorted(ranks, key=ranks.__getitem__)
    while left and len(named) < NAMED:
        change = await _net(session, made[left.pop(0)])
        if change is not None:
            named.append(change)
    return Summary(since=since, changes=tuple(sorted(named, key=_rank)), more=len(left))


async def since_version(
    session: Session, fact_id: int, version: int
) -> tuple[Change, datetime] | None:
    """Return what became of a version and when; None where its fact says the same to this day.

    Also where there is no such version, and of an addition that was taken back within its minute,
    which is no withdrawal to readers.
    """
    history = await facts.history(session, fact_id)
    made = [each for each in history if each.version > version]
    change = await _net(session, made) if made and version > 0 else None
    if change is None:
        return None
    decisive = {ChangeKind.CORRECTION: _OF_AN_ERROR, ChangeKind.WITHDRAWAL: _AWAY}
    kinds = decisive.get(change.kind, tuple(ChangeKind))
    told = [each for each in _not_taken_back(made) if each.kind is not ChangeKind.WORDING] or made
    return change, next((each.at for each in reversed(told) if each.kind in kinds), made[-1].at)


def summed(told: Iterable[Tidings], *, since: datetime) -> Summary:
    """Return what several alerts tell as one message: each fact once, in the order of telling."""
    named: dict[int, Change] = {}
    more = 0
    for tells in told:
        some = (tells,) if isinstance(tells, Change) else tells.changes
        named |= {each.fact.id: each for each in some if each.fact.id not in named}
        more += 0 if isinstance(tells, Change) else tells.more
    return Summary(since=since, changes=tuple(sorted(named.values(), key=_rank)), more=more)


async def _content(session: Session, alert: Alert) -> Tidings | None:
    """Return what an alert tells as the facts are now; None for nothing."""
    if alert.batch_id is not None and alert.is_import:
        versions = await changes.of_import(session, alert.batch_id)
        summary = await _summary(session, versions, since=alert.made_at)
    elif alert.since is not None:
        summary = await between(session, alert.since, alert.made_at, topics=alert.topics)
    else:
        return await _change(session, alert)
    return summary if summary.changes else None


async def _change(session: Session, alert: Alert) -> Change | None:
    fact = None if alert.fact_id is None else await facts.by_id(session, alert.fact_id)
    if fact is None:
        return None
    was = None
    if alert.was_version is not None:
        was = await facts.version(session, fact.id, alert.was_version)
    if alert.kind is AlertKind.NEWS and is_no_news(
        fact.status, None if was is None else was.status
    ):
        return None
    kind = alert.change or ChangeKind.UPDATE
    reason = await _reason(session, fact) if kind is ChangeKind.WITHDRAWAL else None
    return Change(kind=kind, fact=fact, was=was, reason=reason)


async def echoed(session: Session, wrong: Wrong) -> Change | None:
    """Return what became of a fact that is corrected with the one which an alert is about."""
    fact = await facts.by_id(session, wrong.fact_id)
    if fact is None:
        return None
    gone = fact.status is Status.WITHDRAWN
    return Change(
        kind=ChangeKind.WITHDRAWAL if gone else ChangeKind.CORRECTION,
        fact=fact,
        was=await facts.version(session, fact.id, wrong.until),
        reason=await _reason(session, fact) if gone else None,
    )


def _rank_of(made: Sequence[Made]) -> int | None:
    """Return where a fact comes among what changed, by its versions alone; None: it is no news."""
    kinds = [each.kind for each in _not_taken_back(made)]
    if not kinds or all(kind is ChangeKind.WORDING for kind in kinds):
        return None
    was, status = made[0].was, made[0].status
    if is_no_news(status, was):
        return None
    if status is Status.WITHDRAWN:  # perhaps after all this: then it tells of itself
        now = was is not Status.WITHDRAWN and any(each in _AWAY for each in kinds)
        kind = ChangeKind.WITHDRAWAL if now else None
    elif any(each in _OF_AN_ERROR for each in kinds):
        kind = ChangeKind.CORRECTION
    elif was is None:
        kind = ChangeKind.NEW
    elif was.is_gap and not status.is_gap:
        return _ANSWERED
    else:
        kind = ChangeKind.UPDATE
    return None if kind is None else _ORDER.index(kind)


async def _net(session: Session, made: Sequence[_Version]) -> Change | None:
    """Return what the versions made of a fact come to; None where it says what it said."""
    number, first = made[0].fact_id, made[0].version
    fact = await facts.by_id(session, number)
    before = await facts.version(session, number, first - 1) if first > 1 else None
    if fact is None or (before is not None and tell_the_same(fact, before)):
        return None
    if fact.status is Status.WITHDRAWN:
        reason = await _reason(session, fact)
        return Change(kind=ChangeKind.WITHDRAWAL, fact=fact, was=before, reason=reason)
    wrong = next((each for each in _not_taken_back(made) if each.kind in _OF_AN_ERROR), None)
    if wrong is not None:
        said = await facts.version(session, number, wrong.version - 1)
        return Change(kind=ChangeKind.CORRECTION, fact=fact, was=said)
    kind = ChangeKind.NEW if before is None else ChangeKind.UPDATE
    return Change(kind=kind, fact=fact, was=before)


async def _reason(session: Session, fact: Fact) -> str | None:
    """Return why a fact was withdrawn; None where nobody said, as in a file."""
    newest = await facts.version(session, fact.id, fact.version)
    return None if newest is None else newest.reason


def _not_taken_back(made: Sequence[_AnyVersion]) -> list[_AnyVersion]:
    """Return the versions without those undone, and without the undoing."""
    kept: list[_AnyVersion] = []
    for version in made:
        if version.kind is ChangeKind.UNDO and kept:
            kept.pop()
        else:
            kept.append(version)
    return kept


def _rank(change: Change) -> int:
    return _ANSWERED if change.answers else _ORDER.index(change.kind)
