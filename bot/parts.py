"""The parts of a bot that runs: every service, built once and joined to the database."""

from telegram.ext import ExtBot

from bot.clock import Clock
from bot.messaging.gate import Gate
from bot.messaging.messenger import Messenger
from bot.messaging.post import AlertPost
from bot.messaging.telling import Telling
from bot.services.adding import Adding
from bot.services.answering import Answering, Ask
from bot.services.auditing import Auditing
from bot.services.broadcasting import Broadcasting
from bot.services.catching_up import CatchingUp
from bot.services.changing import Changing
from bot.services.checking import Checking
from bot.services.closing import Closing
from bot.services.counting import Counting
from bot.services.delivering import Delivering
from bot.services.desking import Desking
from bot.services.echoing import Echoing
from bot.services.explaining import Explaining
from bot.services.exporting import Exporting
from bot.services.finding import Finding
from bot.services.foreseeing import Foreseeing
from bot.services.forgetting import Forgetting
from bot.services.founding import Founding
from bot.services.indexing import Shelf
from bot.services.inviting import Inviting
from bot.services.keeping import Keeping
from bot.services.passing_on import PassingOn
from bot.services.prompting import Prompting
from bot.services.publishing import Publishing
from bot.services.receiving_files import ReceivingFiles
from bot.services.relaying import Relaying
from bot.services.reminding import Reminding
from bot.services.resolving import Resolving
from bot.services.sifting import Sifting
from bot.services.staffing import Staffing
from bot.services.steering import Steering
from bot.services.subscribing import Subscribing
from bot.services.suggestions import Suggestions
from bot.services.summarising import Summarising
from bot.services.undoing import Undoing
from bot.services.withdrawing import Withdrawing
from bot.settings import Settings
from db.engine import Database
from handlers.context import Services


def services(
    database: Database, bot: ExtBot[None], settings: Settings, ask: Ask, gate: Gate, clock: Clock
) -> Services:
    """Return what the bot can do, over one index of the story and by one clock."""
    shelf = Shelf(database, meaning=settings.meaning)
    answering = Answering(
        database, ask=ask, shelf=shelf, at_once=settings.readers_words, clock=clock
    )
    messenger = Messenger(bot, moved=answering.moved, gate=gate)
    passing_on = PassingOn(database, shelf, clock=clock)
    return Services(
        adding=Adding(database, shelf, clock=clock),
        answering=answering,
        auditing=Auditing(database, clock=clock),
        broadcasting=Broadcasting(database, clock=clock),
        catching_up=CatchingUp(database, clock=clock),
        changing=Changing(database, clock=clock),
        checking=Checking(database, shelf, ask=ask, clock=clock),
        closing=Closing(database, clock=clock),
        counting=Counting(database, clock=clock),
        delivering=Delivering(
            database,
            AlertPost(messenger, resends=settings.resend_unsure, paid=settings.pays_for_broadcasts),
            window=settings.window,
            clock=clock,
        ),
        desking=Desking(database, shelf, clock=clock),
        echoing=Echoing(database, clock=clock),
        explaining=Explaining(database, shelf, clock=clock),
        exporting=Exporting(database, clock=clock),
        finding=Finding(database, shelf, clock=clock),
        foreseeing=Foreseeing(database, shelf, ask=ask, clock=clock),
        forgetting=Forgetting(database, keep=settings.keep, clock=clock),
        founding=Founding(database, clock=clock),
        inviting=Inviting(database, clock=clock),
        keeping=Keeping(database, clock=clock),
        messenger=messenger,
        passing_on=passing_on,
        prompting=Prompting(database, shelf, clock=clock),
        publishing=Publishing(database, shelf, clock=clock),
        receiving_files=ReceivingFiles(database, shelf, clock=clock),
        relaying=Relaying(database, clock=clock),
        reminding=Reminding(database, clock=clock),
        resolving=Resolving(database, shelf, at_once=settings.readers_words, clock=clock),
        sifting=Sifting(database, shelf, clock=clock),
        staffing=Staffing(database, owners=settings.owners, clock=clock),
        steering=Steering(database, clock=clock),
        subscribing=Subscribing(database, clock=clock),
        suggestions=Suggestions(
            database,
            shelf,
            keep=settings.keep,
            at_once=settings.readers_words,
            ask=ask,
            clock=clock,
        ),
        summarising=Summarising(database, clock=clock),
        telling=Telling(passing_on, messenger),
        undoing=Undoing(database, at_once=settings.readers_words, clock=clock),
        withdrawing=Withdrawing(database, clock=clock),
    )
