"""How alike texts are, and in which particulars they contradict each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search import Name, StoryLexicon
from bot.search.comparison.comparison import Comparison
from bot.search.comparison.reading import ClaimKind, reader

LEXICON = StoryLexicon(
    names=(Name(name="Vance", kind="person"), Name(name="Roads office", kind="body"))
)


def compared(one: str, other: str) -> tuple[float, tuple[ClaimKind, ...]]:
    read = reader(LEXICON).read
    found, turned = Comparison(read(one), read(other)), Comparison(read(other), read(one))
    assert found.similarity == turned.similarity
    assert found.overlap == turned.overlap
    assert found.contradictions == turned.contradictions
    return found.similarity, found.contradictions


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("The call lasted two hours.", "The call lasted three hours.", ClaimKind.NUMBER),
        ("The call lasted 2 hours.", "The call lasted two and a half hours.", ClaimKind.NUMBER),
        ("They met in Rome on Monday.", "They met in Rome on Friday.", ClaimKind.DATE),
        ("Both sides met on 19 May there.", "Both sides met on 20 May there.", ClaimKind.DATE),
        ("Both leaders met in Rome.", "Both leaders met in Paris.", ClaimKind.NAME),
        ("Vance led the talks there.", "Rubio led the talks there with Vance.", None),
        ("The office will close it.", "The office will not close it.", ClaimKind.NEGATION),
        ("The office closed it.", "The office didn't close it.", ClaimKind.NEGATION),
        ("The call lasted two hours.", "The call lasted 2 hours.", None),
        ("It lasted two and a half hours.", "It lasted 2.5 hours.", None),
        ("The call lasted two hours.", "The call between Vance and him lasted two hours.", None),
        ("Some ninety ships left.", "Some 90 ships left.", None),
        ("It cost 1.5 million euros.", "It cost €1,500,000.", None),
        ("It cost 1.5 million euros.", "It cost 1.6 million euros.", ClaimKind.NUMBER),
        ("It opens on Sept 3.", "It opens on 3 September.", None),
        ("It opens in September.", "It opens on 3 September.", None),
        ("It opens in Sept.", "It opens on 3 October.", ClaimKind.DATE),
        ("It opens at 8 p.m. there.", "It opens at 20:00 there.", None),
        ("It opens at 8 p.m. there.", "It opens at 8 a.m. there.", ClaimKind.DATE),
        ("The office can open it.", "The office cannot open it.", ClaimKind.NEGATION),
        ("They met with lawyers.", "They met without lawyers.", ClaimKind.NEGATION),
        ("JD Vance led the talks.", "Vance led the talks.", None),
    ],
)
def test_the_particulars_tell_a_contradiction(
    one: str, other: str, differ: ClaimKind | None
) -> None:
    assert compared(one, other)[1] == (() if differ is None else (differ,))


def test_particulars_and_order_do_not_hide_the_likeness() -> None:
    alike, _ = compared(
        "The repair of the bridge bearing will cost nine million euros.",
        "Four million euros the repair of the bridge bearing will cost.",
    )
    assert alike > 0.9
    assert compared("In 1931.", "On 3 May.")[0] < 0.5
    assert compared("The mayor cut the ribbon.", "A bearing failed in the inspection.")[0] < 0.5


def test_nothing_is_like_nothing() -> None:
    assert compared("", "")[0] == 0.0


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_texts_compare(one: str, other: str) -> None:
    alike, _ = compared(one, other)
    assert 0 <= alike <= 1
    assert compared(one, one)[1] == ()
