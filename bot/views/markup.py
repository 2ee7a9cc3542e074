"""HTML as Telegram takes it: made from plain text, measured and cut before it is marked up."""

import html
import re
from typing import Final

from bot.calendar_words import MONTHS

LONGEST: Final = 4096
"""Characters in a message after parsing; counted in UTF-16 units, the stricter of two readings."""

ELLIPSIS: Final = "…"
_TAG: Final = re.compile(r"<[^<>]*>")
_ENDING: Final = re.compile(r"[.!?…][\"'”’)\]]*(?=\s+[\"'“‘(\[]*[^\W_a-z])")
_INITIALS: Final = re.compile(r"(?:^|[\s(\"“])(?:[^\W\d_]\.)+$")
_TITLES: Final = (
    "adm.",
    "capt.",
    "col.",
    "dr.",
    "gen.",
    "gov.",
    "jr.",
    "lt.",
    "mr.",
    "mrs.",
    "ms.",
)
_OTHERS: Final = ("prof.", "rep.", "sen.", "sgt.", "sr.", "st.", "vs.", "etc.", "e.g.", "i.e.")
_MONTHS: Final = tuple(f"{short}." for _, *others in MONTHS for short in others)
_ABBREVIATIONS: Final = frozenset((*_TITLES, *_OTHERS, *_MONTHS))
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def clean(text: str) -> str:
    """Return `text` without the characters that no message can carry, trimmed."""
    return _UNSEEN.sub("", text).strip()


def escape(text: str) -> str:
    """Return `text` as HTML that reads exactly as `text`, fit for an attribute too."""
    return html.escape(clean(text), quote=True)


def bold(text: str) -> str:
    """Return `text` as bold HTML; nothing for nothing."""
    return f"<b>{escaped}</b>" if (escaped := escape(text)) else ""


def link(text: str, address: str | None) -> str:
    """Return `text` linked to `address`, or merely `text` where that is no web address."""
    if address is None or not address.startswith(("https://", "http://")):
        return escape(text)
    return f'<a href="{escape(address)}">{escape(text)}</a>'


def visible(markup: str) -> str:
    """Return what a reader sees of `markup`: no tags, entities as the characters they mean."""
    return html.unescape(_TAG.sub("", markup))


def length(text: str) -> int:
    """Return the length of plain `text` as Telegram may count it, in UTF-16 units."""
    return len(text) + sum(character > "\uffff" for character in text)


def shorten(text: str, most: int) -> str:
    """Return plain `text` within `most` UTF-16 units, cut at a word and ended by "…"."""
    text = clean(text)
    if length(text) <= most:
        return text
    room = most - 1
    kept = text[:room]
    while length(kept) > room:
        kept = kept[: len(kept) - max(1, (length(kept) - room) // 2)]
    at_word = kept.rfind(" ")
    # A text without spaces near its end (a long address, Chinese) is cut where it must be.
    if not text[len(kept)].isspace() and at_word > room * 2 // 3:
        kept = kept[:at_word]
    return kept.rstrip(" ,;:.–—-\n") + ELLIPSIS


def first_sentence(text: str) -> tuple[str, str]:
    """Return the first sentence of `text` and the rest; the rest is empty for one sentence."""
    text = clean(text)
    for ending in _ENDING.finditer(text):
        head = text[: ending.end()]
        last_word = head.rsplit(None, 1)[-1].lower()
        if last_word in _ABBREVIATIONS or _INITIALS.search(head):
            continue
        return head, text[ending.end() :].lstrip()
    return text, ""
