"""Proposals and cards come back as they were stored, and take each step once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from db.desk import audit, cards, proposals
from db.engine import Database, Session
from db.records import FactDraft, Moment, Status, Weight
from db.records.desk import Card, CardKind, Proposal, ProposalKind, ProposalState
from tests.factories import draft
from tests.samples import AT

FULL = draft(
    as_of=Moment.parse("2025-05-19 14:20"),
    happened=Moment.parse("2025-05-19"),
    status=Status.UNKNOWN,
    weight=Weight.BIG,
    next_word="at 18:00",
    check_by=datetime(2025, 5, 21, 6, 30, tzinfo=UTC),
)


async def made(session: Session, *, wished: FactDraft | None = FULL) -> Proposal:
    return await proposals.make(
        session,
        chat_id=7,
        thread_id=None,
        editor=7,
        kind=ProposalKind.ADD,
        step="ask_source",
        at=AT,
        draft=wished,
        notes={"rows": [1, 2]},
    )


@pytest.mark.parametrize("wished", [FULL, FactDraft(key="", text=""), None])
async def test_a_proposal_comes_back_as_stored(
    database: Database, wished: FactDraft | None
) -> None:
    async with database.writing() as session:
        stored = await made(session, wished=wished)
    async with database.reading() as session:
        found = await proposals.by_id(session, stored.id)
        assert found == stored
        assert await proposals.open_of(session, 7, 7) == [found]
        assert await proposals.open_of(session, 7, 8) == []
        assert await proposals.open_of(session, 8, 7) == []
    assert found is not None
    assert (found.draft, found.notes, found.turn) == (wished, {"rows": [1, 2]}, 1)


async def test_a_step_is_taken_once(database: Database) -> None:
    async with database.writing() as session:
        first = await made(session)
        done = await proposals.advance(
            session, first, at=AT + timedelta(minutes=1), state=ProposalState.DONE, done_at=AT
        )
        again = await proposals.advance(session, first, at=AT, state=ProposalState.DROPPED)
        assert await proposals.open_of(session, 7, 7) == []
        waiting = await proposals.in_state(session, [ProposalState.DONE], limit=5)
    assert again is None
    assert done is not None
    assert (done.state, done.turn, done.done_at) == (ProposalState.DONE, 2, AT)
    assert waiting == [done]
    async with database.reading() as session:
        assert await proposals.newest_done(session, 7, 7) == done
        assert await proposals.newest_done(session, 7, 8) is None


async def test_a_card_tells_what_its_message_shows_last(database: Database) -> None:
    async with database.writing() as session:
        for kind, about in ((CardKind.PROPOSAL, 3), (CardKind.FACT, 9)):
            card = Card(chat_id=7, message_id=100, kind=kind, about=about)
            await cards.put(session, card)
        assert await cards.by_message(session, 7, 100) == card
        assert await cards.by_message(session, 8, 100) is None


@pytest.mark.parametrize("order", ["DELETE FROM audit", "UPDATE audit SET name = 'nobody'"])
async def test_records_are_never_changed(database: Database, order: str) -> None:
    async with database.writing() as session:
        await audit.record(session, at=AT, person=7, name="Ada", action="fact.add", fact_id=1)
    with pytest.raises(IntegrityError, match="never changed nor removed"):
        async with database.writing() as session:
            await session.execute(text(order))
    async with database.reading() as session:
        assert len(await audit.of_fact(session, 1, limit=5)) == 1
