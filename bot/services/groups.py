"""The services by the nouns that they are about, each built once over one index of the story."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from bot.clock import Clock
from bot.services.alerts.broadcasts import Broadcasts
from bot.services.alerts.channel import ChannelAlerts
from bot.services.alerts.controls import AlertControls
from bot.services.alerts.deliveries import Deliveries
from bot.services.alerts.parcels import Post
from bot.services.alerts.pending_sends import PendingReview
from bot.services.alerts.summaries import Summaries
from bot.services.answers.explanations import Explanations
from bot.services.answers.index_cache import IndexCache
from bot.services.answers.reader import ReaderAnswers
from bot.services.answers.verdicts import Ask
from bot.services.answers.whats_new import WhatsNew
from bot.services.arrivals import Arrivals
from bot.services.desk.audit import AuditTrail
from bot.services.desk.closure import Closure
from bot.services.desk.inbox import DeskInbox
from bot.services.desk.invitations import Invitations
from bot.services.desk.members import Members
from bot.services.desk.prompts import Prompts
from bot.services.desk.retention import Retention
from bot.services.facts.additions.article import Articles
from bot.services.facts.additions.conversation import Additions
from bot.services.facts.changes.conversation import Changes
from bot.services.facts.changes.undo import Undo
from bot.services.facts.lookup import FactLookup
from bot.services.facts.reminders import Reminders
from bot.services.facts.reviews import Reviews
from bot.services.files.backups import Backups, Schedule
from bot.services.files.exports import Exports
from bot.services.files.new_story import NewStory
from bot.services.files.uploads import Uploads
from bot.services.questions.escalations import Escalations
from bot.services.questions.resolutions import Resolutions
from bot.services.questions.saved import SavedQuestions
from bot.services.questions.saved_impact import SavedImpact
from bot.services.questions.statistics import Statistics
from bot.services.questions.suggestions import Suggestions
from db.engine import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What readers get, and why it is that."""

    reader: ReaderAnswers
    explanations: Explanations
    whats_new: WhatsNew

    @classmethod
    def build(
        cls,
        database: Database,
        cache: IndexCache,
        arrivals: Arrivals,
        *,
        ask: Ask,
        at_once: bool,
        clock: Clock,
    ) -> "Answers":
        """Return the group; with `at_once` what two chats tap counts before an editor confirms."""
        return cls(
            reader=ReaderAnswers(
                database, ask=ask, cache=cache, arrivals=arrivals, at_once=at_once, clock=clock
            ),
            explanations=Explanations(database, cache, clock=clock),
            whats_new=WhatsNew(database, clock=clock),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """Questions that wait for the desk, readers' words, and saved questions."""

    escalations: Escalations
    resolutions: Resolutions
    suggestions: Suggestions
    statistics: Statistics
    saved: SavedQuestions
    impact: SavedImpact

    @classmethod
    def build(
        cls,
        database: Database,
        cache: IndexCache,
        *,
        ask: Ask,
        at_once: bool,
        keep: timedelta,
        clock: Clock,
    ) -> "Questions":
        """Return the group; readers' words are kept for `keep`."""
        return cls(
            escalations=Escalations(database, cache, clock=clock),
            resolutions=Resolutions(database, cache, at_once=at_once, clock=clock),
            suggestions=Suggestions(
                database, cache, keep=keep, at_once=at_once, ask=ask, clock=clock
            ),
            statistics=Statistics(database, clock=clock),
            saved=SavedQuestions(database, cache, ask=ask, clock=clock),
            impact=SavedImpact(database, cache, ask=ask, clock=clock),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Facts in editors' hands."""

    additions: Additions
    articles: Articles
    changes: Changes
    undo: Undo
    lookup: FactLookup
    reviews: Reviews
    reminders: Reminders

    @classmethod
    def build(
        cls, database: Database, cache: IndexCache, *, at_once: bool, clock: Clock
    ) -> "Facts":
        """Return the group."""
        return cls(
            additions=Additions(database, cache, clock=clock),
            articles=Articles(database, cache, clock=clock),
            changes=Changes(database, clock=clock),
            undo=Undo(database, at_once=at_once, clock=clock),
            lookup=FactLookup(database, cache, clock=clock),
            reviews=Reviews(database, clock=clock),
            reminders=Reminders(database, clock=clock),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """Alerts from the change to the chat."""

    broadcasts: Broadcasts
    deliveries: Deliveries
    summaries: Summaries
    channel: ChannelAlerts
    controls: AlertControls
    review: PendingReview

    @classmethod
    def build(cls, database: Database, post: Post, *, window: int, clock: Clock) -> "Alerts":
        """Return the group; `window` alerts may be in flight at a time."""
        return cls(
            broadcasts=Broadcasts(database, clock=clock),
            deliveries=Deliveries(database, post, window=window, clock=clock),
            summaries=Summaries(database, clock=clock),
            channel=ChannelAlerts(database, clock=clock),
            controls=AlertControls(database, clock=clock),
            review=PendingReview(database, clock=clock),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Stories as files."""

    uploads: Uploads
    exports: Exports
    new_story: NewStory
    backups: Backups

    @classmethod
    def build(
        cls, database: Database, cache: IndexCache, *, schedule: Schedule | None, clock: Clock
    ) -> "Files":
        """Return the group; backups are made by `schedule`."""
        return cls(
            uploads=Uploads(database, cache, clock=clock),
            exports=Exports(database, clock=clock),
            new_story=NewStory(database, clock=clock),
            backups=Backups(database, schedule, clock=clock),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The desk: its people, its screens, its records."""

    inbox: DeskInbox
    members: Members
    invitations: Invitations
    prompts: Prompts
    closure: Closure
    audit: AuditTrail
    retention: Retention

    @classmethod
    def build(
        cls,
        database: Database,
        cache: IndexCache,
        *,
        owners: Collection[int],
        keep: timedelta,
        clock: Clock,
    ) -> "Desk":
        """Return the group; `owners` are the accounts that the settings name."""
        return cls(
            inbox=DeskInbox(database, cache, clock=clock),
            members=Members(database, owners=owners, clock=clock),
            invitations=Invitations(database, clock=clock),
            prompts=Prompts(database, cache, clock=clock),
            closure=Closure(database, clock=clock),
            audit=AuditTrail(database, clock=clock),
            retention=Retention(database, keep=keep, clock=clock),
        )
