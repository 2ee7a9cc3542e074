"""Steers alerts: what editors see of them before and while they go, and how they stop them."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock, now
from bot.services.alerts.audience import Reach, reach
from bot.services.alerts.broadcasts import turn_all
from bot.services.questions import personal_data
from bot.services.rights import Actor, acting
from db import story
from db.alerts import alerts, import_alerts, tallies
from db.answers import tellings
from db.engine import Database, Session
from db.records import UNNAMED, Story
from db.records.alerts import Alert, AlertKind, AlertState, DeliveryState, Tally
from db.records.desk import Role

WAITS: Final = timedelta(minutes=1)
"""After how long a chat that is told later counts as one that waits."""

ASKED: Final = 2
"""Questions that the preview of an alert names."""

_ENDED: Final = (AlertState.DONE, AlertState.STOPPED, AlertState.SUPERSEDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question whose answer a change changes."""

    question: str  # without personal data
    chats: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """An alert, whom it will reach, and how far its sending has come."""

    alert: Alert
    reach: Reach | None  # while it is held
    tally: Tally  # the correction to those who were told the error is counted in
    told: Tally  # of that correction alone
    left: timedelta  # of the hold
    asked: tuple[Asked, ...]  # while it is held: what got what it replaces, the most asked first
    waiting: int = 0  # chats that are told later: at their morning, or when tried again
    waits_until: datetime | None = None  # when the first of them is
    story: Story = UNNAMED
    at: datetime

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.alert.state in _ENDED


class AlertControls:
    """Editors' hands on alerts. Each method is one unit of work."""

    def __init__(self, database: Database, *, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock
        self._seen: dict[int, Progress] = {}  # as the desk was shown it last, by alert

    async def announced(self, fact_id: int) -> Progress | None:
        """Return the news of a fact that has not gone out yet; None if there is none.

        Or the correction to those who were told the error, where that is all.
        """
        async with self._database.reading() as session:
            for kind in (AlertKind.NEWS, AlertKind.CORRECTION):
                unsent = await alerts.of_fact(session, fact_id, kind, alerts.UNSENT)
                if unsent:
                    return await _progress(session, unsent[-1], self._clock())
        return None

    async def of_import(self, alert_id: int) -> Progress | None:
        """Return the news of an import; None if there is none with this number."""
        async with self._database.reading() as session:
            alert = await alerts.by_id(session, alert_id)
            return None if alert is None else await _progress(session, alert, self._clock())

    async def watch(self, alert_id: int, *, chat_id: int, message_id: int) -> None:
        """Keep a message of the desk up to date with how far an alert has come."""
        async with self._database.writing() as session:
            await alerts.watch(session, alert_id, chat_id, message_id)

    async def watched(self) -> list[Progress]:
        """Return the alerts whose end the desk has not seen."""
        at = self._clock()
        async with self._database.reading() as session:
            return [await _progress(session, each, at) for each in await alerts.watched(session)]

    def is_news(self, progress: Progress) -> bool:
        """Return whether the desk's message about an alert would read otherwise than it does."""
        before = self._seen.get(progress.alert.id)
        return before is None or before != replace(progress, at=before.at, left=before.left)

    def seen(self, progress: Progress) -> None:
        """Note what the desk's message about an alert says."""
        self._seen[progress.alert.id] = progress
        if progress.ended:
            del self._seen[progress.alert.id]

    async def seen_to_end(self, numbers: Collection[int]) -> None:
        """Note that the desk was shown how these alerts ended."""
        if numbers:
            async with self._database.writing() as session:
                await alerts.seen_to_end(session, numbers)

    async def hold(self, actor: Actor, alert_id: int) -> Progress | None:
        """Hold back an alert, or stop it for those who have not heard it; None if all have.

        Raises:
            NotAllowed: to whoever is no editor.
        """
        return await self._steer(
            actor, alert_id, "alert.stop", alerts.ON_THEIR_WAY, AlertState.STOPPED
        )

    async def send_now(self, actor: Actor, alert_id: int) -> Progress | None:
        """Let a held alert go out at once; None if it is not held. Raises as `hold` does."""
        return await self._steer(actor, alert_id, "alert.send", (AlertState.HELD,), AlertState.DUE)

    async def carry_on(self, actor: Actor, alert_id: int) -> Progress | None:
        """Send a stopped alert to those who have not heard it; None if it was not stopped.

        Raises as `hold` does.
        """
        stopped = (AlertState.STOPPED, AlertState.REVIEW)
        # Due, not sending: where it was stopped half-way, the others are still to be found.
        done = await self._steer(actor, alert_id, "alert.carry_on", stopped, AlertState.DUE)
        if done is not None:
            for number in await self._twins(done.alert):
                await turn_all(self._database, number, DeliveryState.DROPPED, DeliveryState.WAITING)
        return done

    async def _steer(
        self,
        actor: Actor,
        alert_id: int,
        action: str,
        was: Collection[AlertState],
        becomes: AlertState,
    ) -> Progress | None:
        at = self._clock()
        async with acting(self._database, actor, Role.EDITOR, action, at=at) as done:
            session = done.session
            alert = await alerts.by_id(session, alert_id)
            if alert is None:
                return None
            moved = False
            for twin in await _pair(session, alert):
                moved |= await alerts.move(
                    session, twin.id, was=was, becomes=becomes, hold_until=at
                )
            if not moved:
                return None
            await _move_beside(session, alert, becomes)
            await done.record(fact_id=alert.fact_id)
            current = await alerts.by_id(session, alert_id)
            return None if current is None else await _progress(session, current, at)

    async def _twins(self, alert: Alert) -> list[int]:
        async with self._database.reading() as session:
            return [each.id for each in await _pair(session, alert)]


async def _pair(session: Session, alert: Alert) -> list[Alert]:
    """Return an alert with the correction that was announced together with it."""
    return [alert, *await alerts.corrections_of(session, alert)]


async def _move_beside(session: Session, alert: Alert, becomes: AlertState) -> None:
    """Let what an import tells of single facts follow its own alert, where it has not begun.

    Sent now are those that are held no longer than it; the later waves keep their moments.
    """
    if not alert.is_import:
        return
    match becomes:
        case AlertState.STOPPED:
            await import_alerts.move_beside(session, alert, was=alerts.UNSENT, becomes=becomes)
        case _ if alert.state in (AlertState.STOPPED, AlertState.REVIEW):
            await import_alerts.move_beside(session, alert, was=(alert.state,), becomes=becomes)
        case _:
            await import_alerts.send_beside(session, alert)


async def _progress(session: Session, alert: Alert, at: datetime) -> Progress:
    pair = await _pair(session, alert)
    corrections = [each.id for each in pair if each.kind is AlertKind.CORRECTION]
    held = alert.state is AlertState.HELD  # counting whom it will reach takes a look at everybody
    numbers = [each.id for each in pair]
    waiting, until = await tallies.waits(session, numbers, after=at + WAITS)
    return Progress(
        alert=alert,
        reach=await reach(session, pair) if held else None,
        tally=await tallies.tally(session, numbers),
        told=await tallies.tally(session, corrections),
        left=max(timedelta(0), alert.hold_until - at),
        asked=await _asked(session, alert) if held else (),
        waiting=waiting,
        waits_until=until,
        story=await story.get(session) or UNNAMED,
        at=at,
    )


async def _asked(session: Session, alert: Alert) -> tuple[Asked, ...]:
    if alert.fact_id is None or alert.was_version is None:
        return ()
    found = await tellings.questions(session, alert.fact_id, alert.was_version, limit=2 * ASKED)
    cleaned = [Asked(question=personal_data.cleaned(words), chats=chats) for words, chats in found]
    return tuple(each for each in cleaned if not personal_data.is_empty(each.question))[:ASKED]
