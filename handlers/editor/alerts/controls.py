"""Alerts in editors' hands: what is about to go out, and how to stop it."""

from typing import Any, Final

from telegram import Update
from telegram.ext import BaseHandler

from bot.services.alerts.controls import Progress
from bot.services.answers.results import Place
from bot.views.alerts import controls as views
from bot.views.presses import parse
from handlers import arguments
from handlers.context import Context
from handlers.routing import PressHandler


async def show(fact_id: int, place: Place, context: Context) -> None:
    """Show in `place` what is about to be sent of a change just published, if anything is."""
    await _show(await context.services.alerts.controls.announced(fact_id), place, context)


async def show_import(alert_id: int, place: Place, context: Context) -> None:
    """Show in `place` what is about to be sent of an import, if anybody hears it."""
    await _show(await context.services.alerts.controls.of_import(alert_id), place, context)


async def _show(announced: Progress | None, place: Place, context: Context) -> None:
    services = context.services
    if announced is None or announced.reach is None or not announced.reach.anybody:
        return
    sent = await services.messenger.send(
        views.progress(announced), chat_id=place.chat_id, thread_id=place.thread_id
    )
    if sent.message_id is not None:
        await services.alerts.controls.watch(
            announced.alert.id, chat_id=place.chat_id, message_id=sent.message_id
        )


async def pressed(update: Update, context: Context) -> None:
    """Do what a button under an alert's progress says."""
    query = update.callback_query
    if query is None or query.message is None:
        return
    services, actor = context.services, arguments.actor(update)
    match parse(query.data or ""):
        case views.Hold(alert_id=number):
            seen = await services.alerts.controls.hold(actor, number)
        case views.SendNow(alert_id=number):
            seen = await services.alerts.controls.send_now(actor, number)
        case views.CarryOn(alert_id=number):
            seen = await services.alerts.controls.carry_on(actor, number)
        case _:
            seen = None
    await services.messenger.acknowledge(query.id, None if seen else views.TOO_LATE)
    if seen is not None:
        message_id = query.message.message_id
        await services.messenger.edit(
            views.progress(seen), chat_id=actor.place.chat_id, message_id=message_id
        )
        await services.alerts.controls.watch(
            seen.alert.id, chat_id=actor.place.chat_id, message_id=message_id
        )


ROUTES: Final[tuple[BaseHandler[Any, Context, Any], ...]] = (
    PressHandler(pressed, views.CarryOn, views.Hold, views.SendNow),
)
