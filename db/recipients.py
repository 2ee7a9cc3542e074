"""Recipients: who shall hear an alert. Each is given it once, by portions of a million.

Statements that may touch millions of rows work in portions: nobody waits long for the one writer.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    cast,
    exists,
    func,
    insert,
    literal,
    null,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db import alerts
from db.alert_tables import AlertRow, DeliveryRow, FollowRow, SubscriptionRow
from db.records.alerts import Alert, AlertKind, Audience, DeliveryState, Hours
from db.summaries import Readership, these
from db.tables import ChatRow, ExchangeRow, ToldRow

PORTION: Final = 20_000
"""Recipients that one statement writes while others wait for the writer: about 50 ms."""

AMENDED_WITHIN: Final = timedelta(minutes=10)
"""For how long a later alert about the same fact edits the earlier one in place."""

_COLUMNS: Final = (
    "alert_id",
    "chat_id",
    "thread_id",
    "amends",
    "rank",
    "state",
    "due_at",
    "attempts",
)


async def audiences(session: AsyncSession) -> list[Audience]:
    """Return the different wishes of standing subscribers; there are few of them."""
    topics = cast(SubscriptionRow.topics, Text)
    rows = await session.execute(
        select(
            SubscriptionRow.level,
            func.min(SubscriptionRow.chat_id),
            SubscriptionRow.zone,
            SubscriptionRow.quiet_from,
            SubscriptionRow.quiet_to,
            func.count(),
        )
        .join(ChatRow, (ChatRow.id == SubscriptionRow.chat_id) & ChatRow.gone_at.is_(None))
        .where(SubscriptionRow.ended_at.is_(None))
        .group_by(
            SubscriptionRow.level,
            topics,
            SubscriptionRow.zone,
            SubscriptionRow.quiet_from,
            SubscriptionRow.quiet_to,
        )
    )
    found = rows.all()
    sample = select(SubscriptionRow.chat_id, SubscriptionRow.topics).where(
        SubscriptionRow.chat_id.in_([row[1] for row in found])
    )
    wished: dict[int, tuple[str, ...]] = dict((await session.execute(sample)).all())
    return [
        Audience(
            level=level,
            topics=wished[chat_id],
            hours=Hours(zone=zone, quiet_from=quiet_from, quiet_to=quiet_to),
            count=count,
        )
        for level, chat_id, zone, quiet_from, quiet_to, count in found
    ]


async def to_subscribers(
    session: AsyncSession, alert: Alert, audience: Audience, *, due_at: datetime, after: int | None
) -> int | None:
    """Give an alert to a portion of an audience; return where the next portion begins.

    None when there is no further one. Whoever has it already, or was told the correction of the
    same version, or is gone, is left out: a portion may be given again.
    """
    one = SubscriptionRow
    who = and_(
        one.ended_at.is_(None),
        one.level == audience.level,
        cast(one.topics, Text) == cast(literal(audience.topics, one.topics.type), Text),
        _same_hours(audience.hours),
    )
    return await _portion(session, alert, one, who, due_at=due_at, after=after)


async def to_followers(
    session: AsyncSession, alert: Alert, *, due_at: datetime, after: int | None
) -> int | None:
    """Give an alert to a portion of those who follow its fact; as `to_subscribers`."""
    who = FollowRow.fact_id == alert.fact_id
    return await _portion(session, alert, FollowRow, who, due_at=due_at, after=after)


async def to_readers(
    session: AsyncSession, alert: Alert, readers: Readership, *, due_at: datetime
) -> int:
    """Give a summary to those whose hour has come; return how many they are."""
    wishing = select(SubscriptionRow.chat_id, SubscriptionRow.thread_id, null()).where(
        these(readers)
    )
    return await _insert(session, alert, wishing, due_at)


async def to_told(session: AsyncSession, alert: Alert, *, due_at: datetime) -> int:
    """Give a correction to every chat that was told the version it corrects; return how many.

    Those who asked get it as a reply to the newest of their own questions.
    """
    told_of = (ToldRow.fact_id == alert.fact_id, ToldRow.version == alert.was_version)
    newest = (
        select(func.max(ExchangeRow.id).label("id"))
        .join(ToldRow, ToldRow.exchange_id == ExchangeRow.id)
        .where(*told_of)
        .group_by(ExchangeRow.chat_id)
        .subquery()
    )
    asked = select(
        ExchangeRow.chat_id, ExchangeRow.thread_id, ExchangeRow.question_message_id
    ).join(newest, newest.c.id == ExchangeRow.id)
    heard = (
        select(DeliveryRow.chat_id, DeliveryRow.thread_id, null())
        .join(AlertRow, AlertRow.id == DeliveryRow.alert_id)
        .where(
            AlertRow.fact_id == alert.fact_id,
            AlertRow.version == alert.was_version,
            DeliveryRow.state == DeliveryState.SENT,
        )
        .distinct()
    )
    return await _insert(session, alert, asked, due_at) + await _insert(
        session, alert, heard, due_at
    )


async def count_told(session: AsyncSession, fact_id: int, version: int | None) -> int:
    """Return how many chats were told this version of a fact, and can be reached."""
    asked = (
        select(ExchangeRow.chat_id)
        .join(ToldRow, ToldRow.exchange_id == ExchangeRow.id)
        .where(ToldRow.fact_id == fact_id, ToldRow.version == version)
    )
    heard = (
        select(DeliveryRow.chat_id)
        .join(AlertRow, AlertRow.id == DeliveryRow.alert_id)
        .where(
            AlertRow.fact_id == fact_id,
            AlertRow.version == version,
            DeliveryRow.state == DeliveryState.SENT,
        )
    )
    chats = asked.union(heard).subquery()
    reached = (
        select(func.count())
        .select_from(ChatRow)
        .where(ChatRow.id.in_(select(chats.c.chat_id)), ChatRow.gone_at.is_(None))
    )
    return (await session.execute(reached)).scalar_one()


async def count_followers(session: AsyncSession, fact_id: int) -> int:
    """Return how many chats follow a fact."""
    query = select(func.count()).select_from(FollowRow).where(FollowRow.fact_id == fact_id)
    return (await session.execute(query)).scalar_one()


async def _insert(session: AsyncSession, alert: Alert, recipients: Any, due_at: datetime) -> int:
    """Give an alert to the (chat, topic, message to reply to) of a query, each chat once."""
    chats = recipients.subquery()
    chat_id, thread_id, reply_to = chats.c
    has = aliased(DeliveryRow)
    rows = (
        select(
            literal(alert.id),
            chat_id,
            thread_id,
            reply_to,
            literal(alert.kind.rank),
            literal(DeliveryState.WAITING.value),
            literal(due_at, DeliveryRow.due_at.type),
            literal(0),
        )
        .join(ChatRow, (ChatRow.id == chat_id) & ChatRow.gone_at.is_(None))
        .where(~exists().where(has.alert_id == alert.id, has.chat_id == chat_id))
    )
    columns = ["reply_to" if name == "amends" else name for name in _COLUMNS]
    inserted = await session.execute(insert(DeliveryRow).from_select(columns, rows))
    return int(getattr(inserted, "rowcount", 0))


async def _portion(
    session: AsyncSession,
    alert: Alert,
    source: type[SubscriptionRow] | type[FollowRow],
    who: ColumnElement[bool],
    *,
    due_at: datetime,
    after: int | None,
) -> int | None:
    """Insert a portion of recipients, by number of chat; return the last number looked at."""
    chats = select(source.chat_id).where(who)
    if after is not None:
        chats = chats.where(source.chat_id > after)
    portion = chats.order_by(source.chat_id).limit(PORTION).subquery()
    last = (await session.execute(select(func.max(portion.c.chat_id)))).scalar_one()
    if last is None:
        return None
    has = aliased(DeliveryRow)
    corrections = await alerts.corrections_of(session, alert)
    known = [alert.id, *(each.id for each in corrections)]
    told = exists().where(has.alert_id.in_(known), has.chat_id == source.chat_id)
    recipients: Select[Any] = (
        select(
            literal(alert.id),
            source.chat_id,
            source.thread_id,
            await _amended(session, alert, source, due_at),
            literal(alert.kind.rank),
            literal(DeliveryState.WAITING.value),
            literal(due_at, DeliveryRow.due_at.type),
            literal(0),
        )
        .join(ChatRow, (ChatRow.id == source.chat_id) & ChatRow.gone_at.is_(None))
        .where(who, source.chat_id <= last, ~told)
    )
    if after is not None:
        recipients = recipients.where(source.chat_id > after)
    await session.execute(insert(DeliveryRow).from_select(_COLUMNS, recipients))
    return int(last)


async def _amended(
    session: AsyncSession,
    alert: Alert,
    source: type[SubscriptionRow] | type[FollowRow],
    at: datetime,
) -> Any:
    """Return the column of the messages about the same fact that are young enough to edit."""
    if alert.fact_id is None:
        return null()
    since = at - AMENDED_WITHIN
    lately = (
        select(AlertRow.id)
        .where(
            AlertRow.kind == AlertKind.NEWS,
            AlertRow.fact_id == alert.fact_id,
            AlertRow.id != alert.id,
        )
        .order_by(AlertRow.id.desc())
        .limit(1)
    )
    before = (await session.execute(lately)).scalar_one_or_none()
    if before is None:
        return null()
    sent = aliased(DeliveryRow)
    return (
        select(sent.message_id)
        .where(
            sent.alert_id == before,
            sent.chat_id == source.chat_id,
            sent.state == DeliveryState.SENT,
            sent.settled_at >= since,
        )
        .scalar_subquery()
    )


def _same_hours(hours: Hours) -> ColumnElement[bool]:
    return and_(
        SubscriptionRow.zone.is_not_distinct_from(hours.zone),
        SubscriptionRow.quiet_from.is_not_distinct_from(hours.quiet_from),
        SubscriptionRow.quiet_to.is_not_distinct_from(hours.quiet_to),
    )
