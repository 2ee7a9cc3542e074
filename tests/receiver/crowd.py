"""Readers who ask: each sends the next question once the one before was answered. Pure."""

import json
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

FIRST_CHAT: Final = 10**9
LARGEST_BATCH: Final = 100
"""Updates that one answer to getUpdates may hold; Telegram's own limit."""


@dataclass(slots=True)
class Crowd:
    """Readers in private chats of their own, and the updates that the bot has not confirmed."""

    left: deque[str] = field(default_factory=deque)  # questions that nobody has asked yet
    began: float = 0.0
    ended: float = 0.0  # when the newest answer came
    waits_s: list[float] = field(default_factory=list)  # of each question until its answer
    _asked: dict[int, float] = field(default_factory=dict)  # when, by the chat that waits
    _updates: deque[dict[str, Any]] = field(default_factory=deque)
    _number: int = 0  # of the last update, which is never used again
    waiting: Callable[[], None] | None = None  # ends the poll that waits for updates

    def ask(self, chats: int, questions: Sequence[str]) -> None:
        """Let so many readers ask these questions, one after another each."""
        self.left = deque(questions)
        self.began, self.waits_s, self._asked = time.monotonic(), [], {}
        for number in range(chats):
            self._say(FIRST_CHAT + number)

    def updates(self, offset: int) -> list[dict[str, Any]]:
        """Return updates from `offset` on; those before it are confirmed."""
        while self._updates and self._updates[0]["update_id"] < offset:
            self._updates.popleft()
        return list(self._updates)[:LARGEST_BATCH]

    def heard(self, chat_id: int) -> None:
        """Note that a chat got a message: if it was waiting, it asks the next question."""
        asked = self._asked.pop(chat_id, None)
        if asked is not None:
            self.ended = time.monotonic()
            self.waits_s.append(self.ended - asked)
            self._say(chat_id)

    def result(self) -> bytes:
        """Return how many waits there were, how long all took, and each of them, in seconds."""
        return json.dumps({"took_s": self.ended - self.began, "waits_s": self.waits_s}).encode()

    def wake(self) -> None:
        """Let the poll that waits for updates be answered."""
        if self.waiting is not None:
            wake, self.waiting = self.waiting, None
            wake()

    def _say(self, chat_id: int) -> None:
        if not self.left:
            return
        self._number += 1
        self._asked[chat_id] = time.monotonic()
        person = {"id": chat_id, "is_bot": False, "first_name": "Reader", "language_code": "en"}
        message = {
            "message_id": self._number,
            "from": person,
            "chat": {"id": chat_id, "first_name": "Reader", "type": "private"},
            "date": int(time.time()),
            "text": self.left.popleft(),
        }
        self._updates.append({"update_id": self._number, "message": message})
        self.wake()
