"""Copies of a database file: made while it is in use, private, never over another file."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from db.errors import StoreFault

PRIVATE = 0o600
"""The mode of a copy: it holds what readers wrote."""


def copy(source: Path, target: Path) -> None:
    """Copy a database as last committed to a file that does not exist yet. Blocks.

    One snapshot, by SQLite's backup interface; those who write meanwhile need not wait. The copy
    appears under its name once it is whole and on the disk. Nothing is written beside `source`.

    Raises:
        StoreFault: `target` exists, cannot be written, or `source` cannot be read.
    """
    if target.exists():
        raise _exists(target)
    try:
        # Private from the start, and another's own where two copy to the same name.
        descriptor, name = tempfile.mkstemp(
            prefix=f".{target.name}.", suffix=".partial", dir=target.parent
        )
        os.close(descriptor)
        partial = Path(name)
        try:
            with reading(source) as original, closing(sqlite3.connect(partial)) as copied:
                original.backup(copied)
                # One file that can be moved and read by itself.
                copied.execute("PRAGMA journal_mode = DELETE")
            _place(partial, target)
        finally:
            partial.unlink(missing_ok=True)
    except FileExistsError:
        raise _exists(target) from None
    except (sqlite3.Error, OSError) as error:
        raise StoreFault(f"{source} cannot be copied to {target} ({error}).") from None


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection that reads a database and makes no file beside it. Blocks.

    Raises:
        sqlite3.Error: it cannot be opened.
    """
    # SQLite makes these files for whoever opens the database; they are there while it is in use.
    is_in_use = path.with_name(f"{path.name}-wal").exists()
    options = "mode=ro" if is_in_use else "mode=ro&immutable=1"
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{options}", uri=True)) as connection:
        yield connection


def advance_numbers(target: Path, like: Path) -> None:
    """Let `target` give no number that `like` has given, which a button may still carry. Blocks.

    Where `like` cannot be read nothing is changed.
    """
    query = "SELECT name, seq FROM sqlite_sequence"
    try:
        with reading(like) as other:
            given = other.execute(query).fetchall()
    except sqlite3.Error:
        return
    with closing(sqlite3.connect(target)) as connection, connection:
        known = dict(connection.execute(query).fetchall())
        for name, number in given:
            if name not in known:
                connection.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (name, number))
            elif known[name] < number:
                connection.execute(
                    "UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (number, name)
                )


def _place(partial: Path, target: Path) -> None:
    """Give a whole copy its name, on the disk before it can be seen; FileExistsError if taken."""
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    try:
        os.link(partial, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE))
        partial.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _exists(target: Path) -> StoreFault:
    return StoreFault(f"The file {target} exists already: name another one, or move it away.")
