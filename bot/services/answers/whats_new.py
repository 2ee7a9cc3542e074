"""Catches readers up: what changed since their chat last looked."""

from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock, now
from bot.services.alerts import content
from bot.services.answers.results import Look, Place
from db import story
from db.engine import Database, Session
from db.facts import changes
from db.subscriptions import chats, subscriptions

__all__ = ["Look", "WhatsNew", "look"]

FIRST_LOOK: Final = timedelta(days=7)
"""How far back a chat sees that has never looked; what the story began with is no change."""


class WhatsNew:
    """What changed while a chat was away. Each method is one unit of work."""

    def __init__(self, database: Database, *, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock

    async def look(self, place: Place) -> Look:
        """Return what changed since a chat last looked."""
        async with self._database.reading() as session:
            return await look(session, place.chat_id, self._clock())

    async def looked(self, place: Place, shown: Look) -> None:
        """Note that a chat has seen a look; where the story moved on meanwhile, it sees it again.

        A change is dated before it is committed: without that, one could fall between two looks.
        """
        async with self._database.writing() as session:
            await chats.remember(
                session, chat_id=place.chat_id, kind=place.kind, title=place.title, at=shown.at
            )
            if await story.revision(session) == shown.story.revision:
                await chats.look(session, place.chat_id, shown.at)


async def look(
    session: Session, chat_id: int | None, at: datetime, *, since: datetime | None = None
) -> Look:
    """Return what changed up to `at`: since then, else since the chat last looked, if it did."""
    if since is None:
        since = await _last_look(session, chat_id, at)
    else:
        since = max(since, await changes.first_at(session) or since)
    told = await content.between(session, since, at)
    standing = None if chat_id is None else await subscriptions.of_chat(session, chat_id)
    return Look(
        zone=None if standing is None else standing.hours.zone,
        since=since,
        changes=told.changes,
        more=told.more,
        story=await story.get(session) or story.UNNAMED,
        at=at,
    )


async def _last_look(session: Session, chat_id: int | None, at: datetime) -> datetime:
    chat = None if chat_id is None else await chats.by_id(session, chat_id)
    if chat is not None and chat.looked_at is not None:
        return chat.looked_at
    began = await changes.first_at(session)
    return at - FIRST_LOOK if began is None else max(at - FIRST_LOOK, began)
