"""Documents that say much the same as a text, whatever either is asked about."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.search.comparison.comparison import Comparison
from bot.search.comparison.reading import reader
from bot.search.index.fact_index import FactIndex
from bot.search.verdict import Document

MUCH: Final = 0.6
"""The share of common words from which two texts are shown to an editor as similar. On the bundled
story's article it finds the facts that were written from a sentence, and few others."""

DOCUMENTS_COMPARED: Final = 20
"""Of those that the index finds for a text, the best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """A document, and how much a text has in common with it."""

    document: Document
    share: float  # of words, 0..1


def largest_overlaps(index: FactIndex, texts: Iterable[str]) -> tuple[Overlap | None, ...]:
    """Return for each text the document that shares most with it; None where none shares much.

    CPU work, some milliseconds a text.
    """
    return tuple(_largest(index, text) for text in texts)


def _largest(index: FactIndex, text: str) -> Overlap | None:
    retrieved = index.find(text)
    if retrieved is None:
        return None
    read = reader().read
    overlaps = [
        Overlap(document=document, share=Comparison(read(text), read(document.text)).overlap)
        for document in (
            index.documents[place] for place in retrieved.places[:DOCUMENTS_COMPARED].tolist()
        )
    ]
    best = max(overlaps, key=lambda each: each.share, default=None)
    return best if best is not None and best.share >= MUCH else None
