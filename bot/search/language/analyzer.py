"""Text to tokens: fold, tokenise, stem; stop words and number words.

The stems are those of the Snowball "english" stemmer (Porter 2).
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import Stemmer

from bot.calendar_words import MONTH_NAMES, WEEKDAY_NAMES
from bot.search.language import english

STOP_WORDS: Final = english.words("stop")
"""Words too common to count as evidence; the question's kind is read before they are dropped."""

NUMBERS: Final = {**english.table("cardinals"), **english.table("ordinals")}
"""Number words and ordinals, as the numeral that stands for both: "nineteenth" finds "19"."""

NEGATIONS: Final = english.words("negations")

_INITIALS: Final = re.compile(r"\b(?:[A-Za-z]\.){2,}(?:[A-Za-z]\b)?")
_FRACTIONS: Final = re.compile(r"(?<=\d)(?=[¼-¾⅐-⅞])")
_GROUPS: Final = re.compile(r"(?<=\d)[,\u202f\u00a0](?=\d{3}\b)")
_ORDINAL: Final = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b", re.IGNORECASE)
_WORD: Final = re.compile(r"\d+(?:\.\d+)?|[^\W_\d]+\d*(?:'[^\W\d_]+)?")
_QUOTES: Final = str.maketrans(
    {"‘": "'", "’": "'", "‛": "'", "`": "'", "´": "'", "“": '"', "”": '"', "«": '"', "»": '"'}
)
_US_CAPITALS: Final = re.compile(r"\b(?:U\.S\.A?\.?|USA?)(?=\W|$)")
_US_PRONOUN_AFTER: Final = english.words("before_pronoun_us")
_MAY_BEFORE: Final = english.words("before_month_may")
MAY: Final = "may5"
"""The month, told from the verb by its neighbours."""

TIMES: Final = english.words("times") | {*MONTH_NAMES, *WEEKDAY_NAMES, MAY} - {"may"}
"""Words that say when."""


_CHUNK: Final = re.compile(r"[^ \t\n\r\f\v/()\[\]{}\"“”«»:;!?&\-–—]+")
"""What no token reaches beyond, so that each has its place in the text as it was written."""

_BARE: Final = re.compile(r"[^\W_](?:.*[^\W_])?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text."""

    word: str  # lower case, no accents, no contraction tail
    stem: str
    content: bool  # counts as evidence; stop words do not
    capital: bool = False
    negated: bool = False  # it carried "n't"


@dataclass(frozen=True, slots=True)
class Word:
    """A token and its place in the text, in characters."""

    token: Token
    start: int
    stop: int


def straight(text: str) -> str:
    """Return `text` with straight quotes, no accents, plain initials and plain numbers.

    "U.S." and "US" become "USA", so that the country is not taken for the pronoun.
    """
    text = text.translate(_QUOTES)
    text = _GROUPS.sub("", text)
    if not text.isascii():
        text = _FRACTIONS.sub(" ", text)
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in decomposed if not unicodedata.combining(c))
    text = _US_CAPITALS.sub("USA", text)
    if "." in text:
        text = _INITIALS.sub(lambda match: match.group().replace(".", ""), text)
    return _ORDINAL.sub("", text)


def is_negated(tokens: Iterable[Token]) -> bool:
    """Return whether a text says "not" in one of its forms."""
    return any(token.negated or token.word in NEGATIONS for token in tokens)


class Analyzer:
    """Turns texts into tokens; remembers each word it met, within a bound."""

    _MOST_REMEMBERED: Final = 300_000

    def __init__(self) -> None:
        self._stem: Callable[[str], str] = Stemmer.Stemmer("english", 0).stemWord
        self._known: dict[str, Token] = {}

    def tokens(self, text: str) -> list[Token]:
        """Return every token of `text`, stop words included, in order."""
        known = self._known
        found = []
        doubtful = False
        for raw in _WORD.findall(straight(text)):
            token = known.get(raw) or self._remember(raw)
            doubtful = doubtful or token.word in ("us", "may")
            found.append(token)
        return _settled(found) if doubtful else found

    def words(self, text: str) -> list[Word]:
        """Return the tokens of `text` with their places.

        Where straightening changes the length of what is written without a space ("1,000", "19th",
        "U.S."), its tokens have the place of all of it.
        """
        tokens: list[Token] = []
        places: list[tuple[int, int]] = []
        for chunk in _CHUNK.finditer(text):
            plain = straight(chunk[0])
            bare = _BARE.search(chunk[0])
            whole = (0, len(chunk[0])) if bare is None else bare.span()
            for found in _WORD.finditer(plain):
                tokens.append(self._known.get(found[0]) or self._remember(found[0]))
                start, stop = found.span() if len(plain) == len(chunk[0]) else whole
                places.append((chunk.start() + start, chunk.start() + stop))
        settled = _settled(tokens)
        return [Word(token, *place) for token, place in zip(settled, places, strict=True)]

    def stem(self, word: str) -> str:
        """Return the stem of one folded word."""
        return self._stem(word)

    def _remember(self, raw: str) -> Token:
        token = self._token(raw)
        if len(self._known) < self._MOST_REMEMBERED:
            self._known[raw] = token
        return token

    def _token(self, raw: str) -> Token:
        word, apostrophe, tail = raw.lower().partition("'")
        negated = apostrophe != "" and tail == "t" and word.endswith("n") and len(word) > 2
        if negated:
            word = {"can": "can", "won": "will", "shan": "shall"}.get(word, word[:-1])
        elif apostrophe and len(word) == 1 and len(tail) > 2:
            word += tail  # O'Brien
        word = NUMBERS.get(word, word)
        content = word not in STOP_WORDS and (len(word) > 1 or word.isdigit())
        return Token(word, self._stem(word), content, raw[0].isupper(), negated)


def _settled(tokens: list[Token]) -> list[Token]:
    """Return the tokens with "us" and "may" told apart from the country and the month."""
    settled = list(tokens)
    for place, token in enumerate(tokens):
        before = tokens[place - 1].word if place else ""
        after = tokens[place + 1].word if place + 1 < len(tokens) else ""
        if token.word == "us" and before not in _US_PRONOUN_AFTER:
            settled[place] = Token("usa", "usa", content=True, capital=token.capital)
        if token.word == "may" and (
            before.isdigit()
            or after.isdigit()
            or before in _MAY_BEFORE
            or (token.capital and place > 0)
        ):
            settled[place] = Token(MAY, MAY, content=True, capital=token.capital)
    return settled
