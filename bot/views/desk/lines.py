"""Lines of the desk's messages; pure. No claim in them depends on their formatting."""

from collections.abc import Iterable
from typing import Final

from bot.services.facts.comparison.near_duplicates import ClaimKind
from bot.views import markup
from bot.views.answers import messages
from bot.views.message import Button, Message
from db.records import Fact, Status

ROOM: Final = 2_800
"""Characters of the lines of one message; a preview shows the fact below them."""

OLD_BUTTON: Final = "That button is out of date. Nothing changed."
"""What somebody of the desk hears who presses one that was shown at another turn."""

_CLAIMS: Final = {
    ClaimKind.NUMBER: "a number",
    ClaimKind.NAME: "a name",
    ClaimKind.DATE: "a date",
    ClaimKind.NEGATION: "a “not”",
}


def message(*shown: str, buttons: Iterable[Button] = ()) -> Message:
    """Return a message of these lines, the first in bold."""
    return Message(text_html=bounded(shown), buttons=tuple(buttons))


def bounded(shown: Iterable[str]) -> str:
    """Return the lines as HTML, the first in bold; what goes beyond the room is left out."""
    first, *others = shown
    kept = [markup.bold(first)]
    room = ROOM - markup.length(first)
    for line in others:
        room -= markup.length(line) + 1
        if room < 0:
            kept.append("…")
            break
        kept.append(markup.escape(line))
    return "\n".join(kept)


def heading(fact: Fact) -> str:
    """Return the line that names a fact, such as `#7 · How long is the bridge?`."""
    return f"#{fact.id} · {markup.shorten(messages.label_of(fact), 200)}"


def said(text: str) -> str:
    """Return what a fact says, within what a fact may say."""
    return markup.shorten(text, messages.FACT_LENGTH)


def claims(differs: Iterable[ClaimKind]) -> str:
    """Return in what two texts differ, such as `a number and a date`."""
    return " and ".join(_CLAIMS[each] for each in differs)


def told(chats: int, when: str) -> str:
    """Return in how many chats something was told; `when` ends the first part of the sentence."""
    if not chats:
        return f"Nobody was told it {when}."
    who = "1 chat was" if chats == 1 else f"{chats:,} chats were"
    return f"{who} told it {when}, in answers or alerts."


def stand_again(fact: Fact, status: Status | None) -> str:
    """Return how a withdrawn fact is stood by again, in the `status` that it had."""
    return f"To stand by it again, write /status {fact.id} {status or Status.REPORTED}."


def secret_warning(name: str) -> str:
    """Return the warning of an address that holds what looks like a secret."""
    return (
        f"Careful: the link holds “{markup.shorten(name, 40)}=”, which looks like a secret. "
        "Whoever reads this fact gets it."
    )
