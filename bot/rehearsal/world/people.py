"""What people do: write, tap, ask inline, block, come and go."""

import asyncio
import hashlib
from typing import Any

from bot.rehearsal.api import queries
from bot.rehearsal.api.backend import (
    INLINE_SECONDS,
    TAP_SECONDS,
    InlineAnswer,
    InlineQuery,
    Tap,
    Toast,
)
from bot.rehearsal.api.contract import LONGEST_TEXT, Upload, formatted
from bot.rehearsal.console.watching import Watching
from bot.rehearsal.world import chats, sending
from bot.rehearsal.world.entities import completed, cut, tidy
from bot.rehearsal.world.world import Chat, Message, Person


class People(Watching):
    """The other side of the Bot API: what people do in the chats of one world."""

    async def say(
        self,
        person: Person,
        chat: Chat,
        text: str,
        *,
        reply_to: Message | None = None,
        thread: int | None = None,
    ) -> Message:
        """Write `text` as `person`; return the message, `is_seen_by_bot` set.

        A text that is too long for one message becomes several; the last one is returned.

        Raises:
            ValueError: nothing is left of the text after trimming.
        """
        clean, _ = tidy(text, [])
        if not clean:
            raise ValueError("Telegram sends no empty message")
        for start in range(0, len(clean), LONGEST_TEXT):
            part = clean[start : start + LONGEST_TEXT]
            message = self._write(
                person,
                chat,
                text=part,
                entities=completed(part, []),
                reply_to=reply_to,
                thread=thread,
            )
        await asyncio.sleep(0)
        return message

    async def open_bot(self, person: Person, parameter: str = "") -> Message:
        """Open the bot as `person`, through a link with `parameter` if there is one."""
        if parameter and not queries.is_start(parameter):
            raise ValueError(f"a link cannot carry {parameter!r}: 1-64 of A-Z a-z 0-9 _ -")
        chat = self.world.private(person)
        return await self.say(person, chat, f"/start {parameter}".strip())

    async def send_document(
        self,
        person: Person,
        chat: Chat,
        name: str,
        content: bytes,
        *,
        caption: str = "",
        mime: str = "text/plain",
        reply_to: Message | None = None,
        album: str | None = None,
    ) -> Message:
        """Send a file as `person`, perhaps one of an album; the bot may fetch it with getFile."""
        upload = Upload(name=name, content=content, mime=mime)
        media = sending.document(sending.keep(self.backend, upload), upload)
        if album is not None:
            media = {**media, "media_group_id": album}
        return self._write(
            person,
            chat,
            text=caption,
            entities=completed(caption, []),
            media=media,
            reply_to=reply_to,
        )

    async def edit(self, message: Message, text: str) -> None:
        """Change the text of a person's own message."""
        message.text, message.entities = text, completed(text, [])
        message.edit_date = int(self.world.now())
        self._deliver("edited_", message)

    async def delete(self, message: Message) -> None:
        """Delete a message; the Bot API does not tell the bot."""
        message.is_deleted = True

    async def press(
        self,
        person: Person,
        message: Message,
        button: int | str = 0,
        *,
        timeout_s: float | None = None,
    ) -> Toast:
        """Tap a button, given by its position from 0, its words or its data; return the answer.

        A button that is a link gives a Toast with the `url` and does not reach the bot.

        Raises:
            ValueError: the message has no such button.
            TimeoutError: the bot did not answer in time.
        """
        chosen = _button(message, button)
        if "callback_data" not in chosen:
            text = chosen.get("copy_text", {}).get("text", "")
            return Toast(person=person, url=chosen.get("url"), text=text)
        return await self.press_data(person, message, chosen["callback_data"], timeout_s=timeout_s)

    async def press_data(
        self, person: Person, message: Message, data: str, *, timeout_s: float | None = None
    ) -> Toast:
        """Send callback `data` that need not be on any button, as a forged client could.

        Raises:
            TimeoutError: the bot did not answer in time.
        """
        answer: asyncio.Future[Toast] = asyncio.get_running_loop().create_future()
        query_id = self.backend.new_id()
        expires = self.world.now() + TAP_SECONDS
        self.backend.taps[query_id] = Tap(person=person, expires=expires, answer=answer)
        instance = hashlib.sha256(str(message.chat.id).encode()).digest()
        body: dict[str, Any] = {
            "id": query_id,
            "from": person.json(),
            "chat_instance": str(int.from_bytes(instance[:8], signed=True)),
            "data": data,
        }
        if message.inline_id:
            body["inline_message_id"] = message.inline_id
        else:
            body["message"] = message.json()
        self.backend.updates.put("callback_query", body)
        async with asyncio.timeout(self.patience_s if timeout_s is None else timeout_s):
            return await answer

    async def inline(
        self, person: Person, query: str, *, offset: str = "", timeout_s: float | None = None
    ) -> InlineAnswer:
        """Type `query` after the bot's name; return what the bot offers.

        Raises:
            TimeoutError: the bot did not answer in time.
        """
        answer: asyncio.Future[InlineAnswer] = asyncio.get_running_loop().create_future()
        query_id = self.backend.new_id()
        expires = self.world.now() + INLINE_SECONDS
        self.backend.inline_queries[query_id] = InlineQuery(
            person=person, expires=expires, answer=answer
        )
        body = {"id": query_id, "from": person.json(), "query": query[:256], "offset": offset}
        self.backend.updates.put("inline_query", body | {"chat_type": "sender"})
        async with asyncio.timeout(self.patience_s if timeout_s is None else timeout_s):
            return await answer

    async def choose(
        self, person: Person, chat: Chat, offered: InlineAnswer, position: int = 0, query: str = ""
    ) -> Message:
        """Send the offered result at `position` into `chat`; return the message."""
        result = offered.results[position]
        content = result["input_message_content"]
        text, entities = formatted(
            content["message_text"], content.get("parse_mode"), content.get("entities")
        )
        message = self._write(
            person,
            chat,
            text=text,
            entities=entities,
            markup=result.get("reply_markup"),
            via_bot=self.world.bot,
        )
        chosen = {"result_id": result["id"], "from": person.json(), "query": query}
        if message.markup:
            message.inline_id = f"inline-{self.backend.new_id()}"
            self.world.inline[message.inline_id] = message
            chosen["inline_message_id"] = message.inline_id
        self.backend.updates.put("chosen_inline_result", chosen)
        return message

    async def block(self, person: Person) -> None:
        """Block the bot as `person`."""
        await self._place(person, has_blocked=True)

    async def unblock(self, person: Person) -> None:
        """Let the bot write to `person` again."""
        await self._place(person, has_blocked=False)

    async def add_bot(self, person: Person, chat: Chat, *, status: str = "member") -> None:
        """Add the bot to a group as `person`, or give it another `status` there."""
        chats.change_place(self.backend, chat, person, status)

    async def remove_bot(self, person: Person, chat: Chat) -> None:
        """Throw the bot out of a group as `person`."""
        chats.change_place(self.backend, chat, person, "kicked")

    async def migrate(self, chat: Chat) -> Chat:
        """Turn a basic group into a supergroup; return the supergroup."""
        moved = self.world.supergroup(chat.title or "")
        moved.members = dict(chat.members)
        chat.migrated_to = moved.id
        owner = next(
            (one for one in self.world.people.values() if chats.is_present(chat, one)), None
        )
        for where, service in (
            (chat, {"migrate_to_chat_id": moved.id}),
            (moved, {"migrate_from_chat_id": chat.id}),
        ):
            self._deliver("", self.world.add(where, owner, service=service))
        return moved

    def _write(self, person: Person, chat: Chat, **parts: Any) -> Message:
        """Add a person's message to a chat and let the bot know where it may."""
        if chat.person:
            person.has_started = True
        elif not chats.is_present(chat, person):
            chat.members[person.id] = "member"
        reply: Message | None = parts.pop("reply_to", None)
        thread = parts.pop("thread", None) or (reply.thread if reply else None)
        if reply is None and thread is not None:
            # In a topic every message that replies to nothing replies to the topic's first one.
            reply = self.world.find(chat, thread)
        sender = None if chat.type == "channel" else person
        message = self.world.add(chat, sender, reply_to=reply, thread=thread, **parts)
        self._deliver("", message)
        return message

    def _deliver(self, prefix: str, message: Message) -> None:
        kind = "channel_post" if message.chat.type == "channel" else "message"
        message.is_seen_by_bot = self._is_seen(message)
        if message.is_seen_by_bot:
            self.backend.updates.put(f"{prefix}{kind}", message.json())

    def _is_seen(self, message: Message) -> bool:
        """Tell whether the message reaches the bot: in groups privacy mode is on."""
        bot, chat = self.world.bot, message.chat
        if chat.person:
            return not chat.person.has_blocked
        if not chats.is_present(chat, bot):
            return False
        if message.service or message.via_bot is bot or chats.is_administrator(chat, bot):
            return True
        if message.reply_to and message.reply_to.sender is bot:
            return True
        return any(self._addresses_bot(message, entity) for entity in message.entities)

    def _addresses_bot(self, message: Message, entity: Any) -> bool:
        words, own = cut(message.text, entity).lower(), f"@{self.world.bot.username}".lower()
        if entity.type == "bot_command":
            return entity.offset == 0 and ("@" not in words or words.endswith(own))
        return entity.type == "mention" and words == own

    async def _place(self, person: Person, *, has_blocked: bool) -> None:
        chat = self.world.private(person)
        before = chats.member(chat, self.world.bot)
        if person.has_blocked:
            before = {"status": "kicked", "user": self.world.bot.json(), "until_date": 0}
        person.has_blocked = has_blocked
        after = "kicked" if has_blocked else "member"
        chats.tell_place(self.backend, chat, person, before, after)


def _button(message: Message, button: int | str) -> dict[str, Any]:
    """Return the button of `message` at a position, or with these words or this data."""
    if isinstance(button, int):
        if 0 <= button < len(message.buttons):
            return message.buttons[button]
    else:
        for candidate in message.buttons:
            if button in (candidate["text"], candidate.get("callback_data")):
                return candidate
    raise ValueError(f"there is no button {button!r}; there are {message.labels}")
