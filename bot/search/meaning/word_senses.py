"""Word senses: which English words mean the same, and which exclude one another.

Two words may be the same in one sense and exclude each other in another. So each sense weighs as
much as its share of the word's uses, and the pair of senses that weighs most decides. What WordNet
knows of the senses is in `wordnet`, and credited in `data/NOTICE.md`.
"""

import enum
import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.search.meaning import wordnet
from bot.search.meaning.wordnet import Link, WordNet


class Relation(enum.IntEnum):
    """How two words stand to each other."""

    NONE = 0  # nothing is known
    SAME = 1  # they mean the same, or are forms of one word: "hurt", "injured"
    NEAR = 2  # one is a kind of the other, or brings it about: "ship", "vessel"; "kill", "die"
    APART = 3  # opposites, or two kinds of one thing: "open", "closed"; "bus", "train"


PART_POWER: Final = 0.5
"""How far a word's commoner parts of speech outweigh the others: 0 not at all, 1 in full."""

FORM: Final = 0.9
"""What the step to another part of speech leaves of a sense's weight."""

STEP: Final = 0.6
"""What a step to a near sense, or up to a wider one, leaves."""

NEAR_HEIGHTS: Final = (5, 2, 0, 0)
"""So many steps up a sense of each part of speech is near to what it is a kind of."""

APART_HEIGHTS: Final = (3, 1, 0, 0)
"""So many steps up two kinds of one thing may meet. Verbs have few kinds, each of many."""

NEAR_BREADTH: Final = 5_000
"""Synsets; what takes in more is near to nothing: everything is a thing or an event."""

APART_BREADTH: Final = 750
"""Synsets; two kinds of what takes in more need not exclude each other."""

LEAST: Final = 0.02
"""A pair that weighs less is of senses too rare to be meant."""

REMEMBERED: Final = 4_096
"""Words whose profiles are kept: about two megabytes when full."""


class _Space(enum.IntEnum):
    """What a key of a profile says of its synset, or of its word."""

    MEANT = 0
    LEADS = 1  # what is meant is near to it
    ABOVE = 2  # what is meant is a kind of it
    OPPOSED = 3
    WORD = 4


_RULES: Final = (
    (Relation.SAME, _Space.MEANT, _Space.MEANT),
    (Relation.SAME, _Space.WORD, _Space.WORD),
    (Relation.NEAR, _Space.LEADS, _Space.MEANT),
    (Relation.NEAR, _Space.MEANT, _Space.LEADS),
    (Relation.APART, _Space.OPPOSED, _Space.MEANT),
    (Relation.APART, _Space.MEANT, _Space.OPPOSED),
    (Relation.APART, _Space.ABOVE, _Space.ABOVE),
)
"""Two words are so related where one has in the first space what the other has in the second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Profiles:
    """What words are compared by: keys, each a synset or a word in a space, and their weights."""

    keys: NDArray[np.int32]
    weights: NDArray[np.float32]
    owners: NDArray[np.intp]  # which of the words has the key


class Senses:
    """The senses of words, compared.

    Words are given as the analyzer leaves them: lower case, accents stripped. Plurals, forms of
    verbs, and comparatives stand for their words. A word that is not known stands in no relation,
    to itself neither.
    """

    def __init__(self, source: WordNet) -> None:
        """Take the words and their senses."""
        self._source = source
        self._remembered = functools.lru_cache(maxsize=REMEMBERED)(self._profile)

    def known(self, word: str) -> bool:
        """Whether the word, or one that it is a form of, has senses."""
        return bool(self._source.lemmas(word))

    def relation(self, word: str, other: str) -> Relation:
        """How two words stand to each other, in whichever order."""
        return Relation(int(self.relations([word], [other])[0, 0]))

    def relations(self, words: Sequence[str], others: Sequence[str]) -> NDArray[np.int8]:
        """How each of the words stands to each of the others: (len(words), len(others)).

        The values are those of `Relation`. Ten words and two hundred take about half a millisecond
        when they were met before, and each that was not takes a fifth of one more.
        """
        weights = self._weights(words, others)
        weights[:, Relation.NONE] = LEAST
        relations: NDArray[np.int8] = weights.argmax(axis=1).astype(np.int8)
        return relations

    def _weights(self, words: Sequence[str], others: Sequence[str]) -> NDArray[np.float32]:
        """What the weightiest pair of senses weighs: (len(words), relations, len(others))."""
        ours, theirs = self._profiles(words), self._profiles(others)
        spaces, values = np.divmod(ours.keys, self._source.size)
        # The keys that somebody must have to be related to us, by what, and how much it weighs.
        chosen = [(*rule, np.flatnonzero(spaces == rule[1])) for rule in _RULES]
        rows = np.concatenate([where for _, _, _, where in chosen])
        relations = np.repeat(
            np.array([relation for relation, _, _, _ in chosen], dtype=np.intp),
            np.array([len(where) for _, _, _, where in chosen]),
        )
        keys, columns = np.unique(
            np.concatenate([values[at] + space * self._source.size for _, _, space, at in chosen]),
            return_inverse=True,
        )
        worth = np.zeros((len(words), len(Relation), len(keys)), dtype=np.float32)
        np.maximum.at(worth, (ours.owners[rows], relations, columns), ours.weights[rows])
        places = np.searchsorted(keys, theirs.keys)
        met = np.flatnonzero(np.append(keys, -1)[places] == theirs.keys)
        weights = np.zeros((len(words), len(Relation), len(others)), dtype=np.float32)
        if met.size:
            products = worth[:, :, places[met]] * theirs.weights[met]
            owners = theirs.owners[met]
            firsts = np.flatnonzero(np.diff(owners, prepend=-1))
            weights[:, :, owners[firsts]] = np.maximum.reduceat(products, firsts, axis=2)
        return weights

    def _profiles(self, words: Sequence[str]) -> _Profiles:
        """The profiles of many words in one."""
        found = [self._remembered(word) for word in words]
        lengths = np.array([len(keys) for keys, _ in found], dtype=np.intp)
        return _Profiles(
            keys=np.concatenate([np.zeros(0, dtype=np.int32), *(keys for keys, _ in found)]),
            weights=np.concatenate([np.zeros(0, dtype=np.float32), *(each for _, each in found)]),
            owners=np.repeat(np.arange(len(words)), lengths),
        )

    def _profile(self, word: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The word's keys, and how much each weighs."""
        own, lemmas = self._shares(word)
        meant = _heaviest([*own.items(), *self._linked(own, Link.FORM, FORM)])
        near = self._linked(meant, Link.NEAR, STEP)
        above = self._above(own, APART_HEIGHTS, APART_BREADTH)
        # What is similar to hot, or a way of arriving, is opposed to what is opposed to that.
        wide = _heaviest([*meant.items(), *near, *self._above(meant, APART_HEIGHTS, APART_BREADTH)])
        spaces = {
            _Space.MEANT: meant,
            _Space.LEADS: _heaviest([*near, *self._above(own, NEAR_HEIGHTS, NEAR_BREADTH)]),
            _Space.ABOVE: _heaviest(above),
            _Space.OPPOSED: _heaviest(self._linked(wide, Link.OPPOSITE, 1)),
            _Space.WORD: lemmas,
        }
        kept = {
            space * self._source.size + value: weight
            for space, values in spaces.items()
            for value, weight in values.items()
            if weight >= LEAST  # Any other has no part in a relation.
        }
        return (
            np.array(list(kept), dtype=np.int32),
            np.array(list(kept.values()), dtype=np.float32),
        )

    def _shares(self, word: str) -> tuple[dict[int, float], dict[int, float]]:
        """The word's uses, shared out to the synsets, and to the words that it is a form of."""
        by_part: dict[int, dict[int, float]] = {}
        by_lemma: dict[int, float] = {}
        for lemma, part in sorted(self._source.lemmas(word)):
            for synset, uses in self._source.uses(lemma, part):
                of_part = by_part.setdefault(part, {})
                of_part[synset] = of_part.get(synset, 0.0) + uses
                by_lemma[lemma] = by_lemma.get(lemma, 0.0) + uses
        totals = {part: sum(uses.values()) for part, uses in by_part.items()}
        whole = sum(totals.values())
        synsets = {
            synset: count / totals[part] * (totals[part] / whole) ** PART_POWER
            for part, uses in by_part.items()
            for synset, count in uses.items()
        }
        return synsets, {lemma: uses / whole for lemma, uses in by_lemma.items()}

    def _linked(
        self, synsets: Mapping[int, float], kind: Link, worth: float
    ) -> list[tuple[int, float]]:
        """What the synsets' links of a kind lead to, and what is left of their weight."""
        return [
            (target, weight * worth)
            for synset, weight in synsets.items()
            for target in self._source.linked(synset, kind)
        ]

    def _above(
        self, synsets: Mapping[int, float], heights: Sequence[int], breadth: int
    ) -> list[tuple[int, float]]:
        """What the synsets are kinds of, so many steps up, unless it is too broad."""
        found: list[tuple[int, float]] = []
        for synset, weight in synsets.items():
            reached = {synset: weight}
            for _ in range(heights[self._source.part(synset)]):
                reached = _heaviest(self._linked(reached, Link.KIND, STEP))
                found += reached.items()
        return [(each, weight) for each, weight in found if self._source.breadth(each) <= breadth]


def _heaviest(weighed: Iterable[tuple[int, float]]) -> dict[int, float]:
    """Each synset once, with the largest of its weights."""
    found: dict[int, float] = {}
    for synset, weight in weighed:
        found[synset] = max(weight, found.get(synset, 0.0))
    return found


@functools.cache
def load() -> Senses:
    """The senses that are delivered with the package, read once."""
    return Senses(wordnet.load())
