"""Answering a waiting question: what editors press and write on the way."""

from typing import Any, Final

from telegram import CallbackQuery, Update
from telegram.ext import BaseHandler

from bot.services.questions.resolution_steps import Step
from bot.services.rights import Actor
from bot.views.desk import inbox
from bot.views.presses import Press, parse
from bot.views.questions import resolutions
from handlers import arguments, jobs
from handlers.context import Context
from handlers.editor.alerts import controls
from handlers.editor.questions import suggestions
from handlers.replacement import in_place
from handlers.routing import PressHandler


async def take(update: Update, context: Context) -> bool:
    """Take words that answer a waiting question, and tell whether they did."""
    message = update.effective_message
    if message is None or message.document is not None:
        return False
    words, replied = arguments.words(message), message.reply_to_message
    if not words.strip():
        return False
    reply_to = None if replied is None else replied.message_id
    return await take_words(words, reply_to, arguments.actor(update), context)


async def take_words(words: str, reply_to: int | None, actor: Actor, context: Context) -> bool:
    """Take words for the answer that waits for them, and tell whether one did."""
    step = await context.services.questions.resolutions.take(words, actor, reply_to=reply_to)
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


async def _do(asked: Press | None, query: CallbackQuery, actor: Actor, context: Context) -> bool:
    service = context.services.questions.resolutions
    step: Step | None = None
    match asked:
        case inbox.Write(question_id=number):
            await _ask(await service.write(actor, number), actor, context)
            return True
        case inbox.Link(question_id=number):
            await _ask(await service.link(actor, number), actor, context)
            return True
        case resolutions.WithoutSource(proposal_id=number, turn=turn):
            step = await service.without_source(actor, number, turn)
        case resolutions.PickFact(proposal_id=number, turn=turn, fact_id=fact_id):
            step = await service.pick(actor, number, turn, fact_id)
        case resolutions.Toggle(proposal_id=number, turn=turn, place=place):
            step = await service.toggle(actor, number, turn, place)
        case resolutions.Publish(proposal_id=number, turn=turn):
            done = await service.publish(actor, number, turn)
            if done is not None:
                jobs.soon(context)
                await in_place(resolutions.resolved(done), query, context)
                await controls.show(done.fact.id, actor.place, context)
                if done.written:
                    await suggestions.offer_new(actor, context)
            return done is not None
    if step is None:
        return False
    await in_place(resolutions.step(step), query, context)
    return True


async def _ask(step: Step, actor: Actor, context: Context) -> None:
    place, services = actor.place, context.services
    sent = await services.messenger.send(
        resolutions.step(step), chat_id=place.chat_id, thread_id=place.thread_id
    )
    if sent.message_id is not None:
        await services.questions.resolutions.shown(actor, step, sent.message_id)


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
