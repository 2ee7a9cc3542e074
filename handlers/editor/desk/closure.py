"""The end of the story, and a new beginning."""

from typing import Final

from telegram import Update
from telegram.ext import CommandHandler

from bot.views import screens
from bot.views.desk import closure
from bot.views.presses import parse
from handlers import arguments, filters
from handlers.context import Context
from handlers.editor import replies
from handlers.routing import PressHandler


async def close(update: Update, context: Context) -> None:
    """Ask whether the story shall end."""
    message = update.effective_message
    assert message is not None  # noqa: S101 - the route takes messages only
    why = arguments.after_command(message)
    asked = await context.services.desk.closure.ask(arguments.actor(update), why)
    await replies.reply(closure.asked(asked), update, context)


async def reopen(update: Update, context: Context) -> None:
    """Let the story go on."""
    await context.services.desk.closure.reopen(arguments.actor(update))
    await replies.reply(closure.REOPENED, update, context)


async def pressed(update: Update, context: Context) -> None:
    """Close the story, or leave it open."""
    if not await replies.has_place(update, context):
        return
    query, service = update.callback_query, context.services.desk.closure
    assert query is not None  # noqa: S101 - looked at by `has_place`
    actor = arguments.actor(update)
    match parse(query.data or ""):
        case closure.Close(asked=asked):
            closed = await service.close(actor, asked)
            await replies.turn_into(closure.closed(closed), update, context)
        case closure.Keep():
            await service.keep(actor)
            await replies.turn_into(closure.KEPT, update, context)
        case _:
            await context.services.messenger.acknowledge(query.id, screens.OLD_BUTTON)


ROUTES: Final = (
    CommandHandler("close", close, filters=filters.DESK),
    CommandHandler("reopen", reopen, filters=filters.DESK),
    PressHandler(pressed, closure.Close, closure.Keep),
)
