"""Methods that put something into a chat: texts, photos, documents, a sign of activity."""

import struct
from collections.abc import Callable
from typing import Any, Final

from bot.rehearsal.api.backend import Backend, Event
from bot.rehearsal.api.contract import LONGEST_CAPTION, Upload, formatted
from bot.rehearsal.api.refusals import Refused, bad, violation
from bot.rehearsal.world import chats, keyboards
from bot.rehearsal.world.world import Chat, Json, Message

PHOTO_BYTES: Final = 10 * 1024 * 1024
DOCUMENT_BYTES: Final = 50 * 1024 * 1024
PHOTO_SIDES: Final = 10_000
"""Width and height of a photo together."""
PHOTO_RATIO: Final = 20

ACTIONS: Final = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)


def send_message(backend: Backend, parameters: dict[str, Any]) -> Json:
    """Send a text and return the `Message`."""
    text, entities = formatted(
        parameters["text"], parameters.get("parse_mode"), parameters.get("entities")
    )
    return _put(
        backend,
        parameters,
        "text messages",
        text=text,
        entities=entities,
        source=parameters["text"],
        link_preview=parameters.get("link_preview_options"),
    )


def send_photo(backend: Backend, parameters: dict[str, Any]) -> Json:
    """Send a photo and return the `Message`."""
    return _send_file(backend, parameters, "photo", _photo)


def send_document(backend: Backend, parameters: dict[str, Any]) -> Json:
    """Send a document and return the `Message`."""
    return _send_file(backend, parameters, "document", _document)


def send_chat_action(backend: Backend, parameters: dict[str, Any]) -> bool:
    """Show that the bot is busy."""
    if parameters["action"] not in ACTIONS:
        raise violation("wrong parameter action in request")
    chats.writable(backend, parameters["chat_id"])
    backend.record(Event(kind="typing"))
    return True


def keep(backend: Backend, upload: Upload) -> str:
    """Store a file and return its identifier."""
    file_id = f"file-{backend.new_id()}"
    backend.files[file_id] = upload
    return file_id


def described(file_id: str, upload: Upload) -> Json:
    """Return the fields that every kind of file has."""
    size = len(upload.content)
    return {"file_id": file_id, "file_unique_id": file_id[-12:], "file_size": size}


def document(file_id: str, upload: Upload) -> Json:
    """Return the media part of a message with a document."""
    body = described(file_id, upload)
    return {"document": body | {"file_name": upload.name, "mime_type": upload.mime}}


def _send_file(
    backend: Backend,
    parameters: dict[str, Any],
    kind: str,
    shown: Callable[[str, Upload], Json],
) -> Json:
    text, entities = formatted(
        parameters.get("caption", ""),
        parameters.get("parse_mode"),
        parameters.get("caption_entities"),
        most=LONGEST_CAPTION,
    )
    given = parameters[kind]
    if isinstance(given, Upload):
        if not given.content:
            raise violation("file must be non-empty")
        media = shown(file_id := keep(backend, given), given)
    else:
        file_id = str(given)
        if file_id.startswith(("http://", "https://")):
            raise bad("failed to get HTTP URL content")  # nothing outside this machine is asked
        if file_id not in backend.files:
            raise violation("wrong remote file identifier specified: Wrong string length")
        media = shown(file_id, backend.files[file_id])
    return _put(
        backend,
        parameters,
        f"{kind}s",
        text=text,
        entities=entities,
        source=parameters.get("caption", ""),
        media=media,
    )


def _photo(file_id: str, upload: Upload) -> Json:
    size = len(upload.content)
    if size > PHOTO_BYTES:
        raise violation(
            f"file of size {size} bytes is too big for a photo; "
            f"the maximum size is {PHOTO_BYTES} bytes"
        )
    width, height = _sides(upload.content)
    if not width or not height:
        raise violation("IMAGE_PROCESS_FAILED")
    if width + height > PHOTO_SIDES or max(width, height) > PHOTO_RATIO * min(width, height):
        raise violation("PHOTO_INVALID_DIMENSIONS")
    return {"photo": [described(file_id, upload) | {"width": width, "height": height}]}


def _document(file_id: str, upload: Upload) -> Json:
    if len(upload.content) > DOCUMENT_BYTES:
        raise Refused(413, "Request Entity Too Large")
    return document(file_id, upload)


def _sides(image: bytes) -> tuple[int, int]:
    """Return width and height of a PNG or JPEG in pixels, zeros for anything else."""
    if image.startswith(b"\x89PNG\r\n\x1a\n") and len(image) >= 24:
        width, height = struct.unpack(">II", image[16:24])
        return width, height
    at = 2
    while image.startswith(b"\xff\xd8") and at + 9 <= len(image) and image[at] == 0xFF:
        marker, length = image[at + 1], int.from_bytes(image[at + 2 : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):  # a start of frame
            height, width = struct.unpack(">HH", image[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return 0, 0


def _put(backend: Backend, parameters: dict[str, Any], what: str, **parts: Any) -> Json:
    """Add the bot's message to the chat that the parameters name; return it."""
    markup = keyboards.inline(parameters.get("reply_markup"))
    chat = chats.writable(backend, parameters["chat_id"], what)
    reply = _replied(backend, chat, parameters.get("reply_parameters"))
    message = backend.world.add(
        chat,
        None if chat.type == "channel" else backend.world.bot,
        markup=markup,
        reply_to=reply,
        thread=_thread(chat, parameters.get("message_thread_id"), reply),
        is_silent=parameters.get("disable_notification", False),
        **parts,
    )
    backend.record(Event(kind="sent", message=message))
    return message.json()


def _replied(backend: Backend, chat: Chat, reply: Json | None) -> Message | None:
    """Return the message that is replied to.

    Raises:
        Refused: it is gone and the bot did not allow for that.
    """
    if not reply:
        return None
    if not isinstance(reply.get("message_id"), int):
        raise violation("can't parse reply parameters: message identifier is not specified")
    where = chats.chat(backend, reply["chat_id"]) if "chat_id" in reply else chat
    message = backend.world.find(where, reply["message_id"])
    if message is None and not reply.get("allow_sending_without_reply"):
        raise bad("message to be replied not found")
    return message


def _thread(chat: Chat, thread: int | None, reply: Message | None) -> int | None:
    """Return the topic that a message lands in: the one named, else that of the reply."""
    if thread is None:
        return reply.thread if reply and reply.chat is chat else None
    if not chat.is_forum or thread not in chat.topics:
        raise bad("message thread not found")
    return thread
