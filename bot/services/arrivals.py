"""Arrivals: what must be known of whoever writes before anything is done, read once a message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock, now
from bot.services.answers.results import Outcome, Place
from bot.services.batches import Batches
from bot.services.rights import Actor, role_at
from db import story
from db.answers import exchanges
from db.desk import editors
from db.engine import Database
from db.records import Exchange
from db.records.desk import Role

CONVERSATION: Final = timedelta(minutes=10)
"""For how long a question may lean on the one before it."""

LEANED_ON: Final = (
    Outcome.ANSWER,
    Outcome.CHOOSE,
    Outcome.UNKNOWN,
    Outcome.NOT_COVERED,
    Outcome.MISSING,
)
"""A "thanks" in between does not end a conversation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Who writes, and what was last said where they write."""

    role: Role | None  # in which they may act there; None: outside the desk
    last: Exchange | None  # the chat's newest of the last minutes
    leaned_on: Exchange | None  # the newest of them that a question may lean on
    revision: int  # of the story, as committed
    at: datetime


def nobody(place: Place) -> Actor:
    """Return who writes in a place where only that counts: a person who is on no desk."""
    return Actor(person_id=0, name="", place=place)


class Arrivals:
    """Reads arrivals; those of the same moment with one look into the database."""

    def __init__(self, database: Database, *, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock
        self._batches: Batches[Actor, Arrival] = Batches(self._read)

    async def of(self, actor: Actor) -> Arrival:
        """Return what is known as `actor` writes."""
        return await self._batches.do(actor)

    async def _read(self, actors: Sequence[Actor]) -> list[Arrival]:
        at = self._clock()
        places = {(each.place.chat_id, each.place.thread_id) for each in actors}
        async with self._database.reading() as session:
            current = await story.get(session) or story.UNNAMED
            members = await editors.roles(session, {each.person_id for each in actors})
            since = at - CONVERSATION
            last = await exchanges.newest(session, places, since, leaned_on=LEANED_ON)
        return [
            Arrival(
                role=role_at(each.place, members.get(each.person_id), current.desk_chat_id),
                last=newest.any,
                leaned_on=newest.leaned_on,
                revision=current.revision,
                at=at,
            )
            for each in actors
            for newest in (last[each.place.chat_id, each.place.thread_id],)
        ]
