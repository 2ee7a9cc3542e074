"""Evidence from words, read through the index that gathers it."""

from bot.search import Document, FactIndex
from bot.search.evidence.columns import COLUMN


def evidence(index: FactIndex, question: str, name: str) -> dict[int, float]:
    """Return one column by document id."""
    found = index.find(question)
    assert found is not None
    column = found.evidence.table[:, COLUMN[name]].tolist()
    return {
        index.documents[place].id: value
        for place, value in zip(found.places.tolist(), column, strict=True)
    }


def texts(*each: str) -> FactIndex:
    return FactIndex.build(Document(id=number, text=text) for number, text in enumerate(each))


def test_words_that_stand_together_count_more_than_words_far_apart() -> None:
    apart = "Grain arrived, " + "then came rain, wind, snow, hail, frost, fog, ice, " + "by ship."
    index = texts("Grain came by ship.", apart)
    window = evidence(index, "grain ship", "text_window")
    assert window[0] > window[1]
    assert (
        evidence(index, "grain ship", "text_words")[0]
        == evidence(index, "grain ship", "text_words")[1]
    )


def test_word_pairs_are_held_against_their_order_and_their_nearness() -> None:
    index = texts("Red tape stopped it.", "The tape was never thought to be red.")
    phrases = evidence(index, "the red tape", "text_phrases")
    assert phrases[0] > phrases[1]


def test_names_dates_and_numbers_have_a_share_of_their_own() -> None:
    index = texts("It opened in 1932.", "It opened in 1950.")
    names = evidence(index, "was it opened in 1932", "text_names")
    assert (names[0], names[1]) == (1, 0)


def test_a_question_without_names_tells_nothing_of_names() -> None:
    assert set(evidence(texts("It opened.", "It closed."), "opened", "text_names").values()) == {
        0.5
    }


def test_documents_that_nobody_asks_for_have_no_asked_evidence() -> None:
    index = texts("It opened in 1932.", "It closed.")
    for name in ("asked_words", "asked_fit", "asked_mean_fit"):
        assert not any(evidence(index, "when opened", name).values())


def test_the_way_of_asking_counts_beside_the_text(bridge: FactIndex) -> None:
    words = evidence(bridge, "reason for the closure", "asked_words")
    assert max(words, key=lambda each: words[each]) == 3


def test_a_longer_text_is_longer() -> None:
    index = texts("Ship.", "Ship with grain, corn, wheat and barley.")
    length = evidence(index, "ship", "text_length")
    assert length[1] > length[0] > 0
