"""Announces imports: one alert for all of it, and each change to those whom it concerns.

Whoever follows a fact asked for it, and whoever was told what is withdrawn must hear so: both hear
of the fact itself, whether or not the subscribers are told.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.services.alerts.announcements import HOLD, announce_change
from db.alerts import alerts, import_alerts
from db.engine import Session
from db.facts import changes, facts
from db.facts.changes import Revised
from db.records import Fact
from db.records.alerts import Alert, AlertKind

WAVE: Final = 50
"""Facts whose alerts begin together; the next ones begin a little later, so that an import of
thousands holds up nobody else's news."""

BETWEEN_WAVES: Final = timedelta(seconds=2)


async def announce_import(
    session: Session,
    was: Sequence[Fact],
    *,
    batch_id: int,
    tell: bool,
    editor: int | None,
    at: datetime,
) -> Alert | None:
    """Store what is to be told of the import `batch_id`, in its transaction.

    `was` are the facts that it revised or withdrew, as they stood before. Returns the alert for
    the subscribers; None unless they are to be told.
    """
    news = None
    if tell:
        news = await alerts.add_of_many(
            session,
            AlertKind.NEWS,
            batch_id=batch_id,
            at=at,
            hold_until=at + HOLD,
            made_by=editor,
        )
    if was:
        announced = await _announce_underway(session, was, batch_id=batch_id, editor=editor, at=at)
        told = await changes.told(session, batch_id)
        followed = await changes.followed(session, batch_id)
        await import_alerts.overtake_followed(session, changes.numbers(followed))
        # Withdrawals go before everything else.
        for kind, each in ((AlertKind.CORRECTION, told), (AlertKind.FOLLOWED, followed)):
            held = _held([one for one in each if one.fact_id not in announced], at)
            await import_alerts.announce_each(
                session, kind, held, batch_id=batch_id, made_by=editor, at=at
            )
    return news


async def _announce_underway(
    session: Session, was: Sequence[Fact], *, batch_id: int, editor: int | None, at: datetime
) -> set[int]:
    """Announce as single edits the changes of facts whose news is on its way; return the facts."""
    before = {fact.id: fact for fact in was}
    going = await changes.underway(session, batch_id)
    for each in going:
        fact = await facts.by_id(session, each.fact_id)
        assert fact is not None  # noqa: S101 - revised in this same transaction
        await announce_change(
            session,
            fact,
            was=before[fact.id],
            kind=each.kind,
            editor=editor,
            at=at,
            batch_id=batch_id,
        )
    return changes.numbers(going)


def _held(these: Sequence[Revised], at: datetime) -> list[tuple[Revised, datetime]]:
    """Return each with the moment until which its alert is held, wave after wave."""
    return [(each, at + HOLD + BETWEEN_WAVES * (place // WAVE)) for place, each in enumerate(these)]
