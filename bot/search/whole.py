"""Requests about the story as a whole: a summary, the latest, what is open, who says so.

Such a message asks for no particular of the story, so no fact is its answer; it leads to a screen.
It is recognised as small talk is: when nothing is left of it once the words of the request, and
the words that may stand beside one, are taken out. General English; of the story only its title.
"""

import functools
import re
from collections.abc import Callable, Sequence
from typing import Final

from bot.search import courtesy, english
from bot.search.analyzer import Analyzer, Token
from bot.search.repair import SHORTHAND, Repairer
from bot.search.verdict import Request, Screen

LONGEST: Final = 30
"""Words of the longest message that is taken for such a request: a longer one says more."""

SHORTEST_REPAIRED: Final = 4
"""Letters of the shortest word in which a slip is looked for."""

SURE_REPAIR: Final = 0.8
"""Similarity from which a word is taken for a slip of one of a request."""

SUBJECT_WORDS: Final = 2
"""Words of the title that name the whole story; its last one does so alone."""

_SCREENS: Final = {Screen(name): pattern for name, pattern in english.patterns("whole").items()}
_BESIDE: Final = english.beside() | english.words("fillers")
_CONTRACTIONS: Final = english.table("contractions")
_SINCE: Final = (
    (re.compile(r"\b(?:today|tonight|this (?:morning|afternoon|evening))\b"), 0),
    (re.compile(r"\b(?:yesterday|overnight|last night)\b"), 1),
    (re.compile(r"\b(?:this|last|past) week\b"), 7),
)
_PERSONS: Final = english.words("persons")
"""Who these are, the last question said: a request for the whole has none of them."""

_ONE: Final = english.patterns("one_thing")
"""By screen: what makes a message with the words of its request ask for one thing."""

_ON: Final = re.compile(
    r"\b(?:about|around|concerning|for|in|of|on|regarding|with)(?: (?:the|this|that|whole|all))*"
    r"((?: [\w.]+)+)$"
)
"""What a message says at its end about what it is for."""


def recognise(message: str, title: str, is_word: Callable[[Token], bool]) -> Request | None:
    """Return what a message asks of the story as a whole; None where it asks anything else.

    Args:
        message: what was written.
        title: the story's; a request may name it.
        is_word: whether the story or English knows a word; other words may be slips.
    """
    tokens = _analyzer().tokens(courtesy.without_opening(message))
    if not 0 < len(tokens) <= LONGEST:
        return None
    words = _spelled_out(tokens, is_word)
    text = _without_subject(" ".join(words), title)
    found = [screen for screen, pattern in _SCREENS.items() if pattern.search(text)]
    if not found or _is_particular(text, found):
        return None
    screen = found[0]
    days = next((days for pattern, days in _SINCE if pattern.search(text)), None)
    return Request(screen=screen, days=days if screen is Screen.NEWS else None)


def _is_particular(text: str, found: Sequence[Screen]) -> bool:
    """Return whether a message with the words of these requests asks for one thing nevertheless."""
    tokens = _analyzer().tokens(text)
    allowed = frozenset.union(*(_allowed(screen) for screen in found))
    return (
        any(token.content and token.stem not in allowed for token in tokens)
        or any(token.word in _PERSONS for token in tokens)
        or (found[0] in _ONE and bool(_ONE[found[0]].search(text)))
    )


def _spelled_out(tokens: Sequence[Token], is_word: Callable[[Token], bool]) -> list[str]:
    """Return the words with chat spellings, slips and contractions written out."""
    found: list[str] = []
    for token in tokens:
        word = SHORTHAND.get(token.word, token.word)
        word = _CONTRACTIONS.get(word, word)
        if word == token.word and len(word) >= SHORTEST_REPAIRED and not is_word(token):
            meant = _repairer().meant(word)
            word = word if meant is None or meant[1] < SURE_REPAIR else meant[0]
        found += word.split()
        if token.negated:
            found.append("not")
    return found


def _without_subject(text: str, title: str) -> str:
    """Return `text` without the story's title, or what stands for it, at the end."""
    named = [token for token in _analyzer().tokens(title) if token.content]
    said = _ON.search(text)
    if said is None or not named:
        return text
    stems = {token.stem for token in named}
    given = [token for token in _analyzer().tokens(said[1]) if token.content]
    if not given or any(token.stem not in stems for token in given):
        return text
    whole = len({token.stem for token in given}) >= min(SUBJECT_WORDS, len(stems))
    return text[: said.start()] if whole or given[-1].stem == named[-1].stem else text


@functools.cache
def _analyzer() -> Analyzer:
    return Analyzer()


@functools.cache
def _allowed(screen: Screen) -> frozenset[str]:
    """Return the stems of the words of one request, and of those that may stand beside it."""
    return frozenset(map(_analyzer().stem, _BESIDE | _words(screen)))


@functools.cache
def _repairer() -> Repairer:
    """Return what mends slips in the words of requests."""
    return Repairer(
        word for screen in Screen for word in _words(screen) if len(word) >= SHORTEST_REPAIRED
    )


def _words(screen: Screen) -> frozenset[str]:
    """Return the words that the patterns of a request spell out, some without their endings."""
    return frozenset(re.findall(r"(?<![\\a-z])[a-z]+", _SCREENS[screen].pattern))
