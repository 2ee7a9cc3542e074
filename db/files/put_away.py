"""Puts a whole story away and brings one back: a copy of the file, and the rows of one story.

What belongs to the desk stays: its members, its records, the chats it knows. Numbers of facts,
exchanges and proposals are never given twice, so that an old button means nothing in a new story.
"""

import asyncio
import itertools
import shutil
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Table, exists, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import schema
from db.errors import StoreFault
from db.files import copies
from db.records.alerts import DeliveryState
from db.tables.alerts import (
    AlertRow,
    CorrectedFactRow,
    DeliveryRow,
    FollowRow,
    ReminderRow,
    SubscriptionRow,
    SummedFactRow,
)
from db.tables.derived import LearnedNumbersRow, SentenceVectorRow
from db.tables.desk import (
    AuditRow,
    CardRow,
    DeskQuestionRow,
    EditorRow,
    FeedbackRow,
    InvitationRow,
    ProposalRow,
    SavedQuestionRow,
    UploadRow,
    WaitingReaderRow,
)
from db.tables.story import (
    ChatRow,
    ExchangeRow,
    FactRow,
    PhrasingRow,
    Row,
    StoryRow,
    ToldRow,
    VersionRow,
)
from db.tables.suggestions import SuggestionRow, SuggestionVoteRow
from db.tables.updates import UpdateRow

_KEPT: Final[tuple[type[Row], ...]] = (
    FactRow,
    VersionRow,
    PhrasingRow,
    SubscriptionRow,
    FollowRow,
    ReminderRow,
    ExchangeRow,
    ToldRow,
    FeedbackRow,
    SavedQuestionRow,
    DeskQuestionRow,
    WaitingReaderRow,
    SuggestionRow,
    SuggestionVoteRow,
)
"""What comes back with a story, each after what it refers to."""

_LEFT: Final[tuple[type[Row], ...]] = (
    UploadRow,
    ProposalRow,
    CardRow,
    SummedFactRow,
    CorrectedFactRow,
    DeliveryRow,
    AlertRow,
    SentenceVectorRow,
    LearnedNumbersRow,
)
"""What was under way when a story was put away: it goes no further, also when the story is back.
And what is derived from the facts' texts, which is made anew."""

STAYS: Final[tuple[type[Row], ...]] = (
    StoryRow,
    ChatRow,
    EditorRow,
    InvitationRow,
    AuditRow,
    UpdateRow,
)
"""What is not the story's but the desk's, or is written anew."""

OF_A_STORY: Final = (*_KEPT, *_LEFT)

ROWS_AT_ONCE: Final = 1_000
_NAME: Final = "{stem}.story-{at:%Y%m%d-%H%M%S}.sqlite3"


def file_for(database: Path, at: datetime) -> Path:
    """Return a file beside a database, not made yet, for the story of a moment. Blocks."""
    first = database.with_name(_NAME.format(stem=database.stem, at=at))
    others = (first.with_stem(f"{first.stem}-{number}") for number in itertools.count(2))
    return next(file for file in itertools.chain([first], others) if not file.exists())


def files_of(database: Path) -> list[Path]:
    """Return the files beside a database that hold stories put away, the newest first."""
    return sorted(database.parent.glob(f"{database.stem}.story-*.sqlite3"), reverse=True)


def title_of(file: Path) -> str | None:
    """Return the title of the story in a file, None where none can be read there. Blocks."""
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
            row = connection.execute("SELECT title FROM stories").fetchone()
    except sqlite3.Error:
        return None
    return None if row is None else str(row[0])


async def copy(database: Path, target: Path) -> None:
    """Copy the database as last committed to a file that does not exist yet.

    Within a transaction that has written nothing the copy is what that transaction sees, since
    nobody else can write meanwhile.

    Raises:
        StoreFault: it cannot be written.
    """
    await asyncio.to_thread(_copy, database, target)


async def clear(session: AsyncSession) -> None:
    """Remove everything that belongs to the story, which must have been copied before."""
    triggers = (
        await session.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :name"),
            {"name": VersionRow.__tablename__},
        )
    ).all()
    for name, _ in triggers:
        await session.execute(text(f'DROP TRIGGER "{name}"'))
    for row in (*_LEFT, *reversed(_KEPT)):
        await session.execute(_table(row).delete())
    await session.execute(update(ChatRow).values(looked_at=None))
    for _, statement in triggers:
        await session.execute(text(statement))


async def bring_back(session: AsyncSession, file: Path) -> None:
    """Add the rows of the story in a file to a database that was cleared.

    Raises:
        StoreFault: the file cannot be read, or was written by newer code.
    """
    with tempfile.TemporaryDirectory(prefix="storydesk-") as folder:
        await _bring_back(session, await asyncio.to_thread(_current, file, Path(folder)))


async def is_sending(session: AsyncSession) -> bool:
    """Return whether a message to a subscriber may be under way just now."""
    leased = exists().where(DeliveryRow.state == DeliveryState.LEASED)
    return bool((await session.execute(select(leased))).scalar())


async def _bring_back(session: AsyncSession, file: Path) -> None:
    connection = await session.connection()
    rows_of: tuple[type[Row], ...] = (ChatRow, *_KEPT)
    for row in rows_of:
        names = [column.name for column in _table(row).columns]
        listed = ", ".join(f'"{name}"' for name in names)
        values = ", ".join("?" * len(names))
        known = "OR IGNORE " if row is ChatRow else ""
        statement = f"INSERT {known}INTO {row.__tablename__} ({listed}) VALUES ({values})"  # noqa: S608
        offset = 0
        while rows := await asyncio.to_thread(_rows, file, row.__tablename__, listed, offset):
            await connection.exec_driver_sql(statement, rows)
            offset += len(rows)


def story_in(file: Path) -> dict[str, Any]:
    """Return the columns of the story in a file, as they are stored. Blocks.

    Raises:
        StoreFault: it holds no story that can be read.
    """
    names = ("title", "about", "time_zone", "language", "lexicon", "closed_at")
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
            row = connection.execute(f"SELECT {', '.join(names)} FROM stories").fetchone()  # noqa: S608
    except sqlite3.Error as error:
        raise StoreFault(f"The file {file} holds no story that can be read ({error}).") from None
    if row is None:
        raise StoreFault(f"The file {file} holds no story.")
    return dict(zip(names, row, strict=True))


async def name_as(session: AsyncSession, columns: dict[str, Any], *, revision: int) -> None:
    """Give the story the columns of one that comes back, as a change of everything."""
    connection = await session.connection()
    sets = ", ".join(f"{name} = ?" for name in columns)
    await connection.exec_driver_sql(
        f"UPDATE {StoryRow.__tablename__} SET {sets}, lexicon_revision = ?, compared_up_to = "  # noqa: S608
        f"(SELECT coalesce(max(id), 0) FROM {FactRow.__tablename__})",
        (*columns.values(), revision),
    )


def _copy(database: Path, target: Path) -> None:
    try:
        copies.copy(database, target)
    except StoreFault as fault:
        raise StoreFault(
            f"The story cannot be put away ({str(fault).rstrip('.')}): nothing was changed. Make "
            "room, or let this user write in that folder, and try again."
        ) from None


def _current(file: Path, folder: Path) -> Path:
    """Return the file, or a copy with the schema of this code where it has an older one."""
    if schema.is_current(file):
        return file
    from db import migrating  # Alembic takes a tenth of a second to import

    copied = folder / file.name
    shutil.copyfile(file, copied)
    migrating.upgrade(copied)
    return copied


def _rows(file: Path, table: str, listed: str, offset: int) -> Sequence[Any]:
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute(
            f"SELECT {listed} FROM {table} ORDER BY rowid LIMIT ? OFFSET ?",  # noqa: S608
            (ROWS_AT_ONCE, offset),
        ).fetchall()


def _table(row: type[Row]) -> Table:
    table = row.__table__
    assert isinstance(table, Table)  # noqa: S101 - every row has one
    return table
