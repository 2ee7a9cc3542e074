"""Who a sentence says that it has its news from; pure."""

import re
from typing import Final

from bot.calendar_words import MONTH_NAMES, WEEKDAY_NAMES

LONGEST: Final = 80
"""Characters of a source; what is longer was not understood."""

_VERB: Final = (
    r"(?:said|says|told|reported|reports|announced|confirmed|stated|wrote|warned|claimed|insisted|"
    r"argued|added|denied|noted|posted)"
)
_ROLE: Final = (
    r"(?:president|minister|prime|foreign|defen[cs]e|vice|spokes(?:person|man|woman)|secretary|"
    r"agency|news|state-run|state-owned|state|ministry|office|police|government|chief|officials?|"
    r"council|of|for|the|and|envoy|leader|newspaper)(?![\w-])"
)
_CAPITAL: Final = r"(?:[^\W\d_a-z][\w.’'&-]*)"
_WHO: Final = rf"{_CAPITAL}(?:\s+(?:{_CAPITAL}|{_ROLE})){{0,7}}"

_SAYS: Final = re.compile(rf"(?P<who>{_WHO})\s+(?:(?:later|also|then|has|had|have)\s+)?{_VERB}\b")
_NAMED: Final = re.compile(
    rf"\b(?:[Aa]ccording\s+to|(?:as\s+)?reported\s+by|in\s+the\s+words\s+of)\s+"
    rf"(?:[\w’'-]+\s+){{0,5}}?(?P<who>{_WHO})"
)
_OPENS: Final = re.compile(
    r"on|in|at|after|before|but|and|while|when|as|the|an?|yet|so|later|earlier|meanwhile|also|this|"
    rf"that|then|still|{'|'.join((*WEEKDAY_NAMES, *MONTH_NAMES))}"
)
_NOBODY: Final = re.compile(
    r"s?he|they|it|we|i|you|who|his|her|their|this|that|there", re.IGNORECASE
)


def likely_source(sentence: str) -> str | None:
    """Return who says so in "… said", "… told …" or "according to …"; None where nobody is named.

    Words such as "he" name nobody.
    """
    for pattern in (_NAMED, _SAYS):
        for found in pattern.finditer(sentence):
            who = _trimmed(found["who"])
            if who and len(who) <= LONGEST:
                return who
    return None


def _trimmed(who: str) -> str:
    """Return a name without the words before and after that are not part of it."""
    words = who.rstrip(".,;:’'").split()
    while words and _OPENS.fullmatch(words[0].strip("“\"'").lower()):
        words = words[1:]
    while words and words[-1].lower() in ("of", "for", "the", "and"):
        words = words[:-1]
    if not words or any(_NOBODY.fullmatch(word) for word in words):
        return ""
    if not any(word[:1].isupper() for word in words):
        return ""
    trimmed = " ".join(words)
    return re.sub(r"[’']s$", "", trimmed)
