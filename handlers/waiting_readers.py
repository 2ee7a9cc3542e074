"""What readers press to wait for an answer, and to wait no longer."""

from typing import Any, Final

from telegram import CallbackQuery, MaybeInaccessibleMessage, Update
from telegram.ext import BaseHandler

from bot.services.questions.escalations import Refusal
from bot.views import message as messages
from bot.views import screens
from bot.views.answers import messages as answer_messages
from bot.views.presses import NeverMind, PassOn, PassOnRest, parse
from bot.views.questions import escalations
from handlers import arguments, jobs
from handlers.context import Context
from handlers.replacement import in_place
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
            given = await services.questions.escalations.pass_on(
                exchange_id, chat_id=carrier.chat.id
            )
            if isinstance(given, Refusal):
                return escalations.REFUSALS[given]
            if given is not None:
                shown = escalations.waiting(given, bot=bot)
                if isinstance(asked, PassOn):
                    await in_place(shown, query, context)
                else:
                    await _below(shown, carrier, context)
                jobs.soon(context)  # perhaps it has become known meanwhile
                return None
        case NeverMind(exchange_id=exchange_id):
            before = await services.questions.escalations.never_mind(
                exchange_id, chat_id=carrier.chat.id
            )
            if before is not None:
                await in_place(answer_messages.answer(before, bot=bot), query, context)
                return escalations.TAKEN_BACK
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
