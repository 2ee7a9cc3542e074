"""Methods about chats and their members, and who may write where."""

from typing import Any, Final

from bot.rehearsal.api.backend import Backend
from bot.rehearsal.api.refusals import Refused, bad, forbidden
from bot.rehearsal.world.world import ABSENT, ADMINISTRATORS, Chat, Json, Person

WORDS: Final = {"group": "group", "supergroup": "supergroup", "channel": "channel"}

RIGHTS: Final = [
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_post_messages",
    "can_edit_messages",
]


def chat(backend: Backend, chat_id: int | str) -> Chat:
    """Return the chat, by its number or as `@name`.

    Raises:
        Refused: the bot has never met it, or nothing is called so.
    """
    world = backend.world
    known = world.met(chat_id) if isinstance(chat_id, int) else world.public(chat_id)
    if known is None:
        raise bad("chat not found")
    return known


def joined(backend: Backend, chat_id: int | str) -> Chat:
    """Return a chat that the bot is in and that has not moved.

    Raises:
        Refused: 403 where the bot is not welcome, 400 with the new id where the chat moved.
    """
    found = chat(backend, chat_id)
    if found.migrated_to is not None:
        raise Refused(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            parameters={"migrate_to_chat_id": found.migrated_to},
        )
    if found.person:
        _check_person(found.person)
        return found
    status = found.members.get(backend.world.bot.id, "left")
    if status == "kicked":
        raise forbidden(f"bot was kicked from the {WORDS[found.type]} chat")
    if status == "left":
        raise forbidden(f"bot is not a member of the {WORDS[found.type]} chat")
    return found


def writable(backend: Backend, chat_id: int | str, what: str = "text messages") -> Chat:
    """Return a chat that the bot may send `what` to.

    Raises:
        Refused: as `joined`, or the chat does not let the bot speak.
    """
    found = joined(backend, chat_id)
    is_mute_channel = found.type == "channel" and not is_administrator(found, backend.world.bot)
    if not found.bot_may_write or is_mute_channel:
        raise bad(f"not enough rights to send {what} to the chat")
    return found


def _check_person(person: Person) -> None:
    if person.is_deactivated:
        raise forbidden("user is deactivated")
    if person.has_blocked:
        raise forbidden("bot was blocked by the user")
    if not person.has_started:
        raise forbidden("bot can't initiate conversation with a user")


def is_administrator(found: Chat, person: Person) -> bool:
    """Tell whether `person` runs the chat."""
    return found.members.get(person.id) in ADMINISTRATORS


def member(found: Chat, person: Person) -> Json:
    """Return the place of `person` in the chat as a `ChatMember`."""
    status = "member" if found.person else found.members.get(person.id, "left")
    body: Json = {"status": status, "user": person.json()}
    if status == "administrator":
        body |= {"can_be_edited": False, "is_anonymous": False} | dict.fromkeys(RIGHTS, True)
        body["can_post_messages"] = found.bot_may_write or not person.is_bot
    elif status == "creator":
        body["is_anonymous"] = False
    elif status == "kicked":
        body["until_date"] = 0
    return body


def get_chat(backend: Backend, parameters: dict[str, Any]) -> Json:
    """Return the chat as a `ChatFullInfo`."""
    found = chat(backend, parameters["chat_id"])
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
    body = found.json() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys((*gifts, "gifts_from_channels"), True),
    }
    if found.pinned and (pinned := backend.world.find(found, found.pinned[-1])):
        body["pinned_message"] = pinned.json()
    return body


def get_chat_member(backend: Backend, parameters: dict[str, Any]) -> Json:
    """Return a person's place in a chat."""
    found = joined(backend, parameters["chat_id"])
    person = backend.world.somebody(parameters["user_id"])
    if person is None:
        raise bad("user not found")
    return member(found, person)


def get_chat_administrators(backend: Backend, parameters: dict[str, Any]) -> list[Json]:
    """Return who runs the chat; bots are left out unless they are asked for."""
    found = joined(backend, parameters["chat_id"])
    if found.person:
        raise bad("there are no administrators in the private chat")
    people = [backend.world.somebody(user_id) for user_id in found.members]
    return [
        member(found, person)
        for person in people
        if person
        and is_administrator(found, person)
        and (not person.is_bot or parameters.get("return_bots"))
    ]


def leave_chat(backend: Backend, parameters: dict[str, Any]) -> bool:
    """Take the bot out of a group."""
    found = joined(backend, parameters["chat_id"])
    if found.person:
        raise bad("chat can't be left")
    change_place(backend, found, backend.world.bot, "left")
    return True


def change_place(backend: Backend, found: Chat, by: Person, status: str) -> None:
    """Give the bot another place in a group and tell it with `my_chat_member`."""
    before = member(found, backend.world.bot)
    found.members[backend.world.bot.id] = status
    tell_place(backend, found, by, before)


def tell_place(backend: Backend, found: Chat, by: Person, before: Json, after: str = "") -> None:
    """Tell the bot that its place has changed; `after` overrides the status it has now."""
    now = member(found, backend.world.bot)
    if after:
        now = {"status": after, "user": now["user"]}
    if now.get("status") == "kicked":
        now["until_date"] = 0
    backend.updates.put(
        "my_chat_member",
        {
            "chat": found.json(),
            "from": by.json(),
            "date": int(backend.world.now()),
            "old_chat_member": before,
            "new_chat_member": now,
        },
    )


def is_present(found: Chat, person: Person) -> bool:
    """Tell whether `person` is in the chat."""
    return found.members.get(person.id, "left") not in ABSENT
