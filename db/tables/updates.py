"""The table of updates: what Telegram sent, kept until it is done with.

Private to `db` and `migrations`, like `db.tables.story`.
"""

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.records.updates import UpdateState
from db.tables.story import Row
from db.types import enumerated


class UpdateRow(Row):
    """An update, by Telegram's number; once it is done only its number is kept."""

    __tablename__ = "updates"
    __table_args__ = (Index(None, "state"), Index(None, "received_at"))

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    body: Mapped[str]  # "" once it is done
    state: Mapped[UpdateState] = mapped_column(enumerated(UpdateState))
    # No foreign key: dropping exchanges would look through every update for each.
    exchange_id: Mapped[int | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    received_at: Mapped[datetime]
