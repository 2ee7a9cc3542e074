"""Who is on the desk: links, lists, removals, and the desk's group."""

import re
from datetime import UTC, datetime
from typing import Final

from telegram import Chat, Message, Update
from telegram.ext import CommandHandler
from telegram.ext import filters as kinds

from bot.messaging import menus, screens
from bot.messaging.desk import people
from bot.messaging.presses import parse
from bot.services.inviting import Wish
from bot.services.staffing import Moved
from db.records.desk import Role
from handlers import arguments, filters
from handlers.context import Context
from handlers.editor import showing
from handlers.routing import PressHandler

_HOURS: Final = re.compile(r"(\d{1,4})(?:h|hours?)?", re.ASCII | re.IGNORECASE)
_SETTLING: Final = re.compile(r"\A/desk(?:@\w+)?\s+(here|gone)\s*\Z", re.ASCII | re.IGNORECASE)


async def invite(update: Update, context: Context) -> None:
    """Make a one-time link."""
    wish = wished(arguments.after_command(_message(update)))
    made = await context.services.inviting.invite(arguments.actor(update), wish)
    shown = people.invited(made, bot=context.services.messenger.username)
    await showing.reply(shown, update, context)


async def join(update: Update, context: Context, secret: str) -> None:
    """Let in who opened a link, give them their menu, and tell whose link it was."""
    actor, services = arguments.actor(update), context.services
    joined = await services.inviting.join(actor, secret)
    await showing.reply(people.joined(joined), update, context)
    if not joined.changed:
        return
    await menus.dress_member(context.bot, actor.person_id, joined.editor.role)
    if joined.editor.invited_by is not None:
        await services.messenger.send(people.entered(joined), chat_id=joined.editor.invited_by)


async def greeted(update: Update, context: Context) -> None:
    """Give a member who opens the bot in private their menu: Telegram takes none before."""
    actor = arguments.actor(update)
    role = await context.services.staffing.role(actor)
    if role is not None:
        await menus.dress_member(context.bot, actor.person_id, role)


async def editors(update: Update, context: Context) -> None:
    """List who is on the desk."""
    shown = await context.services.staffing.roster(arguments.actor(update))
    await showing.reply(people.roster(shown), update, context)


async def remove(update: Update, context: Context) -> None:
    """Take somebody off the desk, or offer whom."""
    message, services = _message(update), context.services
    actor, whom = arguments.actor(update), whom_of(message)
    if whom is None:
        shown = await services.staffing.removable(actor)
        await showing.reply(people.choice(shown), update, context)
        return
    gone = await services.staffing.remove(actor, whom)
    await showing.reply(people.removed(gone), update, context)
    await menus.dress_member(context.bot, gone.editor.id, None)


async def pressed(update: Update, context: Context) -> None:
    """Turn a page of a list, or take somebody off the desk."""
    if not await showing.has_place(update, context):
        return
    query, staffing = update.callback_query, context.services.staffing
    assert query is not None  # noqa: S101 - looked at by `has_place`
    actor = arguments.actor(update)
    match parse(query.data or ""):
        case people.ListFrom(skip=skip):
            shown = people.roster(await staffing.roster(actor), skip)
            await showing.turn_into(shown, update, context)
        case people.ChooseFrom(skip=skip):
            shown = people.choice(await staffing.removable(actor), skip)
            await showing.turn_into(shown, update, context)
        case people.Remove(person_id=person_id, shown_at=shown_at):
            gone = await staffing.remove_shown(actor, person_id, moment(shown_at))
            await showing.turn_into(people.removed(gone), update, context)
            await menus.dress_member(context.bot, gone.editor.id, None)
        case _:
            await context.services.messenger.acknowledge(query.id, screens.OLD_BUTTON)


async def settle(update: Update, context: Context) -> bool:
    """Do what `/desk here` and `/desk gone` say; tell whether it was one of them."""
    found = _SETTLING.fullmatch(arguments.words(_message(update)))
    if found is None:
        return False
    actor, staffing = arguments.actor(update), context.services.staffing
    here = found[1].lower() == "here"
    moved = await (staffing.settle(actor) if here else staffing.unsettle(actor))
    await showing.reply(people.moved(moved), update, context)
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
    PressHandler(pressed, people.ListFrom, people.ChooseFrom, people.Remove),
)
