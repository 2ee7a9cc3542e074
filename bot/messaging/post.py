"""The post: carries parcels of the outbox to their chats, behind readers' answers."""

from typing import Final

from bot.messaging import alerts
from bot.messaging.gate import Lane
from bot.messaging.message import Message
from bot.messaging.messenger import Delivery, Messenger, Sent
from bot.services.parcels import Change, Parcel, Posted
from db.records.alerts import DeliveryState

_STATES: Final = {
    Delivery.DELIVERED: DeliveryState.SENT,
    Delivery.UNCHANGED: DeliveryState.SENT,
    Delivery.GONE: DeliveryState.GONE,
    Delivery.REFUSED: DeliveryState.REFUSED,
    Delivery.FAILED: DeliveryState.WAITING,
    Delivery.LATER: DeliveryState.WAITING,
}


class AlertPost:
    """Sends alerts, and edits what they correct."""

    def __init__(self, messenger: Messenger, *, resends: bool = True) -> None:
        """Prepare; with `resends`, what may or may not have been sent is sent again."""
        self._messenger = messenger
        self._resends = resends

    async def carry(self, parcel: Parcel) -> Posted:
        """Send one parcel and return what became of it; never raises."""
        name = self._messenger.username
        message = alerts.alert(parcel, bot=name)
        if isinstance(parcel.tells, Change):
            await self._edit(parcel, alerts.corrected(parcel.tells, parcel.at, bot=name))
        if parcel.delivery.amends is not None:
            edited = await self._messenger.edit(
                message,
                chat_id=parcel.delivery.chat_id,
                message_id=parcel.delivery.amends,
                lane=Lane.ALERT,
            )
            if edited.delivery is not Delivery.REFUSED:
                return self._posted(edited, instead=parcel.delivery.amends)
        sent = await self._messenger.send(
            message,
            chat_id=parcel.delivery.chat_id,
            thread_id=parcel.delivery.thread_id,
            reply_to=parcel.delivery.reply_to,
            lane=Lane.ALERT,
            silent=parcel.silent,
        )
        return self._posted(sent)

    async def _edit(self, parcel: Parcel, becomes: Message) -> None:
        for number in parcel.edits:
            await self._messenger.edit(
                becomes, chat_id=parcel.delivery.chat_id, message_id=number, lane=Lane.ALERT
            )

    def _posted(self, sent: Sent, *, instead: int | None = None) -> Posted:
        unsure = DeliveryState.WAITING if self._resends else DeliveryState.SENT
        state = unsure if sent.delivery is Delivery.UNSURE else _STATES[sent.delivery]
        return Posted(state=state, message_id=sent.message_id or instead, after=sent.wait)
