"""Puts a backup in the place of the database. What it was about to send waits for the desk."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from db.alerts import pending_sends
from db.desk import audit
from db.engine import Database
from db.errors import StoreFault
from db.files import copies, inspection
from db.records.alerts import PendingSends

_NAME: Final = "{stem}.replaced-{at:%Y%m%d-%H%M%S}.sqlite3"
_BESIDE: Final = ("-wal", "-shm")
"""What SQLite keeps beside a database that is in use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What came of it."""

    pending: PendingSends
    replaced: Path | None  # the database before, whole; None: there was none


async def restore(backup: Path, database: Path, *, at: datetime) -> Restored:
    """Put a copy of `backup` in the place of `database`, which nobody else may hold.

    The copy is prepared beside it first, so that a failure leaves everything as it was.

    Raises:
        StoreFault: the backup is damaged, of newer code or no backup, or cannot be copied.
    """
    await asyncio.to_thread(_must_be_sound, backup, database)
    prepared = database.with_name(f".{database.name}.restoring")
    await asyncio.to_thread(_remove, prepared)
    try:
        await asyncio.to_thread(copies.copy, backup, prepared)
        pending = await _prepare(prepared, backup, at)
        await asyncio.to_thread(copies.advance_numbers, prepared, database)
        replaced = await asyncio.to_thread(_exchange, prepared, database, at)
    finally:
        await asyncio.to_thread(_remove, prepared)
    return Restored(pending=pending, replaced=replaced)


def _must_be_sound(backup: Path, database: Path) -> None:
    if backup.resolve() == database:
        raise StoreFault(f"{backup} is the database itself: name a backup of it.")
    if not inspection.inspect(backup.resolve()).is_sound:
        raise StoreFault(
            f"The backup {backup} is damaged (storydesk db check names what): take another one."
        )


async def _prepare(prepared: Path, backup: Path, at: datetime) -> PendingSends:
    """Bring a copy to the schema of this code, and let nothing go out of it by itself."""
    opened = await Database.open(prepared)
    try:
        async with opened.writing() as session:
            pending = await pending_sends.hold(session, at=at)
            await audit.record(
                session,
                at=at,
                person=None,
                name="the command line",
                action="backup.restore",
                after=backup.name,
            )
    finally:
        await opened.close()
    return pending


def _exchange(prepared: Path, database: Path, at: datetime) -> Path | None:
    replaced = None
    if database.exists():
        replaced = database.with_name(_NAME.format(stem=database.stem, at=at))
        if replaced.exists():
            raise StoreFault(f"The file {replaced} exists already: try again in a second.")
        # The newest changes may be in the log alone, which is nothing without its own name.
        for end in _BESIDE:
            log = database.with_name(database.name + end)
            if log.exists():
                log.replace(replaced.with_name(replaced.name + end))
        database.replace(replaced)
    for end in _BESIDE:
        database.with_name(database.name + end).unlink(missing_ok=True)
    prepared.replace(database)
    return replaced


def _remove(prepared: Path) -> None:
    for end in ("", *_BESIDE):
        prepared.with_name(prepared.name + end).unlink(missing_ok=True)
