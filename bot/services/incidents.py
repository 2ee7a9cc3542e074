"""Incidents: what operators are told of once when it begins, and once when it is over."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, TypeAlias

from bot.services.vitals import VitalSigns
from db.errors import StoreFault
from db.records.vitals import Vitals

LATE: Final = timedelta(minutes=5)
"""How long a message may be due, or an update wait, before it is an incident."""

AGAIN: Final = 2
"""Looks in a row at which an incident must be over: one that flickers is told once."""


class Incident(StrEnum):
    """What can go wrong while the bot runs."""

    DATABASE = "database"  # it cannot be read
    OUTBOX = "outbox"  # alerts are due and do not go out
    INBOX = "inbox"  # updates wait
    SET_ASIDE = "set_aside"  # updates could not be worked on


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """That an incident has begun, or is over."""

    incident: Incident
    is_over: bool
    amount: int  # messages or updates; 0 where nothing is counted
    since: datetime  # when it was first seen
    at: datetime


Tell: TypeAlias = Callable[[Report], Awaitable[bool]]
"""Sends a report, and tells whether it arrived."""


class Incidents:
    """Looks at how the work stands, and reports each change once."""

    def __init__(self, vitals: VitalSigns, *, clock: Callable[[], datetime]) -> None:
        self._vitals = vitals
        self._clock = clock
        self._open: dict[Incident, datetime] = {}  # told, and since when
        self._quiet: dict[Incident, int] = {}  # looks in a row at which it was over
        self._set_aside: int | None = None  # updates that operators know of
        self._set_aside_now = 0
        self._busy = asyncio.Lock()

    async def tick(self, tell: Tell) -> None:
        """Report what has begun and what is over; what does not arrive is reported again."""
        if self._busy.locked():
            return
        async with self._busy:
            at = self._clock()
            found = await self._found()
            for incident, amount in found.items():
                self._quiet.pop(incident, None)
                if incident not in self._open:
                    begun = Report(incident=incident, is_over=False, amount=amount, since=at, at=at)
                    if not await tell(begun):
                        continue
                    self._open[incident] = at
                if incident is Incident.SET_ASIDE:
                    self._set_aside = self._set_aside_now
            for incident in [each for each in self._open if each not in found]:
                self._quiet[incident] = self._quiet.get(incident, 0) + 1
                if self._quiet[incident] < AGAIN:
                    continue
                since = self._open[incident]
                over = Report(incident=incident, is_over=True, amount=0, since=since, at=at)
                if await tell(over):
                    del self._open[incident]

    async def _found(self) -> Mapping[Incident, int]:
        try:
            vitals = await self._vitals.read()
        except StoreFault:
            return {Incident.DATABASE: 0}
        found, now_aside = _late(vitals), vitals.set_aside
        known = now_aside if self._set_aside is None else self._set_aside
        if now_aside > known:
            found[Incident.SET_ASIDE] = now_aside - known
        self._set_aside, self._set_aside_now = min(known, now_aside), now_aside
        return found


def _late(vitals: Vitals) -> dict[Incident, int]:
    waits = {
        Incident.OUTBOX: (vitals.outbox, vitals.outbox_since),
        Incident.INBOX: (vitals.inbox, vitals.inbox_since),
    }
    return {
        incident: amount
        for incident, (amount, since) in waits.items()
        if since is not None and vitals.at - since >= LATE
    }
