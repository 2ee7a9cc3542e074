"""The desk's buttons that stand in a chat, so that who types a button's words has pressed it.

Kept in memory alone: after a restart buttons are pressed with a finger.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from bot.views import presses
from bot.views.message import Message
from bot.views.presses import Press

CHATS: Final = 1_000
"""Chats whose buttons are kept: those that had some last."""

MESSAGES: Final = 5
"""Messages with buttons that are kept of each."""

_OF_THE_DESK: Final = "2"
"""With this the codes of the desk's presses begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A button that was typed out: the message below which it stands, and what it carries."""

    message_id: int
    data: str


class StandingButtons:
    """The newest of them, by chat."""

    def __init__(self) -> None:
        self._chats: OrderedDict[int, OrderedDict[int, dict[str, Press]]] = OrderedDict()

    def note(self, chat_id: int, message_id: int, message: Message) -> None:
        """Note what stands below a message that was sent or edited."""
        below = {
            each.label.casefold(): each.press
            for each in message.buttons
            if each.press.code.startswith(_OF_THE_DESK)
        }
        if not below and chat_id not in self._chats:
            return  # readers' chats, and every alert
        standing = self._chats.get(chat_id, OrderedDict())
        standing.pop(message_id, None)
        if below:
            standing[message_id] = below
        while len(standing) > MESSAGES:
            standing.popitem(last=False)
        self._chats.pop(chat_id, None)
        if standing:
            self._chats[chat_id] = standing
        while len(self._chats) > CHATS:
            self._chats.popitem(last=False)

    def find(self, chat_id: int, words: str) -> Standing | None:
        """Return the newest button of a chat that says just these words."""
        said = words.strip().casefold()
        for message_id, below in reversed(self._chats.get(chat_id, OrderedDict()).items()):
            if said in below:
                return Standing(message_id=message_id, data=presses.encode(below[said]))
        return None
