"""Whether a file has the schema of this code: told without the tool that migrates it."""

import os
import sqlite3
from contextlib import closing
from importlib.resources import files
from pathlib import Path


def newest() -> str:
    """Return the newest revision: every step's file is named after its own."""
    names = (entry.name for entry in files("migrations").joinpath("versions").iterdir())
    return max(name.partition("_")[0] for name in names if name[:1].isdigit())


def is_current(path: Path) -> bool:
    """Return whether the file can be used as it is; False also where that cannot be told.

    Alembic takes a tenth of a second to import, which a start with nothing to migrate need not
    wait for.
    """
    if not (os.access(path, os.R_OK | os.W_OK) and os.access(path.parent, os.W_OK)):
        return False
    return version(path) == newest()


def is_outdated(path: Path) -> bool:
    """Return whether the file is a database of this program that waits for migrations."""
    found = version(path) if path.is_file() else None
    return found is not None and found < newest()


def version(path: Path) -> str | None:
    """Return the revision of the schema of a file; None where it has none or cannot be opened."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True)) as connection:
            return version_in(connection)
    except sqlite3.Error:
        return None


def version_in(connection: sqlite3.Connection) -> str | None:
    """Return the revision of the schema of an open database; None where it has none."""
    try:
        found = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    except sqlite3.OperationalError:
        return None
    return str(found[0][0]) if len(found) == 1 else None
