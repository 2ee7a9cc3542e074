"""What can keep the database from being used. Each text is one sentence for the operator.

StoreFault
├── StoreHeld     another running bot holds the file
├── StoreBusy     another process is writing for too long
├── StoreFull     there is no room on the disk: reading goes on
└── StoreGone     the file was deleted or replaced while it was open
"""

from pathlib import Path
from typing import Final


class StoreFault(Exception):  # noqa: N818 - reads as what happened
    """The database cannot be opened, read, written or upgraded; `str(fault)` says what to do."""


class StoreHeld(StoreFault):
    """Another running bot holds the file."""


class StoreBusy(StoreFault):
    """Another process has been writing for longer than this one waits."""


class StoreFull(StoreFault):
    """There is no room on the disk; what is stored can be read."""


class StoreGone(StoreFault):
    """The file was deleted or replaced while it was open; what is written is lost."""


def fault_of(error: BaseException | None, path: Path) -> StoreFault | None:
    """Return what SQLite's `error` means to the operator; None where it is a fault of ours."""
    name = getattr(error, "sqlite_errorname", None) or ""
    for prefix, (kind, text) in _MEANINGS.items():
        if name.startswith(prefix):
            return kind(text.format(path=path, folder=path.parent))
    return None


_MEANINGS: Final[dict[str, tuple[type[StoreFault], str]]] = {
    "SQLITE_NOTADB": (
        StoreFault,
        "The file {path} is not an SQLite database: name another file, or move this one away.",
    ),
    "SQLITE_CANTOPEN": (
        StoreFault,
        "The database {path} cannot be opened: check that the folder exists and that this user "
        "may write in it.",
    ),
    "SQLITE_READONLY": (
        StoreFault,
        "The database {path} cannot be written: check the rights to the file and its folder.",
    ),
    "SQLITE_BUSY": (
        StoreBusy,
        "Another process has been writing to the database {path} for too long: try again when it "
        "is done.",
    ),
    "SQLITE_FULL": (
        StoreFull,
        "The disk of the database {path} is full: make room in {folder}; nothing that was "
        "committed is lost.",
    ),
    "SQLITE_CORRUPT": (
        StoreFault,
        "The database {path} is damaged: put a backup in its place.",
    ),
    "SQLITE_IOERR": (
        StoreFault,
        "The disk of the database {path} cannot be read or written: check the disk.",
    ),
}
