"""Questions that editors save, and their test."""

import re
from typing import Final

from telegram import Message, Update
from telegram.ext import CommandHandler

from bot.errors import DeskError
from bot.views import screens
from bot.views.message import Message as Shown
from bot.views.presses import parse
from bot.views.questions import saved
from bot.views.questions.saved import SaveAnswer
from handlers import arguments, filters
from handlers.context import Context
from handlers.routing import PressHandler

_FORGET: Final = re.compile(r"forget\s+#?(\d{1,15})", re.ASCII | re.IGNORECASE)
_NAMED: Final = re.compile(r"(#?\d{1,15}|none)(?:\s+(.+))?", re.ASCII | re.IGNORECASE | re.DOTALL)


async def save(update: Update, context: Context) -> None:
    """Save a question with the fact that it should get, or forget one."""
    message = update.effective_message
    assert message is not None  # noqa: S101 - the route takes messages only
    await _reply(await _saved(message, update, context), update, context)


async def test(update: Update, context: Context) -> None:
    """Run the saved questions."""
    done = await context.services.questions.saved.test(arguments.actor(update))
    await _reply(saved.run(done), update, context)


async def pressed(update: Update, context: Context) -> None:
    """Save the question of the answer under which the button stands."""
    query = update.callback_query
    assert query is not None  # noqa: S101 - the route takes presses only
    notice: str | None = None
    given = parse(query.data or "")
    if isinstance(given, SaveAnswer) and query.message is not None:
        actor = arguments.actor(update)
        try:
            done = await context.services.questions.saved.save_exchange(actor, given.exchange_id)
        except DeskError as error:
            notice = str(error)[:190]
        else:
            notice = None if done is None else saved.notice(done)
    await context.services.messenger.acknowledge(query.id, notice or screens.OLD_BUTTON)


async def _saved(message: Message, update: Update, context: Context) -> Shown:
    checking, actor = context.services.questions.saved, arguments.actor(update)
    words = arguments.after_command(message).strip()
    if found := _FORGET.fullmatch(words):
        return saved.forgotten(await checking.forget(actor, int(found[1])))
    found = _NAMED.fullmatch(words)
    if found and found[2]:
        return saved.saved(await checking.save(actor, found[2], found[1]))
    if words and not found:
        return saved.saved(await checking.save(actor, "", words))
    replied = message.reply_to_message
    about = None if replied is None else replied.message_id
    return saved.saved(await checking.save_answer(actor, about, words))


async def _reply(shown: Shown, update: Update, context: Context) -> None:
    place = arguments.actor(update).place
    await context.services.messenger.send(shown, chat_id=place.chat_id, thread_id=place.thread_id)


ROUTES: Final = (
    CommandHandler("save", save, filters=filters.DESK),
    CommandHandler("test", test, filters=filters.DESK),
    PressHandler(pressed, SaveAnswer),
)
