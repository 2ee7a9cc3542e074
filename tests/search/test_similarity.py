"""How alike texts are, and in which particulars they contradict each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.comparison.similarity import Likeness, Particular, differing, likeness

ALIKE = Likeness(["Vance", "Roads office"])


def compared(one: str, other: str) -> tuple[float, tuple[Particular, ...]]:
    ones, others = ALIKE.gist(one), ALIKE.gist(other)
    assert likeness(ones, others) == likeness(others, ones)
    assert differing(ones, others) == differing(others, ones)
    return likeness(ones, others), differing(ones, others)


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("The call lasted two hours.", "The call lasted three hours.", Particular.NUMBER),
        ("The call lasted 2 hours.", "The call lasted two and a half hours.", Particular.NUMBER),
        ("They met in Rome on Monday.", "They met in Rome on Friday.", Particular.DATE),
        ("Both sides met on 19 May there.", "Both sides met on 20 May there.", Particular.DATE),
        ("Both leaders met in Rome.", "Both leaders met in Paris.", Particular.NAME),
        ("Vance led the talks there.", "Rubio led the talks there with Vance.", None),
        ("The office will close it.", "The office will not close it.", Particular.NEGATION),
        ("The office closed it.", "The office didn't close it.", Particular.NEGATION),
        ("The call lasted two hours.", "The call lasted 2 hours.", None),
        ("It lasted two and a half hours.", "It lasted 2.5 hours.", None),
        ("The call lasted two hours.", "The call between Vance and him lasted two hours.", None),
    ],
)
def test_the_particulars_tell_a_contradiction(
    one: str, other: str, differ: Particular | None
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
