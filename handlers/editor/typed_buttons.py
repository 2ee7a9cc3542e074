"""Members of the desk who type a button out instead of pressing it, in their private chat."""

from telegram import CallbackQuery, Chat, Message, Update

from handlers import arguments
from handlers.context import Context


async def take(update: Update, context: Context) -> bool:
    """Do what the button does whose words were typed; tell whether one stands here."""
    message = update.effective_message
    if message is None or message.chat.type != Chat.PRIVATE or message.from_user is None:
        return False
    messenger = context.services.messenger
    standing = messenger.standing.find(message.chat.id, arguments.words(message))
    if standing is None:
        return False
    query = CallbackQuery(
        id=messenger.typed_query(message.chat.id),
        from_user=message.from_user,
        chat_instance="",
        message=Message(message_id=standing.message_id, date=message.date, chat=message.chat),
        data=standing.data,
    )
    pressed = Update(update.update_id, callback_query=query)
    for each in (query, query.message):
        if each is not None:
            each.set_bot(context.bot)
    await context.application.process_update(pressed)
    return True
