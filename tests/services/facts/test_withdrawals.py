"""Withdrawing: a reason, a tap, and a fact that is never told again."""

import pytest

from bot.errors import DeskError, NotAllowed
from bot.services.facts.changes.conversation import Changes
from bot.services.facts.changes.state import Step
from db.engine import Database
from db.records import ChangeKind, Status
from db.records.desk import ProposalState, Role
from tests.clocks import Clock
from tests.factories import actor, seat
from tests.services.newsdesk import LATER, added, fact, history, order, published, records, turn


@pytest.fixture
def clock() -> Clock:
    return Clock(LATER)


@pytest.fixture
def withdrawing(database: Database, clock: Clock) -> Changes:
    return Changes(database, clock=clock)


async def test_a_withdrawal_takes_a_reason_and_a_tap(
    database: Database, withdrawing: Changes
) -> None:
    ada = await seat(database)
    before = await added(database)
    asked = await withdrawing.withdraw(ada, order("1 TASS took it back."))
    assert (asked.step, asked.reason) == (Step.CONFIRM, "TASS took it back.")
    assert (await fact(database)).status is Status.CONFIRMED
    done = await withdrawing.confirm(ada, *turn(asked))
    assert done is not None
    assert done.proposal.state is ProposalState.DONE
    newest = (await history(database))[-1]
    assert (newest.kind, newest.status, newest.reason, newest.text) == (
        ChangeKind.WITHDRAWAL,
        Status.WITHDRAWN,
        "TASS took it back.",
        before.text,
    )
    (entry,) = await records(database)
    assert (entry.action, entry.fact_id) == ("fact.withdraw", 1)
    assert "reason: TASS took it back." in (entry.after or "")
    assert await withdrawing.confirm(ada, *turn(done)) is None
    with pytest.raises(DeskError, match="withdrawn already"):
        await withdrawing.withdraw(ada, order("1 again"))


async def test_a_missing_reason_is_asked_for(database: Database, withdrawing: Changes) -> None:
    ada = await seat(database)
    await added(database)
    asked = await withdrawing.withdraw(ada, order("#1"))
    assert asked.step is Step.REASON
    assert await withdrawing.confirm(ada, *turn(asked)) is None
    with pytest.raises(DeskError, match="the reason has 301 characters"):
        await withdrawing.say(ada, "x" * 301, None)
    said = await withdrawing.say(ada, "TASS took it back.", None)
    assert said is not None
    assert said.step is Step.CONFIRM
    assert await withdrawing.say(ada, "How long is the bridge?", None) is None
    assert await withdrawing.confirm(ada, *turn(said)) is not None


async def test_a_fact_that_changed_meanwhile_is_shown_before_it_is_withdrawn(
    database: Database, withdrawing: Changes, clock: Clock
) -> None:
    ada, bob = await seat(database), await seat(database, 78, name="Bob")
    await added(database)
    asked = await withdrawing.withdraw(bob, order("1 It is wrong."))
    await published(Changes(database, clock=clock), ada, "1 About three hours.")
    again = await withdrawing.confirm(bob, *turn(asked))
    assert again is not None
    assert (again.step, again.by, again.was.text) == (Step.CONFIRM, "Ada", "About three hours.")
    assert (await fact(database)).status is Status.CONFIRMED
    await withdrawing.confirm(bob, *turn(again))
    assert (await fact(database)).status is Status.WITHDRAWN


async def test_a_dropped_withdrawal_leaves_the_fact(
    database: Database, withdrawing: Changes
) -> None:
    ada, bob = await seat(database), await seat(database, 78, name="Bob")
    await added(database)
    asked = await withdrawing.withdraw(ada, order("1 It is wrong."))
    assert await withdrawing.drop(bob, *turn(asked)) is None
    assert await withdrawing.confirm(bob, *turn(asked)) is None
    dropped = await withdrawing.drop(ada, *turn(asked))
    assert dropped is not None
    assert dropped.proposal.state is ProposalState.DROPPED
    assert await withdrawing.confirm(ada, *turn(dropped)) is None
    assert len(await history(database)) == 1


async def test_only_editors_withdraw(database: Database, withdrawing: Changes) -> None:
    ada = await seat(database)
    carl = await seat(database, 80, Role.CONTRIBUTOR, name="Carl")
    await added(database)
    asked = await withdrawing.withdraw(ada, order("1 It is wrong."))
    assert await withdrawing.say(carl, "It is wrong.", None) is None
    for somebody in (carl, actor(99), actor(77, chat=-5)):
        for tried in (
            withdrawing.withdraw(somebody, order("1 It is wrong.")),
            withdrawing.confirm(somebody, *turn(asked)),
            withdrawing.drop(somebody, *turn(asked)),
        ):
            with pytest.raises(NotAllowed):
                await tried
    assert len(await history(database)) == 1
