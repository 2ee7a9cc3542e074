"""Forgets what has been kept for the set time: readers' words, and who was told what."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from bot.clock import Clock, now
from db.desk import retention
from db.engine import Database

Portion: TypeAlias = Callable[..., Awaitable[int | None]]
"""Drops what is old after a number; returns where to go on, None at the end."""

_IN_ORDER: Final[tuple[Portion, ...]] = (
    retention.drop_exchanges,
    retention.drop_questions,  # after the waits of the exchanges, which hold them
    retention.drop_proposals,
    retention.drop_suggestions,
)


class Retention:
    """Drops what is older than `keep`, in portions, each a transaction of its own."""

    def __init__(self, database: Database, *, keep: timedelta, clock: Clock = now) -> None:
        self._database = database
        self._keep = keep
        self._clock = clock

    async def tick(self) -> None:
        """Drop everything that is old now; whatever stops, goes on with the next tick."""
        before = self._clock() - self._keep
        for drop in _IN_ORDER:
            after: int | None = 0
            while after is not None:
                async with self._database.writing() as session:
                    after = await drop(session, before, after=after)
        await self._alerts(before)
        async with self._database.writing() as session:
            await retention.drop_invitations(session, before)

    async def _alerts(self, before: datetime) -> None:
        after = 0
        while numbers := await self._ended(before, after):
            for number in numbers:
                more: bool | None = True
                while more:
                    async with self._database.writing() as session:
                        more = await retention.drop_deliveries(session, number, before)
            after = numbers[-1]

    async def _ended(self, before: datetime, after: int) -> list[int]:
        async with self._database.reading() as session:
            return await retention.ended_alerts(session, before, after=after)
