"""Announces changes: writes the outbox row of an edit into the edit's own transaction."""

from datetime import datetime, timedelta
from typing import Final

from bot.services.rights import Acting
from db import alerts, facts
from db.engine import Session
from db.records import ChangeKind, Fact, Status
from db.records.alerts import Alert, AlertKind, AlertState

HOLD: Final = timedelta(seconds=20)
"""How long an editor may hold an alert back before it goes."""

_OF_AN_ERROR: Final = (ChangeKind.CORRECTION, ChangeKind.WITHDRAWAL)


async def announce(done: Acting, fact: Fact, *, was: Fact | None, kind: ChangeKind) -> Alert | None:
    """Store what is to be told of a change, in its transaction; see `announce_change`."""
    return await announce_change(
        done.session, fact, was=was, kind=kind, editor=done.actor.person_id, at=done.at
    )


async def announce_change(
    session: Session,
    fact: Fact,
    *,
    was: Fact | None,
    kind: ChangeKind,
    editor: int | None,
    at: datetime,
) -> Alert | None:
    """Store what is to be told of a change and return the news of it; None for mere wording.

    A correction or a withdrawal is also told to whoever was told the version before it. A change
    that is taken back in time is told to nobody; after that it is a correction.
    """
    if kind is ChangeKind.WORDING:
        return None
    if kind is ChangeKind.UNDO:
        if await _held_back(session, fact):
            return None
        gone = fact.status is Status.WITHDRAWN
        kind = ChangeKind.WITHDRAWAL if gone else ChangeKind.CORRECTION
    common = {
        "change": kind,
        "fact_id": fact.id,
        "version": fact.version,
        "was_version": None if was is None else was.version,
        "urgent": kind in _OF_AN_ERROR,
        "made_by": editor,
        "at": at,
        "hold_until": at + HOLD,
    }
    if kind in _OF_AN_ERROR:
        await alerts.announce(session, kind=AlertKind.CORRECTION, **common)  # type: ignore[arg-type]
    for older in await alerts.sending(session, fact.id):
        await alerts.move(
            session, older.id, was=(AlertState.SENDING,), becomes=AlertState.SUPERSEDED
        )
    await alerts.overtake_followed(session, [fact.id])  # the news reaches them too
    return await alerts.announce(session, kind=AlertKind.NEWS, **common)  # type: ignore[arg-type]


async def _held_back(session: Session, fact: Fact) -> bool:
    """Leave nothing unsent of a change that was taken back; False if it has begun to go out.

    What changed before it and is unsent too still goes out.
    """
    unsent = await alerts.unsent(session, fact.id)
    for alert in unsent:
        if await _as_before(session, fact, alert):
            await alerts.move(session, alert.id, was=alerts.UNSENT, becomes=AlertState.SUPERSEDED)
        else:
            await alerts.announce(
                session,
                kind=alert.kind,
                change=alert.change,
                fact_id=fact.id,
                version=fact.version,
                was_version=alert.was_version,
                urgent=alert.urgent,
                made_by=alert.made_by,
                at=alert.made_at,
                hold_until=alert.hold_until,
            )
    return bool(unsent)


async def _as_before(session: Session, fact: Fact, alert: Alert) -> bool:
    """Return whether a fact says again what it said before an alert was made."""
    if alert.was_version is None:
        return fact.status is Status.WITHDRAWN
    before = await facts.version(session, fact.id, alert.was_version)
    return before is not None and all(
        getattr(before, name) == getattr(fact, name) for name in facts.TOLD_FIELDS
    )
