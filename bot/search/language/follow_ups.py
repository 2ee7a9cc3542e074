"""A question understood from the last one: "and when?", "what about his wife?".

It borrows the words of the question before. What the exchange tells beside them is evidence of its
own: which document was told, which are on its topic or stand next to it, and how near the message
alone is to each.
"""

from typing import TYPE_CHECKING, Final

import numpy as np

from bot.search.evidence.columns import COLUMN
from bot.search.evidence.retrieval import Found
from bot.search.verdict import Context

if TYPE_CHECKING:
    from bot.search.index.fact_index import FactIndex

NEIGHBOURHOOD: Final = 3
"""Documents that stand so near to the one told are next to it: facts come in some order."""


def find(index: "FactIndex", question: str, context: Context) -> Found | None:
    """Return the best documents for a question that leans on the last exchange."""
    places = [place for place in map(index.place_of, context.documents) if place is not None]
    asked = [index.documents[place].question or "" for place in places[:1]]
    found = index.find(question, earlier=[context.question, *asked])
    if found is None:
        return None
    table, rows = found.evidence.table, found.places
    topics = {topic for place in places for topic in index.documents[place].topics}
    of_topic = [bool(topics.intersection(index.documents[place].topics)) for place in rows.tolist()]
    table[:, COLUMN["told_topic"]] = of_topic
    table[:, COLUMN["told_itself"]] = np.isin(rows, places)
    if places:
        distance = np.abs(rows[:, None] - np.array(places)[None, :]).min(axis=1)
        near = (distance > 0) & (distance <= NEIGHBOURHOOD)
        table[:, COLUMN["told_nearby"]] = near / np.maximum(distance, 1)
    alone = index.nearness(question)
    if alone is not None:
        table[:, COLUMN["sentence_alone"]] = alone[:, rows].max(axis=0)
    return found
