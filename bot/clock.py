"""The time. Nothing else in the project asks the machine what time it is."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""Returns the present moment, aware, in UTC. Tests pass their own."""


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


TOLERANCE: Final = timedelta(seconds=5)
"""By how much the clock may be put right without anybody being told."""


class ClockWatch:
    """Notices when the clock is set forward or back, beside a clock that nobody can set."""

    def __init__(
        self, clock: Clock = now, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Prepare; `monotonic` counts in seconds."""
        self._clock = clock
        self._monotonic = monotonic
        self._began = self._moment()

    def look(self) -> timedelta:
        """Return by how much the clock was set since the last look: less than zero for back."""
        set_by = self._moment() - self._began
        if abs(set_by) <= TOLERANCE:
            return timedelta(0)
        self._began += set_by
        return set_by

    def _moment(self) -> datetime:
        """Return the moment at which the other clock began, by this one."""
        return self._clock() - timedelta(seconds=self._monotonic())
