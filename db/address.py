"""Where the database is: a file name or an SQLite address becomes a path."""

from pathlib import Path
from typing import Final

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from db.errors import StoreFault

EXAMPLE: Final = "give a file name or an address such as sqlite:///story.sqlite3"


def file_of(address: str | Path) -> Path:
    """Return the absolute path of the SQLite file that `address` names.

    Accepted: a path (`~` is the home folder), `sqlite:///relative`, `sqlite:////absolute`, and the
    same with `sqlite+aiosqlite`. The file need not exist.

    Raises:
        StoreFault: the address names another kind of database, or no file.
    """
    text = str(address)
    if "://" in text:
        text = _database_of(text)
    elif text == "sqlite:" or text.startswith("file:"):
        raise StoreFault(f"The database {text!r} is not understood: {EXAMPLE}.")
    if not text or text == ":memory:":
        raise StoreFault(f"The facts need a file that outlives the program: {EXAMPLE}.")
    if "\0" in text:
        raise StoreFault(f"A file name cannot hold a NUL character: {EXAMPLE}.")
    return Path(text).expanduser().resolve()


def _database_of(address: str) -> str:
    scheme = address.partition("://")[0]
    if scheme not in ("sqlite", "sqlite+aiosqlite"):
        # The rest of such an address may hold a password, so only the scheme is shown.
        raise StoreFault(f"A database at {scheme}://… is not supported yet: {EXAMPLE}.")
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise StoreFault(f"The database {address!r} is not understood: {EXAMPLE}.") from None
    if url.host or url.query:
        raise StoreFault(
            f"The database {address!r} is not understood: an SQLite address has three slashes "
            "before the file name and nothing after it."
        )
    return url.database or ""


def url_of(path: Path, driver: str) -> URL:
    """Return SQLAlchemy's address of the file, whatever characters its name has."""
    return URL.create(driver, database=str(path))
