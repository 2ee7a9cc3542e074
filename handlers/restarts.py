"""What members of the desk hear whose reply was lost with the process that worked on it."""

from collections.abc import Sequence

from telegram import Bot, Update

from bot.services.updates import Body
from bot.views import screens
from handlers import arguments
from handlers.context import Services


async def tell(acted: Sequence[Body], bot: Bot, services: Services) -> None:
    """Tell those who sent these that what they did is kept, and be done with them."""
    for body in acted:
        update = Update.de_json(dict(body), bot)
        chat, message = update.effective_chat, update.message
        if chat is not None:
            await services.messenger.send(
                screens.interrupted(arguments.words(message) if message is not None else None),
                chat_id=chat.id,
                thread_id=arguments.place(message).thread_id if message is not None else None,
            )
        await services.updates.drop(update.update_id)
