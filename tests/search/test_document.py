"""One document, analysed."""

from dataclasses import replace

import pytest

from bot.search import Document, StoryLexicon
from bot.search.index.document import IndexedDocument, analyse
from bot.search.index.vocabulary import Vocabulary
from bot.search.language.analyzer import Analyzer
from bot.search.language.lexicon import CompiledLexicon
from bot.search.language.typed_content import Carries, Holds
from bot.search.meaning import word_vectors
from tests.search import harbour


def analysed(
    document: Document, lexicon: StoryLexicon = harbour.LEXICON
) -> tuple[IndexedDocument, Vocabulary]:
    analyzer, vocabulary = Analyzer(), Vocabulary(word_vectors.load())
    return analyse(document, analyzer, vocabulary, CompiledLexicon(lexicon, analyzer)), vocabulary


def test_texts_stand_in_a_row_text_first() -> None:
    indexed, vocabulary = analysed(harbour.OPENED)
    assert len(indexed.starts) == 4
    assert [vocabulary.surface(term) for term in indexed.text.tolist()] == [
        "harbour",
        "bridge",
        "bridge",  # the name, beside its words
        "opened",
        "1932",
    ]
    assert len(indexed.text) + len(indexed.asked) == len(indexed.terms)
    assert len(indexed.holds) == len(indexed.text)


def test_a_document_that_nobody_asks_for_has_only_its_text() -> None:
    indexed, _ = analysed(harbour.bare()[0])
    assert len(indexed.starts) == 1
    assert indexed.asked.size == 0
    assert indexed.text.size == indexed.terms.size


@pytest.mark.parametrize("text", ["", "🙂", "it is what it is"])
def test_a_text_without_content_keeps_its_place(text: str) -> None:
    indexed, _ = analysed(Document(id=1, text=text, phrasings=("", "who called")))
    assert indexed.starts.tolist() == [0, 1, 2]
    assert len(indexed.holds) == 1
    assert len(indexed.running) >= 1


def test_a_name_is_added_where_it_ends_and_holds_its_kind() -> None:
    indexed, vocabulary = analysed(harbour.CLOSED)
    at = indexed.text.tolist().index(vocabulary.number("@anna berg"))
    assert indexed.holds[at] == Holds.PERSON | Holds.NAME
    assert vocabulary.surface(int(indexed.text[at])) == "berg"


def test_running_words_are_all_words_of_the_text() -> None:
    indexed, _ = analysed(harbour.OPENED)
    assert len(indexed.running) == len(["The", "harbour", "bridge", "was", "opened", "in", "1932"])


def test_what_the_text_carries_is_not_read_from_the_phrasings() -> None:
    indexed, _ = analysed(replace(harbour.OPENED, phrasings=("because of what",)))
    assert Carries.REASON not in Carries(indexed.carries)


@pytest.mark.parametrize(
    ("text", "leans"),
    [("It was closed.", True), ("However, they left.", True), ("Italy won.", False), ("", False)],
)
def test_a_text_that_begins_with_a_pronoun_leans(text: str, leans: bool) -> None:  # noqa: FBT001
    assert analysed(Document(id=1, text=text))[0].leans is leans


def test_a_known_unknown_is_marked() -> None:
    assert analysed(harbour.CAUSE)[0].unknown
    assert not analysed(harbour.OPENED)[0].unknown
