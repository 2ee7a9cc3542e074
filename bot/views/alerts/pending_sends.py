"""What a restored backup was about to send, and the two buttons that decide on it; pure."""

from dataclasses import dataclass
from typing import Final

from bot.services.alerts.pending_sends import Review
from bot.views import markup
from bot.views.message import Button, Message
from bot.views.presses import Press, press
from db.records.alerts import PendingSends

TEXT: Final = 120
"""Characters of what a fact says."""

TOO_LATE: Final = "Too late: that was decided already."


@press("2rs")
@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseSends(Press):
    """Send what a restored backup was about to send."""


@press("2rd")
@dataclass(frozen=True, slots=True, kw_only=True)
class DropSends(Press):
    """Send nothing of it."""


def review(shown: Review) -> Message:
    """Return the question to the desk: what was not finished, and what to do with it."""
    lines = [
        markup.bold("A backup was restored. Decide what becomes of what was under way in it."),
        markup.escape(f"Not finished then: {_what(shown.pending)}."),
        *(markup.escape(f"· {markup.shorten(text, TEXT)}") for text in shown.texts),
        "Some of it may have gone out after the backup was made: whoever has it would get it "
        "twice. Until you decide, nothing of it is sent.",
    ]
    return Message(
        text_html="\n".join(lines),
        buttons=(
            Button(label="Send it", press=ReleaseSends()),
            Button(label="Drop it", press=DropSends()),
        ),
    )


def released(pending: PendingSends) -> Message:
    """Return that it goes out."""
    return Message(text_html=markup.escape(f"On its way: {_what(pending)}."))


def dropped(pending: PendingSends) -> Message:
    """Return that it does not."""
    return Message(text_html=markup.escape(f"Dropped, and never sent: {_what(pending)}."))


def _what(pending: PendingSends) -> str:
    parts = []
    if pending.alerts:
        chats = f" to {_count(pending.chats, 'chat')}" if pending.chats else ""
        parts.append(_count(pending.alerts, "alert") + chats)
    if pending.readers:
        parts.append(f"the news for {_count(pending.readers, 'waiting reader')}")
    return " and ".join(parts)


def _count(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
