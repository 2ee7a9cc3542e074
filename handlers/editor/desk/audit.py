"""What was done at the desk, and what became of a fact."""

import re
from typing import Final

from telegram import Message, Update
from telegram.ext import CommandHandler

from bot.views import screens
from bot.views.desk import audit as desk_audit
from bot.views.presses import parse
from handlers import arguments, filters
from handlers.context import Context
from handlers.editor import replies
from handlers.routing import PressHandler

_NUMBER: Final = re.compile(r"#?(\d{1,18})", re.ASCII)


async def audit(update: Update, context: Context) -> None:
    """Show the newest entries of the audit."""
    shown = await context.services.desk.audit.newest(arguments.actor(update))
    await replies.reply(desk_audit.trail(shown), update, context)


async def history(update: Update, context: Context) -> None:
    """Show what happened to the fact that is named, or whose card this replies to."""
    message = _message(update)
    found = _NUMBER.fullmatch(arguments.after_command(message).strip())
    replied = message.reply_to_message
    shown = await context.services.desk.audit.history(
        arguments.actor(update),
        None if found is None else int(found[1]),
        replied=None if replied is None else replied.message_id,
    )
    await replies.reply(desk_audit.history(shown), update, context)


async def pressed(update: Update, context: Context) -> None:
    """Turn a page of the records."""
    if not await replies.has_place(update, context):
        return
    query, auditing = update.callback_query, context.services.desk.audit
    assert query is not None  # noqa: S101 - looked at by `has_place`
    actor = arguments.actor(update)
    match parse(query.data or ""):
        case desk_audit.Older(before=before):
            older = await auditing.newest(actor, before=before or None)
            await replies.turn_into(desk_audit.trail(older), update, context)
        case desk_audit.HistoryFrom(fact_id=fact_id, skip=skip):
            happened = await auditing.history(actor, fact_id, skip=skip)
            await replies.turn_into(desk_audit.history(happened), update, context)
        case _:
            await context.services.messenger.acknowledge(query.id, screens.OLD_BUTTON)


def _message(update: Update) -> Message:
    assert update.effective_message is not None  # noqa: S101 - the routes take messages only
    return update.effective_message


ROUTES: Final = (
    CommandHandler("audit", audit, filters=filters.DESK),
    CommandHandler("history", history, filters=filters.DESK),
    PressHandler(pressed, desk_audit.Older, desk_audit.HistoryFrom),
)
