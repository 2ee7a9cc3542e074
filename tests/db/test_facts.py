"""Facts, their versions and the story's revision."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, StatementError

from db import story
from db.engine import Database
from db.facts import facts
from db.records import ChangeKind, FactDraft, Moment, Status, Weight
from tests.factories import draft


async def test_fact_comes_back_as_it_was_given(database: Database, at: datetime) -> None:
    wished = FactDraft(
        key="everything",
        text="A fact, with 'quotes', emoji 🕊 and\nlines.",
        question="Everything?",
        phrasings=("one", "two"),
        source="TASS",
        source_url="https://example.org/a",
        as_of=Moment(date(2025, 5, 19)),
        happened=Moment(date(2025, 5, 19), time(14, 20)),
        status=Status.UNKNOWN,
        weight=Weight.BIG,
        topics=("call", "istanbul"),
        next_word="18:00",
        check_by=datetime(2025, 5, 20, 18, tzinfo=timezone(timedelta(hours=3))),
    )
    async with database.writing() as session:
        added = await facts.add(session, wished, editor=7, at=at)
    async with database.reading() as session:
        fact = await facts.by_id(session, added.id)
        assert fact == added == await facts.by_key(session, "everything")
        assert fact is not None
        assert FactDraft.of(fact) == wished
        assert (fact.version, fact.changed_at) == (1, at)
        assert fact.check_by is not None
        assert fact.check_by.tzinfo is UTC
        assert await facts.all_current(session) == [fact]
        assert await facts.count(session) == 1


async def test_unknown_number_and_key_give_none(database: Database) -> None:
    async with database.reading() as session:
        assert await facts.by_id(session, 1) is None
        assert await facts.by_key(session, "x") is None
        assert await facts.version(session, 1, 1) is None
        assert await facts.history(session, 1) == []
        assert await facts.all_current(session) == []


async def test_revision_keeps_the_version_that_was_told(database: Database, at: datetime) -> None:
    async with database.writing() as session:
        fact = await facts.add(session, draft(text="Two hours."), editor=7, at=at)
    later = at + timedelta(hours=1)
    async with database.writing() as session:
        revised = await facts.revise(
            session,
            fact.id,
            1,
            draft(text="Two and a half hours.", phrasings=("how long",)),
            kind=ChangeKind.CORRECTION,
            reason="TASS gave the exact length",
            editor=8,
            at=later,
        )
    assert revised is not None
    assert (revised.version, revised.text, revised.changed_at) == (
        2,
        "Two and a half hours.",
        later,
    )
    assert revised.phrasings == ("how long",)
    async with database.reading() as session:
        first, second = await facts.history(session, fact.id)
        assert await facts.version(session, fact.id, 1) == first
    assert (first.text, first.kind, first.reason, first.editor) == (
        "Two hours.",
        ChangeKind.NEW,
        None,
        7,
    )
    assert (second.kind, second.reason, second.editor) == (
        ChangeKind.CORRECTION,
        "TASS gave the exact length",
        8,
    )


async def test_second_of_two_editors_is_told_of_the_conflict(
    database: Database, at: datetime
) -> None:
    async with database.writing() as session:
        fact = await facts.add(session, draft(), editor=7, at=at)

    async def revise(wording: str) -> object:
        async with database.writing() as session:
            return await facts.revise(
                session,
                fact.id,
                fact.version,
                draft(text=wording),
                kind=ChangeKind.WORDING,
                reason=None,
                editor=8,
                at=at,
            )

    assert await revise("First.") is not None
    async with database.reading() as session:
        before = await story.revision(session)
    assert await revise("Second.") is None
    async with database.reading() as session:
        assert await story.revision(session) == before
        assert [each.text for each in await facts.history(session, fact.id)] == [
            fact.text,
            "First.",
        ]


@pytest.mark.parametrize(
    "statement", ["UPDATE fact_versions SET text = 'other'", "DELETE FROM fact_versions"]
)
async def test_versions_are_immutable(database: Database, at: datetime, statement: str) -> None:
    async with database.writing() as session:
        await facts.add(session, draft(text="As told."), editor=None, at=at)
    with pytest.raises(IntegrityError, match="never changed nor removed"):
        async with database.writing() as session:
            await session.execute(text(statement))
    async with database.reading() as session:
        assert (await facts.all_current(session))[0].text == "As told."


async def test_number_of_a_fact_is_never_given_again(database: Database, at: datetime) -> None:
    with pytest.raises(RuntimeError):  # noqa: PT012 - the whole transaction
        async with database.writing() as session:
            await facts.add(session, draft(), editor=None, at=at)
            raise RuntimeError
    async with database.writing() as session:
        numbers = await facts.add_all(
            session, [draft(key=key) for key in ("c", "a", "b")], editor=None, at=at
        )
    assert numbers == {"c": 1, "a": 2, "b": 3}


async def test_second_fact_of_a_key_is_refused(database: Database, at: datetime) -> None:
    with pytest.raises(IntegrityError):  # noqa: PT012 - the whole transaction
        async with database.writing() as session:
            await facts.add(session, draft(), editor=None, at=at)
            await facts.add(session, draft(), editor=None, at=at)
    async with database.reading() as session:
        assert await facts.count(session) == 0
        assert await story.revision(session) == 0


async def test_naive_time_is_refused(database: Database, at: datetime) -> None:
    naive = at.replace(tzinfo=None)
    with pytest.raises(StatementError, match="aware times only"):
        async with database.writing() as session:
            await facts.add(session, draft(), editor=None, at=naive)
    async with database.reading() as session:
        assert await facts.count(session) == 0


async def test_moment_finer_than_a_minute_is_refused(database: Database, at: datetime) -> None:
    fine = Moment(date(2025, 5, 19), time(14, 20, 30))
    with pytest.raises(StatementError, match="finer than a minute"):
        async with database.writing() as session:
            await facts.add(session, draft(as_of=fine), editor=None, at=at)


async def test_every_change_counts_a_revision_and_marks_its_facts(
    database: Database, at: datetime
) -> None:
    async with database.writing() as session:
        assert await story.revision(session) == 0
        one = await facts.add(session, draft(key="one"), editor=None, at=at)
        two = await facts.add(session, draft(key="two"), editor=None, at=at)
        assert await story.revision(session) == 2
    async with database.writing() as session:
        assert await facts.changed_since(session, 2) == []
        assert [each.id for each in await facts.changed_since(session, 1)] == [two.id]
        phrased = await facts.add_phrasing(session, one.id, "was it long")
        assert phrased is not None
        assert phrased.phrasings[-1] == "was it long"
        assert phrased.version == 1
        assert await facts.changed_since(session, 2) == [phrased]
        assert await facts.add_phrasing(session, one.id, "was it long") == phrased
        assert await story.revision(session) == 3
        assert await facts.add_phrasing(session, 99, "x") is None
        await facts.annotate(session, [(two.id, draft(topics=("length",), phrasings=("new",)))])
        assert await story.revision(session) == 4
        (changed,) = await facts.changed_since(session, 3)
        assert (changed.topics, changed.phrasings, changed.version) == (("length",), ("new",), 1)


async def test_withdrawn_fact_is_among_the_changed(database: Database, at: datetime) -> None:
    async with database.writing() as session:
        fact = await facts.add(session, draft(), editor=None, at=at)
        before = await story.revision(session)
        await facts.revise_all(
            session,
            [(fact, draft(status=Status.WITHDRAWN))],
            kind=ChangeKind.WITHDRAWAL,
            reason="no longer stood by",
            editor=7,
            at=at,
        )
    async with database.reading() as session:
        (changed,) = await facts.changed_since(session, before)
    assert (changed.status, changed.version) == (Status.WITHDRAWN, 2)


async def test_changes_without_any_fact_count_nothing(database: Database, at: datetime) -> None:
    async with database.writing() as session:
        assert await facts.add_all(session, [], editor=None, at=at) == {}
        await facts.annotate(session, [])
        await facts.revise_all(session, [], kind=ChangeKind.UPDATE, reason=None, editor=None, at=at)
        assert await story.get(session) is None


async def test_more_facts_than_one_statement_has_parameters(
    database: Database, at: datetime
) -> None:
    many = [draft(key=f"fact-{number}") for number in range(1_200)]
    async with database.writing() as session:
        await facts.add_all(session, many, editor=None, at=at)
    async with database.reading() as session:
        assert [FactDraft.of(each) for each in await facts.all_current(session)] == many
