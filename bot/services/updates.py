"""Updates from Telegram: stored before they are confirmed, each done once whoever kills us."""

import asyncio
import json
import logging
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from bot.clock import Clock, now
from bot.services.store_faults import StoreFaults
from db import updates
from db.alerts import deliveries
from db.engine import Database
from db.errors import StoreFull
from db.records.updates import StoredUpdate, UpdateState
from db.subscriptions import chats

logger = logging.getLogger(__name__)

ATTEMPTS: Final = 3
"""How often the work on an update is begun again by a process that then ends."""

AT_HAND: Final = 1_000
"""Updates that are held in memory; while there are more, none are asked for."""

KEPT: Final = timedelta(days=2)
"""How long the number of an update that is done is kept; Telegram repeats none for longer than one
day."""

_OUT: Final = ("kicked", "left")
"""What the bot is in a chat that blocked or removed it."""

Body = Mapping[str, Any]
"""An update as Telegram sends it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """What the process before left."""

    waiting: tuple[Body, ...] = ()  # to be worked on
    acted: tuple[Body, ...] = ()  # worked on; whoever sent them may have got no reply


class Updates:
    """Keeps updates until they are done with."""

    def __init__(self, database: Database, *, keep: timedelta, clock: Clock = now) -> None:
        self._database = database
        self._keep = keep
        self._clock = clock
        self._at_hand = 0
        self._room = asyncio.Event()
        self._room.set()
        self._done: set[int] = set()
        self._finishing = asyncio.Lock()
        self._unstored: deque[int] = deque(maxlen=AT_HAND)  # taken in while the disk was full
        self.faults = StoreFaults()

    async def room(self) -> None:
        """Wait until there is room for more updates."""
        await self._room.wait()

    async def receive(self, bodies: Sequence[Body]) -> list[Body]:
        """Store updates, and return those that are new: whoever calls has them worked on.

        While the disk is full they are worked on without being stored: a kill would lose them.
        """
        by_number = {int(each["update_id"]): each for each in bodies}
        texts = {number: _text(each) for number, each in by_number.items()}
        at = self._clock()
        heard, lost = _reachable(bodies)
        try:
            async with self._database.writing(shared=True) as session:
                fresh = await updates.store(session, texts, at)
                await chats.regain(session, heard)
                for chat_id in lost:
                    await deliveries.lose_chat(session, chat_id, at=at)
        except StoreFull as fault:
            self.faults.note(fault)
            async with self._database.reading() as session:
                known = await updates.known(session, by_number)
            fresh = frozenset(by_number.keys() - known - set(self._unstored))
            self._unstored.extend(fresh)
        else:
            fresh -= set(self._unstored)
        self._count(len(fresh))
        return [by_number[number] for number in sorted(fresh)]

    async def unfinished(self) -> Unfinished:
        """Return what the process before was not done with.

        An answer that was recorded and sent to nobody is taken back: its question is asked again.
        What ended several processes, or cannot be read, is set aside.
        """
        async with self._database.writing() as session:
            left = await updates.unfinished(session)
            if not left:
                return Unfinished()
            hopeless = [each.id for each in left if each.attempts >= ATTEMPTS]
            answered = [each for each in left if each.exchange_id is not None]
            delivered = {
                each.id
                for each in answered
                if each.exchange_id is not None
                and not await updates.take_back(session, each.exchange_id)
            }
            ended = {*hopeless, *delivered}
            acted = [
                each for each in left if each.state is UpdateState.ACTED and each.id not in ended
            ]
            ended.update(each.id for each in acted)
            again = [each for each in left if each.id not in ended]
            await updates.set_aside(session, hopeless)
            await updates.finish(session, delivered.difference(hopeless))
            await updates.begin_again(session, [each.id for each in again])
        if hopeless:
            logger.error("%d updates were set aside: each ended the bot", len(hopeless))
        self._count(len(again) + len(acted))
        return Unfinished(waiting=tuple(map(_body, again)), acted=tuple(map(_body, acted)))

    @asynccontextmanager
    async def working(self, update_id: int) -> AsyncIterator[None]:
        """Work on an update; when the block ends it is done, unless the process is stopped."""
        with updates.working_on(update_id) as work:
            try:
                yield
            except Exception:
                await self.set_aside(update_id)
                raise
        if work.has_failed:
            await self.set_aside(update_id)
        elif work.is_settled:
            self._count(-1)
        else:
            await self.drop(update_id)

    def failed(self) -> None:
        """Note that the update at work made its handler fail: it is kept, to be looked into."""
        if (work := updates.work()) is not None:
            work.has_failed = True

    async def drop(self, update_id: int) -> None:
        """Be done with an update that nobody works on."""
        await self._finish(update_id)
        self._count(-1)

    async def set_aside(self, update_id: int) -> None:
        """Keep an update that nobody can work on, and go on with the next."""
        try:
            async with self._database.writing() as session:
                await updates.set_aside(session, [update_id])
        except StoreFull as fault:
            self.faults.note(fault)
        logger.error("update %d was set aside", update_id)
        self._count(-1)

    async def forget(self) -> None:
        """Forget the numbers of updates that are long done, and what was set aside long ago."""
        at = self._clock()
        async with self._database.writing() as session:
            await updates.forget(session, done=at - KEPT, set_aside=at - self._keep)

    async def _finish(self, update_id: int) -> None:
        """Note that an update is done, together with all that wait for the writer meanwhile."""
        self._done.add(update_id)
        async with self._finishing:
            if update_id not in self._done:
                return  # the one before took it along
            done, self._done = self._done, set()
            try:
                async with self._database.writing(shared=True) as session:
                    await updates.finish(session, done)
            except StoreFull as fault:
                self.faults.note(fault)
                self._done |= done  # the next that finds room takes them along

    def _count(self, more: int) -> None:
        self._at_hand += more
        if self._at_hand < AT_HAND:
            self._room.set()
        else:
            self._room.clear()


def _reachable(bodies: Sequence[Body]) -> tuple[set[int], set[int]]:
    """Return the chats that updates show to be readable again, and those that are so no more.

    Whoever writes or presses a button can be written to, until they block the bot or remove it.
    """
    heard: set[int] = set()
    lost: set[int] = set()
    for body in bodies:
        query = body.get("callback_query")
        membership = body.get("my_chat_member")
        carrier = body.get("message") or membership
        if carrier is None and isinstance(query, dict):
            carrier = query.get("message")
        chat = carrier.get("chat") if isinstance(carrier, dict) else None
        number = chat.get("id") if isinstance(chat, dict) else None
        if not isinstance(number, int):
            continue
        became = membership.get("new_chat_member") if isinstance(membership, dict) else None
        is_out = isinstance(became, dict) and became.get("status") in _OUT
        (lost if is_out else heard).add(number)
        (heard if is_out else lost).discard(number)
    return heard, lost


def _text(body: Body) -> str:
    return json.dumps(body, separators=(",", ":"))


def _body(stored: StoredUpdate) -> Body:
    body: Body = json.loads(stored.body)
    return body
