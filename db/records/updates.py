"""Frozen values that leave the database: updates as Telegram gave them."""

from dataclasses import dataclass
from enum import StrEnum


class UpdateState(StrEnum):
    """How far an update has come."""

    WAITING = "waiting"  # nothing was done for it yet, or nothing that doing it again would double
    ACTED = "acted"  # a member of the desk did something by it; its reply may be missing
    DONE = "done"
    SET_ASIDE = "set_aside"  # it cannot be read, made a handler fail, or ended the process


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredUpdate:
    """An update that was not done with when the process ended."""

    id: int
    body: str  # JSON, as Telegram sent it
    state: UpdateState
    exchange_id: int | None  # the answer that was recorded for it; None: none was
    attempts: int  # how often its work was begun by a process that then ended
