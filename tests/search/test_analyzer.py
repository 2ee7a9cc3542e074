"""Text to tokens: what is folded together and what is kept apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.language.analyzer import MAY, Analyzer, straight


def words(text: str) -> list[str]:
    return [token.word for token in Analyzer().tokens(text)]


@pytest.mark.parametrize(
    "text",
    ["the U.S. army", "the US army", "the USA army", "the U.S.A. army", "the us army"],
)
def test_the_country_is_one_word_however_it_is_written(text: str) -> None:
    assert words(text) == ["the", "usa", "army"]


@pytest.mark.parametrize("text", ["tell us more", "a letter to us", "among us", "explain us that"])
def test_us_after_a_verb_of_telling_is_the_pronoun(text: str) -> None:
    assert "us" in words(text)
    assert "usa" not in words(text)


def test_a_country_joined_by_a_dash_is_found() -> None:
    assert words("U.S.-Russia talks") == ["usa", "russia", "talks"]


@pytest.mark.parametrize(
    "text", ["on May 19", "19 may", "may 19", "in may", "last May", "The May talks", "since may"]
)
def test_may_beside_a_day_or_after_a_preposition_is_the_month(text: str) -> None:
    assert MAY in words(text)


@pytest.mark.parametrize("text", ["May I ask", "it may be", "they may have met", "may"])
def test_may_elsewhere_is_the_verb(text: str) -> None:
    assert "may" in words(text)
    assert MAY not in words(text)


@pytest.mark.parametrize(
    ("text", "word"),
    [("isn't", "is"), ("don’t", "do"), ("can't", "can"), ("won't", "will"), ("shan't", "shall")],
)
def test_a_negation_leaves_its_verb_and_a_mark(text: str, word: str) -> None:
    (token,) = Analyzer().tokens(text)
    assert (token.word, token.negated) == (word, True)


def test_a_tail_after_an_apostrophe_is_dropped_but_names_keep_theirs() -> None:
    assert words("Putin's who's they'll O'Brien D'Artagnan") == [
        "putin",
        "who",
        "they",
        "obrien",
        "dartagnan",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("19th", ["19"]),
        ("nineteenth", ["19"]),
        ("NINETEEN", ["19"]),
        ("the 1st, 2nd and 3rd", ["the", "1", "2", "and", "3"]),
        ("twenty-third", ["20", "3"]),
        ("2.5 hours", ["2.5", "hours"]),
    ],
)
def test_number_words_ordinals_and_numerals_are_one(text: str, found: list[str]) -> None:
    assert words(text) == found


@pytest.mark.parametrize("gap", [",", "\u00a0", "\u202f"])
def test_groups_of_digits_are_one_number(gap: str) -> None:
    assert words(f"1{gap}000 prisoners, 12{gap}345{gap}678 votes") == [
        "1000",
        "prisoners",
        "12345678",
        "votes",
    ]


def test_numbers_in_a_list_stay_apart() -> None:
    assert words("1, 000 or 10,20") == ["1", "000", "or", "10", "20"]


def test_a_fraction_sign_does_not_grow_its_number() -> None:
    assert words("2½ hours")[0] == "2"
    assert words("5¼ or 3⅓ km")[0] == "5"


def test_accents_quotes_and_case_are_folded() -> None:
    assert words("Café NAÏVE “Zürich” ‘Łódź’ Erdoğan") == [
        "cafe",
        "naive",
        "zurich",
        "łodz",
        "erdogan",
    ]


def test_composed_and_decomposed_letters_are_alike() -> None:
    assert words("caf\u00e9") == words("cafe\u0301")


@pytest.mark.parametrize("text", ["", " \n\t", "?!…", "🙂👍🏽", "___", "\ud800", "\x00"])
def test_a_text_without_words_has_no_tokens(text: str) -> None:
    assert words(text) == []


def test_emoji_between_words_separate_them() -> None:
    assert words("who🙂called") == ["who", "called"]


@pytest.mark.parametrize("text", ["Сколько длился звонок", "كم استغرقت المكالمة"])
def test_other_scripts_are_words_that_count(text: str) -> None:
    tokens = Analyzer().tokens(text)
    assert len(tokens) == len(text.split())
    assert all(token.content for token in tokens)


def test_stop_words_and_single_letters_do_not_count() -> None:
    content = [token.word for token in Analyzer().tokens("why did x call the 7") if token.content]
    assert content == ["call", "7"]


def test_forms_of_a_word_share_its_stem() -> None:
    assert len({token.stem for token in Analyzer().tokens("negotiate negotiating negotiated")}) == 1


def test_capitals_are_remembered() -> None:
    assert [token.capital for token in Analyzer().tokens("did Putin call")] == [False, True, False]


def test_a_very_long_text_is_read_to_its_end() -> None:
    assert words("call " * 50_000 + "end")[-1] == "end"
    assert words("x" * 100_000) == ["x" * 100_000]


def test_straight_leaves_plain_text_alone() -> None:
    assert straight("who called, and when?") == "who called, and when?"


@given(st.text())
def test_any_text_gives_folded_tokens_and_the_same_ones_twice(text: str) -> None:
    analyzer = Analyzer()
    tokens = analyzer.tokens(text)
    assert tokens == analyzer.tokens(text) == Analyzer().tokens(text)
    for token in tokens:
        assert token.word
        assert token.word == token.word.lower()
        assert token.word not in {"us", "may"} or not token.content
