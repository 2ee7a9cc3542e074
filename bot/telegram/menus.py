"""What people see of the bot before they write: commands and descriptions."""

import logging
from collections.abc import Awaitable

from telegram import Bot, BotCommand, BotCommandScopeChat

from bot.services.desk.members import Staff
from bot.views import markup, screens
from bot.views.answers import messages
from bot.views.desk import COMMANDS
from db.records import Story
from db.records.desk import Role

logger = logging.getLogger(__name__)


async def dress(bot: Bot, story: Story, staff: Staff) -> None:
    """Register the command menus and the descriptions; what fails is logged and left."""
    await _tried("the command menu", bot.set_my_commands(menu(None)))
    await describe(bot, story)
    for member in staff.members:
        await dress_member(bot, member.id, member.role)
    if staff.desk_chat_id is not None:
        await dress_group(bot, staff.desk_chat_id, is_desk=True)


async def describe(bot: Bot, story: Story) -> None:
    """Register what people read before they write for the first time."""
    about = messages.about(story)
    long = markup.shorten(f"Ask me about {about}. Editors have checked every fact.", 500)
    short = markup.shorten(f"I answer questions about {about}.", 118)
    await _tried("the description", bot.set_my_description(long))
    await _tried("the short description", bot.set_my_short_description(short))


async def dress_member(bot: Bot, person: int, role: Role | None) -> None:
    """Register what a person's private chat offers; None for one who is off the desk.

    Telegram refuses it before that person has opened the bot.
    """
    await _scoped(bot, person, role)


async def dress_group(bot: Bot, chat_id: int, *, is_desk: bool) -> None:
    """Register what a group offers: what editors use if it `is_desk`, else what readers do."""
    await _scoped(bot, chat_id, Role.EDITOR if is_desk else None)


def menu(role: Role | None) -> list[BotCommand]:
    """Return the commands for a role, those of readers first; None is a reader."""
    commands = [BotCommand(name, meaning) for name, meaning in screens.COMMANDS]
    if role is not None:
        commands += [
            BotCommand(each.name, each.meaning) for each in COMMANDS if role.covers(each.role)
        ]
    return commands


async def _scoped(bot: Bot, chat_id: int, role: Role | None) -> None:
    scope = BotCommandScopeChat(chat_id)
    if role is None:
        await _tried("the end of a menu", bot.delete_my_commands(scope=scope))
    else:
        await _tried("a menu", bot.set_my_commands(menu(role), scope=scope))


async def _tried(what: str, call: Awaitable[object]) -> None:
    try:
        await call
    except Exception as error:  # noqa: BLE001 - decoration never stops the bot
        logger.warning("%s was not registered: %s", what, type(error).__name__)
