"""The entrance: what is more than a person or a group may ask is not worked on.

It is said once, and then there is silence until the minute is over. The desk has no limit.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Final

from telegram import Chat, Update

from bot.services.rate_limits import Excess, RateLimits
from bot.telegram.update_order import Refusal
from bot.views import screens
from bot.views.message import Message, plain
from handlers import arguments, filters
from handlers.context import Services

logger = logging.getLogger(__name__)

_GROUPS: Final = (Chat.GROUP, Chat.SUPERGROUP)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asker:
    """Who asks something of the bot, and in which group, if in one."""

    person_id: int
    group_id: int | None
    is_tap: bool


class Entrance:
    """Judges updates as they arrive, before they wait for their turn."""

    def __init__(
        self, services: Services, limits: RateLimits, *, commands: Collection[str]
    ) -> None:
        """Prepare; `commands` are those that the bot answers to in groups."""
        self._services = services
        self._limits = limits
        self._commands = frozenset(commands)
        self._looking_up = asyncio.Lock()  # first come, first served: a chat keeps its order

    async def judge(self, update: object) -> Refusal | None:
        """Return why an update is not worked on; None where it is, which takes no time."""
        asker = self._asker(update)
        if asker is None or not isinstance(update, Update):
            return None
        excess = self._limits.count(asker.person_id, asker.group_id, is_tap=asker.is_tap)
        if excess is None or await self._is_of_desk(update):
            return None
        if excess.is_first:
            logger.warning(
                "somebody asks more than %d a minute: left alone for %.0f s",
                excess.most,
                excess.left.total_seconds(),
            )
        return self._refusal(update, excess)

    async def overflow(self, update: object) -> Refusal:
        """Return what becomes of an update for which there is no room in its chat's queue."""
        asker = self._asker(update)
        if asker is None or not isinstance(update, Update) or update.effective_chat is None:
            return Refusal()
        if not self._limits.first_of(update.effective_chat.id):
            return Refusal()
        return Refusal(say=self._saying(update, screens.TOO_MUCH_AT_ONCE))

    def _refusal(self, update: Update, excess: Excess) -> Refusal:
        if excess.is_first:
            return Refusal(say=self._saying(update, screens.too_much(excess)))
        if update.callback_query is not None:
            return Refusal(say=self._saying(update, None))
        return Refusal()

    def _saying(self, update: Update, notice: Message | None) -> Callable[[], Awaitable[None]]:
        async def say() -> None:
            messenger, query = self._services.messenger, update.callback_query
            message = update.effective_message
            if query is not None:
                await messenger.acknowledge(query.id, None if notice is None else plain(notice))
            elif notice is not None and message is not None:
                await messenger.send(
                    notice,
                    chat_id=message.chat.id,
                    thread_id=arguments.place(message).thread_id,
                    reply_to=arguments.reply_to(message),
                )

        return say

    async def _is_of_desk(self, update: Update) -> bool:
        async with self._looking_up:
            role = await self._services.desk.members.role(arguments.actor(update))
            return role is not None

    def _asker(self, update: object) -> _Asker | None:
        """Return who asks; None for what the bot would not answer anyway."""
        if not isinstance(update, Update):
            return None
        query, message = update.callback_query, update.message
        if query is not None:
            if query.message is None:
                return None
            chat, person_id = query.message.chat, query.from_user.id
        elif message is not None and filters.FRESH.check_update(update):
            if message.chat.type in _GROUPS and not self._is_meant(update):
                return None
            chat = message.chat
            sender = message.sender_chat or message.from_user or chat
            person_id = sender.id
        else:
            return None
        group_id = chat.id if chat.type in _GROUPS else None
        return _Asker(person_id=person_id, group_id=group_id, is_tap=query is not None)

    def _is_meant(self, update: Update) -> bool:
        """Return whether a message of a group is a command of ours, or asks us."""
        message = update.message
        assert message is not None  # noqa: S101 - looked at by the caller
        words = arguments.words(message)
        if words.startswith("/"):
            command, _, whose = words.split(maxsplit=1)[0][1:].partition("@")
            name = self._services.messenger.username or ""
            return command.lower() in self._commands and whose.lower() in ("", name.lower())
        return filters.asked_of_bot(message)
