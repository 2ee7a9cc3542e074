"""What was changed within the minute is taken back entirely; afterwards it is said who has it."""

from datetime import timedelta

import pytest

from bot.errors import NotAllowed
from bot.services.answers.reader import ReaderAnswers
from bot.services.facts.changes.conversation import Changes
from bot.services.facts.changes.undo import Ending, Undo
from bot.services.facts.reviews import Reviews
from db.answers import exchanges
from db.desk import proposals
from db.engine import Database
from db.facts import facts
from db.records import ChangeKind, ChatKind, Fact, FactDraft, Moment, Outcome, Status, Weight
from db.records.desk import Proposal, ProposalKind, ProposalState, Role
from db.subscriptions import chats
from tests.clocks import Clock
from tests.factories import actor, draft, seat
from tests.samples import AT
from tests.services.newsdesk import LATER, added, fact, history, order, published, records, turn


@pytest.fixture
def clock() -> Clock:
    return Clock(LATER)


@pytest.fixture
def changing(database: Database, clock: Clock) -> Changes:
    return Changes(database, clock=clock)


@pytest.fixture
def undoing(database: Database, clock: Clock) -> Undo:
    return Undo(database, clock=clock)


def content(fact: Fact) -> FactDraft:
    return FactDraft.of(fact)


async def addition(
    database: Database, clock: Clock, author: int = 77, publisher: int = 77
) -> Proposal:
    """Return an addition as it stands after it was published."""
    async with database.writing() as session:
        new = await facts.add(session, draft(key="new"), editor=publisher, at=clock.at)
        made = await proposals.make(
            session,
            chat_id=author,
            thread_id=None,
            editor=author,
            kind=ProposalKind.ADD,
            step="done",
            at=clock.at,
        )
        done = await proposals.advance(
            session,
            made,
            at=clock.at,
            state=ProposalState.DONE,
            done_at=clock.at,
            fact_id=new.id,
            notes={"version": 1},
        )
    assert done is not None
    return done


@pytest.mark.parametrize("kind", [ChangeKind.UPDATE, ChangeKind.CORRECTION])
async def test_a_change_is_taken_back_entirely(
    database: Database, changing: Changes, undoing: Undo, clock: Clock, kind: ChangeKind
) -> None:
    ada = await seat(database)
    before = await added(
        database,
        as_of=Moment.parse("2025-05-19 14:20"),
        source_url="https://tass.com",
        check_by=AT + timedelta(days=1),
    )
    words = (
        "1 About three hours.\nSource: BBC\nTopics: other\nBig\nStatus: disputed\nCheck: in a day"
    )
    change = await changing.edit(ada, order(words))
    ready = await changing.choose_kind(ada, *turn(change), kind)
    done = await changing.publish(ada, *turn(ready))
    assert (await fact(database)).weight is Weight.BIG
    clock.pass_(59)
    undone = await undoing.undo(ada, *turn(done))
    assert undone is not None
    assert undone.ending is Ending.UNDONE
    after = await fact(database)
    assert content(after) == content(before)
    versions = await history(database)
    assert [each.kind for each in versions] == [ChangeKind.NEW, kind, ChangeKind.UNDO]
    assert versions[-1].editor == 77
    assert undone.proposal is not None
    assert undone.proposal.state is ProposalState.UNDONE
    assert (await records(database))[-1].action == "fact.undo"
    assert await undoing.undo(ada, *turn(done)) is None


async def test_a_phrasing_that_came_since_survives_the_undo(
    database: Database, changing: Changes, undoing: Undo, clock: Clock
) -> None:
    ada = await seat(database)
    await added(database)
    done = await published(changing, ada, "1 About three hours.")
    await Reviews(database, clock=clock).phrase(ada, order("1 new words"))
    await undoing.undo(ada, *turn(done))
    after = await fact(database)
    assert (after.text, after.phrasings[-1]) == ("About two and a half hours.", "new words")


async def test_a_withdrawal_is_taken_back(database: Database, undoing: Undo, clock: Clock) -> None:
    ada = await seat(database)
    before = await added(database, status=Status.REPORTED)
    withdrawing = Changes(database, clock=clock)
    asked = await withdrawing.withdraw(ada, order("1 wrong"))
    await withdrawing.confirm(ada, *turn(asked))
    undone = await undoing.undo_last(ada)
    assert undone.ending is Ending.UNDONE
    assert content(await fact(database)) == content(before)
    assert (await undoing.undo_last(ada)).ending is Ending.NOTHING


async def test_what_only_the_desk_sees_is_taken_back_without_a_version(
    database: Database, changing: Changes, undoing: Undo
) -> None:
    ada = await seat(database)
    before = await added(database)
    change = await changing.edit(ada, order("1\nTopics: other"))
    done = await changing.publish(ada, *turn(change))
    await undoing.undo(ada, *turn(done))
    assert await fact(database) == before


async def test_an_undone_addition_is_no_withdrawal_to_readers(
    database: Database, undoing: Undo, clock: Clock
) -> None:
    ada = await seat(database)
    made = await addition(database, clock)
    answering = ReaderAnswers(database, clock=clock)
    stands = await answering.standing(1, 1)
    assert (stands.fact is None, stands.change) == (False, None)
    undone = await undoing.undo(ada, made.id, made.turn)
    assert undone is not None
    assert undone.ending is Ending.UNDONE
    assert [each.kind for each in await history(database)] == [ChangeKind.NEW, ChangeKind.UNDO]
    stands = await answering.standing(1, 1)
    assert (stands.fact, stands.change) == (None, None)
    await added(database, key="other")
    withdrawing = Changes(database, clock=clock)
    asked = await withdrawing.withdraw(ada, order("2 wrong"))
    await withdrawing.confirm(ada, *turn(asked))
    gone = (await answering.standing(2, 1)).change
    assert gone is not None
    assert (gone.kind, gone.reason) == (ChangeKind.WITHDRAWAL, "wrong")


async def test_after_a_minute_it_is_said_who_has_it(
    database: Database, changing: Changes, undoing: Undo, clock: Clock
) -> None:
    ada = await seat(database)
    await added(database)
    done = await published(changing, ada, "1 About three hours.")
    clock.pass_(30)
    async with database.writing() as session:
        for chat in (5, 5, 6):
            await chats.remember(
                session, chat_id=chat, kind=ChatKind.PRIVATE, title=None, at=clock.at
            )
            await exchanges.record(
                session,
                chat_id=chat,
                thread_id=None,
                question="?",
                outcome=Outcome.ANSWER,
                told=[(1, 2)],
                asked_at=clock.at,
            )
    clock.pass_(31)
    late = await undoing.undo(ada, *turn(done))
    assert late is not None
    assert (late.ending, late.told) == (Ending.TOO_LATE, 2)
    assert (await fact(database)).version == 2
    assert (await undoing.undo_last(ada)).ending is Ending.TOO_LATE


async def test_what_somebody_changed_since_is_not_taken_back(
    database: Database, changing: Changes, undoing: Undo
) -> None:
    ada, bob = await seat(database), await seat(database, 78, name="Bob")
    await added(database)
    done = await published(changing, ada, "1 About three hours.")
    await published(changing, bob, "1 About four hours.")
    since = await undoing.undo(ada, *turn(done))
    assert since is not None
    assert (since.ending, since.by) == (Ending.MOVED_ON, "Bob")
    assert (await fact(database)).text == "About four hours."


async def test_only_who_published_undoes(
    database: Database, changing: Changes, undoing: Undo, clock: Clock
) -> None:
    ada, bob = await seat(database), await seat(database, 78, name="Bob")
    carl = await seat(database, 80, Role.CONTRIBUTOR, name="Carl")
    await added(database)
    done = await published(changing, ada, "1 About three hours.")
    assert await undoing.undo(bob, *turn(done)) is None
    assert await undoing.undo(ada, done.proposal.id, done.proposal.turn - 1) is None
    assert await undoing.undo(ada, done.proposal.id + 1, 1) is None
    assert (await undoing.undo_last(bob)).ending is Ending.NOTHING
    for somebody in (carl, actor(99), actor(77, chat=-5)):
        with pytest.raises(NotAllowed):
            await undoing.undo(somebody, *turn(done))
        with pytest.raises(NotAllowed):
            await undoing.undo_last(somebody)
    assert (await fact(database)).version == 2
    assert [each.refused for each in await records(database)] == [False] + [True] * 7


async def test_who_published_a_contributors_draft_may_undo_it(
    database: Database, undoing: Undo, clock: Clock
) -> None:
    ada = await seat(database)
    carl = await seat(database, 80, Role.CONTRIBUTOR, name="Carl")
    made = await addition(database, clock, author=carl.person_id)
    bob = await seat(database, 78, name="Bob")
    assert await undoing.undo(bob, made.id, made.turn) is None
    undone = await undoing.undo(ada, made.id, made.turn)
    assert undone is not None
    assert undone.fact is not None
    assert undone.fact.status is Status.WITHDRAWN
