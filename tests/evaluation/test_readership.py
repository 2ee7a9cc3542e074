"""Readers who tap and editors who look, played over a small story."""

import pytest

from bot.evaluation.readership import Asked, Habits, Readership
from db.records import FactDraft
from tests import bridge
from tests.benchmarks.warming import ColdStory, run, table

WAYS = {
    "opened": ("date of the bridge", "bridge date", "when was it built"),
    "closed": ("which year for the bridge", "birthday of the crossing", "when did it shut"),
    "length": ("shore to shore", "bank to bank in paces", "how far across"),
    "cost": ("how much bridge", "how big is it", "what do they pay"),
}
"""The first two are words that nobody could understand who has not seen readers tap."""

FACTS: tuple[FactDraft, ...] = bridge.DRAFTS


@pytest.fixture
def small() -> ColdStory:
    def of(place: slice) -> tuple[Asked, ...]:
        return tuple(
            Asked(text=way, gold=frozenset([key]))
            for key, ways in WAYS.items()
            for way in ways[place]
        )

    near = (Asked(text="who painted the bridge", gold=frozenset()),)
    asked = Readership(stream=(*of(slice(2)), *near), answerable=of(slice(2, None)), near=near)
    return ColdStory(name="bridge", about="the bridge", facts=FACTS, readership=asked)


def test_the_same_seed_plays_the_same(small: ColdStory) -> None:
    first, second = (run([small], after=(0, 30), seed=3) for _ in range(2))
    assert first == second
    cold, warm = first[0]
    assert (cold.asked, warm.asked, cold.taken) == (0, 30, 0)
    assert warm.taken > 0
    assert warm.right >= cold.right


def test_without_an_editor_what_two_chats_show_counts(small: ColdStory) -> None:
    alone = run([small], after=(60,), looks=False)[0][0]
    assert alone.taken == 0
    assert alone.hints > 0
    assert run([small], after=(60,), looks=False, at_once=False)[0][0].hints == 0


def test_readers_who_always_slip_teach_nothing_right(small: ColdStory) -> None:
    habits = Habits(wrong_tap=1.0, notices=0.0, looks=1.0)
    warm = run([small], after=(60,), habits=habits)[0][0]
    assert warm.taken_wrong > 0


def test_the_table_names_each_story_and_the_mean(small: ColdStory) -> None:
    shown = table([small, small], run([small, small], after=(0,)))
    lines = shown.splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["bridge", "bridge", "mean"]
