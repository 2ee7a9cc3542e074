"""The desk decides on what a restored backup was about to send."""

import logging
from typing import Any, Final

from telegram import Update
from telegram.ext import BaseHandler

from bot.telegram.outcomes import Delivery
from bot.views.alerts import pending_sends as views
from bot.views.presses import parse
from handlers import arguments
from handlers.context import Context
from handlers.routing import PressHandler

logger = logging.getLogger(__name__)


async def ask(context: Context) -> None:
    """Ask the desk, in its group or else each editor, where a decision is due."""
    services = context.services
    review = await services.alerts.review.open()
    if review is None:
        return
    reached = 0
    for chat_id in (review.group,) if review.group is not None else review.members:
        sent = await services.messenger.send(views.review(review), chat_id=chat_id)
        reached += sent.delivery is Delivery.DELIVERED
    logger.warning("sends of a restored backup wait for the desk, asked in %d chats", reached)


async def pressed(update: Update, context: Context) -> None:
    """Do what a button under that question says."""
    query = update.callback_query
    if query is None or query.message is None:
        return
    services, actor, shown = context.services, arguments.actor(update), None
    match parse(query.data or ""):
        case views.ReleaseSends():
            if (pending := await services.alerts.review.release(actor)) is not None:
                shown = views.released(pending)
        case views.DropSends():
            if (pending := await services.alerts.review.drop(actor)) is not None:
                shown = views.dropped(pending)
    await services.messenger.acknowledge(query.id, None if shown else views.TOO_LATE)
    if shown is not None:
        await services.messenger.edit(
            shown, chat_id=actor.place.chat_id, message_id=query.message.message_id
        )


ROUTES: Final[tuple[BaseHandler[Any, Context, Any], ...]] = (
    PressHandler(pressed, views.DropSends, views.ReleaseSends),
)
