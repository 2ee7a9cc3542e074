"""Looks a channel up before anything is posted there."""

import logging
from dataclasses import dataclass
from enum import StrEnum

from telegram import Bot, ChatMemberAdministrator
from telegram.error import BadRequest, Forbidden

from db.records import ChatKind

logger = logging.getLogger(__name__)


class Finding(StrEnum):
    """What looking a channel up came to."""

    READY = "ready"  # the bot may post there
    NO_CHAT = "no_chat"  # nothing public is called so
    NO_CHANNEL = "no_channel"  # it is a group
    NO_RIGHT = "no_right"  # the bot is no administrator who may post
    NO_WORD = "no_word"  # Telegram did not say


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is known of a channel."""

    finding: Finding
    name: str  # as Telegram writes it, such as @news
    chat_id: int = 0  # READY only


async def look_up(bot: Bot, name: str) -> Found:
    """Return whether the bot may post in the channel called `name`, such as `@news`."""
    try:
        chat = await bot.get_chat(name)
    except (BadRequest, Forbidden):
        return Found(finding=Finding.NO_CHAT, name=name)
    except Exception as error:  # noqa: BLE001 - a reply that PTB cannot read raises anything
        return _no_word(error, name)
    name = f"@{chat.username}" if chat.username else name
    if chat.type != ChatKind.CHANNEL:
        return Found(finding=Finding.NO_CHANNEL, name=name)
    try:
        member = await bot.get_chat_member(chat.id, bot.id)
    except (BadRequest, Forbidden):  # the members of a channel are told to its administrators
        return Found(finding=Finding.NO_RIGHT, name=name)
    except Exception as error:  # noqa: BLE001 - as above
        return _no_word(error, name)
    if not isinstance(member, ChatMemberAdministrator) or not member.can_post_messages:
        return Found(finding=Finding.NO_RIGHT, name=name)
    return Found(finding=Finding.READY, name=name, chat_id=chat.id)


def _no_word(error: Exception, name: str) -> Found:
    logger.warning("a channel was not looked up: %s", type(error).__name__)
    return Found(finding=Finding.NO_WORD, name=name)
