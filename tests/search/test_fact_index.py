"""An index of facts: changed, it is the one that a fresh build would give."""

import random
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from bot.search import Document, FactIndex, Outcome, StoryLexicon, Verdict
from tests.search import harbour
from tests.search.harbour import CAUSE, CLOSED, FACTS, FERRY, LENGTH, OPENED, told

QUESTIONS = (
    "When was the bridge opened?",
    "how long is the bridge",
    "why was it closed",
    "who closed the bridge to lorries?",
    "is there a ferry",
    "who repairs the zeppelin",
    "zepelin hangar",
    "truck",
    "1932",
    "butter",
    "hello",
    "",
    "tell me about the bridge",
    "When was the bridge opened and who closed it?",
)
ZEPPELIN = Document(
    id=9,
    text="A zeppelin hangar stands beside the pier since 1911.",
    question="Where is the zeppelin hangar?",
    phrasings=("zeppelin by the pier", "the old hangar"),
)


def seen(verdict: Verdict) -> tuple[object, ...]:
    return (
        verdict.outcome,
        told(verdict),
        [each.document.id for each in verdict.choices],
        verdict.courtesy,
    )


def everything(index: FactIndex, questions: Sequence[str] = QUESTIONS) -> list[tuple[object, ...]]:
    """Return what an index says, with probabilities, to questions asked of an emptied memory."""
    index._queries.make.cache_clear()
    return [
        (*seen(verdict), [round(each.confidence, 4) for each in verdict.candidates])
        for verdict in (index.ask(question) for question in questions)
    ]


def agree(one: list[tuple[object, ...]], other: list[tuple[object, ...]]) -> bool:
    """Return whether two indexes say the same.

    Probabilities may differ a little: what is learned from all texts is kept to half precision.
    """
    return all(
        mine[:-1] == theirs[:-1] and mine[-1] == pytest.approx(theirs[-1], abs=1e-3)
        for mine, theirs in zip(one, other, strict=True)
    )


CHANGES = {
    "added": ((ZEPPELIN,), ()),
    "changed": ((replace(OPENED, text="The harbour bridge was opened in 1950."),), ()),
    "removed": ((), (LENGTH.id,)),
    "all at once": ((ZEPPELIN, replace(FERRY, text="No boat sails.")), (OPENED.id, CAUSE.id)),
    "removed and added again": ((OPENED,), (OPENED.id,)),
    "twice in one go": ((replace(FERRY, text="A boat."), FERRY), ()),
    "emptied": ((replace(CLOSED, text="", question=None, phrasings=()),), ()),
    "nothing": ((), (77,)),
    "everything removed": ((), tuple(each.id for each in FACTS)),
}


@pytest.mark.parametrize("asked", [True, False], ids=["with phrasings", "bare"])
@pytest.mark.parametrize("change", CHANGES)
def test_an_updated_index_says_what_a_fresh_one_says(change: str, asked: bool) -> None:  # noqa: FBT001
    changed, removed = CHANGES[change]
    first = FACTS if asked else harbour.bare()
    changed = changed if asked else harbour.bare(changed)
    updated = harbour.index(first).updated(changed, removed=removed, revision=2)
    fresh = harbour.index(updated.documents)
    assert updated.revision == 2
    assert agree(everything(updated), everything(fresh))


def test_many_changes_in_a_row_give_what_a_fresh_build_gives() -> None:
    chance = random.Random(7)
    index = harbour.index()
    for step in range(12):
        document = chance.choice([*FACTS, ZEPPELIN])
        if chance.random() < 0.3:
            index = index.updated((), removed=(document.id,), revision=step)
        else:
            text = " ".join(chance.sample(document.text.split(), 5))
            index = index.updated((replace(document, text=text),), revision=step)
    fresh = harbour.index(index.documents)
    assert [seen(index.ask(each)) for each in QUESTIONS] == [
        seen(fresh.ask(each)) for each in QUESTIONS
    ]


def test_the_old_index_stays_as_it_was() -> None:
    """Words that only the new index holds must not be known to the old one."""
    old = harbour.index(harbour.bare())
    before, terms = everything(old), old.query("zeppelin hangar").terms
    new = old.updated((replace(ZEPPELIN, id=1), ZEPPELIN), removed=(2, 3), revision=2)
    assert everything(old) == before
    assert old.query("zeppelin hangar").terms == terms
    assert old.documents == harbour.bare()
    assert old.revision == 0
    assert [each.id for each in new.documents] == [1, 4, 5, 9]


def test_words_of_a_removed_fact_are_forgotten() -> None:
    index = harbour.index((*FACTS, ZEPPELIN)).updated((), removed=(ZEPPELIN.id,), revision=2)
    (term,) = index.query("zepelin").terms
    assert (term.word, term.matches) == ("zepelin", ())


def test_a_slip_finds_a_word_that_came_with_an_update() -> None:
    index = harbour.index().updated((ZEPPELIN,), revision=2)
    assert index.query("zepelin").tokens[0].word == "zeppelin"


def test_the_profile_follows_the_facts() -> None:
    index = FactIndex.build(harbour.bare())
    updated, built = index.updated(FACTS, revision=2).profile, FactIndex.build(FACTS).profile
    assert np.array_equal(updated.worth, built.worth)
    assert updated.bias == built.bias


def test_places_follow_the_documents() -> None:
    index = harbour.index().updated((ZEPPELIN,), removed=(OPENED.id,), revision=2)
    assert [index.place_of(number) for number in (1, 2, 9)] == [None, 0, 4]


def test_a_part_of_the_bundled_story_is_updated_as_it_would_be_built(
    bundled: tuple[tuple[Document, ...], StoryLexicon],
) -> None:
    documents, lexicon = bundled[0][:24], bundled[1]
    index = FactIndex.build(documents[:20], lexicon=lexicon)
    updated = index.updated(documents[20:], removed=(3,), revision=2)
    fresh = FactIndex.build(updated.documents, lexicon=lexicon)
    questions = [each.question or "" for each in documents]
    assert [seen(updated.ask(each)) for each in questions] == [
        seen(fresh.ask(each)) for each in questions
    ]


def test_no_documents_answer_nothing() -> None:
    index = FactIndex.build(())
    for question in QUESTIONS:
        assert index.ask(question).told == ()
    assert index.ask("When was the bridge opened?").outcome is Outcome.OFF_TOPIC


def test_an_empty_index_can_be_filled() -> None:
    index = harbour.index(()).updated(FACTS, revision=1)
    assert agree(everything(index), everything(harbour.index()))


def test_one_document_answers_and_declines() -> None:
    for document in (OPENED, *harbour.bare((OPENED,))):
        index = FactIndex.build([document])
        assert told(index.ask("When was the harbour bridge opened?")) == [1]
        assert index.ask("price of butter").told == ()


def test_documents_with_empty_texts_do_no_harm() -> None:
    index = FactIndex.build([*FACTS, Document(id=7, text=""), Document(id=8, text="🙂 ...")])
    assert told(index.ask("When was the bridge opened?")) == [1]
    assert told(FactIndex.build([Document(id=7, text="")]).ask("when was it opened")) == []


def test_equal_texts_are_one_as_good_as_the_other() -> None:
    twin = replace(OPENED, id=8)
    verdict = FactIndex.build([OPENED, twin, LENGTH]).ask("When was the bridge opened?")
    offered = {each.document.id for each in (*verdict.told, *verdict.choices)}
    assert offered
    assert offered <= {1, 8}
    assert {each.document.id for each in verdict.candidates[:2]} == {1, 8}


def test_two_thousand_documents_are_searched_and_updated() -> None:
    towns = (
        "Alder",
        "Birch",
        "Cedar",
        "Dogwood",
        "Elm",
        "Fir",
        "Ginkgo",
        "Hazel",
        "Ivy",
        "Juniper",
    )
    index = FactIndex.build(
        Document(
            id=number, text=f"Bus {number} leaves {towns[number % 10]} at {number % 24} daily."
        )
        for number in range(2_000)
    )
    for number in (0, 999, 1_999):
        first = index.ask(f"when does bus {number} leave?").candidates[0]
        assert first.document.id == number
    index = index.updated(
        [Document(id=5, text="Tram 5 was sold to a museum.")], removed=[6], revision=2
    )
    assert len(index.documents) == 1_999
    assert index.ask("which tram was sold to a museum?").candidates[0].document.id == 5


def test_long_texts_are_indexed_whole() -> None:
    long = "The fleet sailed on. " * 2_000 + "The purser was called Quentin Mossop."
    index = FactIndex.build([Document(id=1, text=long), *harbour.bare(FACTS[1:])])
    assert index.ask("Quentin Mossop, the purser of the fleet").candidates[0].document.id == 1


def test_the_same_question_gets_the_same_verdict_from_every_build() -> None:
    one, other = harbour.index(), harbour.index()
    assert [one.ask(each) for each in QUESTIONS] == [other.ask(each) for each in QUESTIONS]
    assert [one.ask(each) for each in QUESTIONS] == [one.ask(each) for each in QUESTIONS]


def test_two_builds_of_a_part_of_the_bundled_story_agree(
    bundled: tuple[tuple[Document, ...], StoryLexicon],
) -> None:
    some, lexicon = bundled[0][:40], bundled[1]
    one, other = (FactIndex.build(some, lexicon=lexicon) for _ in range(2))
    for document in some:
        question = document.question or ""
        assert one.ask(question) == other.ask(question)
