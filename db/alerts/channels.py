"""The channel: the one in which alerts are posted for everybody who reads it."""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.alerts import deliveries
from db.records import ChatKind
from db.records.alerts import Channel, DeliveryState
from db.subscriptions import chats, subscriptions
from db.tables.alerts import SubscriptionRow
from db.tables.story import ChatRow

HOURS: Final = subscriptions.DEFAULT_HOURS
"""When posts make no sound, on the story's clock. None waits: whoever is asleep reads it later."""


async def current(session: AsyncSession) -> Channel | None:
    """Return the channel; None while there is none."""
    rows = await session.execute(
        select(ChatRow.id, ChatRow.title, ChatRow.gone_at, SubscriptionRow.level)
        .join(SubscriptionRow, SubscriptionRow.chat_id == ChatRow.id)
        .where(ChatRow.kind == ChatKind.CHANNEL, SubscriptionRow.ended_at.is_(None))
    )
    row = rows.one_or_none()
    if row is None:
        return None
    return Channel(id=row.id, name=row.title or "", level=row.level, lost_at=row.gone_at)


async def end(session: AsyncSession, *, at: datetime) -> Channel | None:
    """Post nothing more, no correction either, and return the channel; None if there is none."""
    channel = await current(session)
    if channel is not None:
        await subscriptions.end(session, channel.id, at=at)
        await chats.lose(session, channel.id, at=at)
        await deliveries.end_waiting(session, channel.id, becomes=DeliveryState.GONE, at=at)
    return channel
