"""Saved questions are kept once for each wording, with what they got when last run."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from db.engine import Database
from db.facts import facts
from db.questions import saved
from db.records import Outcome
from tests import bridge
from tests.samples import AT


async def test_a_question_is_saved_once_and_its_runs_are_kept(database: Database) -> None:
    async with database.writing() as session:
        await facts.add_all(session, bridge.DRAFTS, editor=None, at=AT)
        first = await saved.save(session, "how long", 3, editor=7, at=AT)
        other = await saved.save(session, "who won", None, editor=7, at=AT)
        ran = [(first.id, Outcome.ANSWER, 4), (other.id, Outcome.OFF_TOPIC, None)]
        await saved.ran(session, ran, at=AT)
    async with database.reading() as session:
        one, two = await saved.everything(session)
    assert one == replace(first, last_outcome=Outcome.ANSWER, last_fact_id=4, last_run_at=AT)
    assert (two.fact_id, two.last_outcome, two.last_fact_id) == (None, Outcome.OFF_TOPIC, None)
    async with database.writing() as session:
        again = await saved.save(session, "how long", 4, editor=8, at=AT)
        assert again == replace(first, fact_id=4, saved_by=8)
        await saved.forget(session, two.id)
    async with database.reading() as session:
        assert await saved.everything(session) == [again]
        assert await saved.by_id(session, two.id) is None
        assert await saved.by_question(session, "how") is None


async def test_a_fact_that_does_not_exist_cannot_be_expected(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.writing() as session:
            await saved.save(session, "how long", 3, editor=7, at=AT)
