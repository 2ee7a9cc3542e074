"""Logging: one line an event on standard error, with every token taken out."""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Final

TOKEN: Final = re.compile(r"\d{3,}:[A-Za-z0-9_-]{20,}")
"""A bot's token wherever it stands (in an address, an error, a traceback)."""


SECRET_IN_ADDRESS: Final = re.compile(
    r"(?P<before>[?&#;](?:[\w.-]*[_-])?(?:token|secret|passw(?:or)?d|pwd|api_?key|key|auth|signature|sig)=)"
    r"[^\s&#;\"'<>]+",
    re.IGNORECASE,
)
"""A secret behind a question mark of an address."""

PASSWORD_IN_ADDRESS: Final = re.compile(
    r"(?P<before>\b[a-z][a-z0-9+.-]*://)[^\s/?#@\"'<>]+@", re.IGNORECASE
)
"""A name, and perhaps a password, before the host of an address."""

FOREIGN: Final = frozenset(
    ("telegram", "apscheduler", "aiohttp", "asyncio", "httpx", "httpcore", "sqlalchemy")
)
"""Libraries whose messages may quote what they were given."""

_PLACEHOLDER: Final = re.compile(r"%(?:\(\w+\))?[-#0 +]*\d*(?:\.\d+)?[a-zA-Z]")
_QUOTING: Final = re.compile(r"[:'\"<{\[\n]")

_hidden: Final[set[str]] = set()

update_id: Final[ContextVar[int | None]] = ContextVar("number of the update at work", default=None)
"""The update that the current task works on; None outside of any."""


def hide(secret: str) -> None:
    """Take exactly `secret` out of everything from now on, whatever it looks like."""
    if secret:
        _hidden.add(secret)


def redact(text: str) -> str:
    """Return `text` with every token, known or merely looking like one, replaced by `<token>`.

    What looks like a secret or a password in an address is replaced by `<secret>`.
    """
    for secret in sorted(_hidden, key=len, reverse=True):
        text = text.replace(secret, "<token>")
    text = TOKEN.sub("<token>", text)
    text = PASSWORD_IN_ADDRESS.sub(r"\g<before><secret>@", text)
    return SECRET_IN_ADDRESS.sub(r"\g<before><secret>", text)


class RedactingFormatter(logging.Formatter):
    """Formats as usual, then redacts the whole: message, arguments and traceback.

    Of what libraries log, only the sentence is kept: its arguments and tracebacks quote updates,
    and with them readers' words, names and numbers.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the finished line without any token, and without anything of a reader's."""
        if record.name.split(".")[0] in FOREIGN:
            record = _sentence_of(record)
        return redact(super().format(record))


class JsonFormatter(RedactingFormatter):
    """Formats a record as one line of JSON; redacted, and of libraries the sentence alone."""

    def __init__(self) -> None:
        super().__init__("%(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Return the line: when, how grave, who says what, and the number of the update at work."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": super().format(record),
            "update": update_id.get(),
        }
        return json.dumps(line, ensure_ascii=False)


def _sentence_of(record: logging.LogRecord) -> logging.LogRecord:
    """Return a record of what a library said, without what it said it of."""
    sentence = _PLACEHOLDER.sub("…", str(record.msg)) if record.args else _first_line(record.msg)
    error = record.exc_info[1] if record.exc_info else None
    said = f"{sentence} ({type(error).__name__})" if error is not None else sentence
    return logging.LogRecord(
        record.name, record.levelno, record.pathname, record.lineno, said, None, None
    )


def _first_line(message: object) -> str:
    """Return the beginning of a finished message, up to where it begins to quote."""
    return _QUOTING.split(str(message), maxsplit=1)[0].strip()


def configure(*, level: int = logging.INFO) -> None:
    """Send records of `level` and above to standard error. Called once, by the command line."""
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # httpx tells every request, with the token in its address; the others tell routine.
    for name in ("httpx", "alembic", "apscheduler"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # What these report is reported here too, in our words and without what readers wrote.
    for name in ("telegram.request.BaseRequest", "telegram.ext.ExtBot", "telegram.ext.Updater"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def use_json() -> None:
    """Write each record as one line of JSON from now on."""
    for handler in logging.getLogger().handlers:
        handler.setFormatter(JsonFormatter())


def set_level(name: str) -> None:
    """Send records of a level and above, such as `info`."""
    logging.getLogger().setLevel(name.upper())


def quieten() -> None:
    """Show errors only: somebody is at the terminal, and the bot talks to them itself."""
    logging.getLogger().setLevel(logging.ERROR)
