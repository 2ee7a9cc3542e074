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
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True)) as connection:
            found = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    except sqlite3.Error:
        return False
    return [name for (name,) in found] == [newest()]
