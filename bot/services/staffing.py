"""Staffs the desk: who is on it, and in what role."""

from collections.abc import Collection

from bot.clock import Clock, now
from bot.services.rights import Actor, role_of
from db import audit, editors
from db.engine import Database
from db.records.desk import Role


class Staffing:
    """The people of the desk. Each method is one unit of work."""

    def __init__(
        self, database: Database, *, owners: Collection[int] = (), clock: Clock = now
    ) -> None:
        self._database = database
        self._owners = frozenset(owners)
        self._clock = clock

    async def has(self, actor: Actor) -> bool:
        """Return whether `actor` is on the desk, and at it: their words may be meant for it."""
        async with self._database.reading() as session:
            return await role_of(session, actor) is not None

    async def seat_owners(self) -> None:
        """Make those whom the settings name owners, where they are not yet."""
        at = self._clock()
        async with self._database.writing() as session:
            for person in sorted(self._owners):
                member = await editors.by_id(session, person)
                if member is not None and member.role is Role.OWNER:
                    continue
                name = str(person) if member is None else member.name
                await editors.admit(
                    session, person, name=name, role=Role.OWNER, invited_by=None, at=at
                )
                await audit.record(
                    session,
                    at=at,
                    person=None,
                    name="the settings",
                    action="editor.admit",
                    after=f"{name}, owner",
                )
