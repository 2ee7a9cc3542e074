"""What every handler is given besides the update."""

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from telegram.ext import Application, CallbackContext, ExtBot

from bot.messaging.messenger import Messenger
from bot.messaging.telling import Telling
from bot.services.adding import Adding
from bot.services.answering import Answering
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

SERVICES: Final = "services"
"""The key under which the composition root leaves the services in PTB's `bot_data`."""

_Data: TypeAlias = dict[Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What the bot can do."""

    adding: Adding
    answering: Answering
    catching_up: CatchingUp
    changing: Changing
    broadcasting: Broadcasting
    delivering: Delivering
    echoing: Echoing
    explaining: Explaining
    prompting: Prompting
    publishing: Publishing
    finding: Finding
    foreseeing: Foreseeing
    keeping: Keeping
    undoing: Undoing
    withdrawing: Withdrawing
    checking: Checking
    exporting: Exporting
    receiving_files: ReceivingFiles
    sifting: Sifting
    staffing: Staffing
    inviting: Inviting
    closing: Closing
    auditing: Auditing
    counting: Counting
    desking: Desking
    forgetting: Forgetting
    founding: Founding
    passing_on: PassingOn
    relaying: Relaying
    resolving: Resolving
    telling: Telling
    reminding: Reminding
    steering: Steering
    subscribing: Subscribing
    suggestions: Suggestions
    summarising: Summarising
    messenger: Messenger


class Context(CallbackContext[ExtBot[None], _Data, _Data, _Data]):
    """PTB's context with the services, typed."""

    @property
    def services(self) -> Services:
        """What the bot can do."""
        services = self.bot_data[SERVICES]
        assert isinstance(services, Services)  # noqa: S101 - left there by the composition root
        return services


Desk: TypeAlias = Application[Any, Context, _Data, _Data, _Data, Any]
"""PTB's application as this bot uses it."""
