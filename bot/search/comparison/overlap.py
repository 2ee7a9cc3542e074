"""Texts that say much the same as a document, whatever either is asked about."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.search.index.fact_index import FactIndex
from bot.search.language.analyzer import Analyzer
from bot.search.verdict import Document

MUCH: Final = 0.6
"""The share of common words from which two texts are shown to an editor as alike. On the bundled
story's article it finds the facts that were written from a sentence, and few others."""

LOOKED_AT: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """A document, and how much a text has in common with it."""

    document: Document
    share: float  # of words, 0..1: twice the common ones by all (Dice's coefficient)


def most_alike(index: FactIndex, texts: Iterable[str]) -> tuple[Alike | None, ...]:
    """Return for each text the document most like it; None where none is much like it.

    CPU work, some milliseconds a text.
    """
    analyzer = Analyzer()
    return tuple(_most_alike(index, text, analyzer) for text in texts)


def _most_alike(index: FactIndex, text: str, analyzer: Analyzer) -> Alike | None:
    found = index.find(text)
    if found is None:
        return None
    words = _words(text, analyzer)
    alike = [
        Alike(document=document, share=_share(words, _words(document.text, analyzer)))
        for document in (index.documents[place] for place in found.places[:LOOKED_AT].tolist())
    ]
    best = max(alike, key=lambda each: each.share, default=None)
    return best if best is not None and best.share >= MUCH else None


def _words(text: str, analyzer: Analyzer) -> frozenset[str]:
    return frozenset(token.stem for token in analyzer.tokens(text) if token.content)


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / max(len(one) + len(other), 1)
