"""What every handler is given besides the update."""

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from telegram.ext import Application, CallbackContext, ExtBot

from bot.messaging.messenger import Messenger
from bot.services.answering import Answering
from bot.services.broadcasting import Broadcasting
from bot.services.delivering import Delivering
from bot.services.explaining import Explaining
from bot.services.staffing import Staffing
from bot.services.steering import Steering
from bot.services.subscribing import Subscribing
from bot.services.summarising import Summarising

SERVICES: Final = "services"
"""The key under which the composition root leaves the services in PTB's `bot_data`."""

_Data: TypeAlias = dict[Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What the bot can do."""

    answering: Answering
    broadcasting: Broadcasting
    delivering: Delivering
    explaining: Explaining
    staffing: Staffing
    steering: Steering
    subscribing: Subscribing
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
