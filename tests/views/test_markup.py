"""Text into HTML and back, and cutting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views import markup

ANY_TEXT = st.text(alphabet=st.characters(), max_size=300)


@given(ANY_TEXT)
def test_escaped_text_reads_as_it_was_typed(text: str) -> None:
    assert markup.visible(markup.escape(text)) == markup.clean(text)


@given(ANY_TEXT)
def test_everything_escaped_can_be_sent(text: str) -> None:
    markup.escape(text).encode()


@given(ANY_TEXT, st.integers(min_value=1, max_value=50))
def test_shortened_text_is_never_longer_than_asked(text: str, most: int) -> None:
    assert markup.length(markup.shorten(text, most)) <= most


def test_text_is_shortened_at_a_word() -> None:
    assert markup.shorten("The talks in Istanbul ended", 23) == "The talks in Istanbul…"


def test_text_without_spaces_is_shortened_where_it_must_be() -> None:
    assert markup.shorten("x" * 50, 10) == "x" * 9 + "…"


def test_emoji_count_twice() -> None:
    assert markup.length(markup.shorten("😀" * 50, 11)) == 11


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("It lasted two hours. TASS says so.", "It lasted two hours."),
        ("U.S. President Donald Trump spoke. Then he left.", "U.S. President Donald Trump spoke."),
        ("Mr. Peskov spoke. Nobody else did.", "Mr. Peskov spoke."),
        ("It took 2.5 hours. That is long.", "It took 2.5 hours."),
        ('"Are you serious?" he asked. They were.', '"Are you serious?" he asked.'),
        ('"It will take time." Then he left.', '"It will take time."'),
        ("No full stop", "No full stop"),
        ("Yes. They spoke.", "Yes."),
        ("", ""),
    ],
)
def test_first_sentence(text: str, first: str) -> None:
    head, rest = markup.first_sentence(text)
    assert head == first
    assert f"{head} {rest}".strip() == text


@given(ANY_TEXT)
def test_splitting_off_the_first_sentence_loses_nothing(text: str) -> None:
    head, rest = markup.first_sentence(text)
    assert "".join((head + rest).split()) == "".join(markup.clean(text).split())


def test_only_web_addresses_become_links() -> None:
    assert markup.link("TASS", "javascript:alert(1)") == "TASS"
    assert (
        markup.link("TASS", 'https://tass.com/"x') == '<a href="https://tass.com/&quot;x">TASS</a>'
    )
