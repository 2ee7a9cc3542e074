"""How a message stands to others: two questions in one, a question that leans on the last one,
a call for an overview, a doubt about what was just told."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from bot.search import english
from bot.search.analyzer import Token
from bot.search.question import Kind

if TYPE_CHECKING:
    from bot.search.query import Query

_PRONOUNS: Final = english.words("pronouns")
_LINKS: Final = english.words("links")

_ASKING: Final = (
    r"(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|did|does|do|has|have|had|will|can|could"
    r"|would|should)"
)
_ASKED_OF: Final = (
    r"(?:is|are|was|were|did|does|do|has|have|had|will|can|could|would|should)\s+"
    r"(?:i|we|you|he|she|it|they|there|the|this|that|my|our|your|his|her|their|any\w*)\b"
)
"""A question without a question word: "can I", "is the"."""
_ABBREVIATED: Final = "".join(rf"(?<!\b{title}\.)" for title in ("Mr", "Mrs", "Ms", "Dr", "St"))
_SENTENCE: Final = re.compile(rf"(?<=[?!;])\s+|(?<=[a-z]\.){_ABBREVIATED}\s+(?=[A-Z])|\n+")
_JOINT: Final = re.compile(
    r"\s*(?:,|;|\band\b|\bplus\b|&|,\s*and\b|\band also\b|\bor\b)\s+"
    rf"(?=(?:also\s+)?(?:(?:who|whom|whose|what|which|when|where|why|how)\b|{_ASKED_OF}))",
    re.IGNORECASE,
)
_QUESTION: Final = re.compile(
    rf"^\W*(?:(?:and|but|so|also|then|ok|well)\W+)*{_ASKING}\b", re.IGNORECASE
)
_WH: Final = re.compile(r"\b(?:who|whom|whose|what|which|when|where|why|how)\b", re.IGNORECASE)

_OVERVIEW: Final = english.patterns("messages")["overview"]

_EXPLETIVES: Final = english.patterns("messages")["expletives"]
"""Where "there", "it" and "that" stand for nothing that was said before."""

_DOUBT: Final = english.whole("messages", "doubt")


def parts(message: str) -> list[str]:
    """Return the questions that a message holds, one or several; a lone question whole."""
    found = []
    for sentence in _SENTENCE.split(message.strip()):
        pieces = _JOINT.split(sentence)
        whole = all(_WH.search(piece) or _QUESTION.match(piece) for piece in pieces)
        found += pieces if whole else [sentence]
    asked = [piece.strip() for piece in found if _QUESTION.match(piece) or _WH.search(piece)]
    return asked if len(asked) > 1 else [message]


def question_alone(message: str) -> str | None:
    """Return the one sentence of several that asks, None where there is no such one."""
    sentences = [piece for piece in _SENTENCE.split(message.strip()) if piece.strip()]
    asking = [piece for piece in sentences if piece.rstrip().endswith("?")]
    return asking[0] if len(sentences) > 1 and len(asking) == 1 else None


def leans(tokens: Sequence[Token], terms: int) -> bool:
    """Return whether a question needs the last one to be understood; `terms` counts its own."""
    words = [token.word for token in tokens]
    return (
        terms == 0
        or (terms == 1 and len(words) <= 2)
        or bool(_PRONOUNS.intersection(_EXPLETIVES.sub(" ", " ".join(words)).split()))
        or words[0] in _LINKS
        or _is_what_about(tokens)
    )


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
