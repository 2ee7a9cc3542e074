"""Texts to pieces of the sentence model's vocabulary."""

import pytest

from bot.search.meaning import wordpiece
from bot.search.meaning.wordpiece import WordPieces

ENTRIES = ("[UNK]", "[CLS]", "[SEP]", "call", "phone", "##d", "##s", "the", "'", "don", "t", "?")
PIECES = WordPieces(ENTRIES)


def shown(text: str, most: int = 20) -> list[str]:
    return [ENTRIES[number] for number in PIECES.numbers(text, most=most)]


def test_words_are_split_into_the_longest_pieces() -> None:
    assert shown("The calls phoned") == ["[CLS]", "the", "call", "##s", "phone", "##d", "[SEP]"]


def test_a_word_without_pieces_is_unknown_as_a_whole() -> None:
    assert shown("callx the") == ["[CLS]", "[UNK]", "the", "[SEP]"]


def test_a_long_text_is_cut_before_its_end_mark() -> None:
    assert shown("the the the the", most=4) == ["[CLS]", "the", "the", "[SEP]"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don't!", ["don", "'", "t", "!"]),
        ("Zelensky’s café", ["zelensky", "’", "s", "cafe"]),
        ("5.2%", ["5", ".", "2", "%"]),
        ("a\u200bb\tc", ["ab", "c"]),
        ("日本", ["日", "本"]),
        ("", []),
    ],
)
def test_marks_and_ideographs_stand_alone_and_accents_go(text: str, words: list[str]) -> None:
    assert wordpiece.words(text) == words


def test_a_word_of_any_length_is_read() -> None:
    assert shown("the " + "x" * 100_000) == ["[CLS]", "the", "[UNK]", "[SEP]"]
