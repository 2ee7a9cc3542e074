"""Adding facts: commands, what is typed after them, and the buttons of the preview."""

from typing import Final

from telegram import CallbackQuery, Update
from telegram.ext import CommandHandler

from bot.services.answers.results import Place
from bot.services.facts import parsing
from bot.services.facts.additions.conversation import Additions
from bot.services.facts.additions.state import Addition, Notice
from bot.services.rights import Actor
from bot.views import message as messages
from bot.views.desk.lines import OLD_BUTTON
from bot.views.facts import additions as views
from bot.views.facts import changes, drafts
from bot.views.facts.additions import (
    Change,
    Drop,
    Instead,
    IsNew,
    Look,
    Publish,
    SendBack,
    Skip,
    Submit,
)
from bot.views.presses import parse
from bot.views.questions import saved
from db.records import ChatKind, Status
from handlers import arguments, filters, jobs
from handlers.context import Context
from handlers.editor import moves
from handlers.editor.alerts import controls
from handlers.editor.questions import suggestions
from handlers.replacement import in_place
from handlers.routing import PressHandler


async def add(update: Update, context: Context) -> None:
    """Begin an addition, or go on with the one begun."""
    await _begin(update, context, None)


async def unknown(update: Update, context: Context) -> None:
    """Begin a known unknown, or go on with the one begun."""
    await _begin(update, context, Status.UNKNOWN)


async def uncovered(update: Update, context: Context) -> None:
    """Begin what the story does not cover, or go on with the one begun."""
    await _begin(update, context, Status.NOT_COVERED)


async def list_drafts(update: Update, context: Context) -> None:
    """List the drafts that wait for an editor."""
    actor = arguments.actor(update)
    found = await context.services.facts.additions.drafts(actor)
    await _send(drafts.listed(found), actor.place, context)


async def take_words(words: str, reply_to: int | None, update: Update, context: Context) -> bool:
    """Take words for the addition that waits for them, or why a draft goes back; tell whether one
    did."""
    actor, adding = arguments.actor(update), context.services.facts.additions
    is_typed = update.callback_query is None
    returned = await adding.reason(actor, words) if is_typed else None
    if returned is not None:
        await _send(drafts.sent_back(returned), actor.place, context)
        await _tell(returned.notices, context)
        return True
    given = await adding.say(actor, words, reply_to)
    if given is None:
        return False
    await _show(given, actor, context)
    return True


async def take_line(update: Update, context: Context) -> bool:
    """Take an addition that is written in one line, without its command."""
    message = update.effective_message
    if message is None or not parsing.one_line(text := arguments.unaddressed(message)):
        return False
    actor = arguments.actor(update)
    await _show(await context.services.facts.additions.begin(actor, text), actor, context)
    return True


async def pressed(update: Update, context: Context) -> None:
    """Do what a button of an addition says, for whom it was shown."""
    query = update.callback_query
    if query is None:
        return
    done = query.message is not None and await _do(update, query, context)
    await context.services.messenger.acknowledge(query.id, None if done else OLD_BUTTON)
    if done and isinstance(parse(query.data or ""), Publish):
        jobs.soon(context)  # readers may have waited for just this
        # Without this the next question would begin to wait for what was published.
        await context.services.facts.additions.indexed()
        await suggestions.offer_new(arguments.actor(update), context)


MOVES: Final[moves.Moves] = {
    Publish: Additions.publish,
    Submit: Additions.submit,
    Change: Additions.change,
    Drop: Additions.drop,
    IsNew: Additions.is_new,
    Instead: Additions.instead,
    Skip: Additions.skip,
    SendBack: Additions.send_back,
}
"""The moves that buttons make. `Look` makes one at whatever turn it was shown."""


async def _do(update: Update, query: CallbackQuery, context: Context) -> bool:
    actor, adding = arguments.actor(update), context.services.facts.additions
    pressed = parse(query.data or "")
    if isinstance(pressed, Look):
        given = await adding.look(actor, pressed.proposal_id)
    else:
        given = await moves.make(MOVES, adding, actor, pressed)
    if given is None:
        return False
    match pressed:
        case Look():
            own = given.proposal.editor == actor.person_id
            await in_place(drafts.waiting(given, own=own), query, context)
        case SendBack():
            await in_place(drafts.why_back(given), query, context)
        case Instead():
            await _hand_over(given, actor, query, context)
        case _:
            await _show(given, actor, context, query=query)
    if given.fact is not None and isinstance(pressed, Publish):
        await controls.show(given.fact.id, actor.place, context)
    return True


async def _hand_over(given: Addition, actor: Actor, query: CallbackQuery, context: Context) -> None:
    """Show an addition that has become a change as what it is."""
    services, proposal = context.services, given.proposal
    change = await services.facts.changes.resume(actor, proposal.id, proposal.turn)
    if change is None:
        return
    message_id = await in_place(changes.change(change), query, context)
    if message_id is not None:
        await services.facts.changes.shown(
            change.proposal, chat_id=actor.place.chat_id, message_id=message_id
        )


async def _begin(update: Update, context: Context, gap: Status | None) -> None:
    message = update.effective_message
    assert message is not None  # noqa: S101 - the route takes messages only
    actor, text = arguments.actor(update), arguments.after_command(message)
    adding = context.services.facts.additions
    given = await adding.begin(actor, text.strip(), gap=gap)
    await _show(given, actor, context)


async def _show(
    given: Addition, actor: Actor, context: Context, *, query: CallbackQuery | None = None
) -> None:
    """Show an addition in the pressed message, or anew; note where it stands, and tell others."""
    altered = () if given.twins else await context.services.questions.impact.altered(given.proposal)
    in_group = actor.place.kind is not ChatKind.PRIVATE
    shown = saved.warned(views.addition(given, in_group=in_group), altered)
    if query is None:
        message_id = await _send(shown, actor.place, context)
    else:
        message_id = await in_place(shown, query, context)
    if message_id is not None:
        await context.services.facts.additions.shown(
            given.proposal, chat_id=actor.place.chat_id, message_id=message_id
        )
    await _tell(given.notices, context)


async def _tell(notices: tuple[Notice, ...], context: Context) -> None:
    for told in notices:
        sent = await context.services.messenger.send(
            drafts.notice(told), chat_id=told.chat_id, thread_id=told.thread_id
        )
        if sent.message_id is not None:
            await context.services.facts.additions.shown(
                told.proposal, chat_id=sent.chat_id, message_id=sent.message_id
            )


async def _send(shown: messages.Message, place: Place, context: Context) -> int | None:
    sent = await context.services.messenger.send(
        shown, chat_id=place.chat_id, thread_id=place.thread_id
    )
    return sent.message_id


ROUTES: Final = (
    CommandHandler("add", add, filters=filters.DESK),
    CommandHandler("unknown", unknown, filters=filters.DESK),
    CommandHandler("uncovered", uncovered, filters=filters.DESK),
    CommandHandler("drafts", list_drafts, filters=filters.DESK),
    PressHandler(pressed, SendBack, Change, Drop, Instead, Skip, Look, IsNew, Publish, Submit),
)
