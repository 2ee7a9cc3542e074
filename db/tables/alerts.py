"""The tables of the alerts: who hears what, what is to be sent, and to whom it was.

Private to `db` and `migrations`, like `db.tables.story`.
"""

from datetime import datetime, time

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, Time, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from db.records import ChangeKind
from db.records.alerts import AlertKind, AlertState, DeliveryState, Level
from db.tables.story import ChatRow, FactRow, Row
from db.types import enumerated


class SubscriptionRow(Row):
    """What one chat wishes to hear; one that ended keeps its settings."""

    __tablename__ = "subscriptions"

    chat_id: Mapped[int] = mapped_column(
        ForeignKey(ChatRow.id), primary_key=True, autoincrement=False
    )
    thread_id: Mapped[int | None]
    level: Mapped[Level] = mapped_column(enumerated(Level))
    summary_at: Mapped[time] = mapped_column(Time)
    topics: Mapped[tuple[str, ...]]
    zone: Mapped[str | None]
    quiet_from: Mapped[time | None] = mapped_column(Time)
    quiet_to: Mapped[time | None] = mapped_column(Time)
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    summed_at: Mapped[datetime | None]  # up to when summaries have told everything
    asked_zone_at: Mapped[datetime | None]  # when it was asked by which clock it lives; once


class FollowRow(Row):
    """A chat that is told when one fact changes."""

    __tablename__ = "follows"
    __table_args__ = (Index(None, "fact_id"),)

    chat_id: Mapped[int] = mapped_column(
        ForeignKey(ChatRow.id), primary_key=True, autoincrement=False
    )
    fact_id: Mapped[int] = mapped_column(ForeignKey(FactRow.id), primary_key=True)
    thread_id: Mapped[int | None]
    since: Mapped[datetime]


class AlertRow(Row):
    """One message that goes to many: the outbox, written in the transaction of the change."""

    __tablename__ = "alerts"
    __table_args__ = (
        Index(None, "state", "hold_until"),
        Index(None, "fact_id", "state"),
        Index(None, "batch_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[AlertKind] = mapped_column(enumerated(AlertKind))
    state: Mapped[AlertState] = mapped_column(enumerated(AlertState))
    change: Mapped[ChangeKind | None]
    fact_id: Mapped[int | None] = mapped_column(ForeignKey(FactRow.id))
    version: Mapped[int | None]
    was_version: Mapped[int | None]
    wrong_since: Mapped[int | None]  # a correction: the first version that told the error
    batch_id: Mapped[int | None]  # of the import that made it, as in `fact_versions`
    urgent: Mapped[bool]
    since: Mapped[datetime | None]
    topics: Mapped[tuple[str, ...]]
    made_by: Mapped[int | None] = mapped_column(BigInteger)
    made_at: Mapped[datetime]
    hold_until: Mapped[datetime]
    desk_chat_id: Mapped[int | None] = mapped_column(BigInteger)
    desk_message_id: Mapped[int | None]  # that shows its editor how far it has come
    desk_saw_end: Mapped[bool]


class DeliveryRow(Row):
    """One alert for one chat, once."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("alert_id", "chat_id"),
        # Only what is still to do is looked for, among millions that are done.
        Index(
            "ix_deliveries_to_do",
            "rank",
            "due_at",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_deliveries_of_alert",
            "alert_id",
            sqlite_where=text("state IN ('waiting', 'leased')"),
            postgresql_where=text("state IN ('waiting', 'leased')"),
        ),
        Index(
            "ix_deliveries_of_chat",
            "chat_id",
            "id",
            sqlite_where=text("state IN ('waiting', 'leased')"),
            postgresql_where=text("state IN ('waiting', 'leased')"),
        ),
        # What is counted while a million are sent.
        Index(
            "ix_deliveries_lost",
            "alert_id",
            "state",
            sqlite_where=text("state IN ('gone', 'refused', 'dropped')"),
            postgresql_where=text("state IN ('gone', 'refused', 'dropped')"),
        ),
        Index(
            "ix_deliveries_edited",
            "alert_id",
            "edited",
            sqlite_where=text("edited > 0"),
            postgresql_where=text("edited > 0"),
        ),
        Index(
            "ix_deliveries_unsure",
            "alert_id",
            sqlite_where=text("unsure > 0"),
            postgresql_where=text("unsure > 0"),
        ),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id"))
    chat_id: Mapped[int] = mapped_column(ForeignKey(ChatRow.id))
    thread_id: Mapped[int | None]
    reply_to: Mapped[int | None]
    amends: Mapped[int | None]  # the message that is edited instead of a new one being sent
    rank: Mapped[int]
    state: Mapped[DeliveryState] = mapped_column(enumerated(DeliveryState))
    due_at: Mapped[datetime]
    attempts: Mapped[int]
    message_id: Mapped[int | None]  # that told it; None: not told yet
    version: Mapped[int | None]  # of the fact, as it was told
    settled_at: Mapped[datetime | None]
    together: Mapped[bool] = mapped_column(server_default=false())  # with what else waited
    edited: Mapped[int] = mapped_column(server_default="0")  # earlier messages, by a correction
    unsure: Mapped[int] = mapped_column(server_default="0")  # sends of which nobody knows the end


class SummedFactRow(Row):
    """A version of a fact that an alert about many facts has told."""

    __tablename__ = "summed_facts"
    __table_args__ = (Index(None, "fact_id"),)

    alert_id: Mapped[int] = mapped_column(
        ForeignKey(AlertRow.id, ondelete="CASCADE"), primary_key=True
    )
    fact_id: Mapped[int] = mapped_column(ForeignKey(FactRow.id), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)


class CorrectedFactRow(Row):
    """A fact that said the same error as the one that a correction is about, corrected with it."""

    __tablename__ = "corrected_facts"
    __table_args__ = (Index(None, "fact_id"),)

    alert_id: Mapped[int] = mapped_column(
        ForeignKey(AlertRow.id, ondelete="CASCADE"), primary_key=True
    )
    fact_id: Mapped[int] = mapped_column(ForeignKey(FactRow.id), primary_key=True)
    was_version: Mapped[int]
    wrong_since: Mapped[int]  # the first version that told the error


class ReminderRow(Row):
    """The desk was asked to look at a fact again."""

    __tablename__ = "reminders"

    fact_id: Mapped[int] = mapped_column(ForeignKey(FactRow.id), primary_key=True)
    check_by: Mapped[datetime] = mapped_column(primary_key=True)
    at: Mapped[datetime]
