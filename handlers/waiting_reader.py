"""What readers press to wait for an answer, and to wait no longer."""

from typing import Any, Final

from telegram import CallbackQuery, MaybeInaccessibleMessage, Update
from telegram.ext import BaseHandler

from bot.messaging import message as messages
from bot.messaging import passing, screens, views
from bot.messaging.presses import NeverMind, PassOn, PassOnRest, parse
from bot.services.passing_on import Refusal
from handlers import arguments, jobs
from handlers.context import Context
from handlers.placing import in_place
from handlers.routing import PressHandler


async def pressed(update: Update, context: Context) -> None:
    """Pass a question on or take it back, in the chat whose exchange it is."""
    query = update.callback_query
    if query is None:
        return
    notice = screens.OLD_BUTTON if query.message is None else await _do(query, context)
    await context.services.messenger.acknowledge(query.id, notice)


async def _do(query: CallbackQuery, context: Context) -> str | None:
    services, carrier = context.services, query.message
    assert carrier is not None  # noqa: S101 - looked at by the caller
    bot = services.messenger.username
    match parse(query.data or ""):
        case PassOn(exchange_id=exchange_id) | PassOnRest(exchange_id=exchange_id) as asked:
            given = await services.passing_on.pass_on(exchange_id, chat_id=carrier.chat.id)
            if isinstance(given, Refusal):
                return passing.REFUSALS[given]
            if given is not None:
                shown = passing.waiting(given, bot=bot)
                if isinstance(asked, PassOn):
                    await in_place(shown, query, context)
                else:
                    await _below(shown, carrier, context)
                jobs.soon(context)  # perhaps it has become known meanwhile
                return None
        case NeverMind(exchange_id=exchange_id):
            before = await services.passing_on.never_mind(exchange_id, chat_id=carrier.chat.id)
            if before is not None:
                await in_place(views.answer(before, bot=bot), query, context)
                return passing.TAKEN_BACK
    return screens.OLD_BUTTON


async def _below(
    shown: messages.Message, carrier: MaybeInaccessibleMessage, context: Context
) -> None:
    """Send a message as a reply to the one whose button was pressed, which stays as it is."""
    place = arguments.place(carrier)
    await context.services.messenger.send(
        shown, chat_id=place.chat_id, thread_id=place.thread_id, reply_to=carrier.message_id
    )


ROUTES: Final[tuple[BaseHandler[Any, Context, Any], ...]] = (
    PressHandler(pressed, PassOn, NeverMind, PassOnRest),
)
