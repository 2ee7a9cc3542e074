"""Answers a question in the chat where it was asked, and notes what carries the answer."""

from dataclasses import replace
from typing import Final

from telegram import Chat, Message

from bot.services.answers.results import Answer
from bot.views import message as messages
from bot.views.answers import story_overview
from bot.views.presses import Follow
from bot.views.questions import saved
from db.records.desk import Role
from handlers import arguments
from handlers.context import Context

BUTTONS_UNDER_AN_ANSWER: Final = 2


async def answer(question: str, message: Message, context: Context) -> None:
    """Answer a question below `message`."""
    given = await context.services.answers.reader.answer(
        question,
        arguments.place(message),
        message_id=message.message_id,
        arrival=await context.arrival(arguments.author(message)),
    )
    await deliver(given, message, context)


async def deliver(given: Answer, message: Message, context: Context) -> None:
    """Send an answer and note what carries it."""
    services = context.services
    private = message.chat.type == Chat.PRIVATE
    shown = story_overview.answer(given, bot=services.messenger.username, follows=private)
    sent_id = await reply(await _to_be_saved(shown, given, message, context), message, context)
    if given.exchange_id is not None and sent_id is not None:
        await services.answers.reader.delivered(given.exchange_id, sent_id)
    if given.looked is not None and sent_id is not None:
        await services.answers.whats_new.looked(arguments.place(message), given.looked)


async def reply(shown: messages.Message, message: Message, context: Context) -> int | None:
    """Send something to the chat of `message`; return the id of what was sent."""
    sent = await context.services.messenger.send(
        shown,
        chat_id=message.chat.id,
        thread_id=arguments.place(message).thread_id,
        reply_to=arguments.reply_to(message),
    )
    return sent.message_id


async def _to_be_saved(
    shown: messages.Message, given: Answer, message: Message, context: Context
) -> messages.Message:
    """Return an answer to an editor, in their private chat, with a button that saves it.

    It stands in place of the one that follows the fact: editors hear of every change.
    """
    kept = tuple(each for each in shown.buttons if not isinstance(each.press, Follow))
    has_room = given.told and len(kept) < BUTTONS_UNDER_AN_ANSWER
    if given.exchange_id is None or not has_room or message.chat.type != Chat.PRIVATE:
        return shown
    arrival = await context.arrival(arguments.writer(message))
    if arrival.role is None or not arrival.role.covers(Role.EDITOR):
        return shown
    return replace(shown, buttons=(*kept, saved.button(given.exchange_id)))
