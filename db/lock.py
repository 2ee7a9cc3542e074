"""One running bot per database file."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from db.address import file_of
from db.errors import StoreFault, StoreHeld


@contextmanager
def hold(address: str | Path) -> Iterator[None]:
    """Hold the database for this process while the block runs.

    The lock is the kernel's, on `<file>.lock`: it ends with the process, however that ends. The
    file itself stays, since removing it would let two processes lock two files of one name.

    Raises:
        StoreHeld: another process holds it; names its process number.
        StoreFault: the lock file cannot be made.
    """
    path = file_of(address)
    name = path.with_name(path.name + ".lock")
    try:
        descriptor = os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreFault(
            f"The lock file {name} cannot be made ({error.strerror}): "
            "choose a folder for the database in which this user may write."
        ) from None
    with os.fdopen(descriptor, "r+", encoding="ascii", errors="replace") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
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
        yield
