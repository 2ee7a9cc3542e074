"""Facts by the thousand: sentences of the bundled story, their words exchanged. Deterministic."""

import itertools
import random
import re
from collections.abc import Iterator
from typing import Final

from bot.search import Document
from bot.search.language.analyzer import STOP_WORDS
from bot.search.meaning import word_vectors
from tests.benchmarks import sets

_TOKEN: Final = re.compile(r"\w+|\W+")
_OPENINGS: Final = (
    "what about the {} and the {}",
    "who {} the {}",
    "when did {} {}",
    "why {} {} {}",
)
KEPT: Final = 0.5
"""The share of content words that stay as they are in a story's sentence."""


def facts(count: int) -> list[Document]:
    """Return `count` facts without question or phrasings."""
    chance = random.Random(20250519)
    patterns = [_TOKEN.findall(each.text) for each in sets.bundled().clean[0].documents]
    words = _vocabulary()
    weights = list(itertools.accumulate(1 / (rank + 100) for rank in range(len(words))))
    return [
        Document(id=number, text=_exchanged(chance.choice(patterns), words, weights, chance))
        for number in range(count)
    ]


def questions(documents: list[Document], count: int) -> Iterator[str]:
    """Yield `count` questions, each with some words of one fact."""
    chance = random.Random(7)
    for _ in range(count):
        words = [
            token
            for token in _TOKEN.findall(chance.choice(documents).text)
            if token.isalpha() and token.lower() not in STOP_WORDS
        ]
        opening = chance.choice(_OPENINGS)
        picked = chance.sample(words, min(len(words), opening.count("{}")))
        yield opening.format(*picked, *["it"] * 3)


def _vocabulary() -> list[str]:
    """Return the whole words of the vector table, shuffled: their rank stands for frequency."""
    table = word_vectors.load()
    words = sorted(word for word in table._rows if word.isalpha() and table.known(word))
    random.Random(1).shuffle(words)
    return words


def _exchanged(
    pattern: list[str], words: list[str], weights: list[float], chance: random.Random
) -> str:
    return "".join(
        token
        if not token.isalpha() or token.lower() in STOP_WORDS or chance.random() < KEPT
        else chance.choices(words, cum_weights=weights)[0]
        for token in pattern
    )
