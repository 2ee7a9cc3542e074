"""Messages in place of those whose buttons were pressed."""

from telegram import CallbackQuery

from bot.telegram.outcomes import Delivery
from bot.views.message import Message
from handlers import arguments
from handlers.context import Context


async def in_place(shown: Message, query: CallbackQuery, context: Context) -> int | None:
    """Turn the pressed message into `shown`, or send it anew where that one cannot be edited.

    Returns the number of the message that shows it now; None where it did not arrive.
    """
    carrier, messenger = query.message, context.services.messenger
    assert carrier is not None  # noqa: S101 - looked at by whoever acts on a press
    place = arguments.place(carrier)
    edited = await messenger.edit(shown, chat_id=place.chat_id, message_id=carrier.message_id)
    if edited.delivery is not Delivery.REFUSED:
        return carrier.message_id
    sent = await messenger.send(shown, chat_id=place.chat_id, thread_id=place.thread_id)
    return sent.message_id
