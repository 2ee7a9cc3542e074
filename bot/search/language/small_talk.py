"""Small talk: greetings, thanks, farewells, abuse, noise, and questions about the bot itself.

A message is small talk when nothing is left of it once the courtesies are taken out. General
English; nothing of any story.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Final

from bot.search.language import english
from bot.search.language.analyzer import Token
from bot.search.verdict import Courtesy

_COURTESIES: Final = {
    Courtesy(name): pattern for name, pattern in english.patterns("courtesies").items()
}

_OPENING: Final = re.compile(
    r"^\W*(?:"
    + "|".join(_COURTESIES[each].pattern for each in (Courtesy.GREETING, Courtesy.THANKS))
    + r")(?:(?:\s+\w+)?\s*[,.!?:;…-]+\s*"
    r"|\s+(?=(?:who|what|when|where|why|how|which|is|did|tell)\b))(?=\S)",
    re.IGNORECASE,
)
"""A courtesy that opens a message and is not yet the question."""

_NUMBER: Final = re.compile(r"(?:#|No\.?)?\s*\d{1,9}[\s.):\u20e3\ufe0f]*")
_FILLERS: Final = english.words("fillers")
_QUESTION_WORDS: Final = english.words("question")


def is_bare_number(message: str) -> bool:
    """Return whether a message is a number and nothing else: it asks nothing.

    People type the numbers of buttons, of whatever list they see.
    """
    return _NUMBER.fullmatch(unicodedata.normalize("NFKC", message).strip()) is not None


def recognise(tokens: Sequence[Token], is_word: Callable[[Token], bool]) -> Courtesy | None:
    """Return what kind of small talk a message is, None where it asks or tells something.

    `is_word` says whether the story or English knows a word: a message without one is noise.
    """
    if not tokens:
        return Courtesy.NOISE
    rest = " ".join(token.word for token in tokens)
    found: Courtesy | None = None
    for courtesy, pattern in _COURTESIES.items():
        rest, times = pattern.subn(" ", rest)
        if times and found is None:
            found = courtesy
    left = set(rest.split())
    content = [token for token in tokens if token.content and token.word in left - _FILLERS]
    if found is not None and not content and not left & _QUESTION_WORDS:
        return found
    if not any(is_word(token) for token in tokens):
        return Courtesy.NOISE
    return None


def without_opening(message: str) -> str:
    """Return a message without the greeting or the thanks that it opens with."""
    while True:
        shorter = _OPENING.sub("", message, count=1)
        if shorter == message or not any(character.isalnum() for character in shorter):
            return message
        message = shorter
