"""The tables. Private to `db` and `migrations`: records leave the database, rows do not.

There are no relationships, so nothing can be loaded lazily behind a query's back; where one is
ever added it is `lazy="raise"`. Every query names its columns.
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from db.records import ChangeKind, ChatKind, Lexicon, Moment, Outcome, Status, Weight
from db.types import (
    IntegerTuple,
    LexiconJSON,
    MomentText,
    StringTuple,
    UTCDateTime,
    enumerated,
)


class Row(DeclarativeBase):
    """A row of any table."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text(),
        datetime: UTCDateTime(),
        Moment: MomentText(),
        Lexicon: LexiconJSON(),
        tuple[str, ...]: StringTuple(),
        tuple[int, ...]: IntegerTuple(),
        Status: enumerated(Status),
        Weight: enumerated(Weight),
        ChangeKind: enumerated(ChangeKind),
        ChatKind: enumerated(ChatKind),
        Outcome: enumerated(Outcome),
    }


class StoryRow(Row):
    """The one story; its revision counts every committed change of what can be answered."""

    __tablename__ = "stories"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    title: Mapped[str]
    about: Mapped[str]
    time_zone: Mapped[str]
    language: Mapped[str]
    revision: Mapped[int]
    lexicon: Mapped[Lexicon]
    lexicon_revision: Mapped[int]
    closed_at: Mapped[datetime | None]  # None: the story goes on
    desk_chat_id: Mapped[int | None] = mapped_column(BigInteger)
    # The newest fact that recent questions were compared with.
    compared_up_to: Mapped[int] = mapped_column(server_default="0")


class FactRow(Row):
    """What belongs to a fact whatever its version; what was told stands in its newest version."""

    __tablename__ = "facts"
    # AUTOINCREMENT: a number that editors have seen is never given to another fact.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy's declaration

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    version: Mapped[int]  # the newest
    weight: Mapped[Weight]
    topics: Mapped[tuple[str, ...]]
    check_by: Mapped[datetime | None]  # None: nobody asked for another look
    revision: Mapped[int] = mapped_column(index=True)  # the story's, when this last changed


class VersionRow(Row):
    """A version of a fact, as it was told. Never changed nor removed: triggers refuse both."""

    __tablename__ = "fact_versions"

    fact_id: Mapped[int] = mapped_column(ForeignKey(FactRow.id), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ChangeKind]
    text: Mapped[str]
    question: Mapped[str | None]
    source: Mapped[str | None]
    source_url: Mapped[str | None]
    as_of: Mapped[Moment | None]
    happened: Mapped[Moment | None]
    status: Mapped[Status]
    next_word: Mapped[str | None]
    reason: Mapped[str | None]  # None: a first version, or nobody gave one
    editor: Mapped[int | None] = mapped_column(BigInteger)  # None: an import
    at: Mapped[datetime] = mapped_column(index=True)
    # The import that made it; None: it was made alone.
    batch_id: Mapped[int | None] = mapped_column(index=True)


class PhrasingRow(Row):
    """Another way readers ask for a fact."""

    __tablename__ = "phrasings"
    __table_args__ = (UniqueConstraint("fact_id", "text"),)

    fact_id: Mapped[int] = mapped_column(ForeignKey(FactRow.id), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]


class ChatRow(Row):
    """A chat that has written to the bot."""

    __tablename__ = "chats"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[ChatKind]
    title: Mapped[str | None]  # None in private chats
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]
    gone_at: Mapped[datetime | None]  # since when nobody is there to read; None: somebody is
    looked_at: Mapped[datetime | None]  # up to when it has seen what changed


class ExchangeRow(Row):
    """One question and what became of it."""

    __tablename__ = "exchanges"
    __table_args__ = (
        Index(None, "chat_id", "asked_at"),
        Index(None, "chat_id", "reply_message_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey(ChatRow.id))
    thread_id: Mapped[int | None]  # None outside forums
    question: Mapped[str]
    outcome: Mapped[Outcome]
    offered: Mapped[tuple[int, ...]]
    question_message_id: Mapped[int | None]  # None: the question was not a message
    reply_message_id: Mapped[int | None]  # None until the reply was delivered
    asked_at: Mapped[datetime]
    # That what was told or offered first is the answer; None: nothing was.
    confidence: Mapped[float | None] = mapped_column(Float())
    self_contained: Mapped[bool] = mapped_column(server_default=false())


class ToldRow(Row):
    """A version of a fact that an exchange told."""

    __tablename__ = "told"
    __table_args__ = (
        ForeignKeyConstraint(
            ["fact_id", "version"], ["fact_versions.fact_id", "fact_versions.version"]
        ),
        Index(None, "fact_id", "version"),
    )

    exchange_id: Mapped[int] = mapped_column(
        ForeignKey(ExchangeRow.id, ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    fact_id: Mapped[int]
    version: Mapped[int]
