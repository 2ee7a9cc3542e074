"""Whether a draft says what a fact of the story says already, or the contrary. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.search import Outcome, Verdict
from bot.search.comparison.comparison import Comparison
from bot.search.comparison.disagreement import SAME_QUESTION
from bot.search.comparison.reading import ClaimKind, reader
from bot.services.answers import composition
from bot.services.answers.index_cache import Snapshot, words
from db.records import Fact, FactDraft

__all__ = ["ClaimKind", "NearDuplicate", "near_duplicates"]

SAME_TEXT: Final = 0.85
"""How similar texts must be to be taken for the same; 1 is the same words."""

NEAR_TEXT: Final = 0.6
"""How similar texts must be for a difference between them to mean anything."""

SURE: Final = 0.8
"""The confidence from which the answer to a draft's question counts as a fact about the same."""

SHOWN: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class NearDuplicate:
    """A fact that answers a draft's question, or says nearly the same."""

    fact: Fact
    differs: tuple[ClaimKind, ...]  # in which they contradict each other; empty: in none


def near_duplicates(
    draft: FactDraft, snapshot: Snapshot, *, but: Iterable[int] = ()
) -> tuple[NearDuplicate, ...]:
    """Return the facts that resemble `draft`, the most similar first, at most two, none of `but`.

    CPU work of some milliseconds a hundred phrasings: call it off the event loop.
    """
    asked = snapshot.index.ask(composition.bounded(draft.question or ""))
    said = snapshot.index.ask(composition.bounded(draft.text))
    candidates = {each.document.id for each in (*asked.candidates, *said.candidates)}
    compared = _DraftComparison(draft, snapshot, asked)
    ranked = [
        (similarity, fact)
        for number in sorted(candidates - set(but))
        if (fact := snapshot.facts.get(number)) and (similarity := compared.similarity(fact)) > 0
    ]
    ranked.sort(key=lambda each: -each[0])
    return tuple(
        NearDuplicate(fact=fact, differs=compared.contradictions(fact))
        for _, fact in ranked[:SHOWN]
    )


class _DraftComparison:
    """One draft compared with facts."""

    def __init__(self, draft: FactDraft, snapshot: Snapshot, asked: Verdict) -> None:
        self._read = reader(words(snapshot.story.lexicon)).read
        self._text = self._read(draft.text)
        self._question = self._read(draft.question or "")
        told = asked.told if asked.outcome in (Outcome.ANSWER, Outcome.UNKNOWN) else ()
        self._confidence = {each.document.id: each.confidence for each in told}

    def similarity(self, fact: Fact) -> float:
        """Return how similar they are, 0 for not enough to speak of."""
        text, asked = self._texts(fact).similarity, self._question_similarity(fact)
        if text >= SAME_TEXT or asked >= SAME_QUESTION:
            return max(text, asked)
        confidence = self._confidence.get(fact.id, 0.0)
        return confidence / 2 if confidence >= SURE else 0.0  # after those of similar words

    def contradictions(self, fact: Fact) -> tuple[ClaimKind, ...]:
        """Return the kinds of claims in which they contradict each other."""
        texts = self._texts(fact)
        if texts.similarity < NEAR_TEXT and self._question_similarity(fact) < SAME_QUESTION:
            return ()  # two statements about different things differ in everything
        return texts.contradictions

    def _texts(self, fact: Fact) -> Comparison:
        return Comparison(self._text, self._read(fact.text))

    def _question_similarity(self, fact: Fact) -> float:
        ways = (way for way in (fact.question, *fact.phrasings) if way)
        compared = (Comparison(self._question, self._read(way)) for way in ways)
        # "When did A speak?" is not "When did B speak?".
        return max((each.similarity for each in compared if not each.contradictions), default=0.0)
