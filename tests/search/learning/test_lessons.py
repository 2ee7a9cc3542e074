"""What there is to learn from, made of the stories."""

import random
from pathlib import Path

import pytest

from bot.search.learning import examples, lessons
from bot.search.learning.learn import FOLDS, LEARNED, LESSONS

SUEZ = Path(LESSONS) / "suez.json"
CALL = Path("bot/stories/call.toml")


def test_a_story_that_begins_is_asked_for_what_it_has_and_as_often_for_what_it_lacks() -> None:
    made = list(lessons.beginnings([SUEZ], random.Random(3)))

    whole = examples.lesson(SUEZ, 0)
    owners = {each.text: each.gold for each in whole.examples}
    assert [len(each.collection.documents) for each in made] == list(lessons.BEGINNINGS)
    for collection in (each.collection for each in made):
        questions = [document.question for document in collection.documents]
        asked = collection.examples
        assert [document.id for document in collection.documents] == list(range(len(questions)))
        known = sum(bool(each.gold) for each in asked)
        assert len(asked) == lessons.BEGUN
        assert (
            abs(known - (len(asked) - known)) <= lessons.BEGUN // 5
        )  # half, before some are drawn
        for each in asked:
            meant = [whole.documents[number].question for number in owners[each.text]]
            assert [questions[place] for place in each.gold] == [q for q in meant if q in questions]
            assert each.style == ("answerable" if each.gold else "near")


def test_dialogues_lean_on_a_fact_that_is_told_and_others_do_not() -> None:
    chance = random.Random(3)
    (few, more, bundled) = lessons.dialogues([SUEZ], CALL, [], chance)

    assert not bundled.collection.examples
    for lesson, phrasings in ((few, 0), (more, 3)):
        examples_ = lesson.collection.examples
        assert {len(each.phrasings) for each in lesson.collection.documents} == {phrasings}
        assert all(each.after is not None for each in examples_)
        follow_ups = examples.follow_ups(SUEZ, phrasings).examples
        assert examples_[: len(follow_ups)] == follow_ups
        by_itself = examples_[len(follow_ups) :]
        assert by_itself
        assert all(each.after and each.after[1] not in each.gold for each in by_itself)


@pytest.mark.parametrize("fold", FOLDS)
def test_a_fold_holds_stories_that_there_are(fold: frozenset[str]) -> None:
    assert fold < {*LEARNED, *(path.stem for path in LESSONS.glob("*.json"))}


def test_each_story_is_in_one_fold() -> None:
    one, two = FOLDS
    assert not one & two
    assert one | two == {*LEARNED, *(path.stem for path in LESSONS.glob("*.json"))}
