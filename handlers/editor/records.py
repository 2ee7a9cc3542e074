"""What was done at the desk, and what became of a fact."""

import re
from typing import Final

from telegram import Message, Update
from telegram.ext import CommandHandler

from bot.messaging import screens
from bot.messaging.desk import records
from bot.messaging.presses import parse
from handlers import arguments, filters
from handlers.context import Context
from handlers.editor import showing
from handlers.routing import PressHandler

_NUMBER: Final = re.compile(r"#?(\d{1,18})", re.ASCII)


async def audit(update: Update, context: Context) -> None:
    """Show the newest entries of the audit."""
    shown = await context.services.auditing.newest(arguments.actor(update))
    await showing.reply(records.trail(shown), update, context)


async def history(update: Update, context: Context) -> None:
    """Show what happened to the fact that is named, or whose card this replies to."""
    message = _message(update)
    found = _NUMBER.fullmatch(arguments.after_command(message).strip())
    replied = message.reply_to_message
    shown = await context.services.auditing.history(
        arguments.actor(update),
        None if found is None else int(found[1]),
        replied=None if replied is None else replied.message_id,
    )
    await showing.reply(records.history(shown), update, context)


async def pressed(update: Update, context: Context) -> None:
    """Turn a page of the records."""
    if not await showing.has_place(update, context):
        return
    query, auditing = update.callback_query, context.services.auditing
    assert query is not None  # noqa: S101 - looked at by `has_place`
    actor = arguments.actor(update)
    match parse(query.data or ""):
        case records.Older(before=before):
            older = await auditing.newest(actor, before=before or None)
            await showing.turn_into(records.trail(older), update, context)
        case records.HistoryFrom(fact_id=fact_id, skip=skip):
            happened = await auditing.history(actor, fact_id, skip=skip)
            await showing.turn_into(records.history(happened), update, context)
        case _:
            await context.services.messenger.acknowledge(query.id, screens.OLD_BUTTON)


def _message(update: Update) -> Message:
    assert update.effective_message is not None  # noqa: S101 - the routes take messages only
    return update.effective_message


ROUTES: Final = (
    CommandHandler("audit", audit, filters=filters.DESK),
    CommandHandler("history", history, filters=filters.DESK),
    PressHandler(pressed, records.Older, records.HistoryFrom),
)
