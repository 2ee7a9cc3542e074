"""Brings the file to the schema of this code, by the numbered migrations."""

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from db.address import file_of, url_of
from db.errors import StoreFault, fault_of

PATIENCE_SECONDS: Final = 30.0
"""How long a second process waits for the first to finish the same migration."""


def upgrade(address: str | Path, *, to: str = "head") -> None:
    """Make or upgrade the database at `address`. Blocks: call it in a thread.

    All steps together are one transaction: a process that is killed half-way changed nothing.

    Raises:
        StoreFault: the file is something else, was written by newer code or cannot be written.
    """
    _migrate(address, lambda config: command.upgrade(config, to))


def downgrade(address: str | Path, *, to: str) -> None:
    """Take the database at `address` back to an older schema; raises as `upgrade` does."""
    _migrate(address, lambda config: command.downgrade(config, to))


def check(address: str | Path) -> None:
    """Read the database at `address` without changing it. Blocks: call it in a thread.

    Raises:
        StoreFault: there is no such file, it cannot be read, or its schema is not of this code.
    """
    path = file_of(address)
    if not path.is_file():
        raise StoreFault(f"The database {path} does not exist.")
    engine = create_engine(url_of(path, "sqlite"), poolclass=NullPool)
    try:
        with as_file(files("migrations")) as folder, engine.connect() as connection:
            scripts = ScriptDirectory(str(folder))
            _check_origin(connection, path, scripts)
            schema = MigrationContext.configure(connection).get_current_revision()
            if schema != scripts.get_current_head():
                raise StoreFault(
                    f"The database {path} is not of this version of Storydesk: the bot that runs "
                    "on it upgrades it when it is started."
                )
    except DBAPIError as error:
        fault = fault_of(error.orig, path)
        if fault is None:
            raise
        raise fault from None
    finally:
        engine.dispose()


def engine_of(path: Path) -> Engine:
    """Return an engine whose transactions hold the file alone from their first statement on."""
    engine = create_engine(
        url_of(path, "sqlite"),
        poolclass=NullPool,
        connect_args={"isolation_level": None, "timeout": PATIENCE_SECONDS},
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _migrate(address: str | Path, step: Callable[[Config], None]) -> None:
    path = file_of(address)
    _check_place(path)
    engine = engine_of(path)
    try:
        with as_file(files("migrations")) as folder:
            config = Config()
            config.set_main_option("script_location", str(folder).replace("%", "%%"))
            # Foreign keys stay unchecked here, as batch mode drops and remakes tables.
            with engine.begin() as connection:
                _check_origin(connection, path, ScriptDirectory.from_config(config))
                config.attributes["connection"] = connection
                step(config)
                if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise StoreFault(
                        f"The database {path} holds rows that point nowhere and was left as it "
                        "is: put a backup in its place."
                    )
    except (DBAPIError, sqlite3.Error) as error:
        fault = fault_of(error.orig if isinstance(error, DBAPIError) else error, path)
        if fault is None:
            raise
        raise fault from None
    finally:
        engine.dispose()


def _check_place(path: Path) -> None:
    if path.is_dir():
        raise StoreFault(
            f"{path} is a folder: name a file in it, such as {path / 'story.sqlite3'}."
        )
    if not path.parent.is_dir():
        raise StoreFault(f"The folder {path.parent} does not exist: make it, or name another.")
    # Readers' questions are nobody else's business. Where it fails, SQLite gives the reason.
    with suppress(OSError):
        path.touch(mode=0o600)


def _check_origin(connection: Connection, path: Path, scripts: ScriptDirectory) -> None:
    schema = MigrationContext.configure(connection).get_current_revision()
    if schema is None:
        if set(inspect(connection).get_table_names()) - {"alembic_version"}:
            raise StoreFault(
                f"The file {path} is a database of another program: name another file."
            )
    elif schema not in {script.revision for script in scripts.walk_revisions()}:
        raise StoreFault(
            f"The database {path} was written by a newer Storydesk (its schema is {schema!r}): "
            "install that version, or name another file."
        )
