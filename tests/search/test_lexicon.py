"""Names and synonyms: found longest first, and inside names that are made of names."""

import pytest

from bot.search import Name, StoryLexicon
from bot.search.language.analyzer import Analyzer
from bot.search.language.lexicon import CompiledLexicon

LEXICON = StoryLexicon(
    names=(
        Name(name="Vladimir Putin", kind="person", also=("Putin", "the Russian president")),
        Name(name="Donald Trump", kind="person", also=("Trump", "POTUS", "the US president")),
        Name(name="White House", kind="body", also=("the Trump White House",)),
        Name(name="Trump–Putin call", kind="event", also=("the phone call",)),
        Name(name="Washington", kind="place"),
        Name(name="The Hague", kind="place"),
    ),
    synonyms=(("truce", "ceasefire"), ("cease fire", "armistice", "truce")),
)


def found(text: str) -> list[tuple[str, str]]:
    analyzer = Analyzer()
    tokens = analyzer.tokens(text)
    mentions = CompiledLexicon(LEXICON, analyzer).mentions(tokens)
    return [
        (each.concept, " ".join(token.word for token in tokens[each.start : each.stop]))
        for each in mentions
    ]


def test_an_alias_stands_for_its_name() -> None:
    assert found("did potus call the Russian president?") == [
        ("@donald trump", "potus"),
        ("@vladimir putin", "russian president"),
    ]


def test_the_longest_name_is_taken_wherever_several_begin() -> None:
    assert found("Vladimir Putin spoke") == [("@vladimir putin", "vladimir putin")]


def test_a_name_of_an_event_also_speaks_of_the_names_inside() -> None:
    assert found("after the Trump-Putin call ended") == [
        ("@trump–putin call", "trump putin call"),
        ("@donald trump", "trump"),
        ("@vladimir putin", "putin"),
    ]


def test_a_longer_name_of_a_body_holds_the_shorter_and_the_person() -> None:
    assert found("the Trump White House said") == [
        ("@white house", "trump white house"),
        ("@donald trump", "trump"),
        ("@white house", "white house"),
    ]


def test_names_of_persons_hold_no_others() -> None:
    assert found("Donald Trump") == [("@donald trump", "donald trump")]


def test_an_article_before_an_alias_is_not_needed() -> None:
    assert found("hague") == found("The Hague") == [("@the hague", "hague")]


def test_names_are_found_in_any_inflection_and_case() -> None:
    assert found("TRUMP'S phone calls") == [
        ("@donald trump", "trump"),
        ("@trump–putin call", "phone calls"),
    ]


@pytest.mark.parametrize("text", ["", "nobody here", "white", "the house is white"])
def test_a_part_of_a_name_is_not_the_name(text: str) -> None:
    assert found(text) == []


def test_a_stop_word_alone_is_never_a_name() -> None:
    analyzer = Analyzer()
    lexicon = CompiledLexicon(StoryLexicon(names=(Name(name="Who", kind="body"),)), analyzer)
    assert lexicon.mentions(analyzer.tokens("who called?")) == []


def test_the_first_name_keeps_an_alias_that_two_claim() -> None:
    analyzer = Analyzer()
    both = StoryLexicon(
        names=(
            Name(name="John Smith", kind="person", also=("Smith",)),
            Name(name="Jane Smith", kind="person", also=("Smith",)),
        )
    )
    (mention,) = CompiledLexicon(both, analyzer).mentions(analyzer.tokens("Smith"))
    assert mention.concept == "@john smith"


def test_synonyms_join_all_groups_of_a_word() -> None:
    analyzer = Analyzer()
    lexicon = CompiledLexicon(LEXICON, analyzer)
    stem = analyzer.stem
    assert set(lexicon.synonyms(stem("truce"))) == {stem("ceasefire"), stem("armistice")}
    assert set(lexicon.synonyms(stem("ceasefire"))) == {stem("truce")}
    assert list(lexicon.synonyms("unheard")) == []
    assert len(lexicon.groups(stem("truce"))) == 2


def test_english_synonyms_are_there_without_a_story() -> None:
    analyzer = Analyzer()
    lexicon = CompiledLexicon(StoryLexicon(), analyzer)
    assert analyzer.stem("phone") in set(lexicon.synonyms(analyzer.stem("call")))
    assert lexicon.mentions(analyzer.tokens("Trump called")) == []


def test_the_last_other_name_of_the_same_sort_is_found_inside_other_names_too() -> None:
    analyzer = Analyzer()
    lexicon = CompiledLexicon(LEXICON, analyzer)
    tokens = analyzer.tokens("did POTUS or the Trump White House call the Russian president")
    (trump,) = lexicon.mentions(analyzer.tokens("Trump"))
    (washington,) = lexicon.mentions(analyzer.tokens("Washington"))
    assert lexicon.last_like(trump, tokens) == slice(9, 11)
    assert lexicon.last_like(washington, tokens) == slice(5, 7)
    assert lexicon.last_like(washington, analyzer.tokens("when was it")) is None
