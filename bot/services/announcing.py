"""Announces changes: writes the outbox row of an edit into the edit's own transaction."""

from datetime import datetime, timedelta
from typing import Final

from db import alerts
from db.engine import Session
from db.records import ChangeKind, Fact
from db.records.alerts import Alert, AlertKind, AlertState

HOLD: Final = timedelta(seconds=20)
"""How long an editor may hold an alert back before it goes."""

_OF_AN_ERROR: Final = (ChangeKind.CORRECTION, ChangeKind.WITHDRAWAL)


async def announce(
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
        if await _held_back(session, fact.id):
            return None
        kind = ChangeKind.CORRECTION
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
    return await alerts.announce(session, kind=AlertKind.NEWS, **common)  # type: ignore[arg-type]


async def _held_back(session: Session, fact_id: int) -> bool:
    """Drop the unsent alerts about a fact; False if there was none."""
    dropped = False
    for alert in await alerts.unsent(session, fact_id):
        dropped |= await alerts.move(
            session, alert.id, was=alerts.UNSENT, becomes=AlertState.SUPERSEDED
        )
    return dropped
