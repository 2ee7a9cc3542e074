"""The one error handler."""

import logging
import re
import traceback
from typing import Final

from telegram import Chat, Update
from telegram.ext import ApplicationHandlerStop

from bot.errors import NotAllowed, StorydeskError
from bot.views import screens
from handlers import arguments
from handlers.context import Context
from handlers.filters import chat_of

logger = logging.getLogger(__name__)


async def handle(update: object, context: Context) -> None:
    """Tell the person what they can mend; log the rest and apologise in one line."""
    await _tell(update, context)
    # What failed as words to the desk is not to be answered as a question besides.
    raise ApplicationHandlerStop


async def _tell(update: object, context: Context) -> None:
    error, messenger = context.error, context.services.messenger
    if isinstance(error, NotAllowed) and error.stranger:
        await _turn_away(update, context)
        return
    if isinstance(error, StorydeskError):
        shown = screens.line(str(error))
    elif context.services.updates.faults.note(error):
        shown = screens.SORRY
    else:
        shown = screens.SORRY
        logger.error("an update was not handled\n%s", traced(error, update))
        context.services.updates.failed()
    if isinstance(update, Update) and update.callback_query is not None:
        await messenger.acknowledge(update.callback_query.id)
    chat_id = chat_of(update)
    if chat_id is None or not isinstance(update, Update):
        return
    message = update.message
    if message is None:
        await messenger.send(shown, chat_id=chat_id)
    else:
        place, reply_to = arguments.place(message), arguments.reply_to(message)
        await messenger.send(shown, chat_id=chat_id, thread_id=place.thread_id, reply_to=reply_to)


async def _turn_away(update: object, context: Context) -> None:
    """Answer a stranger to the desk as if there were no desk; in groups, not at all."""
    if not isinstance(update, Update):
        return
    messenger, query, message = context.services.messenger, update.callback_query, update.message
    if query is not None:
        await messenger.acknowledge(query.id, screens.OLD_BUTTON)
    elif message is not None and message.chat.type == Chat.PRIVATE:
        await messenger.send(screens.NO_SUCH_COMMAND, chat_id=message.chat.id)


def traced(error: BaseException | None, update: object) -> str:
    """Return the traceback of `error`, without messages that quote what the reader wrote."""
    message = update.effective_message if isinstance(update, Update) else None
    written = set(_WORD.findall(arguments.words(message).lower())) if message is not None else set()
    text = "".join(traceback.format_exception(error)).rstrip() if error is not None else ""
    while error is not None:
        said = str(error)
        if written & set(_WORD.findall(said.lower())):
            text = text.replace(said, "(withheld: it may quote the reader)")
        error = error.__cause__ or error.__context__
    return text


_WORD: Final = re.compile(r"\w{3,}")
