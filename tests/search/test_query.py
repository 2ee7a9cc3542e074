"""A question as the index sees it."""

import pytest

from bot.search import Document, FactIndex, Name, StoryLexicon
from bot.search.index.query import LENT, MOST_TERMS, SYNONYM_STRENGTH, QueryMaker
from bot.search.language.question_kind import Kind
from tests.search import harbour


def test_terms_are_the_words_that_count_once_each(bridge: FactIndex) -> None:
    query = bridge.query("When, when was the bridge - the bridge! - opened?")
    assert [term.word for term in query.terms] == ["bridge", "opened"]
    assert query.kind is Kind.WHEN


def test_a_name_is_one_term_whatever_it_is_called(bridge: FactIndex) -> None:
    for alias in ("Anna Berg", "the mayor", "berg"):
        (term,) = bridge.query(f"who is {alias}").terms
        assert (term.word, term.concept) == ("@anna berg", "person")


def test_a_name_that_no_fact_holds_counts_by_its_words() -> None:
    query = harbour.index((harbour.FERRY,)).query("the old coathanger")
    assert [term.word for term in query.terms] == ["old", "coathanger"]


def test_a_name_made_of_words_counts_beside_them(bridge: FactIndex) -> None:
    assert [term.word for term in bridge.query("the harbour bridge").terms] == [
        "harbour",
        "@harbour bridge",
        "bridge",
    ]


def test_a_synonym_matches_a_little_less_than_the_word(bridge: FactIndex) -> None:
    (term,) = bridge.query("trucks").terms
    assert [strength for _, strength in term.matches] == [SYNONYM_STRENGTH]
    assert not term.strange


def test_a_word_of_english_that_the_story_lacks_is_not_strange(bridge: FactIndex) -> None:
    (term,) = bridge.query("butter").terms
    assert (term.matches, term.strange) == ((), False)


def test_the_head_is_what_the_question_word_asks_for(bridge: FactIndex) -> None:
    query = bridge.query("the bridge, which year was it opened?")
    assert query.terms[query.head].word == "year"
    assert bridge.query("bridge length").head == 1
    assert bridge.query("").head == 0


def test_negation_is_seen(bridge: FactIndex) -> None:
    assert bridge.query("why isn't it open").negated
    assert bridge.query("was it never open").negated
    assert not bridge.query("is it open").negated


def test_a_long_message_is_weighed_by_its_first_words(bridge: FactIndex) -> None:
    text = "who closed " + " ".join(f"item{number}" for number in range(500))
    query = bridge.query(text)
    assert len(query.terms) == MOST_TERMS
    assert len(query.tokens) == 502
    assert 0 <= query.head < MOST_TERMS


def test_the_head_is_among_the_terms_that_are_weighed(bridge: FactIndex) -> None:
    text = " ".join(f"item{number}" for number in range(40)) + " who closed it"
    assert 0 <= bridge.query(text).head < MOST_TERMS


def test_an_empty_message_is_an_empty_query(bridge: FactIndex) -> None:
    query = bridge.query("")
    assert (query.tokens, query.terms, query.running) == ((), (), ())
    assert query.kind is Kind.OPEN


def test_every_token_has_its_running_number(bridge: FactIndex) -> None:
    query = bridge.query("the unheard bridge")
    assert len(query.running) == 3
    assert query.running[1] == -1
    assert min(query.running[0], query.running[2]) >= 0


def test_a_lent_term_counts_for_less_and_only_where_it_is_new() -> None:
    maker = harbour.index()._queries
    query = maker.make("and how long is the bridge?")
    lent = maker.leaning(query, ["Who closed the bridge?"])
    assert {term.word: term.scale for term in lent.terms}["closed"] == LENT
    assert [term.word for term in lent.terms].count("bridge") == 1
    assert lent.kind is query.kind


NEIGHBOURS = StoryLexicon(
    names=(
        Name(name="Norway", kind="place", also=("Norwegian",)),
        Name(name="Sweden", kind="place", also=("Swedish",)),
        Name(name="Olav Lind", kind="person", also=("the Norwegian minister", "Lind")),
        Name(name="Maja Holm", kind="person", also=("the Swedish minister", "Holm")),
    )
)


def neighbours() -> QueryMaker:
    fact = Document(id=1, text="Lind and Holm met in Norway, not in Sweden, the ministers say.")
    return FactIndex.build([fact], lexicon=NEIGHBOURS)._queries


@pytest.mark.parametrize(
    ("earlier", "message", "understood"),
    [
        ("where did Lind sleep?", "and Holm?", "where did holm sleep"),
        ("who leads the Norwegian team?", "and the Swedish one?", "who leads the swedish team"),
        (
            "where was the Norwegian minister?",
            "what about the Swedish one?",
            "where was the swedish minister",
        ),
        ("did Lind meet Holm in Norway?", "and in Sweden?", "did lind meet holm in sweden"),
    ],
)
def test_a_message_that_only_names_takes_the_last_question_over(
    earlier: str, message: str, understood: str
) -> None:
    maker = neighbours()
    query = maker.leaning(maker.make(message), [earlier])
    assert query.taken_over
    assert " ".join(token.word for token in query.tokens) == understood
    assert [(term.word, term.scale) for term in query.terms] == [
        (term.word, 1.0) for term in maker.make(understood).terms
    ]
    assert query.kind is maker.make(earlier).kind


def test_a_counterpart_takes_over_the_first_question_that_names_its_sort() -> None:
    maker = neighbours()
    query = maker.leaning(maker.make("and Holm?"), ["and how long?", "When did Lind speak?"])
    assert " ".join(token.word for token in query.tokens) == "when did holm speak"


def test_a_message_that_asks_takes_nothing_over() -> None:
    maker = neighbours()
    for message in ("and who is Holm?", "and Holm's hotel?"):
        assert not maker.leaning(maker.make(message), ["When did Lind speak?"]).taken_over


def test_without_a_name_of_the_sort_terms_are_lent() -> None:
    maker = neighbours()
    query = maker.leaning(maker.make("and Sweden?"), ["When did Lind sleep?"])
    assert not query.taken_over
    assert {term.word: term.scale for term in query.terms}["sleep"] == LENT


def test_a_message_of_small_words_has_them_for_terms() -> None:
    maker = harbour.index()._queries
    query = maker.make("what is it")
    assert query.terms == ()
    small = maker.small(query)
    assert [term.word for term in small.terms] == ["what", "is", "it"]
    assert small.wordless


def test_surfaces_are_the_words_whose_meaning_is_looked_up(bridge: FactIndex) -> None:
    assert bridge.query("Anna Berg opened").surfaces == ["berg", "opened"]
