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
    case,
    cast,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.alerts import alerts
from db.alerts.summaries import Readership, these
from db.records.alerts import Alert, AlertKind, Audience, DeliveryState, Hours
from db.tables.alerts import AlertRow, DeliveryRow, FollowRow, SubscriptionRow
from db.tables.story import ChatRow

PORTION: Final = 20_000
"""Recipients that one statement writes while others wait for the writer: about 50 ms."""

AMENDED_WITHIN: Final = timedelta(minutes=10)
"""For how long a later alert about the same fact edits the earlier one in place."""

LONGEST_BROADCAST: Final = timedelta(days=1)
"""After how long an alert has reached everybody: a million at 30 a second take nine hours."""

_ROW: Final = ("rank", "state", "due_at", "attempts")
_REPLYING: Final = ("alert_id", "chat_id", "thread_id", "reply_to", *_ROW)
_AMENDING: Final = ("alert_id", "chat_id", "thread_id", "amends", "together", *_ROW)


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
    session: AsyncSession,
    alert: Alert,
    audience: Audience,
    *,
    at: datetime,
    due_at: datetime,
    after: int | None,
) -> int | None:
    """Give an alert to a portion of an audience; return where the next portion begins.

    They are told at `due_at`, and together with what else waits for them where that is later than
    `at`. None when there is no further one. Whoever has it already, or was told the correction of
    the same version, or is gone, is left out: a portion may be given again.
    """
    one = SubscriptionRow
    who = and_(
        one.ended_at.is_(None),
        one.level == audience.level,
        cast(one.topics, Text) == cast(literal(audience.topics, one.topics.type), Text),
        _same_hours(audience.hours),
    )
    return await _portion(session, alert, one, who, at=at, due_at=due_at, after=after)


async def to_followers(
    session: AsyncSession, alert: Alert, *, at: datetime, after: int | None
) -> int | None:
    """Give an alert to a portion of those who follow its fact; as `to_subscribers`."""
    who = FollowRow.fact_id == alert.fact_id
    return await _portion(session, alert, FollowRow, who, at=at, due_at=at, after=after)


async def to_readers(
    session: AsyncSession, alert: Alert | None, readers: Readership, *, until: datetime
) -> int:
    """Give a summary to a portion of those whose hour has come, and note what they have heard.

    Returns how many that were. None: nothing changed up to `until`, so there is no summary.
    """
    row = SubscriptionRow
    portion = select(row.chat_id).where(these(readers)).order_by(row.chat_id).limit(PORTION)
    chats = list((await session.execute(portion)).scalars())
    if not chats:
        return 0
    mine = and_(these(readers), row.chat_id <= chats[-1])
    if alert is not None:
        wishing = select(row.chat_id, row.thread_id, null()).where(mine)
        await give(session, alert, wishing, due_at=until)
    await session.execute(
        update(row).where(mine).values(summed_at=until).execution_options(synchronize_session=False)
    )
    return len(chats)


async def give(
    session: AsyncSession,
    alert: Alert,
    recipients: "Select[int, int | None, Any]",
    *,
    due_at: datetime,
) -> int:
    """Give an alert to the (chat, topic, message to reply to) of a query; return how many got it.

    Each chat once; not those that are gone.
    """
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
    inserted = await session.execute(insert(DeliveryRow).from_select(_REPLYING, rows))
    return int(getattr(inserted, "rowcount", 0))


async def count_followers(session: AsyncSession, fact_id: int) -> int:
    """Return how many chats follow a fact."""
    query = select(func.count()).select_from(FollowRow).where(FollowRow.fact_id == fact_id)
    return (await session.execute(query)).scalar_one()


async def _portion(
    session: AsyncSession,
    alert: Alert,
    source: type[SubscriptionRow] | type[FollowRow],
    who: ColumnElement[bool],
    *,
    at: datetime,
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
    amended = await _amended(session, alert, source, at)
    # An edit makes no sound: it need not wait for the morning.
    edits = amended.is_not(None)
    recipients: Select[Any] = (
        select(
            literal(alert.id),
            source.chat_id,
            source.thread_id,
            amended,
            case((edits, False), else_=literal(due_at > at, DeliveryRow.together.type)),
            literal(alert.kind.rank),
            literal(DeliveryState.WAITING.value),
            case(
                (edits, literal(at, DeliveryRow.due_at.type)),
                else_=literal(due_at, DeliveryRow.due_at.type),
            ),
            literal(0),
        )
        .join(ChatRow, (ChatRow.id == source.chat_id) & ChatRow.gone_at.is_(None))
        .where(who, source.chat_id <= last, ~await _heard(session, alert, source))
    )
    if after is not None:
        recipients = recipients.where(source.chat_id > after)
    await session.execute(insert(DeliveryRow).from_select(_AMENDING, recipients))
    return int(last)


async def _heard(
    session: AsyncSession, alert: Alert, source: type[SubscriptionRow] | type[FollowRow]
) -> ColumnElement[bool]:
    """Return the condition that a chat has this alert, or the correction of the same error."""
    has = aliased(DeliveryRow)
    if alert.version is None:
        return exists().where(has.alert_id == alert.id, has.chat_id == source.chat_id)
    known = [alert.id, *(each.id for each in await alerts.corrections_of(session, alert))]
    tells_it = or_(
        has.alert_id == alert.id,
        has.state.in_((DeliveryState.WAITING, DeliveryState.LEASED)),
        has.version >= alert.version,
    )
    return exists().where(has.alert_id.in_(known), has.chat_id == source.chat_id, tells_it)


async def _amended(
    session: AsyncSession,
    alert: Alert,
    source: type[SubscriptionRow] | type[FollowRow],
    at: datetime,
) -> ColumnElement[Any]:
    """Return the column of the messages about the same fact that are young enough to edit."""
    news = select(AlertRow.id).where(
        AlertRow.kind == AlertKind.NEWS,
        AlertRow.fact_id == alert.fact_id,
        AlertRow.id != alert.id,
        AlertRow.made_at >= at - LONGEST_BROADCAST,
    )
    lately = (await session.execute(news)).scalars().all()
    if alert.fact_id is None or not lately:
        return null()
    sent = aliased(DeliveryRow)
    return (
        select(func.max(sent.message_id))
        .where(
            sent.alert_id.in_(lately),
            sent.chat_id == source.chat_id,
            sent.state == DeliveryState.SENT,
            sent.amends.is_(None),  # the ten minutes count from the message that sounded
            ~sent.together,
            sent.settled_at >= at - AMENDED_WITHIN,
        )
        .scalar_subquery()
    )


def _same_hours(hours: Hours) -> ColumnElement[bool]:
    return and_(
        SubscriptionRow.zone.is_not_distinct_from(hours.zone),
        SubscriptionRow.quiet_from.is_not_distinct_from(hours.quiet_from),
        SubscriptionRow.quiet_to.is_not_distinct_from(hours.quiet_to),
    )
