"""How the desk's messages get to where their commands and buttons came from."""

from telegram import Update

from bot.views import screens
from bot.views.message import Message
from handlers import arguments
from handlers.context import Context
from handlers.replacement import in_place


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
    await in_place(shown, query, context)
    await context.services.messenger.acknowledge(query.id)


async def has_place(update: Update, context: Context) -> bool:
    """Tell whether a button hangs on a message of a chat; one that does not is ended here."""
    query = update.callback_query
    if query is None:
        return False
    if query.message is None:
        await context.services.messenger.acknowledge(query.id, screens.OLD_BUTTON)
        return False
    return True
