"""Logging: one line an event on standard error, with every token taken out."""

import logging
import re
from typing import Final

TOKEN: Final = re.compile(r"\d{3,}:[A-Za-z0-9_-]{20,}")
"""A bot's token wherever it stands (in an address, an error, a traceback)."""


_hidden: Final[set[str]] = set()


def hide(secret: str) -> None:
    """Take exactly `secret` out of everything from now on, whatever it looks like."""
    if secret:
        _hidden.add(secret)


def redact(text: str) -> str:
    """Return `text` with every token, known or merely looking like one, replaced by `<token>`."""
    for secret in sorted(_hidden, key=len, reverse=True):
        text = text.replace(secret, "<token>")
    return TOKEN.sub("<token>", text)


class RedactingFormatter(logging.Formatter):
    """Formats as usual, then redacts the whole: message, arguments and traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the finished line without any token."""
        return redact(super().format(record))


def configure(*, level: int = logging.INFO) -> None:
    """Send records of `level` and above to standard error. Called once, by the command line."""
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # httpx tells every request, with the token in its address; the others tell routine.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # This one quotes answers that it cannot parse, and with them what readers wrote.
    logging.getLogger("telegram.request.BaseRequest").setLevel(logging.CRITICAL)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)


def quieten() -> None:
    """Show errors only: somebody is at the terminal, and the bot talks to them itself."""
    logging.getLogger().setLevel(logging.ERROR)
