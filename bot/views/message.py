"""A message before it leaves: marked-up text and its buttons."""

from dataclasses import dataclass

from bot.views import markup
from bot.views.presses import Press


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """One button: words, and what pressing it means."""

    label: str
    press: Press


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a person gets: HTML of at most 4,096 visible characters, and at most four buttons."""

    text_html: str
    buttons: tuple[Button, ...] = ()  # one a row, in reading order


def plain(message: Message) -> str:
    """Return the text of `message` as its reader reads it."""
    return markup.visible(message.text_html)


def row_of(label: str, press: Press) -> Button:
    """Return a button whose label is cut to what fits a row."""
    return Button(label=markup.shorten(label, LABEL_LENGTH), press=press)


LABEL_LENGTH = 64
"""Characters of a label; a phone shows about forty and the rest on a wider screen."""
