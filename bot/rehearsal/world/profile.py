"""Methods about the bot itself: who it is, its menu of commands, its descriptions."""

import json
import re
from collections.abc import Callable
from typing import Any, Final

from bot.rehearsal.api.backend import Backend
from bot.rehearsal.api.refusals import bad, violation
from bot.rehearsal.world.world import Json

NAME: Final = re.compile(r"[a-z0-9_]{1,32}")
LONGEST_DESCRIPTION: Final = 256
SCOPES: Final = {
    "default": frozenset[str](),
    "all_private_chats": frozenset[str](),
    "all_group_chats": frozenset[str](),
    "all_chat_administrators": frozenset[str](),
    "chat": frozenset({"chat_id"}),
    "chat_administrators": frozenset({"chat_id"}),
    "chat_member": frozenset({"chat_id", "user_id"}),
}


def get_me(backend: Backend, _parameters: dict[str, Any]) -> Json:
    """Return the bot as a `User`; privacy mode is on, inline mode off."""
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return backend.world.bot.json() | abilities


def set_my_commands(backend: Backend, parameters: dict[str, Any]) -> bool:
    """Replace the menu for a scope and a language."""
    commands = parameters["commands"]
    for command in commands:
        _check_command(command)
    backend.profile.commands[_place(parameters)] = commands
    return True


def get_my_commands(backend: Backend, parameters: dict[str, Any]) -> list[Json]:
    """Return the menu for exactly this scope and language."""
    return list(backend.profile.commands.get(_place(parameters), []))


def delete_my_commands(backend: Backend, parameters: dict[str, Any]) -> bool:
    """Remove the menu for a scope and a language."""
    backend.profile.commands.pop(_place(parameters), None)
    return True


def text_setter(kind: str) -> Callable[[Backend, dict[str, Any]], bool]:
    """Return the method that sets the bot's name or one of its descriptions."""

    def set_text(backend: Backend, parameters: dict[str, Any]) -> bool:
        language = parameters.get("language_code", "")
        backend.profile.texts[kind, language] = parameters.get(kind, "")
        return True

    return set_text


def text_getter(kind: str) -> Callable[[Backend, dict[str, Any]], Json]:
    """Return the method that gives the bot's name or one of its descriptions."""

    def get_text(backend: Backend, parameters: dict[str, Any]) -> Json:
        texts, language = backend.profile.texts, parameters.get("language_code", "")
        default = backend.world.bot.first_name if kind == "name" else ""
        return {kind: texts.get((kind, language)) or texts.get((kind, "")) or default}

    return get_text


def delete_webhook(backend: Backend, parameters: dict[str, Any]) -> bool:
    """Do nothing but forget what waits, if asked: there never is a webhook here."""
    if parameters.get("drop_pending_updates"):
        backend.updates.clear()
    return True


def set_webhook(_backend: Backend, parameters: dict[str, Any]) -> bool:
    """Accept an empty address only: the rehearsal delivers by getUpdates."""
    if parameters.get("url"):
        raise bad("bad webhook: this rehearsal delivers updates by getUpdates only")
    return True


def get_webhook_info(backend: Backend, _parameters: dict[str, Any]) -> Json:
    """Return a `WebhookInfo` without an address."""
    waiting = len(backend.updates.pending)
    return {"url": "", "has_custom_certificate": False, "pending_update_count": waiting}


def _check_command(command: Any) -> None:
    if not isinstance(command, dict) or set(command) != {"command", "description"}:
        raise violation("can't parse BotCommand: a command and a description are needed")
    if not NAME.fullmatch(command["command"]):
        raise violation("BOT_COMMAND_INVALID")
    if not 1 <= len(command["description"]) <= LONGEST_DESCRIPTION:
        raise violation("BOT_COMMAND_DESCRIPTION_INVALID")


def _place(parameters: dict[str, Any]) -> str:
    """Return scope and language as one text.

    Raises:
        Violated: the Bot API has no such scope.
    """
    scope = parameters.get("scope") or {"type": "default"}
    needed = SCOPES.get(str(scope.get("type")))
    if needed is None or set(scope) != needed | {"type"}:
        raise violation("can't parse BotCommandScope: Unsupported type specified")
    language = parameters.get("language_code", "")
    return f"{json.dumps(scope, sort_keys=True)} {language}"
