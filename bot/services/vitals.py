"""How the work of the running bot stands, as its database says."""

from bot.clock import Clock, now
from db import vitals
from db.engine import Database
from db.records.vitals import Vitals


class VitalSigns:
    """Reads how the work stands; questions are counted from the first reading on."""

    def __init__(self, database: Database, *, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock
        self._counted_to: int | None = None

    async def read(self) -> Vitals:
        """Return how the work stands, without counting questions as seen.

        Raises:
            StoreFault: the database cannot be read.
        """
        async with self._database.reading() as session:
            if self._counted_to is None:
                self._counted_to = await vitals.newest_exchange(session)
            return await vitals.read(session, asked_after=self._counted_to, at=self._clock())

    async def count(self) -> Vitals:
        """Return how the work stands; its questions are those since the last count."""
        found = await self.read()
        self._counted_to = max(found.last_exchange, self._counted_to or 0)
        return found
