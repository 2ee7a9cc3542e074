"""Catches readers up: what changed since their chat last looked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock, now
from bot.services import tidings
from bot.services.answers import Place
from bot.services.parcels import Change
from db import changes, chats, story
from db.engine import Database, Session
from db.records import Story

FIRST_LOOK: Final = timedelta(days=7)
"""How far back a chat sees that has never looked; what the story began with is no change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What changed, as one chat sees it."""

    since: datetime
    changes: tuple[Change, ...]  # corrected, withdrawn, changed, new, answered; each fact once
    more: int  # than these
    story: Story
    at: datetime


class CatchingUp:
    """What changed while a chat was away. Each method is one unit of work."""

    def __init__(self, database: Database, *, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock

    async def look(self, place: Place) -> Look:
        """Return what changed since a chat last looked."""
        at = self._clock()
        async with self._database.reading() as session:
            since = await _last_look(session, place.chat_id, at)
            told = await tidings.between(session, since, at)
            return Look(
                since=since,
                changes=told.changes,
                more=told.more,
                story=await story.get(session) or story.UNNAMED,
                at=at,
            )

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


async def _last_look(session: Session, chat_id: int, at: datetime) -> datetime:
    chat = await chats.by_id(session, chat_id)
    if chat is not None and chat.looked_at is not None:
        return chat.looked_at
    began = await changes.first_at(session)
    return at - FIRST_LOOK if began is None else max(at - FIRST_LOOK, began)
