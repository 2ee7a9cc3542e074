"""Which question has to stand above a text, so that the text cannot be mistaken. Pure."""

from bot.search import elliptic
from db.records import Fact, FactVersion


def question_above(fact: Fact | FactVersion) -> str | None:
    """Return the question on which the text of a fact leans; None where it stands by itself.

    What says why there is no answer stands below a sentence of its own, so it need only name what
    it is about.
    """
    if not fact.question:
        return None
    leans = elliptic.leaves_out if fact.status.is_gap else elliptic.leans
    return fact.question if leans(fact.text, fact.question) else None
