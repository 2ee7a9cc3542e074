"""Two texts that answer one question differently."""

from functools import lru_cache
from typing import Final, TypeAlias

from rapidfuzz import fuzz

from bot.search.comparison.similarity import Gist, Likeness, Particular, differing, likeness
from bot.search.language.analyzer import Analyzer
from bot.search.language.question_kind import Kind, kind_of

Answered: TypeAlias = tuple[str | None, str]
"""A question and what answers it."""

SAME_QUESTION: Final = 0.9
"""How alike questions must be in the words that count; 1 is the same."""

SAME_WORDS: Final = 0.8
"""The same, letter by letter."""

_KEPT: Final = 4_096
"""Texts whose gist is remembered: a question meets the same few documents again and again."""


def disagree(one: Answered, other: Answered) -> tuple[Particular, ...]:
    """Return the particulars in which two texts differ where their questions are the same."""
    if not one[0] or not other[0] or not _is_same(one[0], other[0]):
        return ()
    return differing(_gist(one[1]), _gist(other[1]))


def _is_same(question: str, other: str) -> bool:
    """Return whether two questions ask the same of the same, in nearly the same words."""
    asked, also_asked = _gist(question), _gist(other)
    # "When did A speak?" is not "When did B speak?", nor "Where did A speak?".
    return (
        likeness(asked, also_asked) >= SAME_QUESTION
        and not differing(asked, also_asked)
        and fuzz.ratio(question.casefold(), other.casefold()) >= 100 * SAME_WORDS
        and _kind(question) is _kind(other)
    )


@lru_cache(maxsize=1)
def _likeness() -> Likeness:
    return Likeness()


@lru_cache(maxsize=_KEPT)
def _kind(question: str) -> Kind:
    return kind_of(Analyzer().tokens(question))


@lru_cache(maxsize=_KEPT)
def _gist(text: str) -> Gist:
    return _likeness().gist(text)
