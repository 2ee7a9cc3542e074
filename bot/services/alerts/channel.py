"""Relays alerts to a channel: one, if an owner wishes it, for everybody who reads it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.clock import Clock, now
from bot.errors import DeskError
from bot.services.rights import Actor, acting, looking
from db import story
from db.alerts import channels
from db.engine import Database, Session
from db.records import ChatKind, Story
from db.records.alerts import Channel, Hours, Level
from db.records.desk import Role
from db.subscriptions import chats, subscriptions

BEGUN: Final = "channel.begin"
ENDED: Final = "channel.end"
READ: Final = "channel.read"


class ChannelState(StrEnum):
    """What looking a channel up came to."""

    READY = "ready"  # the bot may post there
    NO_CHAT = "no_chat"  # nothing public is called so
    NO_CHANNEL = "no_channel"  # it is a group
    NO_RIGHT = "no_right"  # the bot is no administrator who may post
    NO_WORD = "no_word"  # Telegram did not say


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """The channel as it stands, and the one before it."""

    channel: Channel | None
    before: Channel | None = None  # only where it was another one
    story: Story
    at: datetime

    @property
    def quiet(self) -> Hours:
        """When posts make no sound, on the story's clock."""
        return channels.HOURS


class ChannelAlerts:
    """The channel of the desk. Each method is one unit of work; only owners may."""

    def __init__(self, database: Database, *, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock

    async def shown(self, actor: Actor) -> Relay:
        """Return the channel; raises NotAllowed to all but owners."""
        at = self._clock()
        async with looking(self._database, actor, Role.OWNER, READ, at=at) as session:
            return Relay(
                channel=await channels.current(session),
                story=await story.get(session) or story.UNNAMED,
                at=at,
            )

    async def begin(self, actor: Actor, chat_id: int, *, name: str, level: Level) -> Relay:
        """Relay alerts to a channel, in which the bot may post, and to no other.

        Raises:
            NotAllowed: only owners choose the channel.
        """
        at = self._clock()
        async with acting(
            self._database, actor, Role.OWNER, BEGUN, at=at, while_closed=True
        ) as owner:
            before, left = await channels.current(owner.session), None
            if before is not None and before.id != chat_id:
                left = await channels.end(owner.session, at=at)
            await _begin(owner.session, chat_id, name=name, level=level, at=at)
            channel = await channels.current(owner.session)
            await owner.record(before=_named(before), after=_named(channel))
            return Relay(
                channel=channel,
                before=left,
                story=await story.get(owner.session) or story.UNNAMED,
                at=at,
            )

    async def end(self, actor: Actor) -> Channel:
        """Relay nothing more and return the channel that was.

        Raises:
            NotAllowed: only owners choose the channel.
            DeskError: there is none.
        """
        at = self._clock()
        async with acting(
            self._database, actor, Role.OWNER, ENDED, at=at, while_closed=True
        ) as owner:
            ended = await channels.end(owner.session, at=at)
            if ended is None:
                raise DeskError("I post in no channel: /channel @name begins it.")
            await owner.record(before=_named(ended))
        return ended


async def _begin(session: Session, chat_id: int, *, name: str, level: Level, at: datetime) -> None:
    await chats.remember(session, chat_id=chat_id, kind=ChatKind.CHANNEL, title=name, at=at)
    await subscriptions.begin(session, chat_id, thread_id=None, level=level, at=at)
    # Without quiet hours of its own nothing waits for a morning; posts of a night are silent.
    wishes = {"level": level, "quiet_from": None, "quiet_to": None}
    await subscriptions.change(session, chat_id, wishes)


def _named(channel: Channel | None) -> str | None:
    return None if channel is None else f"{channel.name} ({channel.id}), {channel.level}"
