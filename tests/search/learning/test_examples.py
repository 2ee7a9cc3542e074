"""Questions with known answers, read from files."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

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


def test_a_lesson_is_asked_its_other_ways_and_what_none_answers(tmp_path: Path) -> None:
    file = tmp_path / "bridge.json"
    file.write_text(json.dumps(LESSON), encoding="utf-8")

    lesson = examples.lesson(file, 1)

    assert [each.phrasings for each in lesson.documents] == [("opening year",), ()]
    assert [(each.text, set(each.gold), each.style) for each in lesson.examples] == [
        ("opened when", {0}, "answerable"),
        ("how wide is it", set(), "near"),
    ]


def test_a_lesson_has_questions_that_lean_on_the_one_before(tmp_path: Path) -> None:
    file = tmp_path / "bridge.json"
    file.write_text(json.dumps(LESSON), encoding="utf-8")

    asked = examples.follow_ups(file, 0).examples

    assert [(each.text, set(each.gold), each.after) for each in asked] == [
        ("and closed?", {1}, ("When did it open?", 0)),
        ("by whom?", set(), ("When did it open?", 0)),
    ]


def test_the_later_turns_of_a_dialogue_lean_on_what_answers_the_turn_before(tmp_path: Path) -> None:
    folder = tmp_path / "bridge"
    folder.mkdir()
    facts = [{**fact, "phrasings": []} for fact in LESSON["facts"]]
    (folder / "facts.json").write_text(json.dumps({"facts": facts}), encoding="utf-8")
    turns = [
        {"q": "since when is it open", "facts": ["opened"]},
        {"q": "and closed?", "facts": ["closed"]},
        {"q": "who did that?", "facts": []},
        {"q": "and why?", "facts": ["closed"]},
    ]
    line = json.dumps({"id": "d1", "turns": turns})
    (folder / "questions.jsonl").write_text(f"{line}\n", encoding="utf-8")

    asked = examples.follow_ups(folder, 0).examples

    assert [(each.text, set(each.gold), each.after) for each in asked] == [
        ("and closed?", {1}, ("since when is it open", 0)),
        ("who did that?", set(), ("and closed?", 1)),
    ]


def test_dialogues_of_the_bundled_kind_are_read_by_what_answers_must_hold(tmp_path: Path) -> None:
    turns = [
        {"q": "when did it open", "must": [["1931"]]},
        {"q": "and how long is it?", "must": [["412"]]},
        {"q": "and how wide?", "must": []},
        {"q": "the colour then?", "must": [["green"]]},
    ]
    file = tmp_path / "dialogues.jsonl"
    file.write_text(json.dumps({"id": "x", "turns": turns}) + "\n", encoding="utf-8")
    documents = (
        Document(id=0, text="In 1931.", question="When did it open?"),
        Document(id=1, text="412 metres.", question="How long is it?"),
    )

    asked = list(examples.own_follow_ups(file, documents))

    assert [(each.text, set(each.gold), each.after) for each in asked] == [
        ("and how long is it?", {1}, ("when did it open", 0)),
        ("and how wide?", set(), ("and how long is it?", 1)),
    ]


LESSON: dict[str, Any] = {
    "story": "the bridge",
    "facts": [
        {
            "key": "opened",
            "question": "When did it open?",
            "text": "In 1931.",
            "phrasings": ["opening year", "opened when"],
        },
        {"key": "closed", "question": "When was it closed?", "text": "In May.", "phrasings": []},
    ],
    "near": ["how wide is it"],
    "follow": [
        {"first": "When did it open?", "fact": "opened", "then": "and closed?", "answer": "closed"},
        {"first": "When did it open?", "fact": "opened", "then": "by whom?", "answer": None},
    ],
}
