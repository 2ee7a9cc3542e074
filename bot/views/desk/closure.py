"""Closing and reopening the story as messages, and the buttons below them; pure."""

from dataclasses import dataclass
from typing import Final

from bot.services.desk.closure import Asked
from bot.views import markup, screens
from bot.views.answers import messages
from bot.views.message import Button, Message
from bot.views.presses import Press, press
from db.records import Story


@press("2rc")
@dataclass(frozen=True, slots=True, kw_only=True)
class Close(Press):
    """Close the story, as the entry of the audit with this number asks."""

    asked: int


@press("2rk")
@dataclass(frozen=True, slots=True, kw_only=True)
class Keep(Press):
    """Leave the story open."""


def asked(given: Asked) -> Message:
    """Return what closing means, and the buttons that decide."""
    about = markup.escape(messages.about(given.story))
    text = (
        f"<b>Close the story?</b> It is about {about}. "
        "Answers are then shown as they stand now, each "
        "with the day of closing, and no fact can be changed until an owner writes /reopen."
    )
    if given.why:
        text += f"\n\nWhy: {markup.escape(given.why)}"
    return Message(
        text_html=text,
        buttons=(
            Button(label="Close the story", press=Close(asked=given.number)),
            Button(label="Leave it open", press=Keep()),
        ),
    )


def closed(story: Story) -> Message:
    """Return that the story is closed."""
    assert story.closed_at is not None  # noqa: S101 - the service has just closed it
    at = screens.local(story.closed_at, story, story.closed_at.date())
    return Message(
        text_html=(
            f"<b>The story was closed on {markup.escape(at)}.</b> Every answer says so. "
            "/reopen opens it again."
        )
    )


KEPT: Final = Message(text_html="<b>The story stays open.</b>")
REOPENED: Final = Message(
    text_html="<b>The story is open again.</b> Answers no longer say that it was closed."
)
