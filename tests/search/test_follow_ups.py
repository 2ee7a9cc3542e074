"""A question that leans on the last one: what the exchange tells is evidence."""

import numpy as np
import pytest

from bot.search import Context, Document, FactIndex, SentenceVectors
from bot.search.evidence.columns import COLUMN, TOLD
from bot.search.evidence.retrieval import Found
from bot.search.language import follow_ups as follow
from tests.search import flood

DAM = (
    Document(id=1, question="When did the dam break?", text="At 4 a.m.", topics=("dam",)),
    Document(id=2, question="Who owns the dam?", text="The city.", topics=("dam",)),
    Document(id=3, question="Is the school open?", text="No."),
    Document(id=4, question="Is the library open?", text="Yes."),
    Document(id=5, question="Is the church open?", text="Yes."),
    Document(id=6, question="Why did the dam break?", text="Too much rain.", topics=("dam",)),
)


def column(found: Found, name: str) -> dict[int, float]:
    """Return one column of evidence by the id of the document."""
    values = found.evidence.table[:, COLUMN[name]].tolist()
    return {DAM[place].id: value for place, value in zip(found.places, values, strict=True)}


@pytest.fixture(scope="module")
def found() -> Found:
    index = FactIndex.build(DAM, sentences=SentenceVectors())
    context = Context(question="when did it break", documents=(1,))
    following = follow.find(index, "and why?", context)
    assert following is not None
    return following


def test_what_was_told_is_marked_with_its_topic_and_its_neighbours(found: Found) -> None:
    assert column(found, "told_itself") == {1: 1, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0}
    assert column(found, "told_topic") == {1: 1, 2: 1, 3: 0, 4: 0, 5: 0, 6: 1}
    nearby = column(found, "told_nearby")
    assert nearby == pytest.approx({1: 0, 2: 1, 3: 1 / 2, 4: 1 / 3, 5: 0, 6: 0})


def test_the_message_alone_is_near_what_it_asks() -> None:
    index = FactIndex.build(DAM, sentences=SentenceVectors())
    context = Context(question="when did it break", documents=(1,))
    found = follow.find(index, "and who is the owner of it?", context)
    assert found is not None
    alone = column(found, "sentence_alone")
    assert max(alone, key=lambda number: alone[number]) == 2


def test_without_the_model_the_message_alone_tells_nothing() -> None:
    index = FactIndex.build(DAM)
    context = Context(question="when did it break", documents=(1,))
    found = follow.find(index, "and why?", context)
    assert found is not None
    assert set(column(found, "sentence_alone").values()) == {0.0}


def test_a_question_by_itself_has_none_of_this_evidence() -> None:
    index = FactIndex.build(DAM)
    found = index.find("When did the dam break?")
    assert found is not None
    assert not found.evidence.table[:, [COLUMN[name] for name in TOLD]].any()


def test_a_fact_withdrawn_since_lends_nothing_but_the_question() -> None:
    index = FactIndex.build(DAM)
    found = follow.find(index, "and why?", Context(question="the dam", documents=(99,)))
    assert found is not None
    assert not np.any(found.evidence.table[:, COLUMN["told_itself"]])


def test_what_was_told_is_hardly_told_again_where_something_new_is_asked() -> None:
    index = FactIndex.build(flood.DOCUMENTS, sentences=SentenceVectors())
    told = flood.place("When did the dam break?")
    verdict = index.ask("and why?", context=Context(question="dam broke when", documents=(told,)))
    assert [each.document.id for each in verdict.told] == [flood.place("Why did the dam break?")]
