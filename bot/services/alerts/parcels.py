"""What the outbox hands to the post: all that is needed to tell one alert in one chat."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias

from db.records import ChangeKind, Fact, FactVersion, Status, Story
from db.records.alerts import Alert, Delivery, DeliveryState


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What changed of one fact."""

    kind: ChangeKind
    fact: Fact  # as it stands
    was: FactVersion | None  # what it replaces; None: a new fact
    reason: str | None = None  # of a withdrawal, where an editor gave one

    @property
    def answers(self) -> bool:
        """Whether a gap was filled: a known unknown became known, or the story covers it now."""
        if self.kind is not ChangeKind.UPDATE or self.was is None:
            return False
        return self.was.status.is_gap and not self.fact.status.is_gap


def is_no_news(status: Status, was: Status | None) -> bool:
    """Return whether a new version tells no news: all that it says is what is not covered.

    `was` is the status of the version before, None for a new fact. That a story no longer covers
    what it did cover is news.
    """
    return status is Status.NOT_COVERED and (was is None or was.is_gap)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What changed in a while: each fact once."""

    since: datetime
    changes: tuple[Change, ...]  # the first: corrected, withdrawn, changed, new, answered
    more: int = 0  # than these


Tidings: TypeAlias = Change | Summary
"""What an alert tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistaken:
    """A message of ours that told an error."""

    message_id: int
    change: Change | None = None  # of the fact that it told; None: the one that the alert tells
    beside: tuple[Fact, ...] = ()  # what else it told, as it stands
    exchange_id: int | None = None  # whose answer it was; None: an alert
    follows: bool = False  # whether its reader may ask to be told when its fact changes
    has_more: bool = False  # facts that its reader was not shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One alert for one chat."""

    delivery: Delivery
    alert: Alert
    tells: Tidings
    story: Story
    silent: bool
    edits: tuple[Mistaken, ...] = ()  # a correction: messages of ours that told the error
    also: tuple[Delivery, ...] = ()  # what else `tells` tells
    versions: Mapping[int, int | None]  # of the fact, by delivery; None: of many facts
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What became of a parcel."""

    state: DeliveryState  # WAITING: something is left to do, try again later
    message_id: int | None = None  # that told it, WAITING too
    edited: int = 0  # earlier messages
    unsure: bool = False  # nobody knows whether it arrived
    after: timedelta | None = None  # WAITING: told to wait so long; None: it failed


class Post(Protocol):
    """What carries parcels to their chats, at the pace that is allowed; never raises."""

    @property
    def closed(self) -> bool:
        """Whether nothing may leave just now, to whomever."""

    async def carry(self, parcel: Parcel) -> Posted:
        """Send one parcel and return what became of it."""
