"""A fact that answers the same question, or says nearly the same, is found before it is doubled."""

from pathlib import Path

import pytest
import pytest_asyncio

from bot.services.answers.index_cache import IndexCache, Snapshot
from bot.services.facts.comparison.near_duplicates import ClaimKind, near_duplicates
from db.engine import Database
from db.records import FactDraft


@pytest_asyncio.fixture
async def indexed(story_file: Path) -> Snapshot:
    database = await Database.open(story_file)
    try:
        return await IndexCache(database).current()
    finally:
        await database.close()


def twins(
    indexed: Snapshot, question: str, text: str, **but: list[int]
) -> list[tuple[int, tuple[ClaimKind, ...]]]:
    draft = FactDraft(key="", question=question, text=text)
    return [(twin.fact.id, twin.differs) for twin in near_duplicates(draft, indexed, **but)]


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("How long is the bridge?", "It is 412 metres long.", [(3, ())]),
        ("How long is the bridge?", "It is 512 metres long.", [(3, (ClaimKind.NUMBER,))]),
        ("how long is the bridge", "Very.", [(3, ())]),
        ("Closing?", "On 4 May, after an inspection.", [(2, (ClaimKind.DATE,))]),
        ("Why did the bearing fail?", "Rust, says the roads office.", [(5, ())]),
        ("Who owns the bridge?", "The city of Aldermere.", []),
        ("Who painted the bridge?", "Six men, in the summer.", []),
    ],
)
def test_twins_are_found_by_question_and_by_text(
    indexed: Snapshot,
    question: str,
    text: str,
    expected: list[tuple[int, tuple[ClaimKind, ...]]],
) -> None:
    found = twins(indexed, question, text)
    assert [number for number, _ in found] == [number for number, _ in expected]
    for (_, differs), (_, wanted) in zip(found, expected, strict=True):
        assert set(wanted) <= set(differs)


def test_what_was_seen_is_not_found_again(indexed: Snapshot) -> None:
    assert twins(indexed, "How long is the bridge?", "512 metres.", but=[3]) == []
