"""Building the table of senses, from a WordNet of a few synsets."""

import sys
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from bot.search.learning import build_senses
from bot.search.meaning.word_senses import Relation, Senses
from bot.search.meaning.wordnet import NOUN, VERB, Link, Table, WordNet

FILES: Final = {
    "data.noun": """\
  1 The licence of WordNet stands here.
00000100 03 n 01 thing 0 000 | what there is
00000200 06 n 02 vessel 0 ship 1 001 @ 00000100 n 0000 | it floats; "a | is no end"
00000300 06 n 01 ferry 0 001 @ 00000200 n 0000 | it carries people
00000400 06 n 01 Tanker 0 002 @ 00000200 n 0000 #p 00000100 n 0000 | it carries oil
00000500 18 n 01 killer 0 002 @ 00000100 n 0000 + 00000100 v 0101 | who kills
00000600 04 n 01 killing 0 002 @ 00000100 n 0000 + 00000100 v 0101 | the act
00000700 15 n 01 Åland_Islands 0 001 @i 00000100 n 0000 | islands
""",
    "data.verb": """\
00000100 34 v 01 kill 0 003 > 00000200 v 0000 + 00000500 n 0101 + 00000600 n 0101 01 + 08 00 | -
00000200 30 v 01 die 0 001 ! 00000300 v 0101 01 + 01 00 | stop living
00000300 42 v 01 live 0 001 ! 00000200 v 0101 01 + 01 00 | go on living
""",
    "data.adj": """\
00000100 00 s 01 lethal(a) 0 002 & 00000200 a 0000 + 00000100 v 0101 | it kills
00000200 00 a 01 deadly 0 001 & 00000100 s 0000 | it can kill
""",
    "data.adv": "",
    "index.sense": """\
deadly%3:00:00:: 00000200 1 2
die%2:30:00:: 00000200 1 9
ferry%1:06:00:: 00000300 1 1
kill%2:35:00:: 00000100 1 8
killer%1:18:00:: 00000500 1 0
killing%1:04:00:: 00000600 1 0
lethal%5:00:00:deadly:00 00000100 1 1
live%2:42:00:: 00000300 1 5
ship%1:06:00:: 00000200 1 4
tanker%1:06:00:: 00000400 1 0
thing%1:03:00:: 00000100 1 3
vessel%1:06:00:: 00000200 1 2
åland_islands%1:15:00:: 00000700 1 0
""",
    "noun.exc": "vesselen vessel\nthingummies thingummy\n",
    "verb.exc": "dying die\nthing die\n",
    "adj.exc": "",
    "adv.exc": "",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def source(folder: Path) -> WordNet:
    return WordNet(Table(**build_senses.read(folder, folder)))


def synset(source: WordNet, word: str, part: int) -> int:
    ((number, of_part),) = source.lemmas(word) & {(each, part) for each in range(source.size)}
    return source.uses(number, of_part)[0][0]


def test_words_are_single_words_of_plain_letters() -> None:
    words = ["Tanker", "café", "ice_cream", "x-ray", "o'clock", "1900s", "a" * 25]
    assert [build_senses.folded(word) for word in words] == [
        "tanker", "cafe", None, None, None, None, None,
    ]  # fmt: skip


def test_a_synset_has_its_links_and_no_others() -> None:
    found = build_senses.meanings(FILES["data.noun"].splitlines(), "n")
    assert list(found) == [("n", 100 * number) for number in range(1, 8)]
    assert found["n", 400].links == [(Link.KIND, ("n", 200))]
    assert found["n", 500].links == [(Link.KIND, ("n", 100)), (Link.FORM, ("v", 100))]
    assert [each.person for each in found.values()].index(True) == 4


def test_an_adjective_and_its_satellite_are_one_part_of_speech() -> None:
    found = build_senses.meanings(FILES["data.adj"].splitlines(), "a")
    assert found["a", 200].links == [(Link.NEAR, ("a", 100))]


def test_the_first_senses_of_each_part_count_and_those_that_were_tagged() -> None:
    lines = [f"run%2:38:0{n}:: 0000010{n} {n} {tagged}" for n, tagged in enumerate("093001", 1)]
    lines.append("run%1:04:00:: 00000200 1 0")
    (senses,) = build_senses.inventory(lines).values()
    assert [sense.synset for sense in senses] == [
        ("n", 200), ("v", 102), ("v", 103), ("v", 106),
    ]  # fmt: skip


def test_a_name_and_a_word_of_the_same_letters_are_one_word() -> None:
    lines = ["March%1:28:00:: 00000100 1 5", "march%1:04:00:: 00000200 1 7"]
    (senses,) = build_senses.inventory(lines).values()
    assert [sense.synset for sense in senses] == [("n", 200), ("n", 100)]


def test_what_takes_in_much_is_broad(source: WordNet) -> None:
    words = ("thing", "vessel", "ferry")
    assert [source.breadth(synset(source, word, NOUN)) for word in words] == [7, 3, 1]


def test_irregular_forms_lead_to_words_that_are_kept(source: WordNet) -> None:
    assert source.lemmas("dying") == source.lemmas("die") == source.lemmas("dies")
    assert source.lemmas("vesselen") == source.lemmas("vessel")
    assert not source.lemmas("thingummies")
    # A form that is a word too is both.
    assert source.lemmas("thing") > source.lemmas("die")


def test_a_form_for_a_person_is_near_and_another_the_same(source: WordNet) -> None:
    kill = synset(source, "kill", VERB)
    assert source.linked(kill, Link.FORM) == [synset(source, "killing", NOUN)]
    assert set(source.linked(kill, Link.NEAR)) == {
        synset(source, "killer", NOUN),
        synset(source, "die", VERB),
    }


@pytest.mark.parametrize(
    ("word", "other", "relation"),
    [
        ("ship", "vessels", Relation.SAME),
        ("killed", "killing", Relation.SAME),
        ("lethal", "killing", Relation.SAME),
        ("kills", "dying", Relation.NEAR),
        ("killer", "killing", Relation.NEAR),
        ("deadly", "lethal", Relation.NEAR),
        ("ferries", "ship", Relation.NEAR),
        ("die", "living", Relation.APART),
        ("ferry", "tankers", Relation.APART),
        ("ferry", "deadly", Relation.NONE),
    ],
)
def test_words_of_the_table_are_related(
    source: WordNet, word: str, other: str, relation: Relation
) -> None:
    senses = Senses(source)
    assert senses.relation(word, other) is senses.relation(other, word) is relation


def test_the_script_writes_the_same_file_twice_and_prints_its_sum(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = []
    for name in ("one.npz", "two.npz"):
        inputs = ["--wordnet", str(folder), "--exceptions", str(folder)]
        monkeypatch.setattr(sys, "argv", ["build_senses", str(folder / name), *inputs])
        build_senses.main()
        printed.append(capsys.readouterr().out)
    assert (folder / "one.npz").read_bytes() == (folder / "two.npz").read_bytes()
    assert printed[0] == printed[1]
    assert printed[0].startswith("12 words, 12 senses, 11 synsets, 3 irregular forms\n")
    with np.load(folder / "one.npz", allow_pickle=False) as table:
        assert table["words"][0] == b"deadly"
