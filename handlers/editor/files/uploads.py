"""Files that editors send, privately or in the desk group, and the facts as a file for them."""

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import PurePath
from typing import Final, TypeAlias

from telegram import CallbackQuery, Document, Update
from telegram.ext import CommandHandler

from bot.errors import DeskError, StoryFileError
from bot.services.files.dry_run import DryRun, TakenIn
from bot.services.files.progress import Progress
from bot.services.files.sent_files import SentFile
from bot.stories.notes import DateOrder
from bot.telegram.messenger import Messenger
from bot.views import screens
from bot.views.files import uploads
from bot.views.files.uploads import DropFile, Import, ImportAndTell, SettleDates
from bot.views.presses import parse
from handlers import arguments, filters
from handlers.context import Context
from handlers.editor.alerts import controls
from handlers.editor.facts import article
from handlers.editor.progress_line import Line, telling
from handlers.editor.questions import suggestions
from handlers.routing import PressHandler

NAME_LIMIT: Final = 100

_Work: TypeAlias = Callable[[Progress], Awaitable[DryRun | TakenIn | None]]
"""What a button does with its file; tells how far it has come."""


async def take(update: Update, context: Context) -> bool:
    """Show what a file holds: the first sentence of an article, or what facts would do to the
    story; tell whether there was a file."""
    message = update.effective_message
    if message is None or message.document is None:
        return False
    sent = sent_file(message.document, context.services.messenger)
    if not await article.take_sent(sent, update, context):
        await _show(sent, update, context)
    return True


async def _show(sent: SentFile, update: Update, context: Context) -> None:
    services, actor, so_far = context.services, arguments.actor(update), Progress()
    line = Line(services.messenger, actor.place)
    try:
        async with telling(line, lambda: uploads.progress(sent.name, so_far)):
            run = await services.files.uploads.receive(actor, sent, so_far)
    except (DeskError, StoryFileError) as error:
        await line.show(screens.line(str(error)))
    else:
        await line.show(uploads.dry_run(run))


async def pressed(update: Update, context: Context) -> None:
    """Import or drop the file that a message shows."""
    query = update.callback_query
    assert query is not None  # noqa: S101 - the route takes presses only
    done = query.message is not None and await _do(query, update, context)
    if not done:
        await context.services.messenger.acknowledge(query.id, screens.OLD_BUTTON)


async def export(update: Update, context: Context) -> None:
    """Send the facts as a file."""
    message = update.effective_message
    assert message is not None  # noqa: S101 - the route takes messages only
    services, actor = context.services, arguments.actor(update)
    word = arguments.after_command(message).strip().lower().removeprefix(".") or "toml"
    given = await services.files.exports.hand_out(actor, word)
    await services.messenger.send_file(
        uploads.handed_out(given),
        given.data,
        name=given.name,
        chat_id=actor.place.chat_id,
        thread_id=actor.place.thread_id,
    )


def sent_file(document: Document, messenger: Messenger) -> SentFile:
    """Return the file behind a message, not yet fetched."""
    name = PurePath((document.file_name or "the file").replace("\\", "/")).name
    stem, dot, suffix = name.rpartition(".")
    if len(name) > NAME_LIMIT:
        name = f"{stem[: NAME_LIMIT - len(suffix) - 2]}…{dot}{suffix}"[-NAME_LIMIT:]

    fetched: list[bytes] = []  # once for all who look at it

    async def fetch() -> bytes:
        if not fetched:
            data = await messenger.fetch(document.file_id)
            if data is None:
                raise DeskError(f"Telegram does not give out {name} just now: send it once more.")
            fetched.append(data)
        return fetched[0]

    return SentFile(name=name, size=document.file_size, fetch=fetch)


async def _do(query: CallbackQuery, update: Update, context: Context) -> bool:
    services, actor = context.services, arguments.actor(update)
    assert query.message is not None  # noqa: S101 - looked at by the caller
    receiving = services.files.uploads
    line = Line(services.messenger, actor.place, message_id=query.message.message_id)
    match parse(query.data or ""):
        case (Import() | ImportAndTell()) as asked:
            number, turn, tell = asked.proposal_id, asked.turn, isinstance(asked, ImportAndTell)
            work = partial(receiving.take_in, actor, number, turn, tell=tell)
            return await _take_up(number, turn, line, query, update, context, work)
        case SettleDates(proposal_id=number, turn=turn, day_first=day_first):
            order = DateOrder.DAY_FIRST if day_first else DateOrder.MONTH_FIRST
            settle = partial(receiving.settle_dates, actor, number, turn, order)
            return await _take_up(number, turn, line, query, update, context, settle)
        case DropFile(proposal_id=number, turn=turn):
            name = await receiving.drop(actor, number, turn)
            if name is None:
                return False
            await line.show(uploads.dropped(name))
            await services.messenger.acknowledge(query.id)
        case _:
            return False
    return True


async def _take_up(
    number: int,
    turn: int,
    line: Line,
    query: CallbackQuery,
    update: Update,
    context: Context,
    work: _Work,
) -> bool:
    """Do what a button says with its file, telling how far it is; False for an old button."""
    services, actor, so_far = context.services, arguments.actor(update), Progress()
    name = await services.files.uploads.pending(actor, number, turn)
    if name is None:
        return False
    # Now, because a tap that hears nothing for long is answered by nobody.
    await services.messenger.acknowledge(query.id)
    async with telling(line, lambda: uploads.progress(name, so_far)):
        done = await work(so_far)
    if isinstance(done, DryRun):
        await line.show(uploads.dry_run(done))
    elif done is not None:
        await line.show(uploads.taken_in(done))
        if done.alert_id is not None:
            await controls.show_import(done.alert_id, actor.place, context)
        await suggestions.offer_new(actor, context)
    return True


ROUTES: Final = (
    CommandHandler("export", export, filters=filters.DESK),
    PressHandler(pressed, DropFile, Import, SettleDates, ImportAndTell),
)
