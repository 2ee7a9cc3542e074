"""Tells whether two wordings say the same: pure.

A change of a number, a name, a date or a "not" is never only a wording. The test is strict: it
would rather take an innocent rewording for a change than let a change pass as a wording.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation, localcontext
from enum import StrEnum
from typing import Final

from bot.search import StoryLexicon
from bot.search.index.vocabulary import CONCEPT
from bot.search.language.analyzer import MAY, Analyzer, Token
from bot.search.language.lexicon import CompiledLexicon


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SENTENCE: Final = re.compile(r"(?<=[.!?…:;])(?<![A-Z]\.)[\"'”’)\]]*\s+|\n+")
_SIGNS: Final = re.compile(r"[%‰€$£¥₴₽°]|(?<!\w)[-−+](?=\d)|\bper ?cent\b|\bminus\b", re.IGNORECASE)
_SAME_SIGN: Final = {"percent": "%", "per cent": "%", "minus": "-", "−": "-"}
_DIGITS: Final = 4_000
"""Of the longest number that is computed with exactly: no message holds a longer one."""

_NUMBERS: Final = {
    word: Decimal(number)
    for word, number in {
        "one": "1",
        "first": "1",
        "once": "1",
        "second": "2",
        "twice": "2",
        "double": "2",
        "both": "2",
        "dozen": "12",
        "half": "0.5",
        "quarter": "0.25",
        "million": "1000000",
        "billion": "1000000000",
        "trillion": "1000000000000",
    }.items()
}
"""Words for numbers that the search does not read as such."""

_MULTIPLIERS: Final = frozenset(Decimal(10) ** power for power in (2, 3, 6, 9, 12))
_TENS: Final = frozenset(Decimal(tens) for tens in range(20, 100, 10))
_NEGATIONS: Final = _set(
    "barely cannot hardly neither never no nobody none nor not nothing nowhere unlikely without"
)
_DAYS: Final = _set(
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri sat "
    "sun january february march april june july august september october november december jan "
    "feb mar apr jun jul aug sep sept oct nov dec"
)
_ALSO_WORDS: Final = _set("mon wed fri sat sun march mar jan dec")
"""Days and months that are plain words as well, and so need their capital."""

_TIMES: Final = _set("today tonight tomorrow yesterday noon midnight morning afternoon evening")
_TITLES: Final = _set("mr mrs ms dr prof gen col sir i")


class ClaimKind(StrEnum):
    """What a wording may not change."""

    NUMBER = "number"
    NAME = "name"
    DATE = "date"
    NEGATION = "not"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that a new wording says otherwise; empty words where it says nothing of it."""

    sort: ClaimKind
    was: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What a text says that no wording may change."""

    numbers: tuple[str, ...]
    counted: dict[str, str]  # what stands behind a number, with the number
    names: tuple[str, ...]  # in the order of their first appearance
    openers: tuple[str, ...]  # capitalised words that begin a sentence: names, or not
    dates: tuple[str, ...]
    negations: tuple[str, ...]
    words: frozenset[str]


def differences(was: str, now: str, lexicon: StoryLexicon) -> tuple[Difference, ...]:
    """Return what `now` says otherwise than `was`; nothing where only the wording differs.

    Names are capitalised words, and those of the `lexicon`, where each of a person's names stands
    for the same person.
    """
    analyzer = Analyzer()
    compiled = CompiledLexicon(lexicon, analyzer)
    before, after = _read(was, analyzer, compiled), _read(now, analyzer, compiled)
    found = [
        _compared(ClaimKind.NUMBER, before.numbers, after.numbers) or _exchanged(before, after),
        _compared(ClaimKind.NAME, _names(before, after), _names(after, before))
        or _reordered(before, after),
        _compared(ClaimKind.DATE, set(before.dates), set(after.dates)),
        _compared(ClaimKind.NEGATION, before.negations, after.negations),
    ]
    return tuple(each for each in found if each is not None)


def _read(text: str, analyzer: Analyzer, lexicon: CompiledLexicon) -> _Read:
    numbers = [_SAME_SIGN.get(each.lower(), each.lower()) for each in _SIGNS.findall(text)]
    counted: dict[str, str] = {}
    names: list[str] = []
    openers: list[str] = []
    dates: list[str] = []
    negations: list[str] = []
    words: set[str] = set()
    for sentence in _SENTENCE.split(text):
        tokens = analyzer.tokens(sentence)
        words.update(token.word for token in tokens)
        for number, behind in _numbers(tokens):
            numbers.append(number)
            counted.setdefault(behind, number)
        dates += _dates(tokens)
        negations += _negations(tokens)
        first, others = _capitalised(tokens, lexicon)
        names += others
        openers += first
    return _Read(
        numbers=tuple(numbers),
        counted=counted,
        names=tuple(dict.fromkeys(names)),
        openers=tuple(openers),
        dates=tuple(dates),
        negations=tuple(negations),
        words=frozenset(words),
    )


def _numbers(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Yield each number with the stem of the word behind it: "twenty-two million" is one."""
    place = 0
    with localcontext(prec=_DIGITS):
        while place < len(tokens):
            value = _value(tokens[place])
            place += 1
            if value is None:
                continue
            while place < len(tokens) and (joined := _joined(value, tokens[place])) is not None:
                value, place = joined, place + 1
            if [token.word for token in tokens[place : place + 3]] == ["and", "a", "half"]:
                value, place = value + _NUMBERS["half"], place + 3
            yield f"{value.normalize():f}", _stem_at(tokens, place)


def _joined(value: Decimal, behind: Token) -> Decimal | None:
    """Return the number that `value` and the word behind it are together; None for two numbers."""
    more = _value(behind)
    if more is None:
        return None
    if more in _MULTIPLIERS and value < more:
        return value * more
    if value in _TENS and 1 <= more <= 9:
        return value + more
    return None


def _value(token: Token) -> Decimal | None:
    if token.word[:1].isdigit():
        try:
            return Decimal(token.word)
        except InvalidOperation:  # a power such as ², or a word that only begins with a digit
            return None
    return _NUMBERS.get(token.word)


def _stem_at(tokens: Sequence[Token], place: int) -> str:
    return tokens[place].stem if place < len(tokens) else ""


def _dates(tokens: Sequence[Token]) -> Iterator[str]:
    for place, token in enumerate(tokens):
        after_number = place > 0 and tokens[place - 1].word.isdigit()
        if token.word == MAY:
            yield "may"
        elif token.word in _DAYS:
            if token.word not in _ALSO_WORDS or token.capital or after_number:
                yield token.word[:3]
        elif token.word in _TIMES or (token.word in ("am", "pm") and after_number):
            yield token.word


def _negations(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.negated or token.word == "cannot":
            yield "not"
        elif token.word in _NEGATIONS:
            yield token.word


def _capitalised(
    tokens: Sequence[Token], lexicon: CompiledLexicon
) -> tuple[list[str], Iterable[str]]:
    """Return what may be a name because it begins the sentence, and what is one."""
    mentions = lexicon.mentions(tokens)
    held = {place for each in mentions for place in range(each.start, each.stop)}
    found = [(each.start, each.concept.removeprefix(CONCEPT)) for each in mentions]
    first: list[str] = []
    for place, token in enumerate(tokens):
        if not token.capital or not token.content or place in held:
            continue
        if token.word in _TITLES or token.word in _DAYS or token.word == MAY:
            continue
        if place == 0:
            first.append(token.word)
        else:
            found.append((place, token.word))
    return first, [name for _, name in sorted(found)]


def _names(one: _Read, other: _Read) -> list[str]:
    """Return the names in `one`; a word that begins a sentence is one if the other lacks it."""
    gone = [word for word in one.openers if word not in other.words]
    return [*one.names, *gone, *(word for word in one.openers if word in other.names)]


def _compared(sort: ClaimKind, was: Iterable[str], now: Iterable[str]) -> Difference | None:
    before, after = Counter(was), Counter(now)
    if sort is ClaimKind.NAME:
        before, after = Counter(set(before)), Counter(set(after))
    gone, come = before - after, after - before
    if not gone and not come:
        return None
    return Difference(sort=sort, was=", ".join(gone.elements()), now=", ".join(come.elements()))


def _exchanged(before: _Read, after: _Read) -> Difference | None:
    """Return what is counted by another number now, though the numbers are the same."""
    for word, number in before.counted.items():
        other = after.counted.get(word)
        if word and other is not None and other != number:
            return Difference(sort=ClaimKind.NUMBER, was=f"{number} {word}", now=f"{other} {word}")
    return None


def _reordered(before: _Read, after: _Read) -> Difference | None:
    """Return the names where they changed places: who did it to whom may have changed."""
    if before.names == after.names or set(before.names) != set(after.names):
        return None
    return Difference(sort=ClaimKind.NAME, was=", ".join(before.names), now=", ".join(after.names))
