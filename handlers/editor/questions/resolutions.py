"""Answering a waiting question: what editors press and write on the way."""

from typing import Any, Final

from telegram import CallbackQuery, Update
from telegram.ext import BaseHandler

from bot.services.questions.resolution_steps import Resolution
from bot.services.questions.resolutions import Resolutions
from bot.services.rights import Actor
from bot.views.desk import inbox
from bot.views.presses import Press, parse
from bot.views.questions import resolutions
from handlers import arguments, jobs
from handlers.context import Context
from handlers.editor import moves
from handlers.editor.alerts import controls
from handlers.editor.questions import suggestions
from handlers.replacement import in_place
from handlers.routing import PressHandler


async def take_words(words: str, reply_to: int | None, update: Update, context: Context) -> bool:
    """Take words for the answer that waits for them, and tell whether one did."""
    actor = arguments.actor(update)
    step = await context.services.questions.resolutions.say(actor, words, reply_to)
    if step is None:
        return False
    await _ask(step, actor, context)
    return True


async def pressed(update: Update, context: Context) -> None:
    """Do what a button on the way to an answer says."""
    query = update.callback_query
    if query is None:
        return
    done = query.message is not None and await _do(
        parse(query.data or ""), query, arguments.actor(update), context
    )
    await context.services.messenger.acknowledge(query.id, None if done else resolutions.LATE)


MOVES: Final[moves.Moves] = {
    resolutions.WithoutSource: Resolutions.without_source,
    resolutions.PickFact: Resolutions.pick,
    resolutions.Toggle: Resolutions.toggle,
}
"""The moves that buttons make; the last is to publish."""


async def _do(asked: Press | None, query: CallbackQuery, actor: Actor, context: Context) -> bool:
    service = context.services.questions.resolutions
    match asked:
        case inbox.Write(question_id=number):
            await _ask(await service.write(actor, number), actor, context)
            return True
        case inbox.Link(question_id=number):
            await _ask(await service.link(actor, number), actor, context)
            return True
        case resolutions.Publish(proposal_id=number, turn=turn):
            done = await service.publish(actor, number, turn)
            if done is not None:
                jobs.soon(context)
                await in_place(resolutions.resolved(done), query, context)
                await controls.show(done.fact.id, actor.place, context)
                if done.written:
                    await suggestions.offer_new(actor, context)
            return done is not None
        case _:
            step = await moves.make(MOVES, service, actor, asked)
    if step is None:
        return False
    await in_place(resolutions.step(step), query, context)
    return True


async def _ask(step: Resolution, actor: Actor, context: Context) -> None:
    place, services = actor.place, context.services
    sent = await services.messenger.send(
        resolutions.step(step), chat_id=place.chat_id, thread_id=place.thread_id
    )
    if sent.message_id is not None:
        await services.questions.resolutions.shown(
            step.proposal, chat_id=place.chat_id, message_id=sent.message_id
        )


ROUTES: Final[tuple[BaseHandler[Any, Context, Any], ...]] = (
    PressHandler(
        pressed,
        resolutions.PickFact,
        inbox.Link,
        resolutions.WithoutSource,
        resolutions.Publish,
        resolutions.Toggle,
        inbox.Write,
    ),
)
