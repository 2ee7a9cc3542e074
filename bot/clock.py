"""The time. Nothing else in the project asks the machine what time it is."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""Returns the present moment, aware, in UTC. Tests pass their own."""


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)
