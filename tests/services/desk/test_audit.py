"""The records tell everything that was done, once each, to those who may read them."""

from datetime import timedelta

import pytest

from bot.errors import DeskError, NotAllowed
from bot.services.desk.audit import AuditTrail, Difference, Event
from bot.services.rights import acting
from db.desk import audit, cards
from db.engine import Database
from db.facts import facts
from db.records import ChangeKind, FactDraft, Moment, Status
from db.records.desk import Card, CardKind, Role
from tests.factories import actor, draft, seat
from tests.samples import AT

ADA = 77


@pytest.fixture
def auditing(database: Database) -> AuditTrail:
    return AuditTrail(database, clock=lambda: AT)


async def changed_by(database: Database, words: str, minutes: int) -> None:
    """Correct the one fact as a service does: the version and its entry in one transaction."""
    at = AT + timedelta(minutes=minutes)
    async with acting(database, actor(ADA), Role.EDITOR, "fact.correct", at=at) as done:
        fact = await facts.by_id(done.session, 1)
        assert fact is not None
        await facts.revise(
            done.session,
            1,
            fact.version,
            draft(text=words, status=Status.REPORTED, as_of=Moment.parse("2025-05-19 14:20")),
            kind=ChangeKind.CORRECTION,
            reason="misheard",
            editor=ADA,
            at=at,
        )
        await done.record(fact_id=1, before=fact.text, after=words)


async def one_fact(database: Database, wished: FactDraft | None = None) -> None:
    async with database.writing() as session:
        await facts.add(session, wished or draft(), editor=None, at=AT)


async def test_the_newest_come_first_ten_at_a_time(
    database: Database, auditing: AuditTrail
) -> None:
    ada = await seat(database, ADA)
    async with database.writing() as session:
        for number in range(23):
            await audit.record(session, at=AT, person=1, name="Eve", action=f"x.{number}")
    page = await auditing.newest(ada)
    assert [entry.action for entry in page.entries] == [f"x.{n}" for n in range(22, 12, -1)]
    assert (page.has_older, page.from_newest) == (True, True)
    older = await auditing.newest(ada, before=page.entries[-1].id)
    assert (older.entries[0].action, older.from_newest) == ("x.12", False)
    last = await auditing.newest(ada, before=4)
    assert [entry.action for entry in last.entries] == ["x.2", "x.1", "x.0"]
    assert not last.has_older
    assert (await auditing.newest(ada, before=1)).entries == ()


async def test_a_history_tells_who_changed_what_and_why(
    database: Database, auditing: AuditTrail
) -> None:
    ada = await seat(database, ADA)
    await one_fact(database)
    await changed_by(database, "Three hours.", 5)
    async with acting(
        database, ada, Role.EDITOR, "fact.phrase", at=AT + timedelta(minutes=9)
    ) as done:
        await done.record(fact_id=1, after="how long")
    shown = await auditing.history(ada, 1)
    phrased, corrected, added = shown.events
    assert phrased == Event(
        at=AT + timedelta(minutes=9),
        who="Ada",
        what="fact.phrase",
        version=None,
        differences=(Difference(field="", before=None, after="how long"),),
    )
    assert (corrected.who, corrected.what, corrected.version) == ("Ada", "correction", 2)
    assert corrected.reason == "misheard"
    assert corrected.differences == (
        Difference(field="text", before="About two and a half hours.", after="Three hours."),
        Difference(field="as_of", before=None, after="2025-05-19 14:20"),
        Difference(field="status", before="confirmed", after="reported"),
    )
    assert (added.who, added.what, added.version) == ("an import", "new", 1)
    assert Difference(field="source", before=None, after="TASS") in added.differences
    assert shown.total == 3


async def test_a_refused_attempt_on_a_fact_is_in_its_history(
    database: Database, auditing: AuditTrail
) -> None:
    ada = await seat(database, ADA)
    await one_fact(database)
    async with database.writing() as session:
        await audit.record(
            session, at=AT, person=9, name="Eve", action="fact.add", fact_id=1, refused=True
        )
    events = (await auditing.history(ada, 1)).events
    assert [(each.who, each.refused) for each in events] == [("an import", False), ("Eve", True)]


async def test_a_page_begins_where_the_last_one_ended(
    database: Database, auditing: AuditTrail
) -> None:
    ada = await seat(database, ADA)
    await one_fact(database)
    for number in range(6):
        await changed_by(database, f"{number} hours.", number + 1)
    shown = await auditing.history(ada, 1, skip=5)
    assert [(each.version, shown.total) for each in shown.events] == [(2, 7), (1, 7)]
    assert (await auditing.history(ada, 1, skip=10**18)).skip == 0


async def test_a_card_names_its_fact(database: Database, auditing: AuditTrail) -> None:
    ada = await seat(database, ADA)
    await one_fact(database)
    async with database.writing() as session:
        for message, kind in ((5, CardKind.FACT), (6, CardKind.QUESTION)):
            card = Card(chat_id=ADA, message_id=message, kind=kind, about=1)
            await cards.put(session, card)
    assert (await auditing.history(ada, None, replied=5)).fact.id == 1
    for replied in (6, 7, None):
        with pytest.raises(DeskError, match="for example /history 7"):
            await auditing.history(ada, None, replied=replied)
    with pytest.raises(DeskError, match="no fact #99"):
        await auditing.history(ada, 99, replied=5)


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, None])
async def test_only_editors_read_the_records(
    database: Database, auditing: AuditTrail, role: Role | None
) -> None:
    ada = actor(ADA) if role is None else await seat(database, ADA, role)
    for tried in (auditing.newest(ada), auditing.history(ada, 1), auditing.history(ada, None)):
        with pytest.raises(NotAllowed):
            await tried
    async with database.reading() as session:
        entries = await audit.newest(session, limit=9)
    assert [(each.action, each.refused) for each in entries] == [
        ("fact.history", True),
        ("fact.history", True),
        ("audit.read", True),
    ]
