"""Whether a draft says what a fact of the story says already, or the contrary. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.search import Outcome, Verdict
from bot.search.comparison.similarity import Likeness, Particular, differing, likeness
from bot.services.answers import composition
from bot.services.answers.index_cache import Snapshot
from db.records import Fact, FactDraft

__all__ = ["NearDuplicate", "Particular", "twins"]

SAME_QUESTION: Final = 0.9
SAME_TEXT: Final = 0.85
"""How alike questions, or texts, must be to be taken for the same; 1 is the same words."""

NEAR_TEXT: Final = 0.6
"""How alike texts must be for a difference between them to mean anything."""

SURE: Final = 0.8
"""The confidence from which the answer to a draft's question counts as a fact about the same."""

SHOWN: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class NearDuplicate:
    """A fact that answers a draft's question, or says nearly the same."""

    fact: Fact
    differs: tuple[Particular, ...]  # in which they contradict each other; empty: in none


def twins(
    draft: FactDraft, indexed: Snapshot, *, but: Iterable[int] = ()
) -> tuple[NearDuplicate, ...]:
    """Return the facts that resemble `draft`, the likest first, at most two, none of `but`.

    CPU work of some milliseconds a hundred phrasings: call it off the event loop.
    """
    asked = indexed.index.ask(composition.bounded(draft.question or ""))
    said = indexed.index.ask(composition.bounded(draft.text))
    near = {each.document.id for each in (*asked.candidates, *said.candidates)}
    compared = _Compared(draft, indexed, asked)
    ranked = [
        (alike, fact)
        for number in sorted(near - set(but))
        if (fact := indexed.facts.get(number)) and (alike := compared.alike(fact)) > 0
    ]
    ranked.sort(key=lambda each: -each[0])
    return tuple(
        NearDuplicate(fact=fact, differs=compared.differs(fact)) for _, fact in ranked[:SHOWN]
    )


class _Compared:
    """One draft held against facts."""

    def __init__(self, draft: FactDraft, indexed: Snapshot, asked: Verdict) -> None:
        names = indexed.story.lexicon.names
        self._likeness = Likeness([alias for name in names for alias in (name.name, *name.also)])
        self._text = self._likeness.gist(draft.text)
        self._question = self._likeness.gist(draft.question or "")
        told = asked.told if asked.outcome in (Outcome.ANSWER, Outcome.UNKNOWN) else ()
        self._told = {each.document.id: each.confidence for each in told}

    def alike(self, fact: Fact) -> float:
        """Return how alike they are, 0 for not enough to speak of."""
        text, asked = self._texts(fact), self._questions(fact)
        if text >= SAME_TEXT or asked >= SAME_QUESTION:
            return max(text, asked)
        sure = self._told.get(fact.id, 0.0)
        return sure / 2 if sure >= SURE else 0.0  # after those that are alike in words

    def differs(self, fact: Fact) -> tuple[Particular, ...]:
        """Return the particulars in which they contradict each other."""
        if self._texts(fact) < NEAR_TEXT and self._questions(fact) < SAME_QUESTION:
            return ()  # two statements about different things differ in everything
        return differing(self._text, self._likeness.gist(fact.text))

    def _texts(self, fact: Fact) -> float:
        return likeness(self._text, self._likeness.gist(fact.text))

    def _questions(self, fact: Fact) -> float:
        return max((self._asks(each) for each in (fact.question, *fact.phrasings)), default=0.0)

    def _asks(self, question: str | None) -> float:
        if not question:
            return 0.0
        other = self._likeness.gist(question)
        # "When did A speak?" is not "When did B speak?".
        return 0.0 if differing(self._question, other) else likeness(self._question, other)
