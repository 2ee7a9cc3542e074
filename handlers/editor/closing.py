"""The end of the story, and a new beginning."""

from typing import Final

from telegram import Update
from telegram.ext import CommandHandler

from bot.messaging import screens
from bot.messaging.desk import closing
from bot.messaging.presses import parse
from handlers import arguments, filters
from handlers.context import Context
from handlers.editor import showing
from handlers.routing import PressHandler


async def close(update: Update, context: Context) -> None:
    """Ask whether the story shall end."""
    message = update.effective_message
    assert message is not None  # noqa: S101 - the route takes messages only
    why = arguments.after_command(message)
    asked = await context.services.closing.ask(arguments.actor(update), why)
    await showing.reply(closing.asked(asked), update, context)


async def reopen(update: Update, context: Context) -> None:
    """Let the story go on."""
    await context.services.closing.reopen(arguments.actor(update))
    await showing.reply(closing.REOPENED, update, context)


async def pressed(update: Update, context: Context) -> None:
    """Close the story, or leave it open."""
    if not await showing.has_place(update, context):
        return
    query, service = update.callback_query, context.services.closing
    assert query is not None  # noqa: S101 - looked at by `has_place`
    actor = arguments.actor(update)
    match parse(query.data or ""):
        case closing.Close(asked=asked):
            closed = await service.close(actor, asked)
            await showing.turn_into(closing.closed(closed), update, context)
        case closing.Keep():
            await service.keep(actor)
            await showing.turn_into(closing.KEPT, update, context)
        case _:
            await context.services.messenger.acknowledge(query.id, screens.OLD_BUTTON)


ROUTES: Final = (
    CommandHandler("close", close, filters=filters.DESK),
    CommandHandler("reopen", reopen, filters=filters.DESK),
    PressHandler(pressed, closing.Close, closing.Keep),
)
