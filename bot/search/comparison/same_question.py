"""Whether two people ask the same: for grouping questions that wait for one answer.

Grouping wrongly sends somebody the answer to another question, so it is done only where both
wordings account for each other; two questions too many cost an editor one more tap.
"""

from collections.abc import Iterable, Set
from typing import Final

from bot.search.comparison.comparison import Comparison
from bot.search.comparison.reading import reader
from bot.search.index.fact_index import FactIndex
from bot.search.index.query import Query
from bot.search.language.question_kind import Kind
from bot.search.verdict import Candidate, Document

CONFIDENT: Final = 0.5
"""Probability from which one wording finds the other."""

CLOSE: Final = 0.75
"""Share of one wording's words that the other must hold; from pairs that differ in one word."""

_FIT: Final = "asked_fit"
_LOOSE: Final = (Kind.OPEN, Kind.WHAT, Kind.YES_NO, Kind.QUOTE)
"""Kinds that the same question may have in other words; the rest ask for different things."""

_NEW: Final = -1


def same_question(index: FactIndex, question: str) -> int | None:
    """Return the document whose question or phrasings ask the same as `question`; None for none.

    The documents of `index` are questions: each holds the first wording and the others as
    phrasings. CPU work of some ten milliseconds.
    """
    asked = index.query(question)
    candidates = index.ask(question).candidates
    for candidate in candidates:
        document = candidate.document
        ways = [index.query(way) for way in _ways(document)]
        agreeing = [way for way in ways if _agree(way, asked)]
        if any(_have_same_words(way, asked) for way in agreeing):
            return document.id
        if not agreeing or not _finds(candidate):
            continue
        near = {each.document.id for each in candidates} - {document.id}
        turned = _turned(index, question, near)
        if any(_finds_new(turned, way) for way in agreeing):
            return document.id
    return None


def _turned(index: FactIndex, question: str, near: Set[int]) -> FactIndex:
    """Return an index to find `question` in, among the documents that come near it."""
    return index.updated(
        [Document(id=_NEW, text=question, question=question)],
        removed=[each.id for each in index.documents if each.id not in near],
        revision=index.revision,
    )


def _ways(document: Document) -> Iterable[str]:
    return dict.fromkeys((document.question or document.text, *document.phrasings))


def _agree(one: Query, other: Query) -> bool:
    """Return whether what may not differ is the same: kind, "not", numbers, dates, names."""
    kinds = {one.kind, other.kind}
    if len(kinds) > 1 and not kinds.issubset(_LOOSE):
        return False
    return (
        one.negated == other.negated
        and _compared(one, other).have_same_figures
        and _names(one) == _names(other)
    )


def _compared(one: Query, other: Query) -> Comparison:
    read = reader().read
    return Comparison(read(one.text), read(other.text))


def _names(query: Query) -> list[str]:
    """Return the names in order: who did it to whom is another question the other way round."""
    return [term.word for term in query.terms if term.concept is not None]


def _have_same_words(one: Query, other: Query) -> bool:
    """Return whether the words that count are the same, as typed or with their slips repaired."""
    compared = _compared(one, other)
    return compared.one.words == compared.other.words or _content(one) == _content(other)


def _content(query: Query) -> list[str]:
    return [token.stem for token in query.tokens if token.content]


def _finds_new(index: FactIndex, way: Query) -> bool:
    candidates = index.ask(way.text).candidates
    return any(each.document.id == _NEW and _finds(each) for each in candidates)


def _finds(candidate: Candidate) -> bool:
    return candidate.confidence >= CONFIDENT and candidate.evidence[_FIT] >= CLOSE
