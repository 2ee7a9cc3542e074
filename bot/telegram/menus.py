"""What people see of the bot before they write: commands and descriptions."""

import logging
from collections.abc import Awaitable

from telegram import Bot, BotCommand, BotCommandScopeChat
from telegram.error import RetryAfter

from bot.services.desk.members import Staff
from bot.telegram.outcomes import seconds_of
from bot.views import markup, screens
from bot.views.answers import messages
from bot.views.desk import COMMANDS
from db.records import Story
from db.records.desk import Role

logger = logging.getLogger(__name__)


async def dress(bot: Bot, story: Story, staff: Staff) -> float | None:
    """Register the commands and the descriptions.

    Returns the seconds after which Telegram wants to be asked again for what it put off; None
    where it put off nothing.
    """
    waits = [
        await _tried("the command menu", bot.set_my_commands(menu(None))),
        *await _described(bot, story),
        *[await _scoped(bot, member.id, member.role) for member in staff.members],
    ]
    if staff.desk_chat_id is not None:
        waits.append(await _scoped(bot, staff.desk_chat_id, Role.EDITOR))
    return max((wait for wait in waits if wait is not None), default=None)


async def describe(bot: Bot, story: Story) -> None:
    """Register what people read before they write for the first time."""
    await _described(bot, story)


async def _described(bot: Bot, story: Story) -> list[float | None]:
    about = messages.about(story)
    long = markup.shorten(f"Ask me about {about}. Editors have checked every fact.", 500)
    short = markup.shorten(f"I answer questions about {about}.", 118)
    return [
        await _tried("the description", bot.set_my_description(long)),
        await _tried("the short description", bot.set_my_short_description(short)),
    ]


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


async def _scoped(bot: Bot, chat_id: int, role: Role | None) -> float | None:
    scope = BotCommandScopeChat(chat_id)
    if role is None:
        return await _tried("the end of a menu", bot.delete_my_commands(scope=scope))
    return await _tried("a menu", bot.set_my_commands(menu(role), scope=scope))


async def _tried(what: str, call: Awaitable[object]) -> float | None:
    """Register something; return the seconds after which to do it again, if it was put off."""
    try:
        await call
    except RetryAfter as error:
        logger.warning("%s is registered in %.0f s", what, seconds_of(error))
        return seconds_of(error)
    except Exception as error:  # noqa: BLE001 - decoration never stops the bot
        logger.warning("%s was not registered: %s", what, type(error).__name__)
    return None
