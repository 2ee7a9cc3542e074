"""Chats that have written to the bot."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, case, delete, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.records import Chat, ChatKind
from db.tables.alerts import DeliveryRow, FollowRow, SubscriptionRow
from db.tables.desk import CardRow, ProposalRow, WaitingReaderRow
from db.tables.story import ChatRow, ExchangeRow, StoryRow
from db.tables.suggestions import SuggestionVoteRow
from db.types import storable

TITLE_LIMIT = 255


async def remember(
    session: AsyncSession, *, chat_id: int, kind: ChatKind, title: str | None, at: datetime
) -> Chat:
    """Note that a chat was seen at `at`, under `title` (None in private chats); return it."""
    title = None if title is None else storable(title, TITLE_LIMIT)
    known = await by_id(session, chat_id)
    if known is None:
        await session.execute(
            insert(ChatRow).values(id=chat_id, kind=kind, title=title, first_seen=at, last_seen=at)
        )
        return Chat(id=chat_id, kind=kind, title=title, first_seen=at, last_seen=at)
    # Updates are worked on concurrently, so an older one may come last.
    last_seen = max(known.last_seen, at)
    await session.execute(
        update(ChatRow)
        .where(ChatRow.id == chat_id)
        .values(kind=kind, title=title, last_seen=last_seen, gone_at=None)
    )
    return replace(known, kind=kind, title=title, last_seen=last_seen)


async def remember_all(session: AsyncSession, seen: Collection[Chat]) -> None:
    """Note that chats were seen, each at the `last_seen` of its record; as `remember` does."""
    by_number = {each.id: each for each in sorted(seen, key=lambda each: each.last_seen)}
    known = set(
        (await session.execute(select(ChatRow.id).where(ChatRow.id.in_(by_number)))).scalars()
    )
    values = [
        {
            "number": each.id,
            "kind": each.kind,
            "title": None if each.title is None else storable(each.title, TITLE_LIMIT),
            "last_seen": each.last_seen,
        }
        for each in by_number.values()
    ]
    row = ChatRow
    if new := [each for each in values if each["number"] not in known]:
        added = insert(row).values(
            id=bindparam("number"),
            kind=bindparam("kind"),
            title=bindparam("title"),
            first_seen=bindparam("last_seen"),
            last_seen=bindparam("last_seen"),
        )
        await (await session.connection()).execute(added, new)
    if old := [each for each in values if each["number"] in known]:
        at = bindparam("last_seen", type_=row.last_seen.type)
        changed = (
            update(row)
            .where(row.id == bindparam("number"))
            .values(
                kind=bindparam("kind"),
                title=bindparam("title"),
                # Updates are worked on concurrently, so an older one may come last.
                last_seen=case((row.last_seen < at, at), else_=row.last_seen),
                gone_at=None,
            )
        )
        await (await session.connection()).execute(changed, old)


async def by_id(session: AsyncSession, chat_id: int) -> Chat | None:
    """Return the chat; None if it never wrote."""
    row = (await session.execute(select(ChatRow).where(ChatRow.id == chat_id))).scalar_one_or_none()
    if row is None:
        return None
    return Chat(
        id=row.id,
        kind=row.kind,
        title=row.title,
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        looked_at=row.looked_at,
    )


async def look(session: AsyncSession, chat_id: int, until: datetime) -> None:
    """Note that a chat has seen what changed up to `until`."""
    await session.execute(
        update(ChatRow)
        .where(ChatRow.id == chat_id, func.coalesce(ChatRow.looked_at, until) <= until)
        .values(looked_at=until)
    )


async def lose(session: AsyncSession, chat_id: int, *, at: datetime) -> None:
    """Note that nobody reads in a chat any more; see `regain`."""
    await session.execute(
        update(ChatRow).where(ChatRow.id == chat_id, ChatRow.gone_at.is_(None)).values(gone_at=at)
    )


async def regain(session: AsyncSession, chat_ids: Collection[int]) -> None:
    """Note that somebody reads in these chats, as far as they are known."""
    await session.execute(
        update(ChatRow)
        .where(ChatRow.id.in_(chat_ids), ChatRow.gone_at.is_not(None))
        .values(gone_at=None)
    )


async def move(session: AsyncSession, chat_id: int, to: int) -> None:
    """Give everything of a group to the supergroup it became; nothing for an unknown group."""
    group = await by_id(session, chat_id)
    if group is None or chat_id == to:
        return
    await remember(
        session, chat_id=to, kind=ChatKind.SUPERGROUP, title=group.title, at=group.last_seen
    )
    # The supergroup counts its messages anew: what a number meant before means nothing there.
    await session.execute(
        update(ExchangeRow)
        .where(ExchangeRow.chat_id == chat_id)
        .values(chat_id=to, question_message_id=None, reply_message_id=None)
    )
    await session.execute(
        update(ProposalRow).where(ProposalRow.chat_id == chat_id).values(chat_id=to)
    )
    # What the supergroup has chosen since stands; a group's choices fill the rest.
    for table, key in (
        (SubscriptionRow, None),
        (FollowRow, FollowRow.fact_id),
        (DeliveryRow, DeliveryRow.alert_id),
    ):
        chosen = select(table.chat_id if key is None else key).where(table.chat_id == to)
        theirs = literal(to).in_(chosen) if key is None else key.in_(chosen)
        await session.execute(delete(table).where(table.chat_id == chat_id, theirs))
        await session.execute(update(table).where(table.chat_id == chat_id).values(chat_id=to))
    await session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.chat_id == to)
        .values(reply_to=None, amends=None, message_id=None)
    )
    await session.execute(
        update(WaitingReaderRow)
        .where(WaitingReaderRow.chat_id == chat_id)
        .values(chat_id=to, question_message_id=None)
    )
    votes = SuggestionVoteRow
    voted = select(votes.suggestion_id).where(votes.chat_id == to)
    await session.execute(
        delete(votes).where(votes.chat_id == chat_id, votes.suggestion_id.in_(voted))
    )
    await session.execute(update(votes).where(votes.chat_id == chat_id).values(chat_id=to))
    await session.execute(delete(CardRow).where(CardRow.chat_id == chat_id))
    await session.execute(
        update(StoryRow).where(StoryRow.desk_chat_id == chat_id).values(desk_chat_id=to)
    )
    await session.execute(
        update(ChatRow)
        .where(ChatRow.id == to)
        .values(
            first_seen=group.first_seen, looked_at=func.coalesce(ChatRow.looked_at, group.looked_at)
        )
    )
    await session.execute(delete(ChatRow).where(ChatRow.id == chat_id))


async def count(session: AsyncSession) -> int:
    """Return how many chats have written."""
    return (await session.execute(select(func.count()).select_from(ChatRow))).scalar_one()
