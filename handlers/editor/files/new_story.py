"""Another story: /story, what is typed on the way, and the buttons."""

from typing import Any, Final

from telegram import Update
from telegram.ext import BaseHandler, CommandHandler

from bot.services.files.new_story import Founded
from bot.telegram import menus
from bot.views.desk.lines import OLD_BUTTON
from bot.views.files import new_story as views
from bot.views.presses import parse
from db.records import ChatKind
from handlers import arguments, filters
from handlers.context import Context
from handlers.editor import replies
from handlers.routing import PressHandler


async def story(update: Update, context: Context) -> None:
    """Show the story, or change what the lines behind the command say."""
    message = update.effective_message
    assert message is not None  # noqa: S101 - the route takes messages only
    actor, text = arguments.actor(update), arguments.after_command(message).strip()
    service = context.services.files.new_story
    if not text:
        await replies.reply(views.shown(await service.show(actor)), update, context)
        return
    await replies.reply(views.renamed(await service.rename(actor, text)), update, context)
    await _dress(context)


async def take_words(words: str, reply_to: int | None, update: Update, context: Context) -> bool:
    """Take words for the new story that waits for them, and tell whether one did."""
    given = await context.services.files.new_story.say(arguments.actor(update), words, reply_to)
    if given is None:
        return False
    await _show(given, update, context)
    return True


async def pressed(update: Update, context: Context) -> None:
    """Go on to another story, or leave it."""
    if not await replies.has_place(update, context):
        return
    query, service = update.callback_query, context.services.files.new_story
    assert query is not None  # noqa: S101 - looked at by `has_place`
    actor = arguments.actor(update)
    given: Founded | None = None
    match parse(query.data or ""):
        case views.Begin():
            given = await service.begin(actor, "")
        case views.BringBack(place=place):
            given = await service.back(actor, place)
        case views.Confirm(proposal_id=number, turn=turn):
            given = await service.confirm(actor, number, turn)
        case views.Drop(proposal_id=number, turn=turn):
            if await service.drop(actor, number, turn):
                await replies.turn_into(views.DROPPED, update, context)
                return
    if given is None:
        await context.services.messenger.acknowledge(query.id, OLD_BUTTON)
        return
    if given.is_done:
        await replies.turn_into(views.step(given), update, context)
        await _dress(context)
        return
    await _show(given, update, context)
    await context.services.messenger.acknowledge(query.id)


async def _show(given: Founded, update: Update, context: Context) -> None:
    place = arguments.actor(update).place
    in_group = place.kind is not ChatKind.PRIVATE
    number = await replies.reply(views.step(given, in_group=in_group), update, context)
    if number is not None:
        await context.services.files.new_story.shown(
            given.proposal, chat_id=place.chat_id, message_id=number
        )


async def _dress(context: Context) -> None:
    """Let the bot be described by the story that stands now."""
    services = context.services
    await menus.describe(context.bot, await services.answers.reader.story())


ROUTES: Final[tuple[BaseHandler[Any, Context, Any], ...]] = (
    CommandHandler("story", story, filters=filters.DESK),
    PressHandler(pressed, views.Begin, views.Confirm, views.Drop, views.BringBack),
)
