"""Whether two texts answer one question differently."""

from functools import lru_cache
from typing import Final, TypeAlias

from rapidfuzz import fuzz

from bot.search.comparison.comparison import Comparison
from bot.search.comparison.reading import ClaimKind, reader
from bot.search.language.analyzer import Analyzer
from bot.search.language.question_kind import Kind, kind_of

Answered: TypeAlias = tuple[str | None, str]
"""A question and what answers it."""

SAME_QUESTION: Final = 0.9
"""How similar questions must be in the words that count, to be taken for the same."""

SAME_WORDS: Final = 0.8
"""The same, letter by letter."""

_REMEMBERED: Final = 4_096
"""Questions whose kind is kept: the same few documents are compared again and again."""


def disagree(one: Answered, other: Answered) -> tuple[ClaimKind, ...]:
    """Return what two texts contradict each other in where their questions are the same."""
    if not one[0] or not other[0] or not _is_same(one[0], other[0]):
        return ()
    read = reader().read
    return Comparison(read(one[1]), read(other[1])).contradictions


def _is_same(question: str, other: str) -> bool:
    """Return whether two questions ask the same of the same, in nearly the same words."""
    read = reader().read
    compared = Comparison(read(question), read(other))
    # "When did A speak?" is not "When did B speak?", nor "Where did A speak?".
    return (
        compared.similarity >= SAME_QUESTION
        and not compared.contradictions
        and fuzz.ratio(question.casefold(), other.casefold()) >= 100 * SAME_WORDS
        and _kind(question) is _kind(other)
    )


@lru_cache(maxsize=_REMEMBERED)
def _kind(question: str) -> Kind:
    return kind_of(Analyzer().tokens(question))
