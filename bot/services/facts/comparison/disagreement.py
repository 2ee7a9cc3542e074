"""Facts that answer one question differently: a reader gets both, each with its source. Pure."""

from collections.abc import Iterable

from bot.search.comparison.disagreement import disagree
from db.records import Fact


def rivals(fact: Fact, others: Iterable[Fact]) -> list[Fact]:
    """Return those of `others` that answer the question of `fact` otherwise, in their order.

    What says why there is no answer answers nothing.
    """
    asked = (fact.question, fact.text)
    return [
        other
        for other in others
        if other.id != fact.id
        and fact.status.is_answer
        and other.status.is_answer
        and disagree(asked, (other.question, other.text))
    ]
