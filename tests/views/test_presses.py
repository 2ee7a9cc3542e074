"""Buttons' data there and back; forged data stays data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views import presses
from bot.views.presses import Choose, Other, Press, Show, ShowOverview

IDS = st.integers(min_value=0, max_value=2**63 - 1)
PRESSES = st.one_of(
    st.builds(Choose, exchange_id=IDS, fact_id=IDS),
    st.builds(Other, exchange_id=IDS, shown=IDS),
    st.builds(Show, fact_id=IDS),
    st.just(ShowOverview()),
)


@given(PRESSES)
def test_every_press_comes_back_within_the_limit(press: Press) -> None:
    data = presses.encode(press)
    assert presses.parse(data) == press
    assert len(data.encode()) <= presses.LONGEST


@given(st.text(alphabet=st.characters()))
def test_no_data_raises(data: str) -> None:
    presses.parse(data)


@pytest.mark.parametrize(
    "data",
    ["", ":", "1c", "1c:1", "1c:1:2:3", "1c:-1:2", "1c:٣:2", "1c:1:99999999999999999999", "0c:1:2"],
)
def test_forged_data_means_nothing(data: str) -> None:
    assert presses.parse(data) is None
