"""What the terminal knows of the bot that it plays, besides what that sends."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Played:
    """A bot at work in this process."""

    rested: Callable[[], Awaitable[object]]
    """Waits until the bot has done with every update that it has fetched."""
    notice: str | None = None
    """What it has to say to whoever started it."""
