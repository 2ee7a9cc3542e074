"""Backups of the database: made while the bot runs, on a schedule, the oldest dropped."""

import asyncio
import itertools
import logging
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.clock import Clock, now
from db import schema
from db.engine import Database
from db.errors import StoreFault
from db.files import copies

logger = logging.getLogger(__name__)

_NAME: Final = "{stem}.backup-{at:%Y%m%d-%H%M%S}.sqlite3"
_STAMP: Final = re.compile(r"\.backup-(\d{8}-\d{6})(?:-(\d+))?\.sqlite3")


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Where backups are made by themselves, how often, and how many are kept."""

    folder: Path
    every: timedelta
    keep: int


class Backups:
    """Scheduled backups. Stateless: the names of the files say when the last one was made."""

    def __init__(
        self, database: Database, schedule: Schedule | None, *, clock: Clock = now
    ) -> None:
        """Prepare; without a `schedule` nothing is made."""
        self._path = database.path
        self._schedule = schedule
        self._clock = clock
        self._busy = asyncio.Lock()

    async def tick(self) -> Path | None:
        """Make a backup if one is due, drop the oldest, and return what was made.

        One that fails is logged, and made at the next tick; none is dropped for it.
        """
        schedule = self._schedule
        if schedule is None or self._busy.locked():
            return None
        async with self._busy:
            try:
                return await asyncio.to_thread(_keep_up, self._path, schedule, self._clock())
            except StoreFault as fault:
                logger.error("the scheduled backup was not made: %s", fault)
        return None


def make(database: Path, target: Path | None, *, at: datetime, folder: Path | None = None) -> Path:
    """Copy a database of this program as last committed, and return the copy. Blocks.

    Without a `target`, or where it is a folder, the copy gets a name of its moment there, in
    `folder`, or beside the database.

    Raises:
        StoreFault: there is no such database, the target exists, or it cannot be written.
    """
    if not database.is_file():
        raise StoreFault(f"The database {database} does not exist.")
    if schema.version(database) is None:
        raise StoreFault(f"The file {database} is no database of Storydesk that can be read.")
    if target is None or target.is_dir():
        target = _unused(database, target or folder or database.parent, at)
    if not target.parent.is_dir():
        raise StoreFault(f"The folder {target.parent} does not exist: make it, or name another.")
    copies.copy(database, target)
    return target


def files_of(database: Path, folder: Path) -> list[Path]:
    """Return the backups of a database in a folder, the oldest first. Blocks."""
    dated = ((_age(database, file), file) for file in folder.glob("*.sqlite3"))
    return [file for age, file in sorted(each for each in dated if each[0] is not None)]


def _keep_up(database: Path, schedule: Schedule, at: datetime) -> Path | None:
    try:
        schedule.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreFault(f"{schedule.folder} cannot be made ({error.strerror}).") from None
    before = files_of(database, schedule.folder)
    last = _age(database, before[-1]) if before else None
    if last is not None and last[0] <= at < last[0] + schedule.every:
        return None
    made = make(database, None, at=at, folder=schedule.folder)
    logger.info("backup %s made", made.name)
    for old in files_of(database, schedule.folder)[: -schedule.keep]:
        if old != made:
            old.unlink(missing_ok=True)
            logger.info("backup %s dropped", old.name)
    return made


def _age(database: Path, file: Path) -> tuple[datetime, int] | None:
    """Return when a file was made as a backup, and which of that second; None for other files."""
    if not file.name.startswith(f"{database.stem}.backup-"):
        return None
    found = _STAMP.fullmatch(file.name.removeprefix(database.stem))
    if found is None:
        return None
    try:
        at = datetime.strptime(found[1], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return at, int(found[2] or 1)


def _unused(database: Path, folder: Path, at: datetime) -> Path:
    first = folder / _NAME.format(stem=database.stem, at=at)
    others = (first.with_stem(f"{first.stem}-{number}") for number in itertools.count(2))
    return next(file for file in itertools.chain([first], others) if not file.exists())


def newest_at(database: Path, folder: Path) -> datetime | None:
    """Return when the newest backup in a folder was made; None where there is none. Blocks."""
    ages = [_age(database, file) for file in files_of(database, folder)]
    return ages[-1][0] if ages and ages[-1] is not None else None
