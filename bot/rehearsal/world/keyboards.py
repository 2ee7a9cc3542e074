"""Keyboards under messages: what the Bot API accepts."""

from typing import Any, Final
from urllib.parse import urlsplit

from bot.rehearsal.api.refusals import violation
from bot.rehearsal.world.entities import checked_link

IN_A_ROW: Final = 8
IN_ALL: Final = 100
CALLBACK_BYTES: Final = 64
COPY_CHARACTERS: Final = 256

ACTIONS: Final = frozenset(
    [
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
    ]
)
LOOKS: Final = frozenset({"text", "icon_custom_emoji_id", "style"})
OTHER_KEYBOARDS: Final = frozenset({"keyboard", "remove_keyboard", "force_reply"})
UNPARSED: Final = "can't parse inline keyboard button: "


def inline(markup: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return the inline keyboard as a message keeps it: without empty rows, None without buttons.

    A keyboard that replaces the person's own is accepted and leaves no trace in the message.

    Raises:
        Violated: the Bot API does not accept it.
    """
    if not markup:
        return None
    if "inline_keyboard" not in markup:
        if not OTHER_KEYBOARDS & set(markup):
            raise violation("can't parse reply keyboard markup JSON object")
        return None
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise violation('field "inline_keyboard" must be an Array of Arrays')
    for row in rows:
        for button in row:
            _check(button)
    if max((len(row) for row in rows), default=0) > IN_A_ROW or sum(map(len, rows)) > IN_ALL:
        raise violation("REPLY_MARKUP_TOO_LONG")
    kept = [row for row in rows if row]
    return {"inline_keyboard": kept} if kept else None


def _check(button: Any) -> None:
    if not isinstance(button, dict):
        raise violation(f"{UNPARSED}expected an Object")
    if not isinstance(button.get("text"), str):
        raise violation(f'{UNPARSED}Field "text" must be of type String')
    if not button["text"].strip():
        raise violation(f"{UNPARSED}button text must be non-empty")
    if unknown := sorted(set(button) - ACTIONS - LOOKS):
        raise violation(f"an inline button has no field {', '.join(unknown)}")
    actions = [name for name in ACTIONS & set(button) if button[name] is not None]
    if not actions or button.get("callback_data") == "":
        raise violation(f"{UNPARSED}Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise violation(f"an inline button does one thing, not {', '.join(sorted(actions))}")
    _check_action(actions[0], button[actions[0]])


def _check_action(action: str, value: Any) -> None:
    if action == "callback_data":
        if not isinstance(value, str):
            raise violation(f'{UNPARSED}Field "callback_data" must be of type String')
        if len(value.encode()) > CALLBACK_BYTES:
            raise violation("BUTTON_DATA_INVALID")
    elif action == "url":
        if not _is_link(value):
            raise violation(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
    elif action == "copy_text" and not 1 <= len(value.get("text", "")) <= COPY_CHARACTERS:
        raise violation("BUTTON_COPY_TEXT_INVALID")


def _is_link(value: Any) -> bool:
    if not isinstance(value, str) or checked_link(value) is None:
        return False
    # Telegram's own clients open only names that can exist outside this machine.
    return urlsplit(value).hostname != "localhost"
