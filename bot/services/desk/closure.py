"""Ends the story, and opens it again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.clock import Clock, now
from bot.errors import DeskError
from bot.services.rights import Acting, Actor, acting
from db import story
from db.desk import audit
from db.engine import Database
from db.records import Story
from db.records.desk import Role

ASKED: Final = "story.close.asked"
CLOSED: Final = "story.close"
KEPT: Final = "story.keep"
REOPENED: Final = "story.reopen"
BUTTON_LASTS: Final = timedelta(minutes=10)
WHY_LENGTH: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An owner is about to close the story."""

    number: int  # of the entry in the audit that holds the reason
    why: str
    story: Story


class Closure:
    """Closes and reopens. Each method is one unit of work; only owners may."""

    def __init__(self, database: Database, *, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock

    async def ask(self, actor: Actor, why: str) -> Asked:
        """Note that `actor` wishes to close the story, and return what a button can confirm.

        Raises:
            NotAllowed: only owners close the story.
            DeskError: it is closed already.
        """
        at = self._clock()
        async with acting(
            self._database, actor, Role.OWNER, ASKED, at=at, while_closed=True
        ) as owner:
            current = await _open(owner)
            reason = " ".join(why.split())[:WHY_LENGTH]
            number = await owner.record(after=reason or None)
        return Asked(number=number, why=reason, story=current)

    async def close(self, actor: Actor, asked: int) -> Story:
        """Close the story as asked under that number, and return it.

        Raises:
            NotAllowed: only owners close the story.
            DeskError: it is closed already, or nobody asked so here and lately.
        """
        at = self._clock()
        async with acting(
            self._database, actor, Role.OWNER, CLOSED, at=at, while_closed=True
        ) as owner:
            await _open(owner)
            reason = await _reason(owner, asked)
            await story.close(owner.session, at)
            await owner.record(before="open", after=f"closed: {reason}" if reason else "closed")
            return await _current(owner)

    async def keep(self, actor: Actor) -> None:
        """Leave the story open; raises NotAllowed to all but owners."""
        async with acting(
            self._database, actor, Role.OWNER, KEPT, at=self._clock(), while_closed=True
        ) as owner:
            await owner.record()

    async def reopen(self, actor: Actor) -> Story:
        """Open the story again and return it.

        Raises:
            NotAllowed: only owners open the story.
            DeskError: it is open.
        """
        async with acting(
            self._database, actor, Role.OWNER, REOPENED, at=self._clock(), while_closed=True
        ) as owner:
            current = await _current(owner)
            if current.closed_at is None:
                raise DeskError("The story is open: /close ends it.")
            await story.close(owner.session, None)
            await owner.record(before=f"closed on {_day(current.closed_at, current)}", after="open")
            return await _current(owner)


async def _reason(owner: Acting, asked: int) -> str | None:
    """Return why the story is to be closed; DeskError where this button is not to be obeyed."""
    entry = await audit.by_id(owner.session, asked)
    decided = [await audit.last_of(owner.session, action) for action in (CLOSED, KEPT)]
    if (
        entry is None
        or (entry.action, entry.person) != (ASKED, owner.actor.person_id)
        or entry.refused
        or owner.at - entry.at > BUTTON_LASTS
        or any(last is not None and last.id > asked for last in decided)
    ):
        raise DeskError("That button does not close the story any more: write /close again.")
    return entry.after


async def _open(owner: Acting) -> Story:
    current = await _current(owner)
    if current.closed_at is not None:
        day = _day(current.closed_at, current)
        raise DeskError(f"The story was closed on {day} already: /reopen opens it again.")
    return current


async def _current(owner: Acting) -> Story:
    return await story.get(owner.session) or story.UNNAMED


def _day(at: datetime, current: Story) -> str:
    there = at.astimezone(ZoneInfo(current.time_zone))
    return f"{there.day} {there:%B}"
