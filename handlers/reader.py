"""What readers write and press."""

from telegram import CallbackQuery, ChatMember, Message, Update

from bot.views import screens
from bot.views.answers import messages
from bot.views.desk import members
from bot.views.presses import Choose, Other, Show, ShowOverview, parse
from handlers import arguments, subscriber
from handlers.answers import answer, deliver, reply
from handlers.arguments import FactLink, JoinLink, SubscribeLink, VersionLink
from handlers.context import Context
from handlers.editor.desk import members as editor_members
from handlers.replacement import in_place


async def start(update: Update, context: Context) -> None:
    """Open with the welcome, or with the fact or the version that a link names."""
    message = _message(update)
    answering, bot = context.services.answers.reader, context.services.messenger.username
    match arguments.link(message):
        case FactLink(fact_id=fact_id):
            await _show(fact_id, message, context)
        case VersionLink(fact_id=fact_id, version=version):
            stands = await answering.standing(fact_id, version)
            await reply(screens.standing(stands, bot=bot), message, context)
        case SubscribeLink():
            await subscriber.subscribe(update, context)
        case _ if arguments.reply_to(message) is not None:
            await reply(screens.GREETED, message, context)
        case JoinLink(secret=secret) if message.forward_origin is None:
            await editor_members.join(update, context, secret)
        case _:
            await reply(screens.welcome(await answering.overview()), message, context)
            await editor_members.greeted(update, context)


async def help_(update: Update, context: Context) -> None:
    """Tell how to ask; a member of the desk, before that, how to keep the story."""
    services = context.services
    role = await services.desk.members.role(arguments.actor(update))
    if role is not None:
        await reply(members.help_text(role), _message(update), context)
    shown = screens.help_text(
        await services.answers.reader.story(), bot=services.messenger.username
    )
    await reply(shown, _message(update), context)


async def now(update: Update, context: Context) -> None:
    """Tell what is known."""
    await _overview(_message(update), context)


async def ask(update: Update, context: Context) -> None:
    """Answer the question behind the command, or in the message that it replies to."""
    message = _message(update)
    if question := arguments.asked(message):
        await answer(question, message, context)
    else:
        await reply(screens.ASK_HOW, message, context)


async def private_words(update: Update, context: Context) -> None:
    """Answer whatever is written in a private chat, unless it answers the bot itself."""
    message = _message(update)
    if await subscriber.take_zone(update, context):
        return
    await answer(arguments.words(message), message, context)


async def group_words(update: Update, context: Context) -> None:
    """Answer what is asked of the bot in a group, by a reply or by its name."""
    message = _message(update)
    await answer(arguments.without_mention(message), message, context)


async def unknown_command(update: Update, context: Context) -> None:
    """Say that there is no such command."""
    await reply(screens.NO_SUCH_COMMAND, _message(update), context)


async def wordless(update: Update, context: Context) -> None:
    """Say that only text can be read; once for an album, and not where it has words."""
    if not note_album(update, context):
        await reply(screens.ONLY_TEXT, _message(update), context)


def note_album(update: Update, context: Context) -> bool:
    """Note which album a message is of; return whether its chat has sent some of that before."""
    album, seen = _message(update).media_group_id, context.chat_data
    if album is None or seen is None:
        return False
    is_another = seen.get("album") == album
    seen["album"] = album
    return is_another


async def membership(update: Update, context: Context) -> None:
    """Say how to ask where the bot was just let into a group."""
    change = update.my_chat_member
    if change is None or change.chat.type not in ("group", "supergroup"):
        return
    outside = (ChatMember.LEFT, ChatMember.BANNED)
    was_in = change.old_chat_member.status not in outside
    if not was_in and change.new_chat_member.status not in outside:
        await context.services.messenger.send(screens.GREETED, chat_id=change.chat.id)


async def migrated(update: Update, context: Context) -> None:
    """Carry a group over to the supergroup that it became."""
    message = _message(update)
    if message.migrate_to_chat_id is not None:
        await context.services.answers.reader.moved(message.chat.id, message.migrate_to_chat_id)
    elif message.migrate_from_chat_id is not None:
        await context.services.answers.reader.moved(message.migrate_from_chat_id, message.chat.id)


async def pressed(update: Update, context: Context) -> None:
    """Do what a button says, in the chat whose exchange it names and in no other."""
    query = update.callback_query
    if query is None:
        return
    # A message too old to be read still tells its chat and its number.
    done = query.message is not None and await _do(query, context)
    notice = None if done else screens.OLD_BUTTON
    await context.services.messenger.acknowledge(query.id, notice)


async def _do(query: CallbackQuery, context: Context) -> bool:
    answering = context.services.answers.reader
    assert query.message is not None  # noqa: S101 - looked at by the caller
    chat_id = query.message.chat.id
    match parse(query.data or ""):
        case Choose(exchange_id=exchange_id, fact_id=fact_id):
            given = await answering.choose(exchange_id, fact_id, chat_id=chat_id)
            if given is None:
                return False
            bot = context.services.messenger.username
            number = await in_place(messages.answer(given, bot=bot), query, context)
            anew = number is not None and number != query.message.message_id
            if given.exchange_id is not None and number is not None and anew:
                await answering.delivered(given.exchange_id, number)
        case Other(exchange_id=exchange_id, shown=shown):
            offered = await answering.other(exchange_id, chat_id=chat_id, shown=shown)
            if offered is None:
                return False
            await in_place(messages.offer(offered), query, context)
        case Show(fact_id=fact_id) if isinstance(query.message, Message):
            await _show(fact_id, query.message, context)
        case ShowOverview() if isinstance(query.message, Message):
            await _overview(query.message, context)
        case _:
            return False
    return True


async def _show(fact_id: int, message: Message, context: Context) -> None:
    given = await context.services.answers.reader.show(
        fact_id, arguments.place(message), message_id=message.message_id
    )
    if given is None:
        stands = await context.services.answers.reader.standing(fact_id)
        await reply(screens.standing(stands), message, context)
    else:
        await deliver(given, message, context)


async def _overview(message: Message, context: Context) -> None:
    services = context.services
    shown = screens.overview(
        await services.answers.reader.overview(), bot=services.messenger.username
    )
    await reply(shown, message, context)


def _message(update: Update) -> Message:
    assert update.effective_message is not None  # noqa: S101 - the routes take messages only
    return update.effective_message
