"""The desk's screens, and the cards of waiting questions."""

from typing import Any, Final

from telegram import CallbackQuery, Update
from telegram.ext import BaseHandler, CommandHandler

from bot.errors import DeskError
from bot.services.rights import Actor
from bot.views import message as messages
from bot.views import screens
from bot.views.desk import inbox, members
from bot.views.presses import Press, parse
from handlers import arguments, filters, jobs
from handlers.context import Context
from handlers.replacement import in_place
from handlers.routing import PressHandler


async def desk(update: Update, context: Context) -> None:
    """Show what waits; with a number, the question at that place of the list."""
    message = update.effective_message
    assert message is not None  # noqa: S101 - the route takes messages only
    services, actor = context.services, arguments.actor(update)
    words = arguments.after_command(message).strip()
    if await services.desk.members.may_settle(actor):
        await _send(members.NOT_THE_DESK, actor, context)
        return
    if not words:
        await _send(inbox.desk(await services.desk.inbox.desk(actor)), actor, context)
        return
    if not (words.isascii() and words.isdigit() and len(words) < 9):
        await services.desk.inbox.desk(actor)  # who may not see the desk is told no more than that
        raise DeskError(f"“{words[:50]}” is no place in the list: write /desk or /desk 3.")
    card = await services.desk.inbox.ranked(actor, int(words))
    number = await _send(inbox.card(card), actor, context)
    if number is not None:
        await services.desk.inbox.shown(actor, card.question.id, number)


async def pressed(update: Update, context: Context) -> None:
    """Do what a button of the desk's screens says."""
    query = update.callback_query
    if query is None:
        return
    done = query.message is not None and await _do(
        parse(query.data or ""), query, arguments.actor(update), context
    )
    await context.services.messenger.acknowledge(query.id, None if done else screens.OLD_BUTTON)


async def _do(asked: Press | None, query: CallbackQuery, actor: Actor, context: Context) -> bool:
    desking = context.services.desk.inbox
    match asked:
        case inbox.OpenQuestion(question_id=number):
            card = await desking.question(actor, number)
            message_id = await _send(inbox.card(card), actor, context)
            if message_id is not None:
                await desking.shown(actor, number, message_id)
            return True
        case inbox.OpenDesk():
            shown = inbox.desk(await desking.desk(actor))
        case inbox.Later(question_id=number):
            shown = inbox.later(await desking.question(actor, number))
        case inbox.GiveUp(question_id=number):
            shown = inbox.sure(await desking.question(actor, number))
        case inbox.GiveUpSurely(question_id=number):
            shown = inbox.given_up(*await desking.give_up(actor, number))
            jobs.soon(context)
        case inbox.LookFresh(page=page) if page < LAST_PAGE:
            shown = inbox.fresh_look(await desking.fresh_look(actor, page))
        case inbox.AllFacts(page=page) if page < LAST_PAGE:
            shown = inbox.all_facts(await desking.all_facts(actor, page))
        case inbox.Seen(first=first, last=last):
            await desking.seen(actor, first=first, last=last)
            shown = inbox.fresh_look(await desking.fresh_look(actor, 0))
        case _:
            return False
    await in_place(shown, query, context)
    return True


async def _send(shown: messages.Message, actor: Actor, context: Context) -> int | None:
    place = actor.place
    sent = await context.services.messenger.send(
        shown, chat_id=place.chat_id, thread_id=place.thread_id
    )
    return sent.message_id


LAST_PAGE: Final = 100_000
"""No desk has more pages: a larger number is forged."""

ROUTES: Final[tuple[BaseHandler[Any, Context, Any], ...]] = (
    CommandHandler("desk", desk, filters=filters.DESK),
    PressHandler(
        pressed,
        inbox.AllFacts,
        inbox.OpenDesk,
        inbox.GiveUp,
        inbox.Seen,
        inbox.Later,
        inbox.OpenQuestion,
        inbox.LookFresh,
        inbox.GiveUpSurely,
    ),
)
