"""THE table of methods: the name in Telegram's spelling → what it does."""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from bot.rehearsal.api import queries
from bot.rehearsal.api.backend import Backend
from bot.rehearsal.api.refusals import bad
from bot.rehearsal.world import chats, editing, profile, sending
from bot.rehearsal.world.world import Json

Method: TypeAlias = Callable[[Backend, dict[str, Any]], Any]
"""Takes checked parameters and returns the result as JSON; raises Refused."""

DOWNLOAD_BYTES: Final = 20 * 1024 * 1024


def get_file(backend: Backend, parameters: dict[str, Any]) -> Json:
    """Return a `File` with the path to download it from."""
    file_id = parameters["file_id"]
    upload = backend.files.get(file_id)
    if upload is None:
        raise bad("wrong file_id or the file is temporarily unavailable")
    if len(upload.content) > DOWNLOAD_BYTES:
        raise bad("file is too big")
    return sending.described(file_id, upload) | {"file_path": f"documents/{file_id}"}


# getUpdates waits, and so is not here: the server calls the queue.
METHODS: Final[dict[str, Method]] = {
    "getMe": profile.get_me,
    "deleteWebhook": profile.delete_webhook,
    "setWebhook": profile.set_webhook,
    "getWebhookInfo": profile.get_webhook_info,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendDocument": sending.send_document,
    "sendChatAction": sending.send_chat_action,
    "editMessageText": editing.edit_message_text,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "pinChatMessage": editing.pin_chat_message,
    "answerCallbackQuery": queries.answer_callback_query,
    "answerInlineQuery": queries.answer_inline_query,
    "getFile": get_file,
    "setMyCommands": profile.set_my_commands,
    "getMyCommands": profile.get_my_commands,
    "deleteMyCommands": profile.delete_my_commands,
    "setMyDescription": profile.text_setter("description"),
    "getMyDescription": profile.text_getter("description"),
    "setMyShortDescription": profile.text_setter("short_description"),
    "getMyShortDescription": profile.text_getter("short_description"),
    "setMyName": profile.text_setter("name"),
    "getMyName": profile.text_getter("name"),
    "getChat": chats.get_chat,
    "getChatMember": chats.get_chat_member,
    "getChatAdministrators": chats.get_chat_administrators,
    "leaveChat": chats.leave_chat,
}
