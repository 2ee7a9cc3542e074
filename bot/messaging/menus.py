"""What people see of the bot before they write: commands and descriptions."""

import logging
from collections.abc import Awaitable

from telegram import Bot, BotCommand

from bot.messaging import markup, screens
from db.records import Story

logger = logging.getLogger(__name__)


async def dress(bot: Bot, story: Story) -> None:
    """Register the command menu and the descriptions; what fails is logged and left."""
    about = screens.about(story)
    commands = [BotCommand(name, meaning) for name, meaning in screens.COMMANDS]
    long = markup.shorten(f"Ask me about {about}. Editors have checked every fact.", 500)
    short = markup.shorten(f"I answer questions about {about}.", 118)
    await _tried("the command menu", bot.set_my_commands(commands))
    await _tried("the description", bot.set_my_description(long))
    await _tried("the short description", bot.set_my_short_description(short))


async def _tried(what: str, call: Awaitable[object]) -> None:
    try:
        await call
    except Exception as error:  # noqa: BLE001 - decoration never stops the bot
        logger.warning("%s was not registered: %s", what, type(error).__name__)
