"""Questions with known answers, read from files."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.search import Document, Name
from bot.search.learning import examples
from bot.search.learning.examples import Collection
from tests.search import harbour

STORY = {
    "id": "bridge",
    "facts": [
        {"id": "f1", "text": "It was opened in 1932.", "aliases": ["when did it open"]},
        {"id": "f2", "text": "It is 503 metres long."},
    ],
    "questions": [{"text": "what year", "gold": ["f1"]}, {"text": "both", "gold": ["f1", "f2"]}],
    "off_topic": ["price of butter"],
    "adversarial": ["when was it sold"],
}


def test_a_public_story_is_read_with_its_questions(tmp_path: Path) -> None:
    path = tmp_path / "public.jsonl"
    path.write_text(f"{json.dumps(STORY)}\n" * 2, encoding="utf-8")
    first, second = examples.public(path)
    assert first == second
    assert first.name == "bridge"
    assert [(each.id, each.phrasings) for each in first.documents] == [
        (0, ("when did it open",)),
        (1, ()),
    ]
    assert [(each.text, set(each.gold), each.style) for each in first.examples] == [
        ("what year", {0}, "answerable"),
        ("both", {0, 1}, "answerable"),
        ("price of butter", set(), "off"),
        ("when was it sold", set(), "near"),
    ]


def test_what_a_public_story_leaves_out_is_empty() -> None:
    story = {key: STORY[key] for key in ("id", "facts", "questions")}
    assert len(examples.collection(story).examples) == 2


def test_own_questions_find_the_facts_that_hold_what_they_must(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    asked = [
        {"q": "when", "style": "plain", "must": [["1932"]]},
        {"q": "how long", "style": "plain", "must": [["503", "five hundred"], ["metres"]]},
        {"q": "why closed", "style": "near", "must": []},
        {"q": "unanswered", "style": "plain", "must": [["no fact says so"]]},
        {"q": "unknown", "style": "plain", "must": [["nobody knows"]]},
    ]
    path.write_text("\n".join(json.dumps(each) for each in asked), encoding="utf-8")
    found = [(each.text, set(each.gold), each.style) for each in examples.own(path, harbour.FACTS)]
    assert found == [
        ("when", {1}, "answerable"),
        ("how long", {2}, "answerable"),
        ("why closed", set(), "near"),
    ]


@pytest.mark.parametrize(
    ("must", "expected"),
    [([["1932"]], True), ([["1931", "1932"], ["bridge"]], True), ([["1932"], ["x"]], False)],
)
def test_an_answer_is_right_if_it_holds_one_of_every_group(
    must: list[list[str]],
    expected: bool,  # noqa: FBT001
) -> None:
    assert examples.right(must, examples.plain("The Bridge: 1932")) is expected


def test_texts_are_compared_with_straight_quotes_in_lower_case() -> None:
    assert examples.plain("“Don’t” ‘STOP’") == "\"don't\" 'stop'"


def test_a_story_file_is_read_with_its_lexicon(tmp_path: Path) -> None:
    path = tmp_path / "story.toml"
    path.write_text(
        """
        [[facts]]
        text = "Nobody knows."
        status = "unknown"
        phrasings = ["why"]
        [[facts]]
        text = "It is long."
        question = "How long?"
        [[names]]
        name = "Anna Berg"
        kind = "person"
        also = ["Berg"]
        [[synonyms]]
        words = ["lorry", "truck"]
        """,
        encoding="utf-8",
    )
    documents, lexicon = examples.story(path)
    assert [(each.id, each.unknown, each.question) for each in documents] == [
        (0, True, None),
        (1, False, "How long?"),
    ]
    assert lexicon.names == (Name(name="Anna Berg", kind="person", also=("Berg",)),)
    assert lexicon.synonyms == (("lorry", "truck"),)


def test_a_hurried_editor_leaves_few_ways_of_asking() -> None:
    collection = Collection(
        name="harbour", documents=harbour.FACTS, lexicon=harbour.LEXICON, examples=()
    )
    for count in (0, 1):
        few = examples.with_few_ways(collection, count)
        for short, full in zip(few.documents, harbour.FACTS, strict=True):
            assert short == replace(full, phrasings=full.phrasings[:count])


def test_a_fact_without_a_question_takes_its_first_phrasing_for_one() -> None:
    label = Document(id=0, text="opening", phrasings=("when did it open", "opening year"))
    collection = Collection(name="labels", documents=(label,), lexicon=harbour.LEXICON, examples=())
    (few,) = examples.with_few_ways(collection, 0).documents
    assert (few.question, few.phrasings) == ("when did it open", ())


def test_every_phrasing_is_held_out_once_and_asked_for_its_fact() -> None:
    folds = list(examples.held_out(harbour.FACTS, harbour.LEXICON, 2))
    asked = [example for fold in folds for example in fold.examples]
    assert sorted(each.text for each in asked) == sorted(
        way for fact in harbour.FACTS for way in fact.phrasings
    )
    for fold in folds:
        kept = {fact.id: fact.phrasings for fact in fold.documents}
        for example in fold.examples:
            (number,) = example.gold
            assert example.text not in kept[number]
            assert (example.style == "near") is (number == harbour.CAUSE.id)
