"""What editors type where one thing is asked for."""

from collections.abc import Callable

import pytest

from bot.errors import DeskError
from bot.services.facts import single_values


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("TASS", ("TASS", None)),
        ("The  Kremlin,\nin Moscow", ("The Kremlin, in Moscow", None)),
        ("TASS https://tass.com/1", ("TASS", "https://tass.com/1")),
        ("The\x00 Times", ("The Times", None)),
    ],
)
def test_a_typed_source_is_a_name_and_perhaps_an_address(
    typed: str, meant: tuple[str, str | None]
) -> None:
    assert single_values.source(typed) == meant


@pytest.mark.parametrize("typed", ["", "-", "https://tass.com/1", "x" * 301])
def test_a_source_without_a_name_is_refused(typed: str) -> None:
    with pytest.raises(DeskError, match=r"^Nothing changed: "):
        single_values.source(typed)


@pytest.mark.parametrize("read", [single_values.reason, single_values.phrasing])
def test_a_line_is_one_line_of_at_most_300_characters(read: Callable[[str], str]) -> None:
    assert read(" so\n it  is ") == "so it is"
    for typed in ("", " \n", "x" * 301):
        with pytest.raises(DeskError, match=r"^Nothing changed: the .* (is missing|has 301)"):
            read(typed)
