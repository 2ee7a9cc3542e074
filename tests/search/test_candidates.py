"""How much each word counts, and who is worth a closer look."""

from bot.search import Document, FactIndex
from bot.search.index.candidates import CLASSIFIED_POOL, POOL, weights


def items(number: int, *, asked: bool = False) -> FactIndex:
    return FactIndex.build(
        Document(
            id=place,
            text=f"Parcel number {place} arrived in the morning by road.",
            question=f"When did parcel {place} arrive?" if asked else None,
        )
        for place in range(number)
    )


def test_the_right_document_is_among_the_candidates_of_many() -> None:
    index = items(300)
    for place in (0, 150, 299):
        found = index.find(f"how did parcel {place} arrive")
        assert found is not None
        assert len(found.places) == POOL
        assert place in found.places.tolist()


def test_fewer_are_looked_at_where_the_wording_has_had_a_say() -> None:
    index = items(120, asked=True)
    found = index.find("when did parcel 77 arrive")
    assert found is not None
    assert len(found.places) == CLASSIFIED_POOL
    assert 77 in found.places.tolist()


def test_no_document_is_a_candidate_twice() -> None:
    found = items(300).find("morning parcel")
    assert found is not None
    assert len(set(found.places.tolist())) == len(found.places)


def test_a_rare_word_counts_more_than_one_that_all_have() -> None:
    index = items(50)
    query = index.query("parcel 7")
    found = weights(query, index._texts, index._asked, index._vocabulary, 50)
    assert found.rarity[1] > found.rarity[0]
    assert found.known.all()


def test_a_word_that_the_story_lacks_is_not_known() -> None:
    index = items(5)
    query = index.query("butter parcel")
    found = weights(query, index._texts, index._asked, index._vocabulary, 5)
    assert found.known.tolist() == [False, True]
    assert found.rarity[0] == 1


def test_a_word_that_the_story_lacks_finds_what_is_near_in_meaning() -> None:
    index = FactIndex.build(
        Document(id=number, text=text)
        for number, text in enumerate(
            [*(f"Item {item} is made of wood." for item in range(60)), "The physician left."]
        )
    )
    found = index.find("nurse")
    assert found is not None
    assert 60 in found.places.tolist()
    assert index.ask("did the surgeon leave").candidates[0].document.id == 60


def test_a_story_of_a_few_words_can_be_asked_about_words_that_it_lacks() -> None:
    """Fewer terms than stand in for a missing word used to raise."""
    for text in ("Yes.", "Hello cats.", ""):
        index = FactIndex.build([Document(id=1, text=text)])
        assert index.ask("zebra flights over mountains").told == ()


def test_neighbours_account_for_what_a_document_leaves_out() -> None:
    index = FactIndex.build(
        [
            Document(id=0, text="The Orion satellite was launched in March."),
            Document(id=1, text="It weighs two tonnes."),
            Document(id=2, text="Nothing else is known of its makers."),
            Document(id=3, text="Butter is yellow."),
            Document(id=4, text="Cheese weighs little."),
        ]
    )
    found = index.ask("what does the Orion satellite weigh?").candidates
    places = [each.document.id for each in found]
    assert places.index(1) < places.index(4)
