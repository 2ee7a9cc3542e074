"""What a text says, ready to be compared: its claims and its words, each in one form.

Claims are the numbers, dates, names and negations in it. "Ninety" is 90, "1.5 million" is
1,500,000, "Sept" is September, "8 p.m." is 20:00, and every name that the story's lexicon gives a
person is that person.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Final

from bot.search.comparison import dates, numbers
from bot.search.comparison.passage import COURTESY_TITLES, Passage
from bot.search.index.vocabulary import CONCEPT
from bot.search.language import english
from bot.search.language.analyzer import NEGATIONS, Analyzer
from bot.search.language.lexicon import CompiledLexicon, StoryLexicon

_NEGATIONS: Final = NEGATIONS | english.words("near_negations")
_SPANS: Final = english.words("spans")
_MINUS: Final = frozenset("-−")
_CURRENCIES: Final = frozenset("$€£¥₴₽")
_MEASURES: Final = {
    "%": "%",
    "percent": "%",
    "‰": "‰",
    "°": "°",
    **dict.fromkeys(("degree", "degrees"), "°"),
    **dict.fromkeys(("dollar", "dollars", "usd"), "$"),
    **dict.fromkeys(("euro", "euros", "eur"), "€"),
    **dict.fromkeys(("pound", "pounds", "gbp"), "£"),
    **dict.fromkeys(("hryvnia", "hryvnias"), "₴"),
    **dict.fromkeys(("ruble", "rubles"), "₽"),
    "yen": "¥",
}
"""Units that have a sign."""

_REMEMBERED: Final = 8_192
"""Texts whose reading is kept: the same few documents are compared again and again."""

_STORIES: Final = 4
"""Lexicons whose readers are kept."""


class ClaimKind(StrEnum):
    """What a claim is."""

    NUMBER = "number"
    NAME = "name"
    DATE = "date"
    NEGATION = "not"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One thing that a text states, and where."""

    kind: ClaimKind
    values: tuple[
        str, ...
    ]  # the same however it is written; of a name without a lexicon, its words
    units: tuple[
        str, ...
    ] = ()  # of each number: a sign such as "%", or the stem of what is counted
    start: int  # in characters, units included
    stop: int
    opens: bool = False  # a name that begins a sentence: its first word may be none
    counts: bool = True  # a number that says how many or how much, as "first" does not

    @property
    def what(self) -> str:
        """Return the claim as one text, the same for everything that means the same."""
        if self.kind is ClaimKind.NAME:
            return self.values[-1]
        if not self.units:
            return self.values[0]
        pairs = zip(self.values, self.units, strict=True)
        return " ".join(f"{value} {unit}".rstrip() for value, unit in pairs)

    @property
    def is_time(self) -> bool:
        """Return whether it is a time of day, such as `20:00`."""
        return self.kind is ClaimKind.DATE and ":" in self.values[0]

    @property
    def is_relative(self) -> bool:
        """Return whether it is a date that means another day in another text, such as "today"."""
        return self.kind is ClaimKind.DATE and self.values[0] in dates.RELATIVE

    @property
    def measured(self) -> list[str]:
        """Return the numbers, each with its sign if it has one: `50%`, `$5`."""
        return [_measured(*each) for each in zip(self.values, self.units, strict=True)]

    @property
    def sure_words(self) -> tuple[str, ...]:
        """Return the words of a name without one that may be none."""
        return self.values[1:] if self.opens else self.values


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a text says."""

    claims: tuple[Claim, ...]  # in order
    words: tuple[str, ...]  # stems of the words that count, in order; claims in their one form
    bare: tuple[str, ...]  # the same without the claims
    subject: frozenset[str]  # the same without what numbers count, too
    vocabulary: frozenset[str]  # all words, as they are written, in lower case

    def of_kind(self, kind: ClaimKind) -> list[Claim]:
        """Return the claims of one kind, in order."""
        return [claim for claim in self.claims if claim.kind is kind]


@lru_cache(maxsize=_STORIES)
def reader(lexicon: StoryLexicon | None = None) -> "TextReader":
    """Return a reader of a story's texts; None: of texts whose names are not known."""
    return TextReader(lexicon or StoryLexicon())


class TextReader:
    """Reads texts of one story. Remembers what it has read."""

    def __init__(self, lexicon: StoryLexicon) -> None:
        self._analyzer = Analyzer()
        self._lexicon = CompiledLexicon(lexicon, self._analyzer)
        self._surnames = _surnames(lexicon)
        self.read = lru_cache(maxsize=_REMEMBERED)(self._read)

    def _read(self, text: str) -> Reading:
        """Return what `text` says."""
        passage = Passage(text, self._analyzer.words(text))
        draft = _Draft(passage)
        self._add_figures(draft)
        self._add_names(draft)
        return draft.reading()

    def _add_figures(self, draft: "_Draft") -> None:
        place = 0
        while place < len(draft.passage):
            stop = _add_date(draft, place) or _add_number(draft, place) or place + 1
            token = draft.passage.words[place].token
            if token.negated or token.word in _NEGATIONS:
                is_not = token.negated or token.word == "cannot"
                draft.add(ClaimKind.NEGATION, ("not" if is_not else token.word,), place, place + 1)
            place = stop

    def _add_names(self, draft: "_Draft") -> None:
        tokens = [word.token for word in draft.passage.words]
        mentions = self._lexicon.mentions(tokens)
        held = {place for each in mentions for place in range(each.start, each.stop)}
        for each in mentions:
            name = each.concept.removeprefix(CONCEPT)
            draft.add(ClaimKind.NAME, (name,), each.start, each.stop)
        for start, stop in _capitalised(draft, held):
            words = tuple(token.word for token in tokens[start:stop] if token.content)
            known = self._surnames.get(words[0]) if len(words) == 1 else None
            opens = draft.passage.opens(start) and known is None
            values = words if known is None else (known,)
            draft.add(ClaimKind.NAME, values, start, stop, opens=opens)


@dataclass(slots=True)
class _Draft:
    """A reading on its way."""

    passage: Passage
    claims: list[Claim] = field(default_factory=list)
    forms: dict[int, tuple[str, ...]] = field(default_factory=dict)  # by place: instead of its stem
    claimed: set[int] = field(default_factory=set)  # places that are no bare words
    counted: set[int] = field(default_factory=set)  # places of what numbers count

    def add(
        self,
        kind: ClaimKind,
        values: tuple[str, ...],
        start: int,
        stop: int,
        *,
        units: tuple[str, ...] = (),
        opens: bool = False,
        counts: bool = True,
        extends: tuple[int, int] = (0, 0),
    ) -> None:
        """Add a claim of the words from `start` to `stop`, wider by signs of some characters."""
        words = self.passage.words
        self.claims.append(
            Claim(
                kind=kind,
                values=values,
                units=units,
                start=words[start].start - extends[0],
                stop=words[stop - 1].stop + extends[1],
                opens=opens,
                counts=counts,
            )
        )
        if kind is not ClaimKind.NEGATION:
            self.claimed.update(range(start + opens, stop))

    def reading(self) -> Reading:
        """Return the finished reading."""
        words: list[str] = []
        bare: list[str] = []
        subject: set[str] = set()
        for place, word in enumerate(self.passage.words):
            if place in self.forms:
                words += self.forms[place]
                continue
            if not word.token.content:
                continue
            words.append(word.token.stem)
            if place not in self.claimed or place in self.counted:
                bare.append(word.token.stem)
            if place not in self.claimed:
                subject.add(word.token.stem)
        return Reading(
            claims=tuple(sorted(self.claims, key=lambda claim: claim.start)),
            words=tuple(words),
            bare=tuple(bare),
            subject=frozenset(subject),
            vocabulary=frozenset(word.token.word for word in self.passage.words),
        )


def _surnames(lexicon: StoryLexicon) -> dict[str, str]:
    """Return the person whom each last name means, where it means one alone."""
    people: dict[str, set[str]] = {}
    for name in lexicon.names:
        words = name.name.lower().split()
        if name.kind == "person" and len(words) > 1:
            people.setdefault(words[-1], set()).add(name.name.lower())
    return {surname: names.pop() for surname, names in people.items() if len(names) == 1}


def _add_date(draft: _Draft, place: int) -> int | None:
    """Add the date or time that begins at a word and return the place after it."""
    date = dates.read(draft.passage, place)
    if date is None:
        return None
    day, *year = date.values
    ends_in_year = draft.passage.written(date.stop - 1) in year
    end_of_day = date.stop - 1 if ends_in_year else date.stop
    draft.add(ClaimKind.DATE, (day,), place, end_of_day)
    for value in year:
        draft.add(ClaimKind.DATE, (value,), end_of_day if ends_in_year else place, date.stop)
    draft.forms |= dict.fromkeys(range(place, date.stop), ())
    draft.forms[place] = tuple(word.lower() for value in date.values for word in value.split())
    return date.stop


def _add_number(draft: _Draft, place: int) -> int | None:
    """Add the number that begins at a word, with what it counts, and return the place after it."""
    first = _quantity(draft, place)
    if first is None:
        return None
    value, unit, stop = first
    values, units = [value], [unit]
    while draft.passage.word(stop - 1) in _SPANS:  # two hours and five minutes
        following = stop + 1 if draft.passage.word(stop) == "and" else stop
        if not (draft.passage.joins(stop) and draft.passage.joins(following)):
            break
        more = _quantity(draft, following)
        if more is None or draft.passage.word(more[2] - 1) not in _SPANS:
            break
        values.append(more[0])
        units.append(more[1])
        stop = more[2]
    word = draft.passage.word(place)
    draft.add(
        ClaimKind.NUMBER,
        tuple(values),
        place,
        stop,
        units=tuple(units),
        counts=word not in numbers.LOOSE and (word != "one" or unit != ""),
        extends=(_signs_before(draft.passage, place), _sign_after(draft.passage, stop)),
    )
    return stop


def _quantity(draft: _Draft, place: int) -> tuple[str, str, int] | None:
    """Return a number, its unit and the place after both, and note the form of its words."""
    passage = draft.passage
    number = numbers.read(passage, place)
    if number is None:
        return None
    amount, after = number
    signs = _signs_before(passage, place)
    start = passage.words[place].start
    before = passage.text[start - signs : start]
    if _MINUS & set(before) or passage.word(place - 1) == "minus":
        amount = -amount
    value = _plain(amount)
    unit, stop = _unit(passage, after)
    unit = next((sign for sign in before if sign in _CURRENCIES), unit)
    draft.forms |= dict.fromkeys(range(place, after), ())
    draft.forms[place] = (value, unit) if unit in _MEASURES.values() else (value,)
    if stop > after and unit in _MEASURES.values():
        draft.forms |= dict.fromkeys(range(after, stop), ())
    draft.counted.update(range(after, stop))
    return value, unit, stop


def _plain(amount: Decimal) -> str:
    return f"{amount:f}".rstrip("0").rstrip(".") if "." in f"{amount:f}" else f"{amount:f}"


def _unit(passage: Passage, place: int) -> tuple[str, int]:
    """Return the sign or the stem of what is counted, and the place after it; "" for nothing."""
    if _sign_after(passage, place):
        return _MEASURES[passage.after(place - 1).lstrip(" \u00a0\u202f")[0]], place
    if not passage.joins(place):
        return "", place
    if passage.word(place) == "per" and passage.word(place + 1) == "cent":
        return "%", place + 2
    word, token = passage.word(place), passage.words[place].token
    if word in _MEASURES:
        return _MEASURES[word], place + 1
    is_number = numbers.value(passage, place) is not None and word != "second"
    if token.capital or not token.content or is_number:
        return "", place
    return token.stem, place + 1


def _sign_after(passage: Passage, place: int) -> int:
    """Return how many characters behind the last word a sign such as "%" ends; 0 for none."""
    after = passage.after(place - 1)
    bare = after.lstrip(" \u00a0\u202f")
    return len(after) - len(bare) + 1 if bare[:1] in ("%", "‰", "°") else 0


def _signs_before(passage: Passage, place: int) -> int:
    """Return how many characters before a number are its sign or its currency: `-$5`."""
    start = passage.words[place].start
    earliest = passage.words[place - 1].stop if place else 0
    first = start
    while first > earliest and passage.text[first - 1] in _CURRENCIES | _MINUS:
        first -= 1
    joined = first > 0 and passage.text[first - 1].isalnum()  # "two-2": a hyphen, no minus
    return 0 if joined else start - first


def _capitalised(draft: _Draft, held: set[int]) -> Iterator[tuple[int, int]]:
    """Yield the runs of capitalised words that may be names, but for those of the lexicon."""
    passage, place = draft.passage, 0
    while place < len(passage):
        start = place
        while place < len(passage) and (place == start or passage.joins(place)):
            if not _is_capitalised(draft, place, held):
                break
            place += 1
        while start < place and not passage.words[start].token.content:
            start += 1
        if start < place:
            yield start, place
        place = max(place, start + 1)


def _is_capitalised(draft: _Draft, place: int, held: set[int]) -> bool:
    token = draft.passage.words[place].token
    is_taken = place in held or place in draft.claimed or token.word in COURTESY_TITLES
    return token.capital and not is_taken and (token.content or not draft.passage.opens(place))


def _measured(value: str, unit: str) -> str:
    if unit in _CURRENCIES:
        return f"{unit}{value}"
    return f"{value}{unit}" if unit in _MEASURES.values() else value
