"""What a question asks for: its kind, read from its question words before they are dropped."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from bot.search.language import english
from bot.search.language.analyzer import Token


class Kind(StrEnum):
    """The kind of answer that a question expects."""

    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    HOW_LONG = "how_long"
    HOW_MANY = "how_many"
    HOW_MUCH = "how_much"  # money, or an amount
    WHY = "why"
    QUOTE = "quote"
    HOW = "how"
    WHAT = "what"
    YES_NO = "yes_no"
    OPEN = "open"  # bare keywords, or a statement


_PATTERNS: Final = {Kind(name): pattern for name, pattern in english.patterns("kinds").items()}

_AUXILIARIES: Final = english.words("auxiliaries")
_OPENERS: Final = english.words("openers")


def kind_of(tokens: Sequence[Token]) -> Kind:
    """Return the kind of answer that the question made of `tokens` expects."""
    words = [token.word for token in tokens]
    while words and words[0] in _OPENERS:
        words.pop(0)
    if words and words[0] in _AUXILIARIES:
        return Kind.YES_NO
    text = " ".join(words)
    found = [
        (match.start(), rank, kind)
        for rank, (kind, pattern) in enumerate(_PATTERNS.items())
        if (match := pattern.search(text))
    ]
    if not found:
        yes_no = re.search(r"\b(?:is it true|is that|whether|true that|right that|if)\b", text)
        return Kind.YES_NO if yes_no else Kind.OPEN
    specific = [entry for entry in found if entry[2] is Kind.QUOTE]
    if specific:
        return Kind.QUOTE
    return min(found)[2]
