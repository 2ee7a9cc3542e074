"""How the desk's messages get to where their commands and buttons came from."""

from telegram import Update

from bot.messaging import screens
from bot.messaging.message import Message
from bot.messaging.messenger import Delivery
from handlers import arguments
from handlers.context import Context


async def reply(shown: Message, update: Update, context: Context) -> int | None:
    """Send `shown` to where the update came from; return its number, None if it did not arrive."""
    message = update.effective_message
    assert message is not None  # noqa: S101 - the routes take messages and their buttons only
    sent = await context.services.messenger.send(
        shown,
        chat_id=message.chat.id,
        thread_id=arguments.actor(update).place.thread_id,
        reply_to=None if update.callback_query else arguments.reply_to(message),
    )
    return sent.message_id


async def turn_into(shown: Message, update: Update, context: Context) -> None:
    """Edit a button's message and end its waiting; send anew where that cannot be edited."""
    query = update.callback_query
    assert query is not None  # noqa: S101 - the routes take buttons only
    assert query.message is not None  # noqa: S101 - looked at by `has_place`
    messenger = context.services.messenger
    edited = await messenger.edit(
        shown, chat_id=query.message.chat.id, message_id=query.message.message_id
    )
    if edited.delivery is Delivery.REFUSED:
        await reply(shown, update, context)
    await messenger.acknowledge(query.id)


async def has_place(update: Update, context: Context) -> bool:
    """Tell whether a button hangs on a message of a chat; one that does not is ended here."""
    query = update.callback_query
    if query is None:
        return False
    if query.message is None:
        await context.services.messenger.acknowledge(query.id, screens.OLD_BUTTON)
        return False
    return True
