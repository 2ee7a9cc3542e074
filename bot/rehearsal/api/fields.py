"""The parameters of the methods that the rehearsal knows: kinds, which are required, limits."""

from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

Kind: TypeAlias = Literal["integer", "text", "flag", "chat", "object", "list", "file"]


@dataclass(frozen=True, kw_only=True)
class Field:
    """One parameter."""

    kind: Kind
    is_required: bool = False
    most: int | None = None
    """Characters of a text, or elements of a list."""
    refusal: str | None = None
    """What the server says if it is missing, empty or too long; a general text if None."""
    keys: frozenset[str] | None = None
    """The keys of an object, if all are known."""

    def required(self, refusal: str | None = None) -> "Field":
        """Return the same field, required."""
        return replace(self, is_required=True, refusal=refusal or self.refusal)


INTEGER: Final = Field(kind="integer")
TEXT: Final = Field(kind="text")
FLAG: Final = Field(kind="flag")
OBJECT: Final = Field(kind="object")
LIST: Final = Field(kind="list")
FILE: Final = Field(kind="file")
CHAT: Final = Field(kind="chat").required("chat_id is empty")
MESSAGE: Final = INTEGER.required("message identifier is not specified")
PREVIEW: Final = Field(
    kind="object",
    keys=frozenset(
        {"is_disabled", "url", "prefer_small_media", "prefer_large_media", "show_above_text"}
    ),
)
REPLY: Final = Field(
    kind="object",
    keys=frozenset(
        {
            "message_id",
            "chat_id",
            "allow_sending_without_reply",
            "quote",
            "quote_parse_mode",
            "quote_entities",
            "quote_position",
            "checklist_task_id",
            "poll_option_id",
        }
    ),
)
LANGUAGE: Final = Field(kind="text", most=2, refusal="invalid language code specified")

_SEND: Final = {
    "business_connection_id": TEXT,
    "chat_id": CHAT,
    "message_thread_id": INTEGER,
    "direct_messages_topic_id": INTEGER,
    "parse_mode": TEXT,
    "disable_notification": FLAG,
    "protect_content": FLAG,
    "allow_paid_broadcast": FLAG,
    "message_effect_id": TEXT,
    "suggested_post_parameters": OBJECT,
    "reply_parameters": REPLY,
    "reply_markup": OBJECT,
}
_CAPTION: Final = {
    "caption": TEXT,
    "caption_entities": LIST,
    "show_caption_above_media": FLAG,
}
_EDIT: Final = {
    "business_connection_id": TEXT,
    "chat_id": replace(CHAT, is_required=False),
    "message_id": INTEGER,
    "inline_message_id": TEXT,
    "reply_markup": OBJECT,
}
_COMMANDS: Final = {"scope": OBJECT, "language_code": LANGUAGE}

METHODS: Final[dict[str, dict[str, Field]]] = {
    "getMe": {},
    "getUpdates": {
        "offset": INTEGER,
        "limit": INTEGER,
        "timeout": INTEGER,
        "allowed_updates": LIST,
    },
    "deleteWebhook": {"drop_pending_updates": FLAG},
    "setWebhook": {
        "url": TEXT,
        "certificate": FILE,
        "ip_address": TEXT,
        "max_connections": INTEGER,
        "allowed_updates": LIST,
        "drop_pending_updates": FLAG,
        "secret_token": TEXT,
    },
    "getWebhookInfo": {},
    "sendMessage": _SEND
    | {
        "text": TEXT.required("message text is empty"),
        "entities": LIST,
        "link_preview_options": PREVIEW,
    },
    "sendPhoto": _SEND
    | _CAPTION
    | {"photo": FILE.required("there is no photo in the request"), "has_spoiler": FLAG},
    "sendDocument": _SEND
    | _CAPTION
    | {
        "document": FILE.required("there is no document in the request"),
        "thumbnail": FILE,
        "disable_content_type_detection": FLAG,
    },
    "editMessageText": _EDIT
    | {
        "text": TEXT.required("message text is empty"),
        "parse_mode": TEXT,
        "entities": LIST,
        "link_preview_options": PREVIEW,
    },
    "editMessageReplyMarkup": _EDIT,
    "deleteMessage": {"chat_id": CHAT, "message_id": MESSAGE},
    "pinChatMessage": {
        "business_connection_id": TEXT,
        "chat_id": CHAT,
        "message_id": MESSAGE,
        "disable_notification": FLAG,
    },
    "sendChatAction": {
        "business_connection_id": TEXT,
        "chat_id": CHAT,
        "message_thread_id": INTEGER,
        "action": TEXT.required("wrong parameter action in request"),
    },
    "answerCallbackQuery": {
        "callback_query_id": TEXT.required(),
        "text": Field(kind="text", most=200, refusal="MESSAGE_TOO_LONG"),
        "show_alert": FLAG,
        "url": TEXT,
        "cache_time": INTEGER,
    },
    "answerInlineQuery": {
        "inline_query_id": TEXT.required(),
        "results": Field(
            kind="list", most=50, refusal="too many inline query results specified"
        ).required(),
        "cache_time": INTEGER,
        "is_personal": FLAG,
        "next_offset": TEXT,
        "button": OBJECT,
    },
    "getFile": {"file_id": TEXT.required("file_id not specified")},
    "setMyCommands": _COMMANDS | {"commands": Field(kind="list", most=100).required()},
    "getMyCommands": _COMMANDS,
    "deleteMyCommands": _COMMANDS,
    "setMyDescription": {
        "description": Field(kind="text", most=512, refusal="bot description is too long"),
        "language_code": LANGUAGE,
    },
    "setMyShortDescription": {
        "short_description": Field(
            kind="text", most=120, refusal="bot short description is too long"
        ),
        "language_code": LANGUAGE,
    },
    "setMyName": {
        "name": Field(kind="text", most=64, refusal="bot name is too long"),
        "language_code": LANGUAGE,
    },
    "getMyDescription": {"language_code": LANGUAGE},
    "getMyShortDescription": {"language_code": LANGUAGE},
    "getMyName": {"language_code": LANGUAGE},
    "getChat": {"chat_id": CHAT},
    "getChatMember": {"chat_id": CHAT, "user_id": INTEGER.required("invalid user_id specified")},
    "getChatAdministrators": {"chat_id": CHAT, "return_bots": FLAG},
    "leaveChat": {"chat_id": CHAT},
}
"""Method → its parameters."""

BY_LOWER_CASE: Final = {name.lower(): name for name in METHODS}
"""Telegram does not look at the case of a method's name."""
