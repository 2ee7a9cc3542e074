"""The tables of the desk: its people, what they are at, and what readers wait for.

Private to `db` and `migrations`, like `db.tables.story`.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from db.records import FactDraft, Outcome
from db.records.desk import CardKind, ProposalKind, ProposalState, Role, Wait
from db.tables.story import ChatRow, ExchangeRow, FactRow, Row
from db.types import DraftJSON, enumerated


class EditorRow(Row):
    """A member of the desk; one who was removed stays, since the records name them."""

    __tablename__ = "editors"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    name: Mapped[str]
    role: Mapped[Role] = mapped_column(enumerated(Role))
    invited_by: Mapped[int | None] = mapped_column(BigInteger)
    since: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class InvitationRow(Row):
    """A link that lets one person in; only a digest of its secret is kept."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[Role] = mapped_column(enumerated(Role))
    made_by: Mapped[int | None] = mapped_column(BigInteger)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_by: Mapped[int | None] = mapped_column(BigInteger)
    used_at: Mapped[datetime | None]


class ProposalRow(Row):
    """What an editor is about to do, or did."""

    __tablename__ = "proposals"
    __table_args__ = (
        Index(None, "chat_id", "editor", "state"),
        Index(None, "state"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    thread_id: Mapped[int | None]
    editor: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[ProposalKind] = mapped_column(enumerated(ProposalKind))
    state: Mapped[ProposalState] = mapped_column(enumerated(ProposalState))
    step: Mapped[str] = mapped_column(String(32))
    turn: Mapped[int]
    draft: Mapped[FactDraft | None] = mapped_column(DraftJSON())
    fact_id: Mapped[int | None] = mapped_column(ForeignKey(FactRow.id))
    base_version: Mapped[int | None]
    notes: Mapped[dict[str, Any]] = mapped_column(JSON)
    message_id: Mapped[int | None]
    made_at: Mapped[datetime]
    touched_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class UploadRow(Row):
    """A file that waits for its sender's decision."""

    __tablename__ = "uploads"

    proposal_id: Mapped[int] = mapped_column(
        ForeignKey(ProposalRow.id), primary_key=True, autoincrement=False
    )
    name: Mapped[str]
    data: Mapped[bytes] = mapped_column(LargeBinary)
    kept_since: Mapped[datetime]


class CardRow(Row):
    """A message of the bot that shows a fact, a question or a proposal."""

    __tablename__ = "cards"

    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    message_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[CardKind] = mapped_column(enumerated(CardKind))
    about: Mapped[int]


class AuditRow(Row):
    """One action at the desk. Never changed nor removed: triggers refuse both."""

    __tablename__ = "audit"
    __table_args__ = (
        Index(None, "fact_id"),
        Index(None, "person", "refused", "at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime]
    person: Mapped[int | None] = mapped_column(BigInteger)
    name: Mapped[str]
    action: Mapped[str] = mapped_column(String(40))
    fact_id: Mapped[int | None]
    before: Mapped[str | None]
    after: Mapped[str | None]
    refused: Mapped[bool]


class DeskQuestionRow(Row):
    """What readers wait for."""

    __tablename__ = "desk_questions"
    __table_args__ = (Index(None, "state"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    question: Mapped[str]
    state: Mapped[Wait] = mapped_column(enumerated(Wait))
    fact_id: Mapped[int | None] = mapped_column(ForeignKey(FactRow.id))
    opened_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(BigInteger)


class WaitingReaderRow(Row):
    """A reader who waits."""

    __tablename__ = "waiting_readers"
    __table_args__ = (
        Index(None, "question_id", "state"),
        Index(None, "state", "told_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey(DeskQuestionRow.id))
    exchange_id: Mapped[int] = mapped_column(
        ForeignKey(ExchangeRow.id, ondelete="CASCADE"), unique=True
    )
    chat_id: Mapped[int] = mapped_column(ForeignKey(ChatRow.id))
    thread_id: Mapped[int | None]
    question_message_id: Mapped[int | None]
    words: Mapped[str]
    state: Mapped[Wait] = mapped_column(enumerated(Wait))
    since: Mapped[datetime]
    told_at: Mapped[datetime | None]


class FeedbackRow(Row):
    """A reader said that a fact was not what they had asked."""

    __tablename__ = "feedback"
    __table_args__ = (Index(None, "settled_at"),)

    exchange_id: Mapped[int] = mapped_column(
        ForeignKey(ExchangeRow.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    fact_id: Mapped[int] = mapped_column(ForeignKey(FactRow.id))
    words: Mapped[str]
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(BigInteger)


class SavedQuestionRow(Row):
    """A question with the fact that it should get."""

    __tablename__ = "saved_questions"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy's declaration

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    question: Mapped[str] = mapped_column(unique=True)
    fact_id: Mapped[int | None] = mapped_column(ForeignKey(FactRow.id))
    saved_by: Mapped[int | None] = mapped_column(BigInteger)
    saved_at: Mapped[datetime]
    last_outcome: Mapped[Outcome | None] = mapped_column(enumerated(Outcome))
    last_fact_id: Mapped[int | None]
    last_run_at: Mapped[datetime | None]
