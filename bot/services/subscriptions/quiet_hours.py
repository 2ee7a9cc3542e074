"""Quiet hours: when a chat wishes to be left alone, on its own clock."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from db.records.alerts import Hours

_DAY: Final = timedelta(days=1)


def quiet_until(hours: Hours, at: datetime, *, zone: str) -> datetime | None:
    """Return when the quiet that holds at `at` ends, in UTC; None when nothing is quiet.

    `zone` is the story's, for chats that have named none. The hours are those that the chat's
    clock shows: over a change of the clocks a night is an hour shorter or longer.
    """
    if hours.quiet_from is None or hours.quiet_to is None or hours.quiet_from == hours.quiet_to:
        return None
    there = _zone(hours.zone or zone)
    local = at.astimezone(there)
    for day in (local.date() - _DAY, local.date()):
        begins = datetime.combine(day, hours.quiet_from, tzinfo=there)
        over_midnight = hours.quiet_to <= hours.quiet_from
        ends = datetime.combine(day + _DAY * over_midnight, hours.quiet_to, tzinfo=there)
        if begins.astimezone(UTC) <= at < ends.astimezone(UTC):
            return ends.astimezone(UTC)
    return None


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
