"""Finding, changing, withdrawing and taking back facts from the chat."""

import re
from typing import Final

from telegram import Message, Update
from telegram.ext import CommandHandler

from bot.services.facts.changes.conversation import Changes
from bot.services.facts.changes.echoes import Decision
from bot.services.facts.changes.state import Change
from bot.services.facts.changes.undo import Ending, Undone
from bot.services.facts.references import Order
from bot.services.rights import Actor
from bot.views import message as messages
from bot.views import screens
from bot.views.desk.lines import OLD_BUTTON
from bot.views.facts import cards
from bot.views.facts import changes as views
from bot.views.facts import undo as fact_undo
from bot.views.facts.cards import ShowFact
from bot.views.facts.changes import (
    KINDS,
    Correct,
    Drop,
    Insist,
    KeepTheirs,
    Kind,
    Publish,
    Source,
    Undo,
)
from bot.views.facts.echoes import EnoughEchoes, GoThrough, LeaveEcho, TakeEcho
from bot.views.facts.reminders import StillTrue
from bot.views.facts.withdrawals import KeepFact, Withdraw
from bot.views.presses import Press, parse
from bot.views.questions import saved
from db.records.desk import ProposalState
from handlers import arguments, filters, jobs
from handlers.context import Context, Services
from handlers.editor import moves
from handlers.editor.alerts import controls
from handlers.replacement import in_place
from handlers.routing import PressHandler

_NUMBER: Final = re.compile(r"#\d{1,9}", re.ASCII)


async def find(update: Update, context: Context) -> None:
    """List the facts that the words behind the command mean."""
    message, actor = _message(update), arguments.actor(update)
    found = await context.services.facts.lookup.find(actor, arguments.after_command(message))
    await _send(cards.finds(found), actor, message, context)


async def fact(update: Update, context: Context) -> None:
    """Show a fact's card."""
    message = _message(update)
    await _card(_order("fact", message), arguments.actor(update), message, context)


async def edit(update: Update, context: Context) -> None:
    """Show what a change would make of a fact, and ask what kind of change it is."""
    message, actor = _message(update), arguments.actor(update)
    shown = await context.services.facts.changes.edit(actor, _order("edit", message))
    await _show(shown, actor, message, context)


async def status(update: Update, context: Context) -> None:
    """Show a change of status, and ask who says so."""
    message, actor = _message(update), arguments.actor(update)
    shown = await context.services.facts.changes.status(actor, _order("status", message))
    await _show(shown, actor, message, context)


async def withdraw(update: Update, context: Context) -> None:
    """Ask whether a fact is to be withdrawn, or for the reason."""
    message, actor = _message(update), arguments.actor(update)
    shown = await context.services.facts.changes.withdraw(actor, _order("withdraw", message))
    await _show(shown, actor, message, context)


async def phrase(update: Update, context: Context) -> None:
    """Add another way of asking."""
    message, actor = _message(update), arguments.actor(update)
    taken = await context.services.facts.reviews.phrase(actor, _order("phrase", message))
    await _send(fact_undo.phrased(taken), actor, message, context)


async def still(update: Update, context: Context) -> None:
    """Note that a fact was checked again."""
    message, actor = _message(update), arguments.actor(update)
    looked = await context.services.facts.reviews.still(actor, _order("still", message))
    await _send(fact_undo.checked(looked), actor, message, context)


async def undo(update: Update, context: Context) -> None:
    """Take back what the editor last did here."""
    message, actor = _message(update), arguments.actor(update)
    ended = await context.services.facts.undo.undo_last(actor)
    shown = fact_undo.undone(ended)
    published = ended.proposal
    if published is not None and published.message_id is not None:
        # The message that offers the undo says how it ended, and offers it no more.
        await context.services.messenger.edit(
            shown, chat_id=published.chat_id, message_id=published.message_id
        )
    await _send(shown, actor, message, context)
    await _announced(ended, actor, context)


async def take_words(words: str, reply_to: int | None, update: Update, context: Context) -> bool:
    """Take words that a change waits for, new words for a card, or `#7`; say whether any were."""
    actor = arguments.actor(update)
    message = None if update.callback_query else update.effective_message
    if reply_to is None and _NUMBER.fullmatch(words.strip()):
        await _card(Order(command="fact", words=words), actor, message, context)
        return True
    shown = await context.services.facts.changes.say(actor, words, reply_to)
    if shown is None:
        return False
    await _show(shown, actor, message, context)
    return True


async def pressed(update: Update, context: Context) -> None:
    """Do what a button under a change says, or say that it is out of date."""
    query = update.callback_query
    assert query is not None  # noqa: S101 - the route takes buttons only
    if query.message is None:
        await context.services.messenger.acknowledge(query.id, screens.OLD_BUTTON)
        return
    actor, press, services = arguments.actor(update), parse(query.data or ""), context.services
    match press:
        case ShowFact(fact_id=fact_id):
            order = Order(command="fact", words=f"#{fact_id}")
            await _card(order, actor, None, context)
        case StillTrue(fact_id=fact_id, version=version, due=due):
            looked = await services.facts.reviews.stands(actor, fact_id, version=version, due=due)
            await _send(fact_undo.checked(looked), actor, None, context)
        case Correct(fact_id=fact_id):
            await _show(await services.facts.changes.correct(actor, fact_id), actor, None, context)
        case Undo(proposal_id=number, turn=turn):
            ended = await services.facts.undo.undo(actor, number, turn)
            if ended is None:
                await services.messenger.acknowledge(query.id, OLD_BUTTON)
                return
            await in_place(fact_undo.undone(ended), query, context)
            await _announced(ended, actor, context)
        case _:
            change = await _stepped(press, actor, services)
            if change is None:
                await services.messenger.acknowledge(query.id, OLD_BUTTON)
                return
            kept = isinstance(press, KeepTheirs)
            shown = views.kept(change) if kept else await _warned(change, context)
            sent = await in_place(shown, query, context)
            if sent is not None:
                await services.facts.changes.shown(
                    change.proposal, chat_id=actor.place.chat_id, message_id=sent
                )
            if change.proposal.state is ProposalState.DONE:
                jobs.soon(context)  # readers may have waited for just this
                await controls.show(change.was.id, actor.place, context)
    await services.messenger.acknowledge(query.id)


async def _announced(ended: Undone, actor: Actor, context: Context) -> None:
    """Show what is told to whoever heard what was taken back."""
    if ended.ending is Ending.UNDONE and ended.fact is not None:
        await controls.show(ended.fact.id, actor.place, context)


MOVES: Final[moves.Moves] = {
    Source: Changes.choose_source,
    Publish: Changes.publish,
    Insist: Changes.insist,
    KeepTheirs: Changes.drop,
    Drop: Changes.drop,
    Withdraw: Changes.confirm,
    KeepFact: Changes.drop,
    GoThrough: Changes.go_through,
    EnoughEchoes: Changes.enough,
}
"""The moves that buttons make as they stand; three more say what they mean in other words."""


async def _stepped(press: Press | None, actor: Actor, services: Services) -> Change | None:
    """Take the step that a button stands for; None when nothing changed."""
    changing = services.facts.changes
    match press:
        case Kind(proposal_id=number, turn=turn, kind=kind) if kind in KINDS:
            return await changing.choose_kind(actor, number, turn, KINDS[kind])
        case TakeEcho(proposal_id=number, turn=turn):
            return await changing.decide(actor, number, turn, Decision.TAKEN)
        case LeaveEcho(proposal_id=number, turn=turn):
            return await changing.decide(actor, number, turn, Decision.LEFT)
        case _:
            return await moves.make(MOVES, changing, actor, press)


async def _card(order: Order, actor: Actor, message: Message | None, context: Context) -> None:
    finding = context.services.facts.lookup
    shown = await finding.card(actor, order)
    sent = await _send(cards.card(shown), actor, message, context)
    if sent is not None:
        await finding.shown(shown.fact.id, actor.place, message_id=sent)


async def _show(change: Change, actor: Actor, message: Message | None, context: Context) -> None:
    """Send a change below what was typed; the message that showed it before lets go of it."""
    services, before = context.services, change.proposal.message_id
    sent = await _send(await _warned(change, context), actor, message, context)
    if sent is not None:
        await services.facts.changes.shown(
            change.proposal, chat_id=actor.place.chat_id, message_id=sent
        )
    if before is not None:
        await services.messenger.edit(
            views.GOES_ON, chat_id=change.proposal.chat_id, message_id=before
        )


async def _warned(change: Change, context: Context) -> messages.Message:
    """Return a change as it is shown; before it is published, with what it would alter."""
    altered = await context.services.questions.impact.altered(change.proposal)
    return saved.warned(views.change(change), altered)


async def _send(
    shown: messages.Message, actor: Actor, message: Message | None, context: Context
) -> int | None:
    """Send `shown` where the actor is, in groups as a reply to what they wrote."""
    sent = await context.services.messenger.send(
        shown,
        chat_id=actor.place.chat_id,
        thread_id=actor.place.thread_id,
        reply_to=None if message is None else arguments.reply_to(message),
    )
    return sent.message_id


def _order(command: str, message: Message) -> Order:
    return Order(
        command=command, words=arguments.after_command(message), reply_to=_replied(message)
    )


def _replied(message: Message) -> int | None:
    replied = message.reply_to_message
    return None if replied is None else replied.message_id


def _message(update: Update) -> Message:
    assert update.effective_message is not None  # noqa: S101 - the routes take messages only
    return update.effective_message


ROUTES: Final = (
    CommandHandler("find", find, filters=filters.DESK),
    CommandHandler("fact", fact, filters=filters.DESK),
    CommandHandler("edit", edit, filters=filters.DESK),
    CommandHandler("status", status, filters=filters.DESK),
    CommandHandler("withdraw", withdraw, filters=filters.DESK),
    CommandHandler("phrase", phrase, filters=filters.DESK),
    CommandHandler("still", still, filters=filters.DESK),
    CommandHandler("undo", undo, filters=filters.DESK),
    PressHandler(
        pressed,
        Drop,
        Correct,
        ShowFact,
        Kind,
        StillTrue,
        Insist,
        Publish,
        Source,
        KeepTheirs,
        Undo,
        Withdraw,
        KeepFact,
        EnoughEchoes,
        GoThrough,
        LeaveEcho,
        TakeEcho,
    ),
)
