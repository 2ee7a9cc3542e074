"""The senses of words: what means the same, what excludes what, and how fast that is told."""

import hashlib
import importlib.resources
import re
import time

import numpy as np
import pytest

from bot.search.meaning import word_senses, wordnet
from bot.search.meaning.word_senses import Relation

DATA = importlib.resources.files("bot.search") / "data"
TABLE = DATA / "senses.npz"


def test_relations_are_numbered_as_they_are_returned() -> None:
    assert [*Relation] == [Relation.NONE, Relation.SAME, Relation.NEAR, Relation.APART]
    assert [int(each) for each in Relation] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("hurt", "injured"),
        ("wounded", "injured"),
        ("strike", "walkout"),
        ("collapsed", "collapse"),
        ("killed", "killing"),
        ("car", "automobiles"),
        ("children", "kids"),
        ("bought", "purchase"),
        ("began", "started"),
        ("arrest", "arrested"),
        ("hire", "employ"),
        ("pupils", "students"),
        ("resigned", "resignation"),
        ("death", "died"),
    ],
)
def test_words_that_mean_the_same_are_the_same(word: str, other: str) -> None:
    assert word_senses.load().relation(word, other) is Relation.SAME


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("killed", "died"),
        ("ship", "vessel"),
        ("train", "transport"),
        ("car", "vehicle"),
        ("tanker", "ship"),
        ("driver", "driving"),
        ("huge", "large"),
        ("surgeons", "doctor"),
        ("blizzard", "storm"),
    ],
)
def test_a_kind_and_a_cause_are_near(word: str, other: str) -> None:
    assert word_senses.load().relation(word, other) is Relation.NEAR


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("open", "closed"),
        ("opened", "closed"),
        ("monday", "tuesday"),
        ("north", "south"),
        ("bus", "train"),
        ("cars", "bicycles"),
        ("teachers", "nurses"),
        ("mayor", "governor"),
        ("morning", "evening"),
        ("win", "lose"),
        ("won", "lost"),
        ("boys", "girls"),
        ("dead", "alive"),
        ("arrival", "departure"),
        ("chilly", "hot"),
        ("bought", "sold"),
        ("london", "paris"),
    ],
)
def test_opposites_and_kinds_of_one_thing_are_apart(word: str, other: str) -> None:
    assert word_senses.load().relation(word, other) is Relation.APART


@pytest.mark.parametrize(
    ("word", "other"),
    [("verdict", "water"), ("strike", "banana"), ("mayor", "engine"), ("rail", "poem")],
)
def test_words_of_different_matters_stand_in_no_relation(word: str, other: str) -> None:
    assert word_senses.load().relation(word, other) is Relation.NONE


@pytest.mark.parametrize("word", ["ship", "ships", "struck", "women", "older", "dying", "studies"])
def test_words_and_their_forms_are_known(word: str) -> None:
    assert word_senses.load().known(word)


@pytest.mark.parametrize("word", ["", "zelenskyy", "prisnoer", "2024", "##ing", "киев", "a" * 99])
def test_other_words_are_not_known_and_stand_in_no_relation(word: str) -> None:
    assert not word_senses.load().known(word)
    assert word_senses.load().relation(word, "ship") is Relation.NONE
    assert word_senses.load().relation(word, word) is Relation.NONE


def test_a_form_belongs_to_the_part_of_speech_of_its_ending() -> None:
    source = wordnet.load()
    (ship,) = {number for number, _ in source.lemmas("ships")}
    assert source.lemmas("ships") == {(ship, wordnet.NOUN), (ship, wordnet.VERB)}
    assert source.lemmas("shipped") == {(ship, wordnet.VERB)}


def test_a_short_word_in_s_is_no_plural() -> None:
    assert {part for _, part in wordnet.load().lemmas("bus")} == {wordnet.NOUN, wordnet.VERB}
    assert len({number for number, _ in wordnet.load().lemmas("bus")}) == 1
    assert len({number for number, _ in wordnet.load().lemmas("princess")}) == 1


def test_many_relations_are_those_of_each_pair() -> None:
    table = word_senses.load()
    words = ["hurt", "monday", "", "killed", "monday"]
    others = ["ship", "tuesday", "died", "киев", "injured", "mondays", "vessel"]
    found = table.relations(words, others)
    assert found.dtype == np.int8
    assert found.tolist() == [[table.relation(word, other) for other in others] for word in words]
    assert np.array_equal(found.T, table.relations(others, words))


def test_no_words_have_no_relations() -> None:
    table = word_senses.load()
    assert table.relations([], ["ship"]).shape == (0, 1)
    assert table.relations(["ship"], []).shape == (1, 0)
    assert table.relations([], []).shape == (0, 0)


def test_ten_words_and_two_hundred_are_told_quickly() -> None:
    table = word_senses.load()
    with np.load(str(TABLE), allow_pickle=False) as columns:
        words = [word.decode() for word in columns["words"][::300][:210]]
    table.relations(words[:10], words[10:])
    taken = []
    for _ in range(20):
        started = time.perf_counter()
        table.relations(words[:10], words[10:])
        taken.append(time.perf_counter() - started)
    assert min(taken) < 0.01  # A tenth of that on an idle machine.


def test_the_table_is_the_one_that_the_notice_credits() -> None:
    recorded = re.search(
        r"senses\.npz`, SHA-256\s+`([0-9a-f]{64})`", (DATA / "NOTICE.md").read_text("utf-8")
    )
    assert recorded is not None
    assert hashlib.sha256(TABLE.read_bytes()).hexdigest() == recorded[1]


def test_the_licence_of_wordnet_is_beside_the_table() -> None:
    licence = (DATA / "LICENSE-WORDNET.txt").read_text("utf-8")
    assert "WordNet 3.1 Copyright 2011 by Princeton University" in licence
    assert "WordNet 3.0 Copyright 2006 by Princeton University" in licence


def test_the_table_stays_small() -> None:
    assert len(TABLE.read_bytes()) < 1_500_000
