"""One running bot per database file."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TextIO

from db.address import file_of
from db.errors import StoreFault, StoreHeld

PAUSES_SECONDS: Final = (0.05, 0.2)
"""How long a refused lock is waited for: `is_held` holds it too, for a moment."""


@contextmanager
def hold(
    address: str | Path, *, sleep: Callable[[float], None] = time.sleep
) -> Iterator[Callable[[], None]]:
    """Hold the database for this process while the block runs.

    The lock is the kernel's, on `<file>.lock`: it ends with the process, however that ends. The
    file itself stays, since removing it would let two processes lock two files of one name. Gives
    what removes it nevertheless, if it was made here: for a file that turns out to be no database.

    Raises:
        StoreHeld: another process holds it; names its process number.
        StoreFault: the lock file cannot be made.
    """
    path = file_of(address)
    name = _name_of(path)
    is_new = not name.exists()
    try:
        descriptor = os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreFault(
            f"The lock file {name} cannot be made ({error.strerror}): "
            "choose a folder for the database in which this user may write."
        ) from None
    with os.fdopen(descriptor, "r+", encoding="ascii", errors="replace") as file:
        try:
            _take(file, sleep)
        except BlockingIOError:
            holder = file.read(20).strip()
            process = f" (process {holder})" if holder.isdigit() else ""
            raise StoreHeld(
                f"The database {path} is in use by another running bot{process}: "
                "stop that one, or give this one a database of its own."
            ) from None
        except OSError as error:
            raise StoreFault(
                f"The file {name} cannot be locked ({error.strerror}): "
                "keep the database on a disk of this machine."
            ) from None
        file.truncate()
        file.write(f"{os.getpid()}\n")
        file.flush()

        def forget() -> None:
            if is_new:
                name.unlink(missing_ok=True)

        yield forget


def is_held(address: str | Path) -> bool:
    """Return whether a running bot holds the database; makes no file.

    Raises:
        StoreFault: the lock file cannot be read.
    """
    name = _name_of(file_of(address))
    try:
        with name.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    except OSError as error:
        raise StoreFault(
            f"The lock file {name} cannot be read ({error.strerror}): "
            "ask as the user that runs the bot."
        ) from None
    return False


def _name_of(path: Path) -> Path:
    return path.with_name(path.name + ".lock")


def _take(file: TextIO, sleep: Callable[[float], None]) -> None:
    for pause in PAUSES_SECONDS:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sleep(pause)
        else:
            return
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
