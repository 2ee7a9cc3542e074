"""Prompts: words that may be for one or a question, what ends one, and /cancel."""

from typing import Any, Final

from telegram import Message, Update
from telegram.ext import BaseHandler, CommandHandler, MessageHandler
from telegram.ext import filters as kinds

from bot.views.desk import prompts as views
from bot.views.desk.lines import OLD_BUTTON
from bot.views.presses import parse
from handlers import answers, arguments, filters
from handlers.context import Context
from handlers.editor import replies
from handlers.editor.facts import additions, article, changes
from handlers.editor.files import new_story
from handlers.editor.questions import resolutions
from handlers.replacement import in_place
from handlers.routing import PressHandler

LOOKUPS: Final = frozenset(
    (
        "ask",
        "cancel",
        "desk",
        "drafts",
        "fact",
        "find",
        "help",
        "history",
        "new",
        "now",
        "why",
        "words",
    )
)
"""Commands that end no prompt: they help to answer it, or drop it by name."""


async def doubt(update: Update, context: Context) -> bool:
    """Ask what words are for that may answer a prompt or be a question; tell whether it asked."""
    message = update.effective_message
    if message is None or message.document is not None or message.reply_to_message is not None:
        return False
    words, number = arguments.words(message), message.message_id
    actor = arguments.actor(update)
    work = await context.services.desk.prompts.doubt(actor, words, message_id=number)
    if work is None:
        return False
    await replies.reply(views.doubt(work, words, message_id=number), update, context)
    return True


async def interrupted(update: Update, context: Context) -> None:
    """Let a command that begins something else end the prompts of who wrote it."""
    message = update.effective_message
    assert message is not None  # noqa: S101 - the route takes messages only
    if _command(message) in LOOKUPS:
        return
    services = context.services
    for work in await services.desk.prompts.interrupt(arguments.actor(update)):
        if work.proposal.message_id is not None:
            await services.messenger.edit(
                views.ended(work),
                chat_id=work.proposal.chat_id,
                message_id=work.proposal.message_id,
            )


async def cancel(update: Update, context: Context) -> None:
    """Drop what this member of the desk is at, by its name."""
    services, actor = context.services, arguments.actor(update)
    dropped = await services.desk.prompts.cancel(actor)
    if dropped is None:
        await replies.reply(views.NOTHING_OPEN, update, context)
        return
    shown, proposal = views.dropped(dropped), dropped.work.proposal
    if proposal.message_id is not None:
        await services.messenger.edit(
            views.taken("Dropped", views.name_of(dropped.work)),
            chat_id=proposal.chat_id,
            message_id=proposal.message_id,
        )
    await replies.reply(shown, update, context)


async def pressed(update: Update, context: Context) -> None:
    """Take words for what their writer says that they are."""
    if not await replies.has_place(update, context):
        return
    query, services = update.callback_query, context.services
    assert query is not None  # noqa: S101 - looked at by `has_place`
    actor, done = arguments.actor(update), False
    match parse(query.data or ""):
        case views.IsAnswer(proposal_id=proposal_id, message_id=message_id):
            meant = await services.desk.prompts.meant(
                actor, proposal_id, message_id, is_answer=True
            )
            if meant is not None:
                done = True
                await in_place(views.taken(views.asked_of(meant.work), meant.words), query, context)
                await _give(meant.words, meant.work.proposal.message_id, update, context)
        case views.IsQuestion(proposal_id=proposal_id, message_id=message_id):
            meant = await services.desk.prompts.meant(
                actor, proposal_id, message_id, is_answer=False
            )
            if meant is not None and isinstance(query.message, Message):
                done = True
                await in_place(views.taken(views.A_QUESTION, meant.words), query, context)
                await answers.answer(meant.words, query.message, context)
    await services.messenger.acknowledge(query.id, None if done else OLD_BUTTON)


async def take(update: Update, context: Context) -> bool:
    """Give what was typed to the dialogue that waits for it, and tell whether one does."""
    message = update.effective_message
    if message is None or not (words := arguments.unaddressed(message)).strip():
        return False
    replied = message.reply_to_message
    reply_to = None if replied is None else replied.message_id
    return await _give(words, reply_to, update, context)


async def _give(words: str, reply_to: int | None, update: Update, context: Context) -> bool:
    """Give words to the dialogue that waits for them; for a button, as if they replied to it."""
    for part in (article, new_story, resolutions, changes, additions):
        if await part.take_words(words, reply_to, update, context):
            return True
    return False


def _command(message: Message) -> str:
    first = arguments.words(message).split(maxsplit=1)[0]
    return first.lstrip("/").partition("@")[0].lower()


ROUTES: Final[tuple[BaseHandler[Any, Context, Any], ...]] = (
    CommandHandler("cancel", cancel, filters=filters.DESK),
    PressHandler(pressed, views.IsQuestion, views.IsAnswer),
)

COMMANDS: Final = MessageHandler(filters.DESK & kinds.COMMAND, interrupted)
"""Looked at before the commands themselves, and let pass."""
