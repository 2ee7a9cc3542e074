"""Which question has to stand above a text, so that the text cannot be mistaken. Pure."""

from typing import Final

from bot.search.language import ellipsis
from db.records import Fact, FactVersion

FEW_WAYS: Final = 3
"""Other ways of asking below which the search may take one question for another."""


def question_of_answer(fact: Fact) -> str | None:
    """Return the question that stands above a fact which is told in answer to a reader's.

    That is the one on which its text leans. Where a fact is asked for in few ways, it is its
    question in any case: then readers see whether it is theirs.
    """
    if not fact.status.is_gap and len(fact.phrasings) < FEW_WAYS:
        return fact.question
    return question_above(fact)


def question_above(fact: Fact | FactVersion) -> str | None:
    """Return the question on which the text of a fact leans; None where it stands by itself.

    What says why there is no answer stands below a sentence of its own, so it need only name what
    it is about.
    """
    if not fact.question:
        return None
    leans = ellipsis.leaves_out if fact.status.is_gap else ellipsis.leans
    return fact.question if leans(fact.text, fact.question) else None
