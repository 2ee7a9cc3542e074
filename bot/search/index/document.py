"""One document, analysed: its texts as term numbers, and what its text holds."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.search.evidence.columns import KINDS
from bot.search.index.vocabulary import Vocabulary
from bot.search.language.analyzer import Analyzer, Token, is_negated
from bot.search.language.lexicon import CompiledLexicon, Mention
from bot.search.language.question_kind import Kind, kind_of
from bot.search.language.typed_content import Holds, carries, tags
from bot.search.verdict import Document

FEWEST_WAYS: Final = 2
"""Ways of asking from which they tell what kinds of question a document answers."""

_PLACE: Final = {kind: place for place, kind in enumerate(Kind)}

_ANY_KIND: Final = np.full(len(KINDS), 0.3, np.float32)
"""Stands for the kinds of a document that few ask: shared, since there may be many."""

_HOLDS_OF_KIND = {
    "person": Holds.PERSON | Holds.NAME,
    "place": Holds.PLACE | Holds.NAME,
    "body": Holds.BODY | Holds.NAME,
    "event": 0,
    "thing": 0,
}

_LEANING = re.compile(
    r"(?:However, |Also, |In addition, |For example, )?"
    r"(?i:It|He|She|They|This|These|That|Those|Its|His|Her|Their|Such|Another|Other|Both|One)\b"
)


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """The texts of a document in a row: first its text, then its question and phrasings."""

    terms: NDArray[np.int32]  # all texts, content words and names only
    starts: NDArray[np.int32]  # where each text begins in `terms`
    holds: NDArray[np.uint8]  # of each term of the first text
    running: NDArray[np.int32]  # every word of the first text in order, stop words included
    carries: int
    pooled: NDArray[np.float16]  # the weighted mean of the first text's word vectors, unit length
    leans: bool  # begins with a pronoun or the like, so its neighbours say whom it is about
    unknown: bool  # a known unknown
    negated: NDArray[np.bool_]  # by text: it says "not"
    way_kinds: NDArray[np.int8]  # by text: the kind of question, as its place in `Kind`
    kinds: NDArray[np.float32]  # which share of its ways of asking is of each kind, as `KINDS`

    @property
    def text(self) -> NDArray[np.int32]:
        """The terms of the document's text."""
        return self.terms[: self.starts[1]] if len(self.starts) > 1 else self.terms

    @property
    def asked(self) -> NDArray[np.int32]:
        """The terms of its question and phrasings."""
        return self.terms[self.starts[1] :] if len(self.starts) > 1 else self.terms[:0]


def analyse(
    document: Document, analyzer: Analyzer, vocabulary: Vocabulary, lexicon: CompiledLexicon
) -> IndexedDocument:
    """Return the document as term numbers; new terms are added to the vocabulary.

    A text without any content word stands as one empty term, so that every text has a place.
    """
    terms: list[int] = []
    starts: list[int] = []
    holds: list[int] = []
    running: list[int] = []
    asked = () if document.question is None else (document.question,)
    kinds: list[Kind] = []
    negated: list[bool] = []
    for position, text in enumerate((document.text, *asked, *document.phrasings)):
        starts.append(len(terms))
        tokens = analyzer.tokens(text)
        held = tags(tokens) if position == 0 else [0] * len(tokens)
        numbers, of_numbers = _numbered(tokens, held, vocabulary, lexicon)
        terms += numbers or [vocabulary.add("", "")]
        negated.append(is_negated(tokens))
        for place, token in enumerate(tokens):
            if place and token.content:
                vocabulary.seen(token.stem, capital=token.capital)
        if position == 0:
            holds = of_numbers or [0]
            running = [vocabulary.add(token.stem, token.word) for token in tokens] or [0]
        else:
            kinds.append(kind_of(tokens))
    return IndexedDocument(
        np.array(terms, np.int32),
        np.array(starts, np.int32),
        np.array(holds, np.uint8),
        np.array(running, np.int32),
        carries(document.text),
        _pooled(terms[: starts[1]] if len(starts) > 1 else terms, vocabulary),
        bool(_LEANING.match(document.text)),
        document.unknown,
        np.array(negated, np.bool_),
        np.array([_PLACE[kind] for kind in (Kind.OPEN, *kinds)], np.int8),
        _shares(kinds),
    )


def _shares(kinds: list[Kind]) -> NDArray[np.float32]:
    if len(kinds) < FEWEST_WAYS:
        return _ANY_KIND
    counts = Counter(kinds)
    return np.array([counts[kind] / len(kinds) for kind in KINDS], np.float32)


def _pooled(terms: list[int], vocabulary: Vocabulary) -> NDArray[np.float16]:
    numbers = np.array(terms, np.int64)
    mean = vocabulary.weights(numbers) @ vocabulary.meanings(numbers)
    return (mean / max(float(np.linalg.norm(mean)), 1e-6)).astype(np.float16)


def _numbered(
    tokens: list[Token], held: list[int], vocabulary: Vocabulary, lexicon: CompiledLexicon
) -> tuple[list[int], list[int]]:
    """Return the term numbers of a text, its names added where they end, and what each holds."""
    ends: dict[int, list[Mention]] = {}
    for mention in lexicon.mentions(tokens):
        ends.setdefault(mention.stop - 1, []).append(mention)
    numbers: list[int] = []
    holds: list[int] = []
    for place, token in enumerate(tokens):
        if token.content:
            numbers.append(vocabulary.add(token.stem, token.word))
            holds.append(held[place])
        for mention in ends.get(place, ()):
            surface = mention.concept.rsplit(" ", 1)[-1].lstrip("@")
            numbers.append(vocabulary.add(mention.concept, surface))
            holds.append(_HOLDS_OF_KIND[mention.kind])
    return numbers, holds
