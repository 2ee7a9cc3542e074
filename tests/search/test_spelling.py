"""Typing slips: what is mended and what is left as it was typed."""

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search import FactIndex
from bot.search.language.spelling import LEAST_SIMILARITY, Repairer, function_word
from tests.search import harbour


def mended(index: FactIndex, text: str) -> list[str]:
    return [token.word for token in index.query(text).tokens]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("harbuor", "harbour"),
        ("brigde", "bridge"),
        ("pasengers", "passengers"),
        ("mtres", "metres"),
        ("lorriess", "lorries"),
    ],
)
def test_a_slip_becomes_the_word_of_the_story(bridge: FactIndex, typed: str, meant: str) -> None:
    assert mended(bridge, f"what about the {typed}")[-1] == meant


@pytest.mark.parametrize("word", ["ridge", "bride", "lance", "mares", "berry", "haircut"])
def test_good_english_is_never_touched(bridge: FactIndex, word: str) -> None:
    assert mended(bridge, f"the {word}")[-1] == word


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("wen", "when"), ("teh", "the"), ("waht", "what"), ("hwo", "how"), ("whre", "where")],
)
def test_slips_of_function_words_are_mended(bridge: FactIndex, typed: str, meant: str) -> None:
    assert mended(bridge, f"{typed} bridge")[0] == meant


def test_chat_spellings_are_spelled_out(bridge: FactIndex) -> None:
    assert mended(bridge, "plz govt ppl thru") == ["please", "government", "people", "through"]


def test_numbers_are_not_mended(bridge: FactIndex) -> None:
    assert mended(bridge, "in 1923 or 1933") == ["in", "1923", "or", "1933"]


def test_a_slip_keeps_its_capital_and_its_likeness(bridge: FactIndex) -> None:
    query = bridge.query("is Brigde open")
    assert query.tokens[1].word == "bridge"
    assert query.tokens[1].capital
    assert LEAST_SIMILARITY <= query.terms[0].repaired < 1


def test_a_word_like_nothing_stays_and_is_strange(bridge: FactIndex) -> None:
    (term,) = bridge.query("zzyqx").terms
    assert (term.word, term.strange, term.matches) == ("zzyqx", True, ())


def test_between_equals_the_first_letter_decides() -> None:
    repairer = Repairer(["bight", "right", "tight"])
    assert [repairer.meant(word) for word in ("rixht", "tixht")] == [("right", 0.8), ("tight", 0.8)]


def test_short_and_far_words_have_no_meaning() -> None:
    repairer = Repairer(["ferry"])
    assert repairer.meant("fer") is None
    assert repairer.meant("mountain") is None
    assert repairer.meant("") is None
    assert Repairer([]).meant("anything") is None


def test_function_words_are_a_single_slip_away() -> None:
    assert function_word("abuot") == "about"
    assert function_word("zq") is None
    assert function_word("a1b") is None
    assert function_word("mountain") is None


def test_equals_are_chosen_alike_in_every_process() -> None:
    """Sets of words come in another order with every hash seed; the choice must not."""
    code = (
        "from bot.search.language.spelling import Repairer\n"
        "words = ['peace', 'price', 'venue', 'vance', 'house', 'horse', 'hoist', 'chance']\n"
        "print([Repairer(words).meant(w) for w in ('peice', 'vence', 'hoise', 'chanse')])"
    )
    said = {
        subprocess.run(  # noqa: S603 - this very Python, on a constant
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1


@given(st.text(min_size=1, max_size=12), st.sets(st.text("abcde", min_size=3, max_size=8)))
def test_what_is_meant_is_a_word_of_the_story_and_near(word: str, words: set[str]) -> None:
    meant = Repairer(words).meant(word)
    if meant is not None:
        assert meant[0] in words
        assert LEAST_SIMILARITY <= meant[1] <= 1


def test_a_very_long_word_is_looked_up_without_harm() -> None:
    assert Repairer(harbour.OPENED.text.split()).meant("x" * 4096) is None
