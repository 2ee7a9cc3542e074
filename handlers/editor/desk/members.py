"""Who is on the desk: links, lists, removals, and the desk's group."""

import re
from datetime import UTC, datetime
from typing import Final

from telegram import Chat, Message, Update
from telegram.ext import CommandHandler
from telegram.ext import filters as kinds

from bot.services.desk.invitations import Wish
from bot.services.desk.members import Moved
from bot.telegram import menus
from bot.views import screens
from bot.views.desk import members
from bot.views.presses import parse
from db.records.desk import Role
from handlers import arguments, filters
from handlers.context import Context
from handlers.editor import replies
from handlers.routing import PressHandler

_HOURS: Final = re.compile(r"(\d{1,4})(?:h|hours?)?", re.ASCII | re.IGNORECASE)
_SETTLING: Final = re.compile(r"\A/desk(?:@\w+)?\s+(here|gone)\s*\Z", re.ASCII | re.IGNORECASE)


async def invite(update: Update, context: Context) -> None:
    """Make a one-time link."""
    wish = wished(arguments.after_command(_message(update)))
    made = await context.services.desk.invitations.invite(arguments.actor(update), wish)
    shown = members.invited(made, bot=context.services.messenger.username)
    await replies.reply(shown, update, context)


async def join(update: Update, context: Context, secret: str) -> None:
    """Let in who opened a link, give them their menu, and tell whose link it was."""
    actor, services = arguments.actor(update), context.services
    joined = await services.desk.invitations.join(actor, secret)
    await replies.reply(members.joined(joined), update, context)
    if not joined.changed:
        return
    await menus.dress_member(context.bot, actor.person_id, joined.editor.role)
    if joined.editor.invited_by is not None:
        await services.messenger.send(members.entered(joined), chat_id=joined.editor.invited_by)


async def greeted(update: Update, context: Context) -> None:
    """Give a member who opens the bot in private their menu: Telegram takes none before."""
    actor = arguments.actor(update)
    role = await context.services.desk.members.role(actor)
    if role is not None:
        await menus.dress_member(context.bot, actor.person_id, role)


async def editors(update: Update, context: Context) -> None:
    """List who is on the desk."""
    shown = await context.services.desk.members.roster(arguments.actor(update))
    await replies.reply(members.roster(shown), update, context)


async def remove(update: Update, context: Context) -> None:
    """Take somebody off the desk, or offer whom."""
    message, services = _message(update), context.services
    actor, whom = arguments.actor(update), whom_of(message)
    if whom is None:
        shown = await services.desk.members.removable(actor)
        await replies.reply(members.choice(shown), update, context)
        return
    gone = await services.desk.members.remove(actor, whom)
    await replies.reply(members.removed(gone), update, context)
    await menus.dress_member(context.bot, gone.editor.id, None)


async def pressed(update: Update, context: Context) -> None:
    """Turn a page of a list, or take somebody off the desk."""
    if not await replies.has_place(update, context):
        return
    query, staffing = update.callback_query, context.services.desk.members
    assert query is not None  # noqa: S101 - looked at by `has_place`
    actor = arguments.actor(update)
    match parse(query.data or ""):
        case members.ListFrom(skip=skip):
            shown = members.roster(await staffing.roster(actor), skip)
            await replies.turn_into(shown, update, context)
        case members.ChooseFrom(skip=skip):
            shown = members.choice(await staffing.removable(actor), skip)
            await replies.turn_into(shown, update, context)
        case members.Remove(person_id=person_id, shown_at=shown_at):
            gone = await staffing.remove_shown(actor, person_id, moment(shown_at))
            await replies.turn_into(members.removed(gone), update, context)
            await menus.dress_member(context.bot, gone.editor.id, None)
        case _:
            await context.services.messenger.acknowledge(query.id, screens.OLD_BUTTON)


async def settle(update: Update, context: Context) -> bool:
    """Do what `/desk here` and `/desk gone` say; tell whether it was one of them."""
    found = _SETTLING.fullmatch(arguments.words(_message(update)))
    if found is None:
        return False
    actor, staffing = arguments.actor(update), context.services.desk.members
    here = found[1].lower() == "here"
    moved = await (staffing.settle(actor) if here else staffing.unsettle(actor))
    await replies.reply(members.moved(moved), update, context)
    await _dress_groups(moved, context)
    return True


async def settled(update: Update, context: Context) -> None:
    """Do what `/desk here` and `/desk gone` say."""
    await settle(update, context)


def wished(text: str) -> Wish:
    """Return the role and the hours that stand behind /invite, in either order."""
    role, hours, odd = Role.EDITOR, None, None
    for word in text.split():
        if word.lower() in tuple(Role):
            role = Role(word.lower())
        elif found := _HOURS.fullmatch(word):
            hours = int(found[1])
        elif word.lower() not in ("h", "hour", "hours"):
            odd = odd or word[:40]
    return Wish(role=role, hours=hours, odd=odd)


def whom_of(message: Message) -> int | str | None:
    """Return whom a /remove means: the number or name behind it, else who wrote what it replies
    to; None where it names nobody.
    """
    named = arguments.after_command(message).strip()
    if named:
        return int(named) if named.isascii() and named.isdigit() else named[:100]
    replied = message.reply_to_message
    if replied is None or replied.from_user is None or replied.from_user.is_bot:
        return None
    # In a private chat everything but the bot's own was written by the owner themselves.
    return None if message.chat.type == Chat.PRIVATE else replied.from_user.id


def moment(seconds: int) -> datetime:
    """Return seconds since 1970, as a button carries them, as a time; forged ones are 1970."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return datetime.fromtimestamp(0, UTC)


async def _dress_groups(moved: Moved, context: Context) -> None:
    if moved.before is not None and moved.before != moved.now:
        await menus.dress_group(context.bot, moved.before, is_desk=False)
    if moved.now is not None:
        await menus.dress_group(context.bot, moved.now, is_desk=True)


def _message(update: Update) -> Message:
    assert update.effective_message is not None  # noqa: S101 - the routes take messages only
    return update.effective_message


ROUTES: Final = (
    CommandHandler("invite", invite, filters=filters.DESK),
    CommandHandler("editors", editors, filters=filters.DESK),
    CommandHandler("remove", remove, filters=filters.DESK),
    CommandHandler("desk", settled, filters=filters.DESK & kinds.Regex(_SETTLING)),
    PressHandler(pressed, members.ListFrom, members.ChooseFrom, members.Remove),
)
