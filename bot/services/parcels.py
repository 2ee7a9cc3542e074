"""What the outbox hands to the post: all that is needed to tell one alert in one chat."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias

from db.records import ChangeKind, Fact, FactVersion, Story
from db.records.alerts import Alert, Delivery, DeliveryState


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What changed of one fact."""

    kind: ChangeKind
    fact: Fact  # as it stands
    was: FactVersion | None  # what it replaces; None: a new fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What changed in a while: each fact once, by its last change."""

    since: datetime
    changes: tuple[Change, ...]  # the first, in the order corrected, withdrawn, changed, new
    more: int = 0  # than these


Tidings: TypeAlias = Change | Summary
"""What an alert tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One alert for one chat."""

    delivery: Delivery
    alert: Alert
    tells: Tidings
    story: Story
    silent: bool
    edits: tuple[int, ...]  # a correction: messages of ours that told the error
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What became of a parcel."""

    state: DeliveryState  # WAITING: not sent, try again later
    message_id: int | None = None
    after: timedelta | None = None  # WAITING: told to wait so long; None: it failed


class Post(Protocol):
    """What carries parcels to their chats, at the pace that is allowed; never raises."""

    async def carry(self, parcel: Parcel) -> Posted:
        """Send one parcel and return what became of it."""
