"""Frozen values that leave the database: how the work of a running bot stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from db.records import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """What a database says of the bot that runs on it."""

    at: datetime
    revision: int  # of the story, as last committed
    last_exchange: int  # the newest number
    asked: Mapping[Outcome, int]  # questions after a number, by what became of them
    outbox: int  # messages that may go out now
    outbox_since: datetime | None  # since when the oldest of them is due
    under_review: int  # alerts of a restored backup
    inbox: int  # updates that are not done with
    inbox_since: datetime | None  # when the oldest of them was received
    set_aside: int  # updates that nobody works on any more
    subscribers: int
    waiting_readers: int  # who wait for the desk
