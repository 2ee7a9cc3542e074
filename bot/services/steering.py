"""Steers alerts: what editors see of them before and while they go, and how they stop them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock, now
from bot.services.broadcasting import hears, themes_of, turn_all
from bot.services.rights import Actor, acting
from db import alerts, changes, deliveries, facts, recipients
from db.engine import Database, Session
from db.records import ChangeKind
from db.records.alerts import Alert, AlertKind, AlertState, DeliveryState, Tally
from db.records.desk import Role

_ON_ITS_WAY: Final = (*alerts.UNSENT, AlertState.SENDING)
_ENDED: Final = (AlertState.DONE, AlertState.STOPPED, AlertState.SUPERSEDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Whom an alert will reach, in chats."""

    subscribers: int
    followers: int
    told: int  # were told the version that is corrected; they hear it first

    @property
    def anybody(self) -> bool:
        """Whether anybody hears it."""
        return self.subscribers + self.followers + self.told > 0


_NOBODY: Final = Reach(subscribers=0, followers=0, told=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """An alert, whom it will reach, and how far its sending has come."""

    alert: Alert
    reach: Reach
    tally: Tally  # the correction to those who were told the error is counted in
    left: timedelta  # of the hold

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.alert.state in _ENDED


class Steering:
    """Editors' hands on alerts. Each method is one unit of work."""

    def __init__(self, database: Database, *, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock

    async def announced(self, fact_id: int) -> Progress | None:
        """Return the news of a fact that has not gone out yet; None if there is none."""
        async with self._database.reading() as session:
            for alert in await alerts.unsent(session, fact_id):
                if alert.kind is AlertKind.NEWS:
                    return await _progress(session, alert, self._clock())
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
        return await self._steer(actor, alert_id, "alert.stop", _ON_ITS_WAY, AlertState.STOPPED)

    async def send_now(self, actor: Actor, alert_id: int) -> Progress | None:
        """Let a held alert go out at once; None if it is not held. Raises as `hold` does."""
        return await self._steer(actor, alert_id, "alert.send", (AlertState.HELD,), AlertState.DUE)

    async def carry_on(self, actor: Actor, alert_id: int) -> Progress | None:
        """Send a stopped alert to those who have not heard it; None if it was not stopped.

        Raises as `hold` does.
        """
        stopped = (AlertState.STOPPED,)
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
            await done.record(fact_id=alert.fact_id, after=f"alert {alert_id}: {becomes}")
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
            await alerts.move_beside(session, alert, was=alerts.UNSENT, becomes=becomes)
        case _ if alert.state is AlertState.STOPPED:
            await alerts.move_beside(session, alert, was=(alert.state,), becomes=becomes)
        case _:
            await alerts.send_beside(session, alert)


async def _progress(session: Session, alert: Alert, at: datetime) -> Progress:
    tally = await deliveries.tally(session, [each.id for each in await _pair(session, alert)])
    return Progress(
        alert=alert,
        reach=await _reach(session, alert),
        tally=tally,
        left=max(timedelta(0), alert.hold_until - at),
    )


async def _reach(session: Session, alert: Alert) -> Reach:
    if alert.is_import:
        return await _reach_of_import(session, alert)
    fact = None if alert.fact_id is None else await facts.by_id(session, alert.fact_id)
    if fact is None:
        return _NOBODY
    wishes = await recipients.audiences(session)
    told = 0
    if alert.change in (ChangeKind.CORRECTION, ChangeKind.WITHDRAWAL):
        told = await recipients.count_told(session, fact.id, alert.was_version)
    return Reach(
        subscribers=sum(wish.count for wish in wishes if hears(wish, fact)),
        followers=await recipients.count_followers(session, fact.id),
        told=told,
    )


async def _reach_of_import(session: Session, alert: Alert) -> Reach:
    """Return whom an import reaches; nobody once it has begun, since nobody asks any more."""
    if alert.state not in alerts.UNSENT:
        return _NOBODY
    themes = await themes_of(session, alert, None)
    wishes = await recipients.audiences(session)
    followers, told = await changes.count_listeners(session, alert)
    return Reach(
        subscribers=sum(
            wish.count for wish in wishes if any(hears(wish, theme) for theme in themes)
        ),
        followers=followers,
        told=told,
    )
