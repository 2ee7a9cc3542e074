"""Requests about the story as a whole: a summary, the latest, what is open, who says so.

Such a message asks for no particular of the story, so no fact is its answer; it leads to a screen.
It is recognised as small talk is: when nothing is left of it once the words of the request, and
the words that may stand beside one, are taken out. General English; of the story only its title.
"""

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.search.language import english, small_talk
from bot.search.language.analyzer import MAY, Analyzer, Token
from bot.search.language.spelling import SHORTHAND, Repairer
from bot.search.verdict import Request, Screen


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a story is called, and what it is about."""

    title: str = ""
    about: str = ""


LONGEST: Final = 30
"""Words of the longest message that is taken for such a request: a longer one says more."""

SHORTEST_REPAIRED: Final = 4
"""Letters of the shortest word in which a slip is looked for."""

SURE_REPAIR: Final = 0.8
"""Similarity from which a word is taken for a slip of one of a request."""

SUBJECT_WORDS: Final = 2
"""Words of the title that name the whole story; its last one does so alone."""

_SCREENS: Final = {Screen(name): pattern for name, pattern in english.patterns("whole").items()}
_BESIDE: Final = english.words("beside") | english.words("fillers")
_VERBS: Final = english.words("auxiliaries") | english.words("question")
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

_ON: Final = re.compile(r"\b(?:about|around|after|concerning|for|in|of|on|regarding|since|with) ")
"""What comes before the words that say what a message is about."""


def recognise(message: str, subject: Subject, is_word: Callable[[Token], bool]) -> Request | None:
    """Return what a message asks of the story as a whole; None where it asks anything else.

    Args:
        message: what was written.
        subject: the story's; a request may name it.
        is_word: whether the story or English knows a word; other words may be slips.
    """
    tokens = _analyzer().tokens(small_talk.without_opening(message))
    if not 0 < len(tokens) <= LONGEST:
        return None
    text = _without_subject(_spelled_out(tokens, is_word), subject)
    found = [screen for screen, pattern in _SCREENS.items() if pattern.search(text)]
    if not found or _is_particular(text, found):
        return None
    screen = found[0]
    days = next((days for pattern, days in _SINCE if pattern.search(text)), None)
    return Request(screen=screen, days=days if screen is Screen.NEWS else None)


def is_beside(token: Token) -> bool:
    """Return whether a word may stand beside a request without making it one for one thing."""
    return token.word in _BESIDE


def _is_particular(text: str, found: Sequence[Screen]) -> bool:
    """Return whether a message with the words of these requests asks for one thing nevertheless."""
    tokens = _analyzer().tokens(text)
    allowed = frozenset.union(*(_allowed(screen) for screen in found))
    return (
        any(
            token.content
            and token.stem not in allowed
            and not (token.word.isdigit() or token.word == MAY)
            for token in tokens
        )
        or any(token.word in _PERSONS for token in tokens)
        or (found[0] in _ONE and bool(_ONE[found[0]].search(text)))
    )


def _spelled_out(tokens: Sequence[Token], is_word: Callable[[Token], bool]) -> list[str]:
    """Return the words with chat spellings, slips and contractions written out."""
    found: list[str] = []
    for token in tokens:
        word = "may" if token.word == MAY else SHORTHAND.get(token.word, token.word)
        word = _CONTRACTIONS.get(word, word)
        if word == token.word and len(word) >= SHORTEST_REPAIRED and not is_word(token):
            meant = _repairer().meant(word)
            word = word if meant is None or meant[1] < SURE_REPAIR else meant[0]
        found += word.split()
        if token.negated:
            found.append("not")
    return found


def _without_subject(words: Sequence[str], subject: Subject) -> str:
    """Return the text without what names the whole story, at its end or beginning."""
    text = " ".join(words)
    title, about = _stems(subject.title), frozenset(_stems(subject.about))
    if not set(title).intersection(map(_analyzer().stem, words)):
        return text

    def names(said: str) -> bool:
        given = [token for token in _analyzer().tokens(said) if token.content]
        stems = [token.stem for token in given if token.word not in _BESIDE]
        if not stems or any(stem not in about and stem not in title for stem in stems):
            return False
        enough = len(set(stems).intersection(title)) >= min(SUBJECT_WORDS, len(set(title)))
        return enough or stems[-1] == title[-1]

    for said in reversed(list(_ON.finditer(text))):
        if names(text[said.end() :]):
            return text[: said.start()]
    if not _VERBS.intersection(words):
        for end in range(len(words) - 1, 0, -1):
            if names(" ".join(words[:end])):
                return " ".join(words[end:])
    return text


@functools.lru_cache(maxsize=8)
def _stems(text: str) -> tuple[str, ...]:
    return tuple(token.stem for token in _analyzer().tokens(text) if token.content)


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
        word
        for words in (_BESIDE, *(_words(screen) for screen in Screen))
        for word in words
        if len(word) >= SHORTEST_REPAIRED
    )


def _words(screen: Screen) -> frozenset[str]:
    """Return the words that the patterns of a request spell out, some without their endings."""
    return frozenset(re.findall(r"(?<![\\a-z])[a-z]+\d*", _SCREENS[screen].pattern))
