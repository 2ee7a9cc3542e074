"""What subscribers write and press."""

from typing import Any, Final

from telegram import Chat, ChatMember, Update
from telegram.ext import BaseHandler, CommandHandler

from bot.services.answers.results import Place
from bot.telegram.outcomes import Delivery
from bot.views import screens
from bot.views import subscriptions as views
from bot.views.alerts import messages as alert_views
from bot.views.message import Message
from bot.views.presses import Follow, GetAlerts, parse
from handlers import arguments, filters
from handlers.context import Context
from handlers.replacement import in_place
from handlers.routing import PressHandler

ASKING: Final = ("", "quiet", "topics", "topic", "zone", "clock", "time", "at")
"""What, behind /alerts, only asks how things stand."""

ENDING: Final = ("off", "stop", "none", "no", "nothing")
"""What, behind /alerts, ends them."""


async def subscribe(update: Update, context: Context) -> None:
    """Subscribe the chat to big news at once."""
    if await _may(update, context):
        place = arguments.actor(update).place
        wishes = await context.services.subscriptions.subscribe(place)
        if (words := _behind_subscribe(update)) is not None:
            wishes = await context.services.subscriptions.change(place, words)
        await _reply(views.subscribed(wishes), update, context)


def _behind_subscribe(update: Update) -> str | None:
    """Return the words behind /subscribe; None where there are none, or another way was taken."""
    message = update.effective_message
    if message is None or not arguments.words(message).lower().startswith("/subscribe"):
        return None
    return arguments.after_command(message).strip() or None


async def unsubscribe(update: Update, context: Context) -> None:
    """Tell the chat nothing more."""
    if await _may(update, context):
        heard = await context.services.subscriptions.unsubscribe(arguments.actor(update).place)
        await _reply(views.STOPPED if heard else views.NOT_SUBSCRIBED, update, context)


async def alerts(update: Update, context: Context) -> None:
    """Show what the chat hears, or change it as the words behind the command say."""
    message, place = update.effective_message, arguments.actor(update).place
    assert message is not None  # noqa: S101 - the route takes messages only
    words = arguments.after_command(message).strip()
    if words.lower() in ENDING:
        await unsubscribe(update, context)
    elif words.lower() in ASKING:
        wishes = await context.services.subscriptions.wishes(place)
        await _reply(views.alerts(wishes), update, context)
    elif await _may(update, context):
        wishes = await context.services.subscriptions.change(place, words)
        await _reply(views.alerts(wishes), update, context)


async def take_zone(update: Update, context: Context) -> bool:
    """Take the place that says by which clock the chat lives; tell whether the words were that."""
    message = update.effective_message
    assert message is not None  # noqa: S101 - the route takes messages only
    if message.forward_origin is not None:
        return False
    asking, bot = message.reply_to_message, context.bot.id
    ours = asking is not None and asking.from_user is not None and asking.from_user.id == bot
    told = await context.services.subscriptions.told_zone(
        arguments.place(message),
        arguments.words(message),
        replied=asking is not None and ours and views.ASKING in arguments.words(asking),
    )
    if told is not None:
        await _reply(views.zoned(told), update, context)
    return told is not None


async def new(update: Update, context: Context) -> None:
    """Show what changed since the chat last looked, also to who pressed the button of an alert."""
    if update.effective_message is None:
        return
    services, place = context.services, arguments.actor(update).place
    look = await services.answers.whats_new.look(place)
    shown = alert_views.look(look, bot=services.messenger.username)
    if await _reply(shown, update, context):
        await services.answers.whats_new.looked(place, look)
    if update.callback_query is not None:
        await services.messenger.acknowledge(update.callback_query.id)


async def forwarded(update: Update, context: Context) -> None:
    """Say that a command which somebody else wrote does nothing."""
    await _reply(screens.NOT_YOUR_COMMAND, update, context)


async def pressed(update: Update, context: Context) -> None:
    """Do what a button says, for the chat that it stands in."""
    query = update.callback_query
    if query is None or query.message is None:
        return
    services, place = context.services, arguments.actor(update).place
    subscribing, shown = services.subscriptions, None
    if place.kind != Chat.PRIVATE and (refusal := await _refusal(update, context)) is not None:
        await services.messenger.acknowledge(query.id, refusal)
        return
    notice = None
    match parse(query.data or ""):
        case GetAlerts():
            await _send(views.subscribed(await subscribing.subscribe(place)), place, context)
        case views.Subscribe(level=level) if level < len(views.LEVELS):
            shown = views.subscribed(await subscribing.subscribe(place, views.LEVELS[level]))
        case views.Unsubscribe():
            await subscribing.unsubscribe(place)
            shown = views.STOPPED
        case views.Unfollow(fact_id=fact_id):
            shown = views.alerts(await subscribing.unfollow(place, fact_id))
        case alert_views.FewerAlerts():
            await _send(views.subscribed(await subscribing.wishes(place)), place, context)
        case Follow(fact_id=fact_id):
            followed = await subscribing.follow(place, fact_id)
            notice = views.FOLLOWED if followed else views.CANNOT_FOLLOW
        case _:
            notice = screens.OLD_BUTTON
    await services.messenger.acknowledge(query.id, notice)
    if shown is not None:
        await in_place(shown, query, context)


async def _may(update: Update, context: Context) -> bool:
    """Return whether the person may switch this chat's alerts; tell them if not."""
    if update.effective_chat is None or update.effective_chat.type == Chat.PRIVATE:
        return True
    refusal = await _refusal(update, context)
    if refusal is not None:
        await _reply(screens.line(refusal), update, context)
    return refusal is None


async def _refusal(update: Update, context: Context) -> str | None:
    """Return why the person may not switch a group's alerts; None where they administer it."""
    message = update.message
    if message is not None and message.sender_chat is not None:
        hidden = message.sender_chat.id == message.chat.id  # an administrator who hides their name
        return None if hidden else views.ADMINISTRATORS_ONLY
    actor = arguments.actor(update)
    status = await context.services.messenger.status_of(actor.person_id, actor.place.chat_id)
    if status is None:
        return views.ADMINISTRATORS_UNKNOWN
    may = status in (ChatMember.ADMINISTRATOR, ChatMember.OWNER)
    return None if may else views.ADMINISTRATORS_ONLY


async def _reply(shown: Message, update: Update, context: Context) -> bool:
    """Send `shown` to where the update came from; tell whether it arrived."""
    message = update.effective_message
    assert message is not None  # noqa: S101 - the routes take messages only
    sent = await context.services.messenger.send(
        shown,
        chat_id=message.chat.id,
        thread_id=arguments.place(message).thread_id,
        reply_to=None if update.callback_query else arguments.reply_to(message),
    )
    return sent.delivery is Delivery.DELIVERED


async def _send(shown: Message, place: Place, context: Context) -> None:
    await context.services.messenger.send(shown, chat_id=place.chat_id, thread_id=place.thread_id)


ROUTES: Final[tuple[BaseHandler[Any, Context, Any], ...]] = (
    CommandHandler("subscribe", subscribe, filters=filters.COMMAND),
    CommandHandler(["unsubscribe", "stop"], unsubscribe, filters=filters.COMMAND),
    CommandHandler(["alerts", "settings"], alerts, filters=filters.COMMAND),
    CommandHandler("new", new, filters=filters.FRESH),
    CommandHandler(
        ["subscribe", "unsubscribe", "stop", "alerts", "settings"],
        forwarded,
        filters=filters.FORWARDED_COMMAND,
    ),
    PressHandler(new, alert_views.AllChanges),
    PressHandler(
        pressed,
        views.Unsubscribe,
        GetAlerts,
        alert_views.FewerAlerts,
        views.Subscribe,
        Follow,
        views.Unfollow,
    ),
)
