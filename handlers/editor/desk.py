"""The desk's screens, and the cards of waiting questions."""

from typing import Any, Final

from telegram import CallbackQuery, Update
from telegram.ext import BaseHandler, CommandHandler

from bot.errors import DeskError
from bot.messaging import message as messages
from bot.messaging import screens
from bot.messaging.desk import people, waiting
from bot.messaging.presses import Press, parse
from bot.services.rights import Actor
from handlers import arguments, filters, jobs
from handlers.context import Context
from handlers.placing import in_place
from handlers.routing import PressHandler


async def desk(update: Update, context: Context) -> None:
    """Show what waits; with a number, the question at that place of the list."""
    message = update.effective_message
    assert message is not None  # noqa: S101 - the route takes messages only
    services, actor = context.services, arguments.actor(update)
    words = arguments.after_command(message).strip()
    if await services.staffing.may_settle(actor):
        await _send(people.NOT_THE_DESK, actor, context)
        return
    if not words:
        await _send(waiting.desk(await services.desking.desk(actor)), actor, context)
        return
    if not (words.isascii() and words.isdigit() and len(words) < 9):
        await services.desking.desk(actor)  # who may not see the desk is told no more than that
        raise DeskError(f"“{words[:50]}” is no place in the list: write /desk or /desk 3.")
    card = await services.desking.ranked(actor, int(words))
    number = await _send(waiting.card(card), actor, context)
    if number is not None:
        await services.desking.shown(actor, card.question.id, number)


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
    desking = context.services.desking
    match asked:
        case waiting.OpenQuestion(question_id=number):
            card = await desking.question(actor, number)
            message_id = await _send(waiting.card(card), actor, context)
            if message_id is not None:
                await desking.shown(actor, number, message_id)
            return True
        case waiting.OpenDesk():
            shown = waiting.desk(await desking.desk(actor))
        case waiting.Later(question_id=number):
            shown = waiting.later(await desking.question(actor, number))
        case waiting.GiveUp(question_id=number):
            shown = waiting.sure(await desking.question(actor, number))
        case waiting.GiveUpSurely(question_id=number):
            shown = waiting.given_up(*await desking.give_up(actor, number))
            jobs.soon(context)
        case waiting.LookFresh(page=page) if page < LAST_PAGE:
            shown = waiting.fresh_look(await desking.fresh_look(actor, page))
        case waiting.AllFacts(page=page) if page < LAST_PAGE:
            shown = waiting.all_facts(await desking.all_facts(actor, page))
        case waiting.Seen(first=first, last=last):
            await desking.seen(actor, first=first, last=last)
            shown = waiting.fresh_look(await desking.fresh_look(actor, 0))
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
        waiting.AllFacts,
        waiting.OpenDesk,
        waiting.GiveUp,
        waiting.Seen,
        waiting.Later,
        waiting.OpenQuestion,
        waiting.LookFresh,
        waiting.GiveUpSurely,
    ),
)
