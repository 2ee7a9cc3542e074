"""What a question asks for: its kind, read from its question words before they are dropped."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from bot.search.analyzer import Token


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


_PATTERNS: Final[tuple[tuple[Kind, re.Pattern[str]], ...]] = tuple(
    (kind, re.compile(rf"\b(?:{pattern})\b"))
    for kind, pattern in (
        (
            Kind.QUOTE,
            r"quot\w*|word for word|verbatim|exact (?:words?|phrase|wording|quote)|own words"
            r"|(?:exactly|precisely|literally) (?:did \w+ )?sa(?:y|id)|in (?:his|her|their) words"
            r"|what words|which words|actual words|precise words|phrase|wording|remark",
        ),
        (
            Kind.HOW_LONG,
            r"how long|how much time|how many (?:hours?|minutes?|days?|weeks?|months?|years?)"
            r"|duration|length of time|for what period|for what length",
        ),
        (Kind.HOW_MUCH, r"how much|what (?:price|cost|amount|percentage|percent|share)|how expensive"),
        (
            Kind.HOW_MANY,
            r"how (?:many|large|big|tall|high|far|old|often|fast|deep|heavy|wide)"
            r"|what (?:size|height|weight|population|temperature|age|distance|speed|length|depth|rate)"
            r"|(?:what|the|which|total|exact) number|numbers? of|headcount|how great",
        ),
        (
            Kind.WHEN,
            r"when|(?:what|which|on what|the exact|exact) (?:date|day|year|month|week|time|century|decade|hour)"
            r"|what time|since what|date of|how recently|how soon|by what date",
        ),
        (
            Kind.WHERE,
            r"where|wher|(?:what|which) (?:city|country|place|town|capital|state|region|location|venue"
            r"|continent|province|county|area|part of)|whereabouts|location",
        ),
        (
            Kind.WHY,
            r"why|how come|(?:what|the|which|main|any) (?:reasons?|cause[sd]?|motive|purpose)|what for"
            r"|because of what|what made|reason behind|what (?:lies|lay) behind|what prompted|what led to",
        ),
        (Kind.WHO, r"who|whom|whose|who's|whos|(?:what|which) (?:person|man|woman|people|leader|official"
                   r"|politician|president|minister|player|actor|singer|king|queen|author|outlet|agency"
                   r"|newspaper|source|journalist|party|team|company|group|organi[sz]ation)|by whom"),
        (Kind.HOW, r"how"),
        (Kind.WHAT, r"what|which|whats|what's"),
    )
)  # fmt: skip

_AUXILIARIES: Final = frozenset(
    "is are was were am do does did has have had will would can could should may might must".split()
)
_OPENERS: Final = frozenset(
    "so and but well ok okay hi hello hey then also um please actually wait".split()
)


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
        for rank, (kind, pattern) in enumerate(_PATTERNS)
        if (match := pattern.search(text))
    ]
    if not found:
        yes_no = re.search(r"\b(?:is it true|is that|whether|true that|right that|if)\b", text)
        return Kind.YES_NO if yes_no else Kind.OPEN
    specific = [entry for entry in found if entry[2] is Kind.QUOTE]
    if specific:
        return Kind.QUOTE
    return min(found)[2]
