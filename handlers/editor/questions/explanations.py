"""Why a question is answered as it is."""

from typing import Final

from telegram import Update
from telegram.ext import CommandHandler

from bot.views.answers import explanations
from handlers import arguments, filters
from handlers.context import Context


async def explain(update: Update, context: Context) -> None:
    """Tell why the last question here, or the one behind the command, is answered as it is."""
    message = update.effective_message
    assert message is not None  # noqa: S101 - the route takes messages only
    services = context.services
    actor = arguments.actor(update)
    reasons = await services.answers.explanations.why(
        arguments.after_command(message).strip(), actor
    )
    place = actor.place
    await services.messenger.send(
        explanations.message(reasons), chat_id=place.chat_id, thread_id=place.thread_id
    )


ROUTES: Final = (CommandHandler("why", explain, filters=filters.DESK),)
