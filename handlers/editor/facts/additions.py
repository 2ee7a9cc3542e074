"""Adding facts: commands, what is typed after them, and the buttons of the preview."""

from typing import Final

from telegram import CallbackQuery, Message, Update
from telegram.ext import CommandHandler

from bot.services.answers.results import Place
from bot.services.facts import parsing
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
    found = await context.services.facts.publication.drafts(actor)
    await _send(drafts.listed(found), actor.place, context)


async def take(update: Update, context: Context) -> bool:
    """Take words that an addition waits for."""
    message = update.effective_message
    if message is None or message.text is None:
        return False
    actor, text, services = arguments.actor(update), _unaddressed(message), context.services
    replied = message.reply_to_message
    reply_to = None if replied is None else replied.message_id
    returned = await services.facts.publication.reason(actor, text)
    if returned is not None:
        await _send(drafts.sent_back(returned), actor.place, context)
        await _tell(returned.notices, context)
        return True
    return await take_words(text, reply_to, actor, context)


async def take_words(text: str, reply_to: int | None, actor: Actor, context: Context) -> bool:
    """Take words for the addition that waits for them, and tell whether one did."""
    given = await context.services.facts.additions.words(actor, text, reply_to=reply_to)
    if given is None:
        return False
    await _show(given, actor, context)
    return True


async def take_line(update: Update, context: Context) -> bool:
    """Take an addition that is written in one line, without its command."""
    message = update.effective_message
    if message is None or not parsing.one_line(text := _unaddressed(message)):
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
        await context.services.facts.publication.caught_up()
        await suggestions.offer_new(arguments.actor(update), context)


async def _do(update: Update, query: CallbackQuery, context: Context) -> bool:
    actor, given = arguments.actor(update), None
    match parse(query.data or ""):
        case Look() | SendBack() as pressed:
            return await _with_draft(pressed, actor, query, context)
        case Publish() | Submit() | Drop() | Instead() as pressed:
            given = await _settled(pressed, actor, context)
        case Change() | IsNew() | Skip() as pressed:
            given = await _stepped(pressed, actor, context)
    if given is None:
        return False
    if isinstance(pressed, Instead):
        await _hand_over(given, actor, query, context)
    else:
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
            change, chat_id=actor.place.chat_id, message_id=message_id
        )


async def _with_draft(
    pressed: Look | SendBack, actor: Actor, query: CallbackQuery, context: Context
) -> bool:
    publishing = context.services.facts.publication
    if isinstance(pressed, Look):
        given = await publishing.look(actor, pressed.proposal_id)
    else:
        given = await publishing.send_back(actor, pressed.proposal_id, pressed.turn)
    if given is None:
        return False
    shown = drafts.why_back(given)
    if isinstance(pressed, Look):
        shown = drafts.waiting(given, own=given.proposal.editor == actor.person_id)
    await in_place(shown, query, context)
    return True


async def _settled(
    pressed: Publish | Submit | Drop | Instead, actor: Actor, context: Context
) -> Addition | None:
    publishing, number, turn = context.services.facts.publication, pressed.proposal_id, pressed.turn
    match pressed:
        case Publish():
            return await publishing.publish(actor, number, turn)
        case Submit():
            return await publishing.submit(actor, number, turn)
        case Drop():
            return await publishing.drop(actor, number, turn)
        case Instead(fact_id=fact_id):
            return await publishing.instead(actor, number, turn, fact_id)


async def _stepped(
    pressed: Change | IsNew | Skip, actor: Actor, context: Context
) -> Addition | None:
    adding, number, turn = context.services.facts.additions, pressed.proposal_id, pressed.turn
    match pressed:
        case Change():
            return await adding.change(actor, number, turn)
        case IsNew():
            return await adding.is_new(actor, number, turn)
        case Skip():
            return await adding.skip(actor, number, turn)


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
        await context.services.facts.additions.delivered(
            given.proposal,
            fact_id=None if given.fact is None else given.fact.id,
            chat_id=actor.place.chat_id,
            message_id=message_id,
        )
    await _tell(given.notices, context)


def _unaddressed(message: Message) -> str:
    """Return what was written, line by line, without the bot's name where it only calls the bot."""
    text = message.text or ""
    for mention in filters.mentions_of_bot(message):
        text = text.replace(mention, "", 1)
    return text


async def _tell(notices: tuple[Notice, ...], context: Context) -> None:
    for told in notices:
        sent = await context.services.messenger.send(
            drafts.notice(told), chat_id=told.chat_id, thread_id=told.thread_id
        )
        if sent.message_id is not None:
            await context.services.facts.additions.delivered(
                told.proposal,
                fact_id=None if told.fact is None else told.fact.id,
                chat_id=sent.chat_id,
                message_id=sent.message_id,
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
