"""The desk's figures, in words and as a picture."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from telegram import Message, Update
from telegram.ext import CommandHandler

from bot.services.questions.statistics import Figures, Period
from bot.telegram.outcomes import Delivery
from bot.views.desk import statistics
from handlers import arguments, filters
from handlers.context import Context
from handlers.editor import replies

logger = logging.getLogger(__name__)


async def stats(update: Update, context: Context) -> None:
    """Send the figures below their picture; in words alone where there can be no picture."""
    message, services = _message(update), context.services
    period = period_of(arguments.after_command(message))
    counted = await services.questions.statistics.figures(arguments.actor(update), period)
    words = statistics.message(counted)
    picture = await drawn(counted) if counted.asked else None
    if picture is not None:
        sent = await services.messenger.send_picture(
            words,
            picture,
            chat_id=message.chat.id,
            thread_id=arguments.place(message).thread_id,
            reply_to=arguments.reply_to(message),
        )
        if sent.delivery is Delivery.DELIVERED:
            return
    await replies.reply(words, update, context)


def period_of(text: str) -> Period | None:
    """Return the period that stands behind /stats, today for nothing; None for anything else."""
    word = text.strip().lower() or Period.TODAY
    return Period(word) if word in tuple(Period) else None


def _draw(counted: Figures) -> bytes:
    from bot.views.desk import chart  # takes one or two seconds to import

    return chart.draw(counted)


async def drawn(counted: Figures, draw: Callable[[Figures], bytes] = _draw) -> bytes | None:
    """Return the picture, drawn in a thread; None, and why is logged, where that fails."""
    try:
        return await asyncio.to_thread(draw, counted)
    except Exception as error:  # noqa: BLE001 - the numbers are worth sending without a picture
        logger.warning("no picture was drawn: %s", type(error).__name__)
        return None


def _message(update: Update) -> Message:
    assert update.effective_message is not None  # noqa: S101 - the route takes messages only
    return update.effective_message


ROUTES: Final = (CommandHandler("stats", stats, filters=filters.DESK),)
