"""What the tests of one process save: each opens a database of its own, hundreds in a row."""

import gc
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    SQLiteDialect_aiosqlite,
)
from sqlalchemy.engine import Engine
from sqlalchemy.pool import Pool

_STATEMENTS: Final[dict[Any, Any]] = {}
_IS_SET_UP: Final = "tests.thrift"


@contextmanager
def shared_statements() -> Iterator[None]:
    """Let the databases of the block share what SQLAlchemy compiles for each of them."""
    event.listen(Engine, "engine_connect", _share)
    with pytest.MonkeyPatch.context() as patched:
        # The dialect is part of the key of a compiled statement; each engine makes its own.
        patched.setattr(SQLiteDialect_aiosqlite, "__hash__", lambda one: hash(type(one)))
        patched.setattr(
            SQLiteDialect_aiosqlite, "__eq__", lambda one, other: type(one) is type(other)
        )
        yield
    event.remove(Engine, "engine_connect", _share)


@contextmanager
def no_waits_for_the_disk() -> Iterator[None]:
    """Let commits of the block return before the disk has written them.

    They survive the death of the process all the same, only not that of the machine.
    """
    event.listen(Pool, "checkout", _set_up)
    yield
    event.remove(Pool, "checkout", _set_up)


@contextmanager
def waits_for_the_disk() -> Iterator[None]:
    """Let databases opened in the block commit as the program's do."""
    event.remove(Pool, "checkout", _set_up)
    yield
    event.listen(Pool, "checkout", _set_up)


def keep_what_is_loaded() -> None:
    """Take what was imported out of the garbage collector's rounds, and let it come less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    gc.enable()


def _share(connection: Connection) -> None:
    connection.execution_options(compiled_cache=_STATEMENTS)


def _set_up(connection: Any, record: Any, _proxy: object) -> None:
    is_sqlite = isinstance(connection, AsyncAdapt_aiosqlite_connection | sqlite3.Connection)
    if is_sqlite and _IS_SET_UP not in record.info:
        record.info[_IS_SET_UP] = True
        cursor = connection.cursor()
        cursor.execute("PRAGMA synchronous = OFF")
        cursor.close()
