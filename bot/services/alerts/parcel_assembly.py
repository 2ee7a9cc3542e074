"""Packs what was leased: all that is needed to tell one chat, in the transaction of the lease."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.services.alerts import content
from bot.services.alerts.parcels import Change, Mistaken, Parcel, Summary, Tidings
from bot.services.subscriptions.quiet_hours import quiet_until
from db import story
from db.alerts import deliveries, summaries
from db.alerts.channels import HOURS as CHANNEL_HOURS
from db.answers import tellings, told_chats
from db.engine import Session
from db.facts import facts
from db.records import ChatKind
from db.records.alerts import Alert, AlertKind, Delivery, DeliveryState, Settled


class ParcelAssembly:
    """Makes parcels. Remembers what alerts tell until the story moves on."""

    def __init__(self) -> None:
        self._told: dict[int, tuple[Alert, Tidings]] = {}
        self._story = story.UNNAMED  # of the revision at which that was read

    async def pack(
        self, session: Session, claimed: Sequence[Delivery], at: datetime
    ) -> list[Parcel]:
        """Return parcels of what was claimed, with what else waited for the morning there.

        What tells nothing any more is dropped, and what came into quiet hours put off.
        """
        if not claimed:
            return []
        waited = {each.chat_id for each in claimed if each.together}
        claimed = [*claimed, *await deliveries.claim_together(session, waited, at=at)]
        told = await self._tellings(session, {each.alert_id for each in claimed})
        leaving: list[Delivery] = []
        unsent: list[Settled] = []
        postponed: list[tuple[int, datetime]] = []
        for delivery in claimed:
            quiet = quiet_until(delivery.hours, at, zone=self._story.time_zone)
            if delivery.alert_id not in told:
                unsent.append(Settled(delivery_id=delivery.id, state=DeliveryState.DROPPED))
            elif quiet is not None and not _comes_at_night(delivery, told[delivery.alert_id][0]):
                postponed.append((delivery.id, quiet))
            else:
                leaving.append(delivery)
        await deliveries.settle(session, unsent, at=at)
        await deliveries.postpone(session, postponed)
        return [await self._parcel(session, group, at) for group in _by_message(leaving)]

    async def _parcel(self, session: Session, group: Sequence[Delivery], at: datetime) -> Parcel:
        first = group[0]
        alert, tells = self._told[first.alert_id]
        edits = await self._mistaken(session, alert, first)
        # Who was told the error by another fact hears of that one.
        echoed = edits[0].change if edits and all(each.change for each in edits) else None
        return Parcel(
            delivery=first,
            also=tuple(group[1:]),
            alert=alert,
            tells=(echoed or tells) if len(group) == 1 else self._sum(group),
            versions={each.id: self._version(each) for each in group},
            story=self._story,
            silent=self._is_night(first, at),
            edits=edits,
            at=at,
        )

    def _is_night(self, delivery: Delivery, at: datetime) -> bool:
        """Return whether it comes without a sound; a channel has no quiet hours of its own."""
        hours = CHANNEL_HOURS if delivery.kind is ChatKind.CHANNEL else delivery.hours
        return quiet_until(hours, at, zone=self._story.time_zone) is not None

    def _sum(self, group: Sequence[Delivery]) -> Summary:
        told = [self._told[each.alert_id] for each in group]
        return content.summed(
            [tells for _, tells in told], since=min(alert.made_at for alert, _ in told)
        )

    async def _mistaken(
        self, session: Session, alert: Alert, delivery: Delivery
    ) -> tuple[Mistaken, ...]:
        """Return the messages in a chat that told the error which `alert` corrects, each once."""
        if alert.kind is not AlertKind.CORRECTION:
            return ()
        follows = delivery.kind is ChatKind.PRIVATE and self._story.closed_at is None
        found: dict[int, Mistaken] = {}
        for wrong in await told_chats.wrong_of(session, alert):
            change = None
            if wrong.fact_id != alert.fact_id:
                change = await content.echoed(session, wrong)
            for message in await tellings.messages_in(
                session, delivery.chat_id, wrong.fact_id, wrong.versions
            ):
                beside = [await facts.by_id(session, number) for number in message.beside]
                mistaken = Mistaken(
                    message_id=message.message_id,
                    change=change,
                    beside=tuple(fact for fact in beside if fact is not None),
                    exchange_id=message.exchange_id,
                    follows=follows and not beside,
                    has_more=message.has_more,
                )
                found.setdefault(message.message_id, mistaken)
        return tuple(found.values())

    def _version(self, delivery: Delivery) -> int | None:
        _, tells = self._told[delivery.alert_id]
        return tells.fact.version if isinstance(tells, Change) else None

    async def _tellings(
        self, session: Session, numbers: set[int]
    ) -> dict[int, tuple[Alert, Tidings]]:
        """Return what alerts tell, read again only when the story has moved on."""
        if self._story.revision != await story.revision(session):
            self._story, self._told = await story.get(session) or story.UNNAMED, {}
        if missing := numbers - self._told.keys():
            read = await content.read(session, missing)
            for number, (_, tells) in read.items():
                if isinstance(tells, Summary):
                    told = [(change.fact.id, change.fact.version) for change in tells.changes]
                    await summaries.told(session, number, told)
            self._told |= read
        return self._told


def _comes_at_night(delivery: Delivery, alert: Alert) -> bool:
    """Return whether it comes in quiet hours too: without a sound, or by an edit, that has none."""
    return alert.urgent or delivery.amends is not None


def _by_message(leaving: Iterable[Delivery]) -> list[list[Delivery]]:
    """Return deliveries by the message that they go into: those that waited in a chat, as one."""
    groups: dict[tuple[int, int], list[Delivery]] = {}
    for each in leaving:
        key = (each.chat_id, 0) if each.together else (each.chat_id, each.id)
        groups.setdefault(key, []).append(each)
    return list(groups.values())
