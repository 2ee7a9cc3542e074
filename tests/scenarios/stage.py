"""The parts that tell readers what is new, at work against a receiver: for scenarios and the bench.

Everything is real but Telegram and, where a scenario says so, the hour.
"""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, Final

from sqlalchemy import exists, insert, or_, select
from telegram.ext import ExtBot

from bot.services.alerts.announcements import HOLD, announce_change
from bot.services.alerts.broadcasts import Broadcasts
from bot.services.alerts.deliveries import Deliveries
from bot.services.answers.reader import ReaderAnswers
from bot.telegram.alert_sender import AlertPost
from bot.telegram.gate import Gate, Pace
from bot.telegram.http import AiohttpRequest
from bot.telegram.messenger import Messenger
from db.engine import Database
from db.facts import facts
from db.records import ChangeKind, ChatKind, Fact, FactDraft, Weight
from db.records.alerts import AlertState, DeliveryState, Level
from db.tables.alerts import AlertRow, DeliveryRow, SubscriptionRow
from db.tables.story import ChatRow
from tests.clocks import HANG_SECONDS, Hour

TOKEN: Final = "1:SCENARIO"
FAST: Final = Pace(per_second=1000)
LONG_AGO: Final = datetime(2025, 1, 1, 12, 0, tzinfo=UTC)
CONNECTIONS: Final = 256

_ON_ITS_WAY: Final = (AlertState.HELD, AlertState.DUE, AlertState.SENDING)
_OPEN: Final = (DeliveryState.WAITING, DeliveryState.LEASED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The parts, and what a scenario does with them."""

    database: Database
    answering: ReaderAnswers
    messenger: Messenger
    broadcasting: Broadcasts
    delivering: Deliveries
    hour: Hour
    _ended: Counter[str] = field(default_factory=Counter)  # ticks

    async def fact(self, key: str, **fields: Any) -> Fact:
        """Return a new fact, told to nobody."""
        usual = {"text": f"The first of {key}.", "weight": Weight.BIG}
        draft = FactDraft(key=key, **{**usual, **fields})
        async with self.database.writing() as session:
            return await facts.add(session, draft, editor=None, at=LONG_AGO)

    async def change(
        self, fact: Fact, text: str, kind: ChangeKind = ChangeKind.UPDATE, **fields: Any
    ) -> Fact:
        """Publish a change of a fact, whose hold is over, and return the fact."""
        at = self.hour() - HOLD
        async with self.database.writing() as session:
            was = await facts.by_id(session, fact.id)
            assert was is not None
            wished = replace(FactDraft.of(was), text=text, **fields)
            now = await facts.revise(
                session, fact.id, was.version, wished, kind=kind, reason=None, editor=None, at=at
            )
            assert now is not None
            await announce_change(session, now, was=was, kind=kind, editor=None, at=at)
        return now

    @asynccontextmanager
    async def at_work(self, *, cut_off: bool = False) -> AsyncIterator[None]:
        """Let the clock's two calls come again and again, side by side as in the bot.

        With `cut_off`, what is under way at the end of the block is not waited for.
        """
        over = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            ticks = [
                tasks.create_task(self._tick(over, "broadcast", self.broadcasting.tick, 0.25)),
                tasks.create_task(self._tick(over, "delivery", self.delivering.tick, 0.05)),
            ]
            yield
            over.set()
            for tick in ticks if cut_off else ():
                tick.cancel()

    async def _tick(
        self, over: asyncio.Event, name: str, tick: Callable[[], Awaitable[None]], pause_s: float
    ) -> None:
        while not over.is_set():
            await tick()
            self._ended[name] += 1
            await asyncio.sleep(pause_s)

    async def looked_again(self) -> None:
        """Wait until both have looked for something to do from now on."""
        # The first of either may have begun before.
        wanted = self._ended + Counter({"broadcast": 2, "delivery": 2})
        async with asyncio.timeout(HANG_SECONDS):
            while not self._ended >= wanted:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.05)

    async def settled(self, *, apart: Collection[int] = ()) -> None:
        """Wait until everything is sent; but to those `apart`, who sleep until the morning."""
        async with asyncio.timeout(HANG_SECONDS):
            while await self._is_busy(apart):  # noqa: ASYNC110 - nobody tells when it is over
                await asyncio.sleep(0.1)

    async def _is_busy(self, apart: Collection[int]) -> bool:
        row = DeliveryRow
        left = exists().where(row.state.in_(_OPEN), row.chat_id.not_in(apart))
        going = exists().where(AlertRow.state.in_(_ON_ITS_WAY[:2]))
        async with self.database.reading() as session:
            return bool((await session.execute(select(or_(left, going)))).scalar_one())


async def subscribe(database: Database, numbers: Iterable[int], **wish: Any) -> None:
    """Subscribe chats in bulk: to big news at any hour, unless they wish otherwise."""
    usual: Mapping[str, Any] = {
        "level": Level.BIG,
        "summary_at": time(18),
        "topics": (),
        "since": LONG_AGO,
    }
    chats = list(numbers)
    async with database.writing() as session:
        connection = await session.connection()
        for first in range(0, len(chats), 50_000):
            some = chats[first : first + 50_000]
            await connection.execute(insert(ChatRow), [seen(number) for number in some])
            await connection.execute(
                insert(SubscriptionRow), [{"chat_id": n, **usual, **wish} for n in some]
            )


def seen(chat_id: int) -> dict[str, Any]:
    """Return the row of a chat that has written once."""
    kind = ChatKind.PRIVATE if chat_id > 0 else ChatKind.GROUP
    return {"id": chat_id, "kind": kind, "first_seen": LONG_AGO, "last_seen": LONG_AGO}


@asynccontextmanager
async def staged(
    path: Path, url: str, *, gate: Gate | None = None, window: int = 128
) -> AsyncIterator[Stage]:
    """Give the parts over the database at `path`, sending to the receiver at `url`."""
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # as the bot does, or flood waits warn
    database = await Database.open(path)
    request = AiohttpRequest(connections=CONNECTIONS)
    bot: ExtBot[None] = ExtBot(TOKEN, base_url=f"{url}/bot", request=request)
    await bot.initialize()
    hour = Hour()
    answering = ReaderAnswers(database, clock=hour)
    messenger = Messenger(bot, moved=answering.moved, gate=gate or Gate(FAST))
    try:
        yield Stage(
            database=database,
            answering=answering,
            messenger=messenger,
            broadcasting=Broadcasts(database, clock=hour),
            delivering=Deliveries(database, AlertPost(messenger), window=window, clock=hour),
            hour=hour,
        )
    finally:
        await bot.shutdown()
        await database.close()
