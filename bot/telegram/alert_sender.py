"""The post: carries parcels of the outbox to their chats, behind readers' answers."""

from dataclasses import replace
from typing import Final

from bot.services.alerts.parcels import Change, Parcel, Posted
from bot.telegram.gate import Lane
from bot.telegram.messenger import Messenger
from bot.telegram.outcomes import Delivery, Sent
from bot.views.alerts import messages
from bot.views.message import Message
from db.records.alerts import DeliveryState

_STATES: Final = {
    Delivery.DELIVERED: DeliveryState.SENT,
    Delivery.UNCHANGED: DeliveryState.SENT,
    Delivery.GONE: DeliveryState.GONE,
    Delivery.REFUSED: DeliveryState.REFUSED,
    Delivery.FAILED: DeliveryState.WAITING,
    Delivery.LATER: DeliveryState.WAITING,
}


_EDITED: Final = (Delivery.DELIVERED, Delivery.UNCHANGED)


class AlertPost:
    """Sends alerts, and edits what they correct."""

    def __init__(self, messenger: Messenger, *, resends: bool = True, paid: bool = False) -> None:
        """Prepare; with `resends`, what may or may not have been sent is sent again.

        With `paid`, alerts go past the free limits.
        """
        self._messenger = messenger
        self._resends = resends
        self._paid = paid

    @property
    def closed(self) -> bool:
        """Whether nothing may leave just now, to whomever."""
        return self._messenger.closed

    async def carry(self, parcel: Parcel) -> Posted:
        """Send one parcel and return what became of it; never raises."""
        posted = await self._tell(parcel)
        if posted.message_id is None or not isinstance(parcel.tells, Change):
            return posted
        return await self._mend(parcel, parcel.tells, posted)

    async def _tell(self, parcel: Parcel) -> Posted:
        delivery, name = parcel.delivery, self._messenger.username
        if delivery.arrived is not None:
            return Posted(state=DeliveryState.SENT, message_id=delivery.arrived)
        message = messages.alert(parcel, bot=name)
        if delivery.amends is not None:
            edited = await self._edit(message, delivery.chat_id, delivery.amends)
            if edited.delivery is not Delivery.REFUSED:
                return self._posted(edited, instead=delivery.amends)
        sent = await self._messenger.send(
            message,
            chat_id=delivery.chat_id,
            thread_id=delivery.thread_id,
            reply_to=delivery.reply_to,
            lane=Lane.ALERT,
            silent=parcel.silent,
            paid=self._paid,
        )
        return self._posted(sent)

    async def _mend(self, parcel: Parcel, change: Change, posted: Posted) -> Posted:
        """Edit the earlier messages that told the error; where one must wait, the rest wait too."""
        edited = parcel.delivery.edited
        for mistaken in parcel.edits[edited:]:
            becomes = messages.corrected(
                mistaken.change or change, mistaken, parcel.at, bot=self._messenger.username
            )
            sent = await self._edit(becomes, parcel.delivery.chat_id, mistaken.message_id)
            if _STATES.get(sent.delivery, DeliveryState.WAITING) is DeliveryState.WAITING:
                waiting = DeliveryState.WAITING
                return replace(posted, state=waiting, edited=edited, after=sent.wait)
            edited += sent.delivery in _EDITED
        return replace(posted, edited=edited)

    async def _edit(self, becomes: Message, chat_id: int, message_id: int) -> Sent:
        return await self._messenger.edit(
            becomes, chat_id=chat_id, message_id=message_id, lane=Lane.ALERT
        )

    def _posted(self, sent: Sent, *, instead: int | None = None) -> Posted:
        unsure = sent.delivery is Delivery.UNSURE
        if unsure:
            state = DeliveryState.WAITING if self._resends else DeliveryState.SENT
        else:
            state = _STATES[sent.delivery]
        arrived = sent.message_id or (instead if state is DeliveryState.SENT else None)
        return Posted(state=state, message_id=arrived, unsure=unsure, after=sent.wait)
