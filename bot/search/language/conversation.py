"""How a message stands to others: a question that leans on the last one, a call for an overview,
a doubt about what was just told."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from bot.search.language import english
from bot.search.language.analyzer import Token
from bot.search.language.question_kind import Kind

if TYPE_CHECKING:
    from bot.search.index.query import Query

_PRONOUNS: Final = english.words("pronouns")
_LINKS: Final = english.words("links")

_OVERVIEW: Final = english.patterns("messages")["overview"]

_EXPLETIVES: Final = english.patterns("messages")["expletives"]
"""Where "there", "it" and "that" stand for nothing that was said before."""

_DOUBT: Final = english.whole("messages", "doubt")


def leans(tokens: Sequence[Token], terms: int) -> bool:
    """Return whether a question needs the last one to be understood; `terms` counts its own."""
    words = [token.word for token in tokens]
    return (
        terms == 0
        or (terms == 1 and len(words) <= 2)
        or points_back(tokens)
        or words[0] in _LINKS
        or _is_what_about(tokens)
    )


def points_back(tokens: Sequence[Token]) -> bool:
    """Return whether a question has a pronoun that stands for something said before."""
    text = " ".join(token.word for token in tokens)
    return bool(_PRONOUNS.intersection(_EXPLETIVES.sub(" ", text).split()))


def only_names(query: "Query") -> bool:
    """Return whether a message does no more than name somebody: "and the other team's?"."""
    asks = query.kind is not Kind.OPEN and not _is_what_about(query.tokens)
    return not asks and bool(query.terms) and all(term.concept for term in query.terms)


def _is_what_about(tokens: Sequence[Token]) -> bool:
    return [token.word for token in tokens[:2]] in (["what", "about"], ["how", "about"])


def wants_overview(tokens: Sequence[Token]) -> bool:
    """Return whether a message asks for the whole of something rather than for one thing."""
    return bool(_OVERVIEW.search(" ".join(token.word for token in tokens)))


def doubts(tokens: Sequence[Token]) -> bool:
    """Return whether a message only asks who says so, or whether what was told is sure."""
    return bool(_DOUBT.match(" ".join(token.word for token in tokens)))
