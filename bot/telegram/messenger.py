"""The one place that sends and edits; whatever Telegram says becomes a `Sent`."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram import Message as Delivered
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.telegram.gate import Gate, Lane
from bot.telegram.http import NotSent, ServerFailed
from bot.telegram.outcomes import (
    TOPIC_GONE,
    TRIED_AGAIN,
    Delivery,
    Sent,
    meaning,
    says,
    seconds_of,
    told_to_wait,
)
from bot.telegram.standing_buttons import StandingButtons
from bot.views import markup, presses
from bot.views.message import Message, plain

logger = logging.getLogger(__name__)

NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)
PATIENCE_SECONDS: Final = 300.0
"""How long an answer outlasts an outage, in pauses between two tries."""

LONGEST_PAUSE_SECONDS: Final = 15.0
COPIES: Final = 2
"""How often an answer is sent at most that may have arrived: a doubled one is better than none."""

CHANGES: Final = 4
"""How often a message is tried again that was changed, or told to wait, each time at once."""

LONGEST_WAIT_SECONDS: Final = 60.0
"""A flood wait longer than this is not sat out: nobody waits that long for an answer."""

_TYPED: Final = "typed:"
"""With this begins the id of a query that is none of Telegram's."""

Moved: TypeAlias = Callable[[int, int], Awaitable[None]]
"""Is told (old, new) when a group turns out to have become a supergroup."""

TopicLost: TypeAlias = Callable[[int, int], Awaitable[None]]
"""Is told (chat, topic) when nothing can be written in a forum's topic any more."""


class Messenger:
    """Sends, edits and acknowledges; never raises what Telegram or the network does."""

    def __init__(
        self,
        bot: Bot,
        *,
        moved: Moved,
        topic_lost: TopicLost | None = None,
        gate: Gate | None = None,
        pause_seconds: float = 0.5,
    ) -> None:
        self._bot = bot
        self._moved = moved
        self._topic_lost = topic_lost or _not_noted
        self._gate = gate or Gate()
        self._pause = pause_seconds
        self._resting: set[asyncio.Task[object]] = set()
        self._is_stopping = False
        self.standing = StandingButtons()

    @property
    def closed(self) -> bool:
        """Whether nothing may be sent just now because everybody was told to wait."""
        return self._gate.closed

    @property
    def username(self) -> str | None:
        """The bot's user name, for links back to it; None where the server gives it none."""
        return self._bot.bot.username

    async def send(
        self,
        message: Message,
        *,
        chat_id: int,
        thread_id: int | None = None,
        reply_to: int | None = None,
        lane: Lane = Lane.ANSWER,
        silent: bool = False,
        paid: bool = False,
        patient: bool = True,
    ) -> Sent:
        """Send `message`, as a reply where that message still exists, and return how it ended.

        An answer outlasts an outage of minutes; without `patient` it is tried once. `paid` goes
        past the free limits, for the price that Telegram sets on broadcasts.
        """
        reply = _reply_to(reply_to)

        async def call(leaving: _Leaving) -> Delivered | bool:
            return await self._bot.send_message(
                chat_id=leaving.chat_id,
                text=leaving.text,
                parse_mode=leaving.mode,
                message_thread_id=leaving.thread_id,
                reply_parameters=reply,
                reply_markup=keyboard(message),
                link_preview_options=NO_PREVIEW,
                disable_notification=silent or None,
                allow_paid_broadcast=paid or None,
            )

        return await self._settled(
            call, message, chat_id, lane, thread_id=thread_id, patient=patient
        )

    def stop(self) -> None:
        """Let nothing wait for the end of an outage: what was to be sent is left as it is."""
        self._is_stopping = True
        for task in self._resting:
            task.cancel()

    async def send_picture(
        self,
        message: Message,
        png: bytes,
        *,
        chat_id: int,
        thread_id: int | None = None,
        reply_to: int | None = None,
    ) -> Sent:
        """Send a picture with `message` below it, of at most 1,024 visible characters."""
        reply = _reply_to(reply_to)

        async def call(leaving: _Leaving) -> Delivered | bool:
            return await self._bot.send_photo(
                chat_id=leaving.chat_id,
                photo=png,
                filename="picture.png",
                caption=leaving.text,
                parse_mode=leaving.mode,
                message_thread_id=leaving.thread_id,
                reply_parameters=reply,
                reply_markup=keyboard(message),
            )

        return await self._settled(call, message, chat_id, Lane.ANSWER, thread_id=thread_id)

    async def edit(
        self, message: Message, *, chat_id: int, message_id: int, lane: Lane = Lane.ANSWER
    ) -> Sent:
        """Turn a message of ours into `message` and return how it ended."""

        async def call(leaving: _Leaving) -> Delivered | bool:
            return await self._bot.edit_message_text(
                chat_id=leaving.chat_id,
                message_id=message_id,
                text=leaving.text,
                parse_mode=leaving.mode,
                reply_markup=keyboard(message),
                link_preview_options=NO_PREVIEW,
            )

        return await self._settled(call, message, chat_id, lane, is_edit=True)

    async def send_file(
        self,
        message: Message,
        data: bytes,
        *,
        name: str,
        chat_id: int,
        thread_id: int | None = None,
    ) -> Sent:
        """Send a file with `message` (at most 1,024 characters) under it; return how it ended."""

        async def call(leaving: _Leaving) -> Delivered | bool:
            return await self._bot.send_document(
                chat_id=leaving.chat_id,
                document=InputFile(data, filename=name),
                caption=leaving.text,
                parse_mode=leaving.mode,
                message_thread_id=leaving.thread_id,
                reply_markup=keyboard(message),
            )

        return await self._settled(call, message, chat_id, Lane.ANSWER, thread_id=thread_id)

    async def fetch(self, file_id: str) -> bytes | None:
        """Return a file that somebody sent; None where Telegram does not give it out."""
        try:
            file = await self._bot.get_file(file_id)
            return bytes(await file.download_as_bytearray())
        except Exception as error:  # noqa: BLE001 - a reply that PTB cannot read raises anything
            logger.warning("a file was not fetched: %s", type(error).__name__)
            return None

    @staticmethod
    def typed_query(chat_id: int) -> str:
        """Return the id of the query that a button stands for which was typed out in a chat."""
        return f"{_TYPED}{chat_id}"

    async def acknowledge(self, query_id: str, text: str | None = None) -> None:
        """End the waiting of a pressed button, with a short notice if there is `text`.

        Where the button was typed out nothing waits, and the notice is a message.
        """
        if query_id.startswith(_TYPED):
            if text is not None:
                chat_id = int(query_id.removeprefix(_TYPED))
                await self.send(Message(text_html=markup.escape(text)), chat_id=chat_id)
            return
        try:
            await self._bot.answer_callback_query(query_id, text=text)
        except Exception as error:  # noqa: BLE001 - a button that waits on is no reason to fail
            logger.info("button not acknowledged: %s", type(error).__name__)

    async def status_of(self, person_id: int, chat_id: int) -> str | None:
        """Return what a person is in a group, such as `administrator`; None if nobody can tell."""
        try:
            return (await self._bot.get_chat_member(chat_id, person_id)).status
        except Exception as error:  # noqa: BLE001 - who cannot be looked up has no rights
            logger.info("a member was not looked up: %s", type(error).__name__)
            return None

    async def _settled(
        self,
        call: "_Call",
        message: Message,
        chat_id: int,
        lane: Lane,
        *,
        thread_id: int | None = None,
        is_edit: bool = False,
        patient: bool = True,
    ) -> Sent:
        leaving = _Leaving(chat_id=chat_id, text=message.text_html, thread_id=thread_id)
        outage = _Outage(pause=self._pause if patient and lane is Lane.ANSWER else None)
        ended = Sent(delivery=Delivery.FAILED, chat_id=chat_id)
        changes = 0
        while changes < CHANGES:
            if left := await self._gate.turn(leaving.chat_id, lane, is_edit=is_edit):
                return told_to_wait(leaving.chat_id, left)
            try:
                delivered = await call(leaving)
            except RetryAfter as error:
                changes += 1
                seconds = seconds_of(error)
                self._gate.flooded(leaving.chat_id, seconds)
                ended = told_to_wait(leaving.chat_id, seconds)
                if lane is Lane.ALERT or seconds > LONGEST_WAIT_SECONDS:
                    return ended
            except Exception as error:  # noqa: BLE001 - a reply that PTB cannot read raises anything
                self._gate.passed()
                outcome = await self._after(error, leaving, message)
                ended = Sent(delivery=outcome or Delivery.FAILED, chat_id=leaving.chat_id)
                if outcome is None:
                    changes += 1
                elif outcome not in TRIED_AGAIN or not await self._outlasted(outage, error):
                    return ended
            else:
                self._gate.passed()
                number = delivered.message_id if isinstance(delivered, Delivered) else None
                if number is not None:
                    self.standing.note(leaving.chat_id, number, message)
                return Sent(delivery=Delivery.DELIVERED, message_id=number, chat_id=leaving.chat_id)
        return ended

    async def _outlasted(self, outage: "_Outage", error: Exception) -> bool:
        """Wait until another try is worth it; tell whether it is."""
        may_have_arrived = not isinstance(error, NotSent | ServerFailed)
        outage.copies += may_have_arrived
        while outage.copies < COPIES and (pause := outage.next_pause()) is not None:
            await self._rest(pause)
            # The next may be a second copy: it is sent when the server is known to answer again.
            if not may_have_arrived or await self._is_answered():
                return True
        return False

    async def _is_answered(self) -> bool:
        try:
            await self._bot.get_me()
        except Exception as error:  # noqa: BLE001 - whatever it is, there was no answer
            logger.debug("the server does not answer yet: %s", type(error).__name__)
            return False
        return True

    async def _rest(self, seconds: float) -> None:
        if self._is_stopping:
            raise asyncio.CancelledError
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - all that is sent is sent by a task
        self._resting.add(task)
        try:
            await asyncio.sleep(seconds)
        finally:
            self._resting.discard(task)

    async def _after(
        self, error: Exception, leaving: "_Leaving", message: Message
    ) -> Delivery | None:
        """Return how an attempt ended; None when it was changed and is to be tried at once."""
        match error:
            case ChatMigrated() if leaving.chat_id != error.new_chat_id:
                await self._moved(leaving.chat_id, error.new_chat_id)
                leaving.chat_id = error.new_chat_id
                return None
            case BadRequest() if says(error, "parse entities") and leaving.mode is not None:
                logger.error("a message had broken markup and was sent plain: %s", error)
                leaving.text, leaving.mode = plain(message), None
                return None
            case BadRequest() if leaving.thread_id is not None and _has_lost_topic(error):
                logger.info("a topic is closed or gone: its group is told in the general one")
                await self._topic_lost(leaving.chat_id, leaving.thread_id)
                leaving.thread_id = None
                return None
            case BadRequest() | Forbidden() | InvalidToken():
                return meaning(error)
            case NotSent():
                logger.warning("not sent: %s", type(error).__name__)
                return Delivery.FAILED
            case TelegramError():
                # Perhaps it was sent: a doubled answer is better than none.
                logger.warning("sending failed: %s", type(error).__name__)
                return Delivery.UNSURE
        logger.warning("sent, but the reply was unreadable: %s", type(error).__name__)
        return Delivery.DELIVERED


@dataclass(slots=True, kw_only=True)
class _Outage:
    """How long a message has been waiting for the server already; times in seconds."""

    pause: float | None  # before the next try; None: there is none
    waited: float = 0.0
    copies: int = 0  # that may have arrived

    def next_pause(self) -> float | None:
        """Return how long to wait now, twice as long each time; None when it is enough."""
        if self.pause is None or self.waited >= PATIENCE_SECONDS:
            return None
        pause = self.pause
        self.waited += pause
        self.pause = min(LONGEST_PAUSE_SECONDS, pause * 2)
        return pause


@dataclass(slots=True, kw_only=True)
class _Leaving:
    """A message on its way: what changes between one attempt and the next."""

    chat_id: int
    text: str
    mode: str | None = ParseMode.HTML
    thread_id: int | None = None


_Call: TypeAlias = Callable[[_Leaving], Awaitable["Delivered | bool"]]


def _has_lost_topic(error: BadRequest) -> bool:
    return any(says(error, fragment) for fragment in TOPIC_GONE)


async def _not_noted(_chat_id: int, _thread_id: int) -> None:
    """Note nothing."""


def keyboard(message: Message) -> InlineKeyboardMarkup | None:
    """Return the buttons of `message`, one a row; None for none."""
    if not message.buttons:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(button.label, callback_data=presses.encode(button.press))]
            for button in message.buttons
        ]
    )


def _reply_to(message_id: int | None) -> ReplyParameters | None:
    if message_id is None:
        return None
    return ReplyParameters(message_id=message_id, allow_sending_without_reply=True)
