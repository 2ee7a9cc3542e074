"""What two texts share and where they differ.

Callers say what they ask of it, with their own thresholds: do two questions ask the same
(`same_question`, `disagreement`), does a draft repeat or contradict a fact (`near_duplicates`),
does a sentence say much the same (`overlap`), which claims does a new wording change.
"""

from collections import Counter
from collections.abc import Iterable, Set
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from bot.search.comparison import dates
from bot.search.comparison.reading import Claim, ClaimKind, Reading

FEWEST_WORDS: Final = 3
"""Texts with fewer words besides their claims are too short to be called similar by them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedClaim:
    """One thing that a new wording says otherwise; empty words where it says nothing of it."""

    kind: ClaimKind
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two texts, as they were read."""

    one: Reading
    other: Reading

    @property
    def similarity(self) -> float:
        """Return how similar they are, 0 to 1, letter by letter in any order of their words.

        Texts that differ in their claims alone are as similar as the words around those.
        """
        if not self.one.words or not self.other.words:
            return 0.0
        whole = _ratio(self.one.words, self.other.words)
        if min(len(self.one.bare), len(self.other.bare)) < FEWEST_WORDS:
            return whole
        return max(whole, _ratio(self.one.bare, self.other.bare))

    @property
    def overlap(self) -> float:
        """Return the share of words they have in common, 0 to 1 (Dice's coefficient)."""
        one, other = set(self.one.words), set(self.other.words)
        return 2 * len(one & other) / max(len(one) + len(other), 1)

    @property
    def contradictions(self) -> tuple[ClaimKind, ...]:
        """Return the kinds of claims in which each has one that the other lacks.

        Means something of texts about the same thing alone: all others differ in everything.
        """
        one, other = _Statements.of(self.one), _Statements.of(self.other)
        apart = [
            (ClaimKind.NUMBER, _are_apart(one.numbers, other.numbers)),
            (ClaimKind.NAME, _are_apart(one.names, other.names)),
            (
                ClaimKind.DATE,
                _are_apart(one.days, other.days) or _are_apart(one.times, other.times),
            ),
            (ClaimKind.NEGATION, one.is_negated != other.is_negated),
        ]
        return tuple(kind for kind, is_apart in apart if is_apart)

    @property
    def have_same_figures(self) -> bool:
        """Return whether both name the same numbers, days and times, and no others."""
        return _figures(self.one) == _figures(self.other)

    @property
    def changed_claims(self) -> tuple[ChangedClaim, ...]:
        """Return what the second says otherwise than the first, in numbers, names, dates and "not".

        The test is strict: it would rather take an innocent rewording for a change than let a
        change pass as a wording.
        """
        one, other = self.one, self.other
        changes = (
            _changed(ClaimKind.NUMBER, _measured(one), _measured(other)) or self._exchanged(),
            _changed(ClaimKind.NAME, set(_names(one, other)), set(_names(other, one)))
            or self._reordered(),
            _changed(ClaimKind.DATE, set(_dates(one)), set(_dates(other))),
            _changed(ClaimKind.NEGATION, _negations(one), _negations(other)),
        )
        return tuple(each for each in changes if each is not None)

    def _exchanged(self) -> ChangedClaim | None:
        """Return what is counted by another number now, though the numbers are the same."""
        after = _counted(self.other)
        for unit, number in _counted(self.one).items():
            now = after.get(unit, number)
            if now != number:
                was, now = f"{number} {unit}", f"{now} {unit}"
                return ChangedClaim(kind=ClaimKind.NUMBER, was=was, now=now)
        return None

    def _reordered(self) -> ChangedClaim | None:
        """Return the names where they changed places: who did it to whom may have changed."""
        was, now = _ordered_names(self.one), _ordered_names(self.other)
        if was == now or set(was) != set(now):
            return None
        return ChangedClaim(kind=ClaimKind.NAME, was=", ".join(was), now=", ".join(now))


@dataclass(frozen=True, slots=True)
class _Statements:
    """The claims of a text by kind, each once."""

    numbers: frozenset[str]
    names: frozenset[str]
    days: frozenset[str]
    times: frozenset[str]
    is_negated: bool

    @classmethod
    def of(cls, reading: Reading) -> "_Statements":
        of_dates = reading.of_kind(ClaimKind.DATE)
        days = [claim.values[0] for claim in of_dates if not claim.is_time]
        # "In May" contradicts no day in May.
        months = [month for day in days if (month := dates.month_of(day)) is not None]
        return cls(
            numbers=frozenset(_measured(reading)),
            names=frozenset(_sure_names(reading)),
            days=frozenset((*days, *months)),
            times=frozenset(claim.values[0] for claim in of_dates if claim.is_time),
            is_negated=bool(reading.of_kind(ClaimKind.NEGATION)),
        )


def _ratio(one: Iterable[str], other: Iterable[str]) -> float:
    return fuzz.token_sort_ratio(" ".join(one), " ".join(other)) / 100


def _are_apart(one: Set[str], other: Set[str]) -> bool:
    return bool(one - other) and bool(other - one)


def _figures(reading: Reading) -> set[str]:
    """Return the numbers that count something, and the days and times."""
    return {value for claim in reading.claims for value in _figures_of(claim)}


def _figures_of(claim: Claim) -> Iterable[str]:
    if claim.kind is ClaimKind.NUMBER:
        return claim.measured if claim.counts else ()
    if claim.kind is ClaimKind.DATE:
        is_part = claim.is_relative and claim.values[0] not in dates.RELATIVE_DAYS
        return () if is_part else claim.values
    return ()


def _measured(reading: Reading) -> list[str]:
    return [each for claim in reading.of_kind(ClaimKind.NUMBER) for each in claim.measured]


def _dates(reading: Reading) -> list[str]:
    return [claim.values[0] for claim in reading.of_kind(ClaimKind.DATE)]


def _negations(reading: Reading) -> list[str]:
    return [claim.values[0] for claim in reading.of_kind(ClaimKind.NEGATION)]


def _counted(reading: Reading) -> dict[str, str]:
    """Return the number of each thing that is counted, by its unit: of several the first."""
    counted: dict[str, str] = {}
    for claim in reading.of_kind(ClaimKind.NUMBER):
        for value, unit in zip(claim.values, claim.units, strict=True):
            if unit:
                counted.setdefault(unit, value)
    return counted


def _sure_names(reading: Reading) -> list[str]:
    return [word for claim in reading.of_kind(ClaimKind.NAME) for word in claim.sure_words]


def _ordered_names(reading: Reading) -> list[str]:
    return list(dict.fromkeys(_sure_names(reading)))


def _names(one: Reading, other: Reading) -> list[str]:
    """Return the names in `one`; a word that begins a sentence is one if the other lacks it."""
    openers = [claim.values[0] for claim in one.of_kind(ClaimKind.NAME) if claim.opens]
    gone = [word for word in openers if word not in other.vocabulary]
    named = _sure_names(other)
    return [*_ordered_names(one), *gone, *(word for word in openers if word in named)]


def _changed(kind: ClaimKind, was: Iterable[str], now: Iterable[str]) -> ChangedClaim | None:
    before, after = Counter(was), Counter(now)
    gone, come = before - after, after - before
    if not gone and not come:
        return None
    return ChangedClaim(kind=kind, was=_listed(gone), now=_listed(come))


def _listed(claims: Counter[str]) -> str:
    return ", ".join(claims.elements())
