"""How much one person and one group may ask of the bot within a minute: in memory, and bounded."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.clock import Clock, now

WINDOW: Final = timedelta(minutes=1)

REMEMBERED: Final = 10_000
"""Persons and groups whose minute is counted; beyond that the oldest are forgotten."""

SHARE: Final = 3
"""One member gets this part of what a group may ask, so that the others are answered too."""

TAPS: Final = 3
"""How many buttons may be pressed for each question that may be asked."""


class Limited(StrEnum):
    """Whose limit was reached."""

    PERSON = "person"
    GROUP = "group"


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """Something is asked beyond a limit, and is not answered."""

    limited: Limited
    most: int  # that are answered in a minute
    left: timedelta  # of the minute
    is_tap: bool  # it is a tap on a button
    is_first: bool  # it is the first in this minute: only then anything is said


@dataclass(slots=True)
class _Window:
    began: datetime
    count: int = 0
    is_told: bool = False


class RateLimits:
    """Counts what is asked, by person and by group."""

    def __init__(self, *, per_person: int, per_group: int, clock: Clock = now) -> None:
        """Prepare; the limits are for a minute, 0 for none."""
        self._per_person = per_person
        self._per_group = per_group
        self._clock = clock
        self._windows: OrderedDict[Hashable, _Window] = OrderedDict()

    def count(
        self, person_id: int, group_id: int | None = None, *, is_tap: bool = False
    ) -> Excess | None:
        """Count what a person asks, in a group or in private; return by what it is too much.

        What is too much counts for nobody else's limit. A tap on a button counts apart.
        """
        at = self._clock()
        each = TAPS if is_tap else 1
        limits: list[tuple[Hashable, int, Limited]] = []
        if self._per_person:
            limits.append(((is_tap, person_id), self._per_person * each, Limited.PERSON))
        if self._per_group and group_id is not None:
            most = self._per_group * each
            share = max(1, most // SHARE)
            limits.append(((is_tap, person_id, group_id), share, Limited.PERSON))
            limits.append(((is_tap, "group", group_id), most, Limited.GROUP))
        windows = [(self._window(key, at), most, whose) for key, most, whose in limits]
        for window, most, whose in windows:
            if window.count >= most:
                is_first, window.is_told = not window.is_told, True
                left = window.began + WINDOW - at
                return Excess(limited=whose, most=most, left=left, is_tap=is_tap, is_first=is_first)
        for window, _, _ in windows:
            window.count += 1
        return None

    def first_of(self, chat_id: int) -> bool:
        """Return whether something happens to a chat for the first time in this minute."""
        window = self._window(("chat", chat_id), self._clock())
        is_first, window.is_told = not window.is_told, True
        return is_first

    def _window(self, key: Hashable, at: datetime) -> _Window:
        window = self._windows.get(key)
        # By a clock that was set back since, it would last for hours.
        if window is None or not window.began <= at < window.began + WINDOW:
            window = self._windows[key] = _Window(at)
            self._windows.move_to_end(key)
            if len(self._windows) > REMEMBERED:
                self._windows.popitem(last=False)
        return window
