"""The tables of readers' words that may become ways of asking.

Private to `db` and `migrations`, like `db.tables.story`.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from db.records.suggestions import SuggestionState, Vote
from db.tables.story import ChatRow, FactRow, Row
from db.types import enumerated


class SuggestionRow(Row):
    """Words of readers that may become a phrasing of a fact."""

    __tablename__ = "suggestions"
    __table_args__ = (
        UniqueConstraint("fact_id", "digest"),
        Index(None, "digest"),
        Index(None, "state"),
        Index(
            "ix_suggestions_counting",
            "fact_id",
            sqlite_where=text("counts = 1"),
            postgresql_where=text("counts"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    fact_id: Mapped[int] = mapped_column(ForeignKey(FactRow.id))
    words: Mapped[str]  # empty once they were dismissed and kept long enough
    digest: Mapped[str] = mapped_column(String(64))  # of the words, however they are written
    state: Mapped[SuggestionState] = mapped_column(enumerated(SuggestionState))
    counts: Mapped[bool] = mapped_column(server_default=false())
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class SuggestionVoteRow(Row):
    """A chat that showed a suggestion, or said that it meant something else."""

    __tablename__ = "suggestion_votes"
    __table_args__ = (Index(None, "chat_id"),)

    suggestion_id: Mapped[int] = mapped_column(
        ForeignKey(SuggestionRow.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    chat_id: Mapped[int] = mapped_column(ForeignKey(ChatRow.id), primary_key=True)
    vote: Mapped[Vote] = mapped_column(enumerated(Vote))
    at: Mapped[datetime]
