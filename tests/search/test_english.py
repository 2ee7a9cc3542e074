"""The file of general English: it holds what the code names, in a form that the code can match."""

from bot.search.language import english
from bot.search.language.analyzer import Analyzer
from bot.search.language.question_kind import Kind
from bot.search.verdict import Courtesy


def test_every_kind_of_question_with_words_of_its_own_is_described() -> None:
    assert set(english.patterns("kinds")) == set(Kind) - {Kind.YES_NO, Kind.OPEN}


def test_every_courtesy_is_described() -> None:
    assert set(english.patterns("courtesies")) == set(Courtesy)


def test_patterns_match_whole_words_only() -> None:
    who = english.patterns("kinds")["who"]
    assert who.search("tell me who called")
    assert not who.search("the whole story")


def test_a_whole_message_may_begin_with_a_link() -> None:
    doubt = english.whole("messages", "doubt")
    assert doubt.match("and but says who")
    assert not doubt.match("says who about it")


def test_tables_lead_from_folded_words_to_words_that_are_not_in_them() -> None:
    for name in ("cardinals", "ordinals", "quantities", "loose_numbers", "shorthand"):
        entries = english.table(name)
        assert all(word == word.lower() for word in entries)
        assert not [word for word, meant in entries.items() if meant in entries]


def test_every_chat_spelling_is_one_word_that_a_reader_can_type() -> None:
    analyzer = Analyzer()
    for word in english.table("shorthand"):
        assert [token.word for token in analyzer.tokens(word)] == [word]


def test_every_listed_word_is_one_that_the_analyzer_can_give() -> None:
    analyzer = Analyzer()
    # Single words may read otherwise without their neighbours: numbers, "may" and "us".
    for name in ("pronouns", "links", "titles", "spans", "auxiliaries", "openers"):
        for word in english.words(name) - {"may", "one"}:
            assert [token.word for token in analyzer.tokens(word)] == [word], (name, word)


def test_groups_of_synonyms_have_members() -> None:
    assert all(len(group) > 1 for group in english.synonyms())
