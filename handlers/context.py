"""What every handler is given besides the update."""

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from telegram.ext import Application, CallbackContext, ExtBot

from bot.services import groups
from bot.services.arrivals import Arrival, Arrivals
from bot.services.incidents import Incidents
from bot.services.rights import Actor
from bot.services.subscriptions.preferences import Subscriptions
from bot.services.updates import Updates
from bot.telegram.messenger import Messenger
from bot.telegram.waiting_readers import Telling

SERVICES: Final = "services"
"""The key under which the composition root leaves the services in PTB's `bot_data`."""

_Data: TypeAlias = dict[Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentReports:
    """Incidents, and the chat of the operators that hears of them."""

    incidents: Incidents
    chat_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What the bot can do."""

    alerts: groups.Alerts
    answers: groups.Answers
    arrivals: Arrivals
    desk: groups.Desk
    facts: groups.Facts
    files: groups.Files
    questions: groups.Questions
    subscriptions: Subscriptions
    updates: Updates
    incidents: IncidentReports | None  # None: nobody is to hear of them
    messenger: Messenger
    waiting_readers: Telling


class Context(CallbackContext[ExtBot[None], _Data, _Data, _Data]):
    """PTB's context with the services, typed."""

    _arrival: tuple[int, Arrival] | None = None

    async def arrival(self, actor: Actor) -> Arrival:
        """Return what is known as `actor` writes; it is read once for each update and person."""
        if self._arrival is None or self._arrival[0] != actor.person_id:
            self._arrival = actor.person_id, await self.services.arrivals.of(actor)
        return self._arrival[1]

    @property
    def services(self) -> Services:
        """What the bot can do."""
        services = self.bot_data[SERVICES]
        assert isinstance(services, Services)  # noqa: S101 - left there by the composition root
        return services


Desk: TypeAlias = Application[Any, Context, _Data, _Data, _Data, Any]
"""PTB's application as this bot uses it."""
