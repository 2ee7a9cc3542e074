"""A newsroom without Telegram: a database, a clock that the test moves, and what sends alerts."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from datetime import time, timedelta
from typing import Any

from sqlalchemy import insert, select

from bot.services.alerts.announcements import HOLD, announce_change
from bot.services.alerts.broadcasts import Broadcasts
from bot.services.alerts.controls import AlertControls
from bot.services.alerts.deliveries import Deliveries
from bot.services.alerts.parcels import Change, Parcel, Posted
from bot.services.alerts.summaries import Summaries
from bot.services.rights import Actor
from db.answers import exchanges
from db.engine import Database
from db.facts import facts
from db.records import ChangeKind, ChatKind, Fact, FactDraft, Outcome, Status, Weight
from db.records.alerts import AlertKind, DeliveryState, Level
from db.subscriptions import chats, subscriptions
from db.tables.alerts import DeliveryRow, SubscriptionRow
from db.tables.story import ChatRow
from tests.factories import draft
from tests.samples import AT


class Postman:
    """Stands in for Telegram's side: keeps what was carried, and fails where it is told to."""

    def __init__(self) -> None:
        self.carried: list[Parcel] = []
        self.fails: dict[int, list[DeliveryState]] = {}
        self.edits = False
        self.arrives_but_edits_wait = 0
        self.closed = False
        self.down = False
        self.waits: list[timedelta] = []
        self.unsure: set[int] = set()
        self.tries = 0

    async def carry(self, parcel: Parcel) -> Posted:
        await asyncio.sleep(0)
        self.tries += 1
        failing = self.fails.get(parcel.delivery.chat_id)
        if failing:
            return Posted(state=failing.pop(0))
        if self.waits:
            return Posted(state=DeliveryState.WAITING, after=self.waits.pop())
        if self.down or parcel.delivery.chat_id in self.unsure:
            unsure = parcel.delivery.chat_id in self.unsure
            self.unsure.discard(parcel.delivery.chat_id)
            return Posted(state=DeliveryState.WAITING, unsure=unsure)
        self.carried.append(parcel)
        number = parcel.delivery.arrived or len(self.carried)
        if self.arrives_but_edits_wait:
            self.arrives_but_edits_wait -= 1
            return Posted(state=DeliveryState.WAITING, message_id=number)
        edited = len(parcel.edits) if self.edits else 0
        return Posted(state=DeliveryState.SENT, message_id=number, edited=edited)

    @property
    def chats(self) -> list[int]:
        return [parcel.delivery.chat_id for parcel in self.carried]


class Newsroom:
    """A database, a clock that the test moves, and what sends alerts."""

    def __init__(self, database: Database, *, window: int = 8) -> None:
        self.database = database
        self.at = AT
        self.post = Postman()
        self.broadcasting = Broadcasts(database, clock=lambda: self.at)
        self.steering = AlertControls(database, clock=lambda: self.at)
        self.delivering = Deliveries(database, self.post, window=window, clock=lambda: self.at)

    async def fact(self, **fields: Any) -> Fact:
        async with self.database.writing() as session:
            wished = draft(weight=Weight.BIG, **fields)
            return await facts.add(session, wished, editor=None, at=self.at)

    async def subscribe(self, *chat_ids: int, level: Level = Level.BIG, **changes: Any) -> None:
        wishes = {"quiet_from": None, "quiet_to": None, **changes}
        async with self.database.writing() as session:
            for chat_id in chat_ids:
                await chats.remember(
                    session, chat_id=chat_id, kind=ChatKind.PRIVATE, title=None, at=self.at
                )
                await subscriptions.begin(session, chat_id, thread_id=None, level=level, at=self.at)
                await subscriptions.change(session, chat_id, wishes)

    async def change(
        self, fact: Fact, text: str, kind: ChangeKind = ChangeKind.UPDATE, **fields: Any
    ) -> Fact:
        async with self.database.writing() as session:
            was = await facts.by_id(session, fact.id)
            assert was is not None
            wished = FactDraft(**{**_fields(was), "text": text, **fields})
            now = await facts.revise(
                session, fact.id, was.version, wished, kind=kind, reason=None, editor=7, at=self.at
            )
            assert now is not None
            await announce_change(session, now, was=was, kind=kind, editor=7, at=self.at)
        return now

    async def added(self, text: str, **fields: Any) -> Fact:
        """Publish a new fact, and announce it."""
        async with self.database.writing() as session:
            wished = draft(weight=Weight.BIG, text=text, **fields)
            fact = await facts.add(session, wished, editor=7, at=self.at)
            await announce_change(
                session, fact, was=None, kind=ChangeKind.NEW, editor=7, at=self.at
            )
        return fact

    async def withdraw(self, fact: Fact) -> Fact:
        return await self.change(fact, fact.text, ChangeKind.WITHDRAWAL, status=Status.WITHDRAWN)

    async def undo(self, fact: Fact, text: str) -> Fact:
        return await self.change(fact, text, ChangeKind.UNDO)

    async def told(self, chat_id: int, *told: Fact, message: int) -> None:
        async with self.database.writing() as session:
            kind = ChatKind.PRIVATE if chat_id > 0 else ChatKind.GROUP
            await chats.remember(session, chat_id=chat_id, kind=kind, title=None, at=self.at)
            number = await exchanges.record(
                session,
                chat_id=chat_id,
                thread_id=None,
                question="how long?",
                outcome=Outcome.ANSWER,
                told=[(fact.id, fact.version) for fact in told],
                question_message_id=message,
                asked_at=self.at,
            )
            await exchanges.delivered(session, number, message + 1)

    async def pass_time(self, span: timedelta = HOLD) -> None:
        self.at += span
        for _ in range(2):  # news leaves when the correction before it has
            await self.broadcasting.tick()
            await self.delivering.tick()
        await self.broadcasting.tick()

    async def pass_time_for_deliveries(self, span: timedelta) -> None:
        """Let time pass after which nothing new is due: only what waits is tried again."""
        self.at += span
        await self.delivering.tick()

    async def subscribe_to_summaries(self, *chat_ids: int) -> None:
        await self.subscribe(*chat_ids, level=Level.SUMMARY)

    async def summarise(self) -> None:
        await Summaries(self.database, clock=lambda: self.at).tick()
        await self.delivering.tick()
        await self.broadcasting.tick()

    async def stop_after(self, count: int, editor: Actor) -> None:
        """Send what is due, and stop its alerts after so many have left."""
        carry = self.post.carry

        async def stopping(parcel: Parcel) -> Posted:
            if len(self.post.carried) >= count:
                await self.steering.hold(editor, parcel.alert.id)  # once; then it is too late
            return await carry(parcel)

        self.post.carry = stopping  # type: ignore[method-assign]
        await self.delivering.tick()
        self.post.carry = carry  # type: ignore[method-assign]
        await self.broadcasting.tick()

    @property
    def heard(self) -> list[tuple[AlertKind, int]]:
        """What was carried: the kind of alert and the chat, in the order in which it left."""
        return [(each.alert.kind, each.delivery.chat_id) for each in self.post.carried]

    async def states(self) -> Counter[DeliveryState]:
        async with self.database.reading() as session:
            return Counter((await session.execute(select(DeliveryRow.state))).scalars())


def _fields(fact: Fact) -> dict[str, Any]:
    wished = FactDraft.of(fact)
    return {name: getattr(wished, name) for name in FactDraft.__dataclass_fields__}


def change_of(parcel: Parcel) -> Change:
    assert isinstance(parcel.tells, Change)
    return parcel.tells


async def subscribers(database: Database, numbers: Iterable[int]) -> None:
    """Subscribe private chats to big news in bulk."""
    numbers = list(numbers)
    seen = {"kind": ChatKind.PRIVATE, "first_seen": AT, "last_seen": AT}
    wish = {"level": Level.BIG, "summary_at": time(18), "topics": (), "since": AT}
    async with database.writing() as session:
        await session.execute(insert(ChatRow), [{"id": n, **seen} for n in numbers])
        await session.execute(insert(SubscriptionRow), [{"chat_id": n, **wish} for n in numbers])
