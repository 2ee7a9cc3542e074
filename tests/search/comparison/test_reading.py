"""Numbers, dates, names and negations are read in one form, however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search import Name, StoryLexicon
from bot.search.comparison.reading import reader
from bot.search.language.analyzer import Analyzer

LEXICON = StoryLexicon(names=(Name(name="Keir Starmer", kind="person", also=("the PM",)),))


def whats(text: str) -> list[str]:
    return [claim.what for claim in reader(LEXICON).read(text).claims]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("two and a half hours", "2.5 hours"),
        ("a two-and-a-half-hour call", "2.5 hours"),
        ("two hours and five minutes", "2 hours and 5 minutes"),
        ("22 million euros", "twenty-two million euros"),
        ("1,000 prisoners", "1000 prisoners"),
        ("30 per cent", "30 per cent"),
        ("40 %", "40 percent"),
        ("19 May 2025", "May 19th"),
        ("on Sept 3", "3 September"),
        ("at 9:05", "09:05"),
        ("Sir Keir Starmer's", "Starmer"),
        ("Keir Starmer", "Starmer"),
        ("the PM", "Starmer's"),
        ("ninety ships", "90 ships"),
        ("1.5 million ballots", "1,500,000 ballots"),
        ("two and a half million", "2,500,000"),
        ("half a million euros", "€500,000"),
        ("two hundred and five", "205"),
        ("twenty-first", "21st"),
        ("two dozen", "24"),
        ("Sept 3", "the 3rd of September"),
        ("Thurs", "Thursday"),
        ("8 p.m.", "20:00"),
        ("8.30pm", "20:30"),
        ("noon", "12:00"),
        ("2025-05-19", "19 May"),
        ("minus five degrees", "-5 °C"),
        ("cannot", "can't"),
    ],
)
def test_what_means_the_same_is_one_claim(one: str, other: str) -> None:
    assert whats(one)[0] == whats(other)[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("two hours", "two days"),
        ("two hours", "two and a half hours"),
        ("May 19", "May 18"),
        ("he may go", "May 19"),
        ("14:20", "14:02"),
    ],
)
def test_what_means_something_else_is_another(one: str, other: str) -> None:
    assert whats(one) != whats(other)


def test_a_claim_has_its_place_with_what_it_counts() -> None:
    text = "On 19 May 2025, $1,000 – about 40 % – went to twenty-two (22) ships of Ada Lovelace."
    claims = reader().read(text).claims
    assert [text[claim.start : claim.stop] for claim in claims] == [
        "19 May",
        "2025",
        "$1,000",
        "40 %",
        "twenty-two",
        "22",
        "Ada Lovelace",
    ]


@given(st.text(alphabet="aB1é½™ .,-'’:$/\n\u00a0", max_size=60) | st.text(max_size=60))
def test_words_with_places_are_the_words_without(text: str) -> None:
    analyzer = Analyzer()
    words = analyzer.words(text)
    assert [word.token for word in words] == analyzer.tokens(text)
    assert all(0 <= word.start < word.stop <= len(text) for word in words)
    reader().read(text)
