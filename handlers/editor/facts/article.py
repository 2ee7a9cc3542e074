"""Articles that editors send: gone through sentence by sentence."""

from typing import Final

from telegram import Update

from bot.errors import DeskError
from bot.services.facts.additions.article_state import ArticleState
from bot.services.files.sent_files import SentFile
from bot.views import screens
from bot.views.facts import article
from bot.views.facts.article import SkipSentence, StopSifting, TakeAll, TakeSentence
from bot.views.presses import parse
from handlers import arguments
from handlers.context import Context
from handlers.editor.progress_line import Line
from handlers.routing import PressHandler

SUFFIXES: Final = (".txt", ".text", ".md", ".markdown")


async def take_sent(sent: SentFile, update: Update, context: Context) -> bool:
    """Show the first sentence of an article; tell whether the file is one."""
    services, actor = context.services, arguments.actor(update)
    if not sent.name.lower().endswith(SUFFIXES):
        return False
    line = Line(services.messenger, actor.place)
    try:
        sifted = await services.facts.articles.receive(actor, sent)
    except DeskError as error:
        await line.show(screens.line(str(error)))
        return True
    if sifted is None:
        return False
    message_id = await line.show(article.sentence(sifted))
    if message_id is not None:
        await services.facts.articles.shown(sifted.proposal, message_id)
    return True


async def pressed(update: Update, context: Context) -> None:
    """Take or leave the sentence that a message shows, or all the rest."""
    query = update.callback_query
    assert query is not None  # noqa: S101 - the route takes presses only
    sifted = None if query.message is None else await _done(query.data or "", update, context)
    if sifted is None or query.message is None:
        await context.services.messenger.acknowledge(query.id, screens.OLD_BUTTON)
        return
    messenger, place = context.services.messenger, arguments.actor(update).place
    line = Line(messenger, place, message_id=query.message.message_id)
    message_id = await line.show(article.sentence(sifted))
    if message_id is not None and message_id != query.message.message_id:
        await context.services.facts.articles.shown(sifted.proposal, message_id)
    await messenger.acknowledge(query.id)


async def _done(data: str, update: Update, context: Context) -> ArticleState | None:
    sifting, actor = context.services.facts.articles, arguments.actor(update)
    match parse(data):
        case TakeSentence(proposal_id=number, turn=turn):
            return await sifting.take(actor, number, turn)
        case SkipSentence(proposal_id=number, turn=turn):
            return await sifting.skip(actor, number, turn)
        case TakeAll(proposal_id=number, turn=turn):
            return await sifting.take_all(actor, number, turn)
        case StopSifting(proposal_id=number, turn=turn):
            return await sifting.stop(actor, number, turn)
        case _:
            return None


async def take(update: Update, context: Context) -> bool:
    """Give a sentence the question that a reply to it asks; tell whether it was such a reply."""
    message = update.effective_message
    if message is None or message.reply_to_message is None:
        return False
    services, actor = context.services, arguments.actor(update)
    about = message.reply_to_message.message_id
    sifted = await services.facts.articles.ask(actor, about, arguments.words(message))
    if sifted is None:
        return False
    # Below the editor's words, where they look; the older message's buttons are out of date.
    message_id = await Line(services.messenger, actor.place).show(article.sentence(sifted))
    if message_id is not None:
        await services.facts.articles.shown(sifted.proposal, message_id)
    return True


ROUTES: Final = (PressHandler(pressed, TakeAll, StopSifting, TakeSentence, SkipSentence),)
