"""Everything that Telegram calls. `register` is the routing table."""

from telegram import Update
from telegram.ext import CallbackQueryHandler, ChatMemberHandler, CommandHandler, MessageHandler

from bot.services.rate_limits import RateLimits
from handlers import (
    editor,
    errors,
    filters,
    jobs,
    reader,
    subscriber,
    typed_buttons,
    waiting_readers,
)
from handlers.context import Context, Desk, Services
from handlers.entrance import Entrance


async def private_words(update: Update, context: Context) -> None:
    """Do what was typed out of the buttons above, or answer whatever else was written."""
    reader.note_album(update, context)
    if not await typed_buttons.take(update, context):
        await reader.private_words(update, context)


def entrance_of(application: Desk, services: Services, limits: RateLimits) -> Entrance:
    """Return what keeps out more than one may ask, for the routes of `register`."""
    commands = {
        command
        for routes in application.handlers.values()
        for route in routes
        if isinstance(route, CommandHandler)
        for command in route.commands
    }
    return Entrance(services, limits, commands=commands)


def register(application: Desk) -> None:
    """Route updates to their handlers; the first that fits takes the update.

    Commands come before words, because a command is words too; what has words before what has
    none; the group rule last among words, since it looks into entities and replies.
    """
    fresh = filters.FRESH
    # Before everything: what the desk waits for is no question. It lets all else pass.
    application.add_handlers([editor.WORDS, editor.COMMANDS], group=-1)
    application.add_handlers(
        [
            CommandHandler("start", reader.start, filters=fresh),
            CommandHandler("help", reader.help_, filters=fresh),
            CommandHandler("now", reader.now, filters=fresh),
            CommandHandler("ask", reader.ask, filters=fresh),
            *subscriber.ROUTES,
            *editor.ROUTES,
            *waiting_readers.ROUTES,
            # After the buttons above, whose data names its own part.
            CallbackQueryHandler(reader.pressed),
            # After the known commands: in groups an unknown one is meant for somebody else.
            MessageHandler(filters.PRIVATE_COMMAND, reader.unknown_command),
            MessageHandler(filters.MIGRATED, reader.migrated),
            MessageHandler(filters.PRIVATE_WORDS, private_words),
            MessageHandler(filters.GROUP_WORDS, reader.group_words),
            MessageHandler(filters.PRIVATE_WORDLESS, reader.wordless),
            ChatMemberHandler(reader.membership, ChatMemberHandler.MY_CHAT_MEMBER),
        ]
    )
    application.add_error_handler(errors.handle)
    jobs.schedule(application)
