"""Texts that say much the same are found whatever words they share with others."""

from bot.search import Document, FactIndex
from bot.search.comparison.overlap import largest_overlaps

INDEX = FactIndex.build(
    [
        Document(id=7, text="The old bridge over the river was closed on 3 May."),
        Document(id=8, text="The bridge is 412 metres long."),
        Document(id=9, text="The mayor opened the library by the river."),
    ]
)


def test_the_document_that_says_much_the_same_is_found() -> None:
    same, other, none, empty = largest_overlaps(
        INDEX,
        [
            "On 3 May the old bridges over the river were closed, officials said.",
            "The length of the bridge is 412 metres.",
            "The mayor crossed the bridge in a zeppelin yesterday morning.",
            "",
        ],
    )
    assert same is not None
    assert (same.document.id, round(same.share, 1) >= 0.6) == (7, True)
    assert other is not None
    assert other.document.id == 8
    assert none is None
    assert empty is None


def test_numbers_and_dates_overlap_however_they_are_written() -> None:
    index = FactIndex.build(
        [Document(id=7, text="It opens on Sept 3 at 8 p.m. and cost 1.5 million euros.")]
    )
    (found,) = largest_overlaps(index, ["At 20:00 on 3 September it opens; it cost €1,500,000."])
    assert found is not None
    assert found.share == 1.0


def test_an_index_of_nothing_has_nothing_alike() -> None:
    assert largest_overlaps(FactIndex.build([]), ["The bridge is closed."]) == (None,)
