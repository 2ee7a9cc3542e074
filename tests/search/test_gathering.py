"""All evidence of one question: bounded and finite for whatever anybody types."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.search import Document, FactIndex, Outcome
from bot.search.evidence.columns import COLUMN, KINDS, NAMES
from tests.search import harbour

BOUND = 8
"""Evidence is about 0 to 1; a word whose synonyms a text holds too counts once for each of them."""

WORDS = (
    *("who", "when", "where", "how", "long", "why", "what", "trump", "putin", "call", "the", "and"),
    *(
        "may",
        "us",
        "19",
        "2.5",
        "1,000",
        "?",
        "!",
        ".",
        "'",
        '"',
        "🙂",
        "ceasefire",
        "zzyqx",
        "not",
    ),
    *("befor", "tehy", "длился", "tell", "me", "about", "hello", "U.S.", "Mr."),
)
MESSAGES = st.one_of(
    st.text(max_size=80), st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)
)


def assert_sound(index: FactIndex, message: str) -> None:
    found = index.find(message)
    if found is None:
        return
    table = found.evidence.table
    assert np.isfinite(table).all()
    worst = NAMES[int(np.abs(table).max(axis=0).argmax())]
    assert np.abs(table).max() <= BOUND, worst
    assert (found.evidence.best_match >= 0).all()
    assert (found.evidence.best_match <= 1).all()


def test_any_message_to_the_bundled_story_gives_sound_evidence_and_a_verdict(
    story: FactIndex,
) -> None:
    @settings(max_examples=150)
    @given(MESSAGES)
    def holds_for(message: str) -> None:
        assert_sound(story, message)
        verdict = story.ask(message)
        assert (verdict.courtesy is not None) == (verdict.outcome is Outcome.SMALLTALK)
        assert bool(verdict.told) == (verdict.outcome in (Outcome.ANSWER, Outcome.UNKNOWN))
        assert bool(verdict.choices) == (verdict.outcome is Outcome.CHOOSE)
        assert all(0 <= each.confidence <= 1 for each in verdict.candidates)

    holds_for()


@settings(max_examples=60)
@given(
    documents=st.lists(st.tuples(st.text(max_size=30), st.lists(st.text(max_size=20), max_size=2))),
    message=MESSAGES,
)
def test_any_documents_can_be_asked_anything(
    documents: list[tuple[str, list[str]]], message: str
) -> None:
    index = FactIndex.build(
        Document(id=number, text=text, phrasings=tuple(phrasings))
        for number, (text, phrasings) in enumerate(documents)
    )
    assert_sound(index, message)
    index.ask(message)


@pytest.mark.parametrize(
    "question",
    [
        "Who closed the bridge?",
        "how long is the bridge",
        "when was it opened",
        "where is the bridge",
        "why was it closed",
        "what exactly did they say",
        "how much is it",
        "how many metres",
        "how do we cross",
    ],
)
def test_only_the_kind_that_is_asked_for_is_looked_for(bridge: FactIndex, question: str) -> None:
    found = bridge.find(question)
    assert found is not None
    for kind in KINDS:
        if kind is not found.query.kind:
            assert not found.evidence.table[:, COLUMN[f"kind_{kind}"]].any()


def test_a_text_that_holds_what_is_asked_for_is_marked(bridge: FactIndex) -> None:
    found = bridge.find("Who closed the bridge?")
    assert found is not None
    who = dict(zip(found.places.tolist(), found.evidence.table[:, COLUMN["kind_who"]], strict=True))
    assert who[3] > 0
    assert who[0] == 0


def test_a_name_in_the_question_is_no_answer_to_it() -> None:
    index = harbour.index((harbour.CLOSED, harbour.FERRY))
    found = index.find("who is Anna Berg")
    assert found is not None
    assert found.evidence.table[:, COLUMN["kind_who"]].max() < 1


def test_known_unknowns_are_marked(bridge: FactIndex) -> None:
    found = bridge.find("why closed")
    assert found is not None
    marked = found.places[found.evidence.table[:, COLUMN["unknown"]] > 0]
    assert [bridge.documents[place].id for place in marked.tolist()] == [3]


def test_a_message_without_words_that_count_finds_nothing(bridge: FactIndex) -> None:
    for message in ("", "?", "🙂"):
        assert bridge.find(message) is None


def test_phrasings_tell_what_kinds_of_question_a_fact_answers(bridge: FactIndex) -> None:
    found = bridge.find("how long is the bridge")
    assert found is not None
    column = found.evidence.table[:, COLUMN["asked_kind"]]
    by_id = {bridge.documents[place].id: column[row] for row, place in enumerate(found.places)}
    assert by_id[harbour.LENGTH.id] == max(by_id.values()) > 0
    assert by_id[harbour.CLOSED.id] == 0
    whole = bridge.find("the bridge")
    assert whole is not None
    assert not whole.evidence.table[:, COLUMN["asked_kind"]].any()


def test_facts_that_hardly_anybody_asks_are_of_any_kind() -> None:
    found = harbour.index(harbour.bare()).find("how long is the bridge")
    assert found is not None
    assert len(set(found.evidence.table[:, COLUMN["asked_kind"]].tolist())) == 1
