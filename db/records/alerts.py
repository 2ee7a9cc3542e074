"""Frozen values that leave the database: who is alerted of what, and what became of it."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from db.records import ChangeKind, ChatKind


class Level(StrEnum):
    """How much a subscriber hears."""

    BIG = "big"  # big news
    EVERY = "every"  # every update
    SUMMARY = "summary"  # one message a day


class AlertKind(StrEnum):
    """What an alert is about; those named first are sent first."""

    CORRECTION = "correction"  # to those who were told the error
    NEWS = "news"
    SUMMARY = "summary"
    FOLLOWED = "followed"  # to those who follow the fact alone: an import changed it

    @property
    def rank(self) -> int:
        """What is sent first has the lowest."""
        return tuple(AlertKind).index(self)


class AlertState(StrEnum):
    """How far an alert has come."""

    HELD = "held"  # its editor may still hold it back
    DUE = "due"
    SENDING = "sending"  # fanned out to its recipients
    DONE = "done"
    STOPPED = "stopped"  # by an editor; some have it
    SUPERSEDED = "superseded"  # a newer one about the same fact goes instead
    REVIEW = "review"  # of a backup that was restored: it may have gone out since


class DeliveryState(StrEnum):
    """What became of one alert in one chat."""

    WAITING = "waiting"
    LEASED = "leased"  # being sent
    SENT = "sent"
    GONE = "gone"  # blocked, left or deleted
    REFUSED = "refused"  # Telegram will never take it
    DROPPED = "dropped"  # stopped or superseded before it was sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What one chat wishes to hear, and when it wishes to be left alone."""

    chat_id: int
    thread_id: int | None  # the forum topic that alerts go to
    level: Level
    summary_at: time  # SUMMARY: when, on the chat's clock
    topics: tuple[str, ...]  # none: all
    hours: "Hours"
    since: datetime
    asked_zone_at: datetime | None = None  # when it was asked for its zone; None: never


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One message that goes to many, before it is made up for each."""

    id: int
    kind: AlertKind
    state: AlertState
    change: ChangeKind | None  # None: a summary or an import
    fact_id: int | None
    version: int | None  # the newest that it tells; later edits move it on while it is unsent
    was_version: int | None  # what it replaces; None: a new fact
    wrong_since: int | None  # a correction: the first version that told the error
    urgent: bool  # sent in quiet hours too, without a sound
    since: datetime | None  # a summary: what has changed since, up to `made_at`
    topics: tuple[str, ...]  # a summary: only these; none: all
    made_by: int | None
    made_at: datetime
    hold_until: datetime
    desk_chat_id: int | None = None  # where its editor sees how far it has come
    desk_message_id: int | None = None
    batch_id: int | None = None  # of the import that made it; None: it was made alone

    @property
    def is_import(self) -> bool:
        """Whether it tells subscribers of everything that an import changed."""
        return self.kind is AlertKind.NEWS and self.fact_id is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """The versions of a fact that told an error."""

    fact_id: int
    since: int  # the first of them
    until: int  # the last, which the correction replaced

    @property
    def versions(self) -> range:
        """All of them."""
        return range(self.since, self.until + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One alert for one chat."""

    id: int
    alert_id: int
    chat_id: int
    thread_id: int | None
    reply_to: int | None  # the reader's own question, for a correction
    amends: int | None  # a message sent minutes ago, to be edited instead
    arrived: int | None  # the message that has told it already; None: it is still to be told
    edited: int  # earlier messages that were edited by then
    attempts: int  # this one included
    together: bool  # it waited for the morning, and is told with what else did
    hours: "Hours"
    kind: ChatKind  # of the chat


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When a chat wishes to be left alone, on its own clock."""

    zone: str | None  # IANA; None: the story's
    quiet_from: time | None  # None: no quiet hours
    quiet_to: time | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """The channel in which alerts are posted."""

    id: int
    name: str  # such as @news
    level: Level
    lost_at: datetime | None  # since when nothing can be posted there; None: it can


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Subscribers who wish the same."""

    level: Level
    topics: tuple[str, ...]
    hours: Hours
    count: int  # chats


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """How one delivery ended."""

    delivery_id: int
    state: DeliveryState
    message_id: int | None = None  # that told it
    version: int | None = None  # of the fact, as the message told it
    edited: int = 0  # earlier messages
    unsure: bool = False  # nobody knows whether this attempt arrived
    put_off: bool = False  # Telegram said when to come again: no attempt was made
    together: bool = False  # told with others, or WAITING to be
    retry_at: datetime | None = None  # WAITING only: when it is tried again


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How far the sending of an alert has come, in chats."""

    total: int
    sent: int
    gone: int
    refused: int
    dropped: int
    edited: int  # earlier messages, not chats
    unsure: int  # may have heard it twice; or not at all, where that is not repeated

    @property
    def left(self) -> int:
        """How many have not heard it yet."""
        return self.total - self.sent - self.gone - self.refused - self.dropped


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingSends:
    """What waits for a decision of the desk."""

    alerts: int = 0
    chats: int = 0  # that are still to get one of them; more may be found when they are released
    readers: int = 0  # who are still to hear how the wait for their question ended
    updates: int = 0  # from Telegram, set aside: nobody decides on them

    @property
    def any(self) -> bool:
        """Whether there is anything to decide."""
        return bool(self.alerts or self.readers)
