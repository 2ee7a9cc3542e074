"""Readers' words that may become ways of asking: the list, and its buttons."""

import re
from typing import Any, Final

from telegram import CallbackQuery, Update
from telegram.ext import BaseHandler, CommandHandler

from bot.errors import DeskError
from bot.services.answers.results import Place
from bot.services.questions.suggestions import Decided
from bot.services.rights import Actor
from bot.views import message as messages
from bot.views.desk.inbox import Words
from bot.views.presses import Press, parse
from bot.views.questions import suggestions as views
from bot.views.questions.suggestions import Dismiss, Take, TakeAll, TakeBack
from handlers import arguments, filters
from handlers.context import Context
from handlers.replacement import in_place
from handlers.routing import PressHandler

LAST_PAGE: Final = 100_000
"""No desk has more pages: a larger number is forged."""

_NUMBER: Final = re.compile(r"#?\s*(\d{1,15})", re.ASCII)


async def words(update: Update, context: Context) -> None:
    """Show what readers' words there are to look at; with a number, those on that fact."""
    message = update.effective_message
    assert message is not None  # noqa: S101 - the route takes messages only
    actor, given = arguments.actor(update), arguments.after_command(message).strip()
    number = _NUMBER.fullmatch(given)
    fact_id = None if number is None else int(number[1])
    shown = await context.services.questions.suggestions.page(actor, fact_id)
    if (given and number is None) or (fact_id is not None and shown.fact is None):
        raise DeskError(f"“{given[:50]}” is no fact: write /words or /words 7.")
    await _send(views.page(shown), actor.place, context)


async def offer_new(actor: Actor, context: Context) -> None:
    """Show which recent questions the facts fit that have just come; nothing where none does."""
    service = context.services.questions.suggestions
    found = await service.fit()
    if not found:
        return
    if len(found) > 1:
        shown = views.fitting_several(sum(found.values()), len(found))
    else:
        shown = views.fitting(await service.page(actor, next(iter(found))))
    await _send(shown, actor.place, context)


async def pressed(update: Update, context: Context) -> None:
    """Do what a button under readers' words says."""
    query = update.callback_query
    if query is None:
        return
    notice: str | None = views.OUT_OF_DATE
    if query.message is not None:
        notice = await _do(parse(query.data or ""), query, arguments.actor(update), context)
    await context.services.messenger.acknowledge(query.id, notice)


async def _do(
    asked: Press | None, query: CallbackQuery, actor: Actor, context: Context
) -> str | None:
    """Do it, show the page as it is then, and return what else there is to say."""
    service = context.services.questions.suggestions
    decided: Decided | None = None
    notice: str | None = None
    match asked:
        case Words(fact_id=fact_id, page=page):
            pass
        case Take(number=number, fact_id=fact_id, page=page):
            decided = await service.take(actor, number)
            notice = None if decided else views.OUT_OF_DATE
        case Dismiss(number=number, fact_id=fact_id, page=page):
            decided = await service.dismiss(actor, number)
            notice = None if decided else views.OUT_OF_DATE
        case TakeAll(fact_id=fact_id, page=page, seen=seen):
            decided = await service.take_all(actor, fact_id or None, min(page, LAST_PAGE), seen)
            notice = None if decided else views.OUT_OF_DATE
        case TakeBack(proposal_id=number, turn=turn):
            undone = await service.take_back(actor, number, turn)
            if not undone:
                return views.OUT_OF_DATE if undone is None else views.TOO_LATE
            fact_id = page = 0
        case _:
            return views.OUT_OF_DATE
    shown = await service.page(actor, fact_id or None, min(page, LAST_PAGE))
    await in_place(views.page(shown, decided=decided), query, context)
    return notice


async def _send(shown: messages.Message, place: Place, context: Context) -> None:
    await context.services.messenger.send(shown, chat_id=place.chat_id, thread_id=place.thread_id)


ROUTES: Final[tuple[BaseHandler[Any, Context, Any], ...]] = (
    CommandHandler("words", words, filters=filters.DESK),
    PressHandler(pressed, TakeAll, Words, Dismiss, Take, TakeBack),
)
