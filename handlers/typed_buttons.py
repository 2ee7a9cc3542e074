"""Readers who type a button out instead of pressing it, in a private chat."""

from typing import Final

from telegram import Update

from bot.services.answers.typed_buttons import Tap, Typed, is_button, plain
from bot.services.questions.escalations import Refusal
from bot.views import screens
from bot.views import subscriptions as alerts
from bot.views.answers import messages
from bot.views.message import Message
from bot.views.questions import escalations
from db.records.alerts import Level
from handlers import answers, arguments, jobs, reader, subscriber
from handlers.context import Context

_LEVELS: Final = {"big news only": Level.BIG, "every update": Level.EVERY}
"""Buttons that change how much a chat hears, by what stands on them."""


async def take(update: Update, context: Context) -> bool:
    """Do what the button does that was typed out; tell whether one was."""
    message = update.effective_message
    assert message is not None  # noqa: S101 - the route takes messages only
    if message.forward_origin is not None:
        return False
    words, place = arguments.words(message), arguments.place(message)
    match plain(words):
        case "what we know":
            await reader.now(update, context)
        case "get alerts":
            await subscriber.subscribe(update, context)
        case "stop":
            await subscriber.unsubscribe(update, context)
        case "all changes":
            await subscriber.new(update, context)
        case said if said in _LEVELS:
            wishes = await context.services.subscriptions.subscribe(place, _LEVELS[said])
            await _reply(alerts.subscribed(wishes), update, context)
        case _:
            arrival = await context.arrival(arguments.actor(update))
            found = await context.services.answers.reader.typed(words, arrival)
            if found is not None and await _do(found, update, context):
                return True
            if is_button(words):
                await _reply(screens.NOTHING_TO_PRESS, update, context)
            return is_button(words)
    return True


async def _do(found: Typed, update: Update, context: Context) -> bool:
    message, services = update.effective_message, context.services
    assert message is not None  # noqa: S101 - as above
    chat_id, number, bot = message.chat.id, found.exchange_id, services.messenger.username
    match found.tap:
        case Tap.CHOOSE if found.fact_id is not None:
            given = await services.answers.reader.choose(number, found.fact_id, chat_id=chat_id)
            if given is None:
                return False
            await answers.deliver(given, message, context)
        case Tap.OTHER:
            offered = await services.answers.reader.other(
                number, chat_id=chat_id, shown=found.shown
            )
            if offered is None:
                return False
            await _reply(messages.offer(offered), update, context)
        case Tap.PASS_ON:
            waiting = await services.questions.escalations.pass_on(number, chat_id=chat_id)
            if waiting is None:
                return False
            if isinstance(waiting, Refusal):
                await _reply(screens.line(escalations.REFUSALS[waiting]), update, context)
                return True
            await _reply(escalations.waiting(waiting, bot=bot), update, context)
            jobs.soon(context)  # perhaps it has become known meanwhile
        case Tap.FOLLOW if found.fact_id is not None:
            followed = await services.subscriptions.follow(arguments.place(message), found.fact_id)
            said = alerts.FOLLOWED if followed else alerts.CANNOT_FOLLOW
            await _reply(screens.line(said), update, context)
        case _:
            return False
    return True


async def _reply(shown: Message, update: Update, context: Context) -> None:
    message = update.effective_message
    assert message is not None  # noqa: S101 - as above
    await context.services.messenger.send(shown, chat_id=message.chat.id)
