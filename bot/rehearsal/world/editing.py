"""Methods that change what is already in a chat."""

from typing import Any

from bot.rehearsal.api.backend import Backend, Event
from bot.rehearsal.api.contract import formatted
from bot.rehearsal.api.refusals import bad, violation
from bot.rehearsal.world import chats, keyboards
from bot.rehearsal.world.world import Json, Message

SAME = (
    "message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)
DELETABLE_S = 48 * 60 * 60
"""Age at which a message can no longer be deleted."""


def edit_message_text(backend: Backend, parameters: dict[str, Any]) -> Json | bool:
    """Change the text, and the keyboard with it: one that is not sent again disappears."""
    text, entities = formatted(
        parameters["text"], parameters.get("parse_mode"), parameters.get("entities")
    )
    markup = _inline(parameters)
    message = _own(backend, parameters)
    if message.media:
        raise bad("there is no text in the message to edit")
    if (text, entities, markup) == (message.text, message.entities, message.markup):
        raise bad(SAME)
    message.text, message.entities, message.source = text, entities, parameters["text"]
    message.link_preview = parameters.get("link_preview_options")
    return _edited(backend, message, markup)


def edit_message_reply_markup(backend: Backend, parameters: dict[str, Any]) -> Json | bool:
    """Change the keyboard only; without one the buttons disappear."""
    markup = _inline(parameters)
    message = _own(backend, parameters)
    if markup == message.markup:
        raise bad(SAME)
    return _edited(backend, message, markup)


def delete_message(backend: Backend, parameters: dict[str, Any]) -> bool:
    """Delete the bot's message, or another's where the bot may."""
    chat = chats.joined(backend, parameters["chat_id"])
    message = backend.world.find(chat, parameters["message_id"])
    if message is None:
        raise bad("message to delete not found")
    bot = backend.world.bot
    is_free = message.sender is bot or chat.person or chats.is_administrator(chat, bot)
    if not is_free or backend.world.now() - message.date > DELETABLE_S:
        raise bad("message can't be deleted")
    message.is_deleted = True
    backend.record(Event(kind="deleted", message=message))
    return True


def pin_chat_message(backend: Backend, parameters: dict[str, Any]) -> bool:
    """Pin a message; in a group the bot must run the chat."""
    chat = chats.joined(backend, parameters["chat_id"])
    message = backend.world.find(chat, parameters["message_id"])
    if message is None:
        raise bad("message to pin not found")
    if not chat.person and not chats.is_administrator(chat, backend.world.bot):
        raise bad("not enough rights to manage pinned messages in the chat")
    if message.id not in chat.pinned:
        chat.pinned.append(message.id)
    return True


def _inline(parameters: dict[str, Any]) -> Json | None:
    """Return the new keyboard; a message can be edited to no other kind."""
    markup = parameters.get("reply_markup")
    if markup and "inline_keyboard" not in markup:
        raise violation("inline keyboard expected")
    return keyboards.inline(markup)


def _own(backend: Backend, parameters: dict[str, Any]) -> Message:
    """Return the bot's message that the parameters name.

    Raises:
        Refused: there is none, or it is somebody else's.
    """
    if inline_id := parameters.get("inline_message_id"):
        if inline_id not in backend.world.inline:
            raise bad("MESSAGE_ID_INVALID")
        return backend.world.inline[inline_id]
    if parameters.get("chat_id") is None:
        raise violation("chat_id is empty")
    if not parameters.get("message_id"):
        raise violation("message identifier is not specified")
    chat = chats.joined(backend, parameters["chat_id"])
    message = backend.world.find(chat, parameters["message_id"])
    if message is None:
        raise bad("message to edit not found")
    is_own = message.sender is backend.world.bot or (chat.type == "channel" and not message.sender)
    if not is_own or message.service:
        raise bad("message can't be edited")
    return message


def _edited(backend: Backend, message: Message, markup: Json | None) -> Json | bool:
    message.markup = markup
    message.edit_date = int(backend.world.now())
    backend.record(Event(kind="edited", message=message))
    return True if message.inline_id else message.json()
