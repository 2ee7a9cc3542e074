"""Looks a channel up before anything is posted there."""

import logging
from dataclasses import dataclass

from telegram import Bot, ChatMemberAdministrator
from telegram.error import BadRequest, Forbidden

from bot.services.alerts.channel import ChannelState
from db.records import ChatKind

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundChannel:
    """What is known of a channel."""

    state: ChannelState
    name: str  # as Telegram writes it, such as @news
    chat_id: int = 0  # READY only


async def look_up(bot: Bot, name: str) -> FoundChannel:
    """Return whether the bot may post in the channel called `name`, such as `@news`."""
    try:
        chat = await bot.get_chat(name)
    except (BadRequest, Forbidden):
        return FoundChannel(state=ChannelState.NO_CHAT, name=name)
    except Exception as error:  # noqa: BLE001 - a reply that PTB cannot read raises anything
        return _no_word(error, name)
    name = f"@{chat.username}" if chat.username else name
    if chat.type != ChatKind.CHANNEL:
        return FoundChannel(state=ChannelState.NO_CHANNEL, name=name)
    try:
        member = await bot.get_chat_member(chat.id, bot.id)
    except (BadRequest, Forbidden):  # the members of a channel are told to its administrators
        return FoundChannel(state=ChannelState.NO_RIGHT, name=name)
    except Exception as error:  # noqa: BLE001 - as above
        return _no_word(error, name)
    if not isinstance(member, ChatMemberAdministrator) or not member.can_post_messages:
        return FoundChannel(state=ChannelState.NO_RIGHT, name=name)
    return FoundChannel(state=ChannelState.READY, name=name, chat_id=chat.id)


def _no_word(error: Exception, name: str) -> FoundChannel:
    logger.warning("a channel was not looked up: %s", type(error).__name__)
    return FoundChannel(state=ChannelState.NO_WORD, name=name)
