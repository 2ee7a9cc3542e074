"""The parts of a bot that runs: every service, built once and joined to the database."""

from datetime import timedelta
from pathlib import Path

from telegram.ext import ExtBot

from bot.clock import Clock
from bot.operations.metrics import Metrics
from bot.services import groups
from bot.services.answers.index_cache import IndexCache
from bot.services.answers.verdicts import Ask
from bot.services.arrivals import Arrivals
from bot.services.files.backups import Schedule
from bot.services.incidents import Incidents
from bot.services.subscriptions.preferences import Subscriptions
from bot.services.updates import Updates
from bot.services.vitals import VitalSigns
from bot.settings import Settings
from bot.telegram.alert_sender import AlertPost
from bot.telegram.gate import Gate
from bot.telegram.messenger import Messenger
from bot.telegram.waiting_readers import Telling
from db.engine import Database
from handlers.context import IncidentReports, Services


def services(
    database: Database,
    bot: ExtBot[None],
    settings: Settings,
    ask: Ask,
    gate: Gate,
    clock: Clock,
    *,
    updates: Updates,
    metrics: Metrics,
) -> Services:
    """Return what the bot can do, over one index of the story and by one clock."""
    cache = IndexCache(database, meaning=settings.meaning)
    at_once, keep = settings.readers_words, settings.keep
    arrivals = Arrivals(database, clock=clock)
    answers = groups.Answers.build(
        database, cache, arrivals, ask=metrics.timed(ask), at_once=at_once, clock=clock
    )
    subscriptions = Subscriptions(database, clock=clock)
    messenger = Messenger(
        bot, moved=answers.reader.moved, topic_lost=subscriptions.topic_lost, gate=gate
    )
    post = AlertPost(messenger, resends=settings.resend_unsure, paid=settings.pays_for_broadcasts)
    questions = groups.Questions.build(
        database, cache, ask=ask, at_once=at_once, keep=keep, clock=clock
    )
    return Services(
        alerts=groups.Alerts.build(database, post, window=settings.window, clock=clock),
        answers=answers,
        arrivals=arrivals,
        desk=groups.Desk.build(database, cache, owners=settings.owners, keep=keep, clock=clock),
        facts=groups.Facts.build(database, cache, at_once=at_once, clock=clock),
        files=groups.Files.build(database, cache, schedule=_schedule(settings), clock=clock),
        messenger=messenger,
        questions=questions,
        subscriptions=subscriptions,
        updates=updates,
        incidents=_incidents(database, settings, clock),
        waiting_readers=Telling(questions.escalations, messenger),
    )


def _schedule(settings: Settings) -> Schedule | None:
    """Return when backups are made by themselves; None where the settings name no folder."""
    if not settings.backup_dir:
        return None
    return Schedule(
        folder=Path(settings.backup_dir).expanduser(),
        every=timedelta(hours=settings.backup_hours),
        keep=settings.backup_keep,
    )


def _incidents(database: Database, settings: Settings, clock: Clock) -> IncidentReports | None:
    """Return what is told to the operators' chat; None where the settings name none."""
    if settings.operators_chat is None:
        return None
    incidents = Incidents(VitalSigns(database, clock=clock), clock=clock)
    return IncidentReports(incidents=incidents, chat_id=settings.operators_chat)
