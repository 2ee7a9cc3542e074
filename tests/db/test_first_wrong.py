"""Since which version a fact says what it says."""

import pytest
from sqlalchemy import or_

from db.engine import Database
from db.facts import facts, first_wrong
from db.records import ChangeKind
from db.tables.story import VersionRow
from tests.factories import draft
from tests.samples import AT

NEW, UPDATE, WORDING, UNDO = (
    ChangeKind.NEW,
    ChangeKind.UPDATE,
    ChangeKind.WORDING,
    ChangeKind.UNDO,
)
HISTORIES = [
    ([], 1),
    ([UPDATE], 2),
    ([WORDING, WORDING], 1),
    ([UPDATE, WORDING], 2),
    ([UPDATE, UNDO], 1),
    ([WORDING, UPDATE, UNDO], 1),
    ([UPDATE, UNDO, WORDING], 1),
    ([UPDATE, UPDATE, UNDO], 2),
    ([UNDO], 1),
]


async def made(database: Database, kinds: list[ChangeKind], key: str = "length") -> int:
    """Make a fact with a version of each kind behind the first; return its number."""
    async with database.writing() as session:
        fact = await facts.add(session, draft(key=key), editor=None, at=AT)
        for version, kind in enumerate(kinds, start=1):
            words = draft(key=key, text=f"Version {version}.")
            await facts.revise(
                session, fact.id, version, words, kind=kind, reason=None, editor=None, at=AT
            )
    return fact.id


@pytest.mark.parametrize(("kinds", "since"), HISTORIES)
async def test_words_alone_change_nothing_and_an_undo_says_again_what_stood(
    database: Database, kinds: list[ChangeKind], since: int
) -> None:
    number = await made(database, kinds)
    async with database.reading() as session:
        assert await first_wrong.of_version(session, number, len(kinds) + 1) == since


async def test_of_many_facts_each_has_its_own(database: Database) -> None:
    numbers = [await made(database, kinds, f"k{at}") for at, (kinds, _) in enumerate(HISTORIES)]
    newest = or_(
        *(
            (VersionRow.fact_id == number) & (VersionRow.version == len(kinds) + 1)
            for number, (kinds, _) in zip(numbers, HISTORIES, strict=True)
        )
    )
    async with database.reading() as session:
        query = first_wrong.of_versions(newest).select()
        found = {row.fact_id: row.since for row in await session.execute(query)}
    assert [found[number] for number in numbers] == [since for _, since in HISTORIES]
