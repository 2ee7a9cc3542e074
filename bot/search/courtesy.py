"""Small talk: greetings, thanks, farewells, abuse, noise, and questions about the bot itself.

A message is small talk when nothing is left of it once the courtesies are taken out. General
English; nothing of any story.
"""

from collections.abc import Callable, Sequence
from typing import Final

from bot.search import english
from bot.search.analyzer import Token
from bot.search.verdict import Courtesy

_COURTESIES: Final = {
    Courtesy(name): pattern for name, pattern in english.patterns("courtesies").items()
}

_FILLERS: Final = english.words("fillers")
_QUESTION_WORDS: Final = english.words("question")


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
