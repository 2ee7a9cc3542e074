"""The tables of what is derived from the facts, and may be made again at any time.

Private to `db` and `migrations`, like `db.tables.story`.
"""

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.story import Row


class SentenceVectorRow(Row):
    """The vector of a text by one sentence model."""

    __tablename__ = "sentence_vectors"

    model: Mapped[str] = mapped_column(String(32), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)  # of the text
    vector: Mapped[bytes]  # float16, as many as the model has dimensions


class LearnedNumbersRow(Row):
    """What the classifier learned from the texts of the story."""

    __tablename__ = "learned_numbers"

    stamp: Mapped[str] = mapped_column(String(32), primary_key=True)  # what they fit
    numbers: Mapped[bytes]
