"""Reminds the desk of facts that must be looked at again: once for each time that was named."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from bot.clock import Clock, now
from bot.services.subscriptions.quiet_hours import quiet_until
from db import story
from db.desk import audit, editors
from db.engine import Database, Session
from db.facts import facts, reminders
from db.records import Fact, Story
from db.records.desk import Role
from db.subscriptions.subscriptions import DEFAULT_HOURS

SHOWN: Final = 5
"""Facts that one reminder names; the others are counted."""

FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=1)
"""How long the desk is left alone when no chat took a reminder, twice as long each time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A fact that must be looked at again."""

    fact: Fact
    checked_at: datetime  # when somebody last changed it, or said that it still stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """What one message reminds the desk of, and where it is to be sent."""

    first: tuple[Due, ...]  # those due longest
    count: int  # of all that are due
    group: int | None  # the desk's, which hears it first
    members: tuple[int, ...]  # who hear it where the group does not
    story: Story
    at: datetime


Tell: TypeAlias = Callable[[Reminder], Awaitable[bool]]
"""Sends a reminder, and tells whether anybody at the desk has it."""


class Reminders:
    """Finds what is due, and notes what was told. Stateless but for the pause after a failure."""

    def __init__(self, database: Database, *, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock
        self._pause = FIRST_PAUSE
        self._silent_until: datetime | None = None
        self._busy = asyncio.Lock()

    async def tick(self, tell: Tell) -> None:
        """Let `tell` remind the desk of what is due; at once where another tick is at it already.

        Noted after it was told: a crash in between doubles a reminder, and loses none.
        """
        if self._busy.locked():
            return
        async with self._busy:
            reminder = await self.due()
            if reminder is None:
                return
            if await tell(reminder):
                await self._told(reminder)
            else:
                self._silent_until = self._clock() + self._pause
                self._pause = min(2 * self._pause, LONGEST_PAUSE)

    async def due(self) -> Reminder | None:
        """Return what the desk is to be reminded of now.

        None when nothing is due, at night on the story's clock, while the story is closed, and
        for a while after nobody could be reached.
        """
        at = self._clock()
        if self._silent_until is not None and at < self._silent_until:
            return None
        async with self._database.reading() as session:
            current = await story.get(session)
            if current is None or current.closed_at is not None:
                return None
            if quiet_until(DEFAULT_HOURS, at, zone=current.time_zone) is not None:
                return None
            count = await reminders.count_due(session, at)
            if not count:
                return None
            numbers = await reminders.due(session, at, limit=SHOWN)
            members = await editors.everybody(session)
            return Reminder(
                first=tuple([await _due(session, number) for number in numbers]),
                count=count,
                group=current.desk_chat_id,
                members=tuple(each.id for each in members if each.role.covers(Role.EDITOR)),
                story=current,
                at=at,
            )

    async def _told(self, reminder: Reminder) -> None:
        self._pause, self._silent_until = FIRST_PAUSE, None
        async with self._database.writing() as session:
            await reminders.note(
                session,
                due_by=reminder.at,
                revision=reminder.story.revision,
                at=self._clock(),
            )


async def _due(session: Session, number: int) -> Due:
    fact = await facts.by_id(session, number)
    assert fact is not None  # noqa: S101 - found in this same snapshot
    checked = await audit.last_of(session, "fact.still", fact_id=number)
    at = fact.changed_at if checked is None else max(checked.at, fact.changed_at)
    return Due(fact=fact, checked_at=at)
