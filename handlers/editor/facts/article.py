"""Articles that editors send: gone through sentence by sentence."""

from typing import Final

from telegram import Update

from bot.errors import DeskError
from bot.services.facts.additions.article import Articles
from bot.services.facts.additions.article_state import ArticleState
from bot.services.files.sent_files import SentFile
from bot.views import screens
from bot.views.facts import article
from bot.views.facts.article import SkipSentence, StopSifting, TakeAll, TakeSentence
from bot.views.presses import parse
from handlers import arguments
from handlers.context import Context
from handlers.editor import moves
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
        await services.facts.articles.shown(
            sifted.proposal, chat_id=arguments.actor(update).place.chat_id, message_id=message_id
        )
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
        await context.services.facts.articles.shown(
            sifted.proposal, chat_id=arguments.actor(update).place.chat_id, message_id=message_id
        )
    await messenger.acknowledge(query.id)


MOVES: Final[moves.Moves] = {
    TakeSentence: Articles.take,
    SkipSentence: Articles.skip,
    TakeAll: Articles.take_all,
    StopSifting: Articles.stop,
}
"""The moves that buttons make."""


async def _done(data: str, update: Update, context: Context) -> ArticleState | None:
    articles, actor = context.services.facts.articles, arguments.actor(update)
    return await moves.make(MOVES, articles, actor, parse(data))


async def take_words(words: str, reply_to: int | None, update: Update, context: Context) -> bool:
    """Give a sentence the question that a reply to it asks; tell whether it was such a reply."""
    services, actor = context.services, arguments.actor(update)
    sifted = await services.facts.articles.say(actor, words, reply_to)
    if sifted is None:
        return False
    # Below the editor's words, where they look; the older message's buttons are out of date.
    message_id = await Line(services.messenger, actor.place).show(article.sentence(sifted))
    if message_id is not None:
        await services.facts.articles.shown(
            sifted.proposal, chat_id=actor.place.chat_id, message_id=message_id
        )
    return True


ROUTES: Final = (PressHandler(pressed, TakeAll, StopSifting, TakeSentence, SkipSentence),)
