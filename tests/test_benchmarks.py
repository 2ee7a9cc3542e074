"""The bench runs: a tiny set, with the peers that are installed."""

from pathlib import Path

import pytest

from bot.search import Document, StoryLexicon
from tests.benchmarks import accuracy, importing, scale, sending, sets, synthetic
from tests.benchmarks.peers import PEERS, Peer
from tests.benchmarks.sets import BenchSet, Story

CITY = Story(
    documents=(
        Document(id=4, text="The bridge at Aldermere was opened in 1931 by the mayor."),
        Document(id=5, text="It lends nine thousand a week.", phrasings=("library book loans",)),
        Document(id=6, text="Ferries cross the river every twenty minutes."),
    ),
    lexicon=StoryLexicon(),
    questions=(
        ("When was the bridge opened by the mayor?", frozenset({4})),
        ("loans of library books", frozenset({5})),
    ),
    off_topic=("Qwghlm xylophone zzyzx", "…"),
)


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the peers
def test_peer_finds_what_is_plain(peer: Peer) -> None:
    bench = BenchSet(name="city", clean=(CITY,), typo=(CITY,))
    try:
        (row,) = accuracy.rows(bench, [peer])
    except ModuleNotFoundError as missing:
        pytest.skip(f"the bench extra is not installed: {missing.name}")
    assert (row.name, row.clean, row.typo, row.asked) == (peer.name, 1.0, 1.0, 2)
    assert row.decline is not None
    assert row.decline >= 0.75
    assert row.cpu_ms is not None


def test_slow_peers_are_sampled_and_the_table_says_so() -> None:
    bench = BenchSet(name="city", clean=(CITY,))
    (slow,) = [each for each in PEERS if each.name == "rapidfuzz WRatio"]
    found = accuracy.rows(bench, [slow, PEERS[-1]], sample=1)
    assert [row.asked for row in found] == [1, 2]
    shown = accuracy.table(bench, found)
    assert "every n-th question" in shown
    assert "city: 1 story, 3 facts with 4 texts," in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_typing_slips_are_taken_from_beside(tmp_path: Path) -> None:
    line = '{"id": "s", "facts": [{"id": "a", "text": "A."}], "questions": []}'
    (tmp_path / "set.jsonl").write_text(line)
    assert sets.public(tmp_path / "set.jsonl").typo == ()
    (tmp_path / "set.typo.jsonl").write_text(line)
    assert len(sets.public(tmp_path / "set.jsonl").typo) == 1


def test_the_bundled_story_brings_its_own_questions() -> None:
    (story,) = sets.bundled().clean
    assert len(story.questions) > 500
    assert len(story.off_topic) > 50


def test_synthetic_facts_are_the_same_every_time() -> None:
    facts = synthetic.facts(50)
    assert facts == synthetic.facts(50)
    assert len({fact.text for fact in facts}) > 45
    assert list(synthetic.questions(facts, 5)) == list(synthetic.questions(facts, 5))


def test_scale_measures_everything() -> None:
    found = scale.measure(synthetic.facts(60))
    assert found.facts == 60
    assert 0 < found.median_ms <= found.p99_ms
    assert found.changed_ms > 0
    assert max(map(len, scale.table([found]).splitlines())) <= 80


def test_an_import_is_measured_while_a_reader_asks() -> None:
    found = importing.run(20, bundled=False)
    assert found.facts == 20
    assert found.answers > 0
    assert found.longest_ms > 0
    assert "peak memory" in importing.table(found)


async def test_sending_is_measured_through_the_whole_outbox() -> None:
    found = await sending.outbox("outbox", 50, sending.FAST, window=8)
    given, sent = await sending.fan_out(200, 20)
    assert [each.sends for each in (found, given, sent)] == [50, 200, 20]
    assert found.note.endswith("of the pace")
    assert "memory between" in sending.table([found, given, sent])
