"""The channel in which alerts are posted."""

import re
from typing import Final

from telegram import Update
from telegram.ext import CommandHandler

from bot.services.alerts.channel import ChannelState
from bot.telegram import channel_lookup
from bot.views.alerts import channel as views
from db.records.alerts import Level
from handlers import arguments, filters
from handlers.context import Context
from handlers.editor import replies

_ORDER: Final = re.compile(
    r"(?:@|(?:https?://)?t\.me/)([a-z]\w{3,31})(?:\s+(big|every))?", re.ASCII | re.IGNORECASE
)


async def channel(update: Update, context: Context) -> None:
    """Show the channel, choose it, or end it."""
    message = update.effective_message
    assert message is not None  # noqa: S101 - the route takes messages only
    actor, relaying = arguments.actor(update), context.services.alerts.channel
    words = arguments.after_command(message).strip()
    shown = await relaying.shown(actor)  # nothing is looked up for those who may not
    order = _ORDER.fullmatch(words)
    if not words:
        await replies.reply(views.relayed(shown), update, context)
    elif words.lower() == "off":
        await replies.reply(views.ended(await relaying.end(actor)), update, context)
    elif order is None:
        await replies.reply(views.NOT_UNDERSTOOD, update, context)
    else:
        found = await channel_lookup.look_up(context.bot, f"@{order[1]}")
        if found.state is not ChannelState.READY:
            await replies.reply(views.refused(found.state, found.name), update, context)
            return
        level = Level.BIG if (order[2] or "").lower() == "big" else Level.EVERY
        relay = await relaying.begin(actor, found.chat_id, name=found.name, level=level)
        await replies.reply(views.relayed(relay), update, context)


ROUTES: Final = (CommandHandler("channel", channel, filters=filters.DESK),)
