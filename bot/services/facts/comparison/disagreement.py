"""Facts that answer one question differently: a reader gets both, each with its source. Pure."""

from collections.abc import Iterable

from bot.search.comparison.disagreement import disagree
from db.records import Fact, Status


def rivals(fact: Fact, others: Iterable[Fact]) -> list[Fact]:
    """Return those of `others` that answer the question of `fact` otherwise, in their order.

    What says why there is no answer answers nothing.
    """
    asked = (fact.question, fact.text)
    return [
        other
        for other in others
        if other.id != fact.id
        and not (_is_silent(fact) or _is_silent(other))
        and disagree(asked, (other.question, other.text))
    ]


def _is_silent(fact: Fact) -> bool:
    return fact.status.is_gap or fact.status is Status.WITHDRAWN
