"""Looks a database file over: is it whole, of this code's schema, and what is in it. Reads only."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from db import schema
from db.errors import StoreFault, fault_of
from db.files import copies

SHOWN: Final = 5
"""Findings of SQLite that are kept; a damaged file may have thousands."""

_COUNTS: Final = {
    "facts": "SELECT count(*) FROM facts",
    "versions of facts": "SELECT count(*) FROM fact_versions",
    "ways of asking": "SELECT count(*) FROM phrasings",
    "chats": "SELECT count(*) FROM chats",
    "subscribers": "SELECT count(*) FROM subscriptions WHERE ended_at IS NULL",
    "questions asked": "SELECT count(*) FROM exchanges",
    "questions that wait for the desk": (
        "SELECT count(*) FROM desk_questions WHERE state = 'waiting'"
    ),
    "saved questions": "SELECT count(*) FROM saved_questions",
    "members of the desk": "SELECT count(*) FROM editors WHERE removed_at IS NULL",
    "messages to send": ("SELECT count(*) FROM deliveries WHERE state IN ('waiting', 'leased')"),
    "alerts under review": "SELECT count(*) FROM alerts WHERE state = 'review'",
    "updates to work on": ("SELECT count(*) FROM updates WHERE state IN ('waiting', 'acted')"),
    "updates set aside": "SELECT count(*) FROM updates WHERE state = 'set_aside'",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What was found in a database file."""

    damage: tuple[str, ...]  # in SQLite's words; empty: the file is whole
    loose_rows: int  # that refer to a row which is not there
    schema: str
    newest_schema: str
    counts: Mapping[str, int]  # by what is counted; only with the newest schema

    @property
    def is_sound(self) -> bool:
        """Whether the file can be trusted; an older schema is no fault."""
        return not self.damage and not self.loose_rows

    @property
    def is_current(self) -> bool:
        """Whether no migration is pending."""
        return self.schema == self.newest_schema


def inspect(path: Path) -> Inspection:
    """Look a database over without writing anything. Blocks; reads the whole file.

    Raises:
        StoreFault: there is no such file, it cannot be read, or is not of this program.
    """
    if not path.is_file():
        raise StoreFault(f"The database {path} does not exist.")
    try:
        with copies.reading(path) as connection:
            return _inspected(connection, path)
    except sqlite3.Error as error:
        fault = fault_of(error, path)
        if fault is None:
            raise
        raise fault from None


def _inspected(connection: sqlite3.Connection, path: Path) -> Inspection:
    version = schema.version_in(connection)
    if version is None:
        raise StoreFault(f"The file {path} is no database of Storydesk: name another file.")
    connection.execute("BEGIN")  # one state for all that is read
    damage = _damage_in(connection)
    newest = schema.newest()
    counted = version == newest and not damage
    return Inspection(
        damage=damage,
        loose_rows=0 if damage else len(connection.execute("PRAGMA foreign_key_check").fetchall()),
        schema=version,
        newest_schema=newest,
        counts={
            name: int(connection.execute(query).fetchone()[0]) for name, query in _COUNTS.items()
        }
        if counted
        else {},
    )


def _damage_in(connection: sqlite3.Connection) -> tuple[str, ...]:
    try:
        said = [str(line) for (line,) in connection.execute(f"PRAGMA integrity_check({SHOWN})")]
    except sqlite3.DatabaseError as error:  # so damaged that it cannot even be looked over
        return (str(error),)
    return () if said == ["ok"] else tuple(said)
