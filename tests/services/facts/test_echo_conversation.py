"""An error is corrected wherever it stands, and whoever was told it hears of it once."""

import pytest

from bot.errors import DeskError, NotAllowed
from bot.services.facts.changes.conversation import Changes
from bot.services.facts.changes.echoes import Decision
from bot.services.facts.changes.state import Change, Step
from bot.services.facts.changes.undo import Undo
from bot.services.rights import Actor
from bot.views.alerts import messages as views
from bot.views.message import plain
from db.alerts import alerts
from db.engine import Database
from db.records import ChangeKind, Fact, Status
from db.records.alerts import AlertKind, AlertState, Level
from db.records.desk import ProposalState
from tests.clocks import Clock
from tests.factories import actor, seat
from tests.newsroom import Newsroom, change_of
from tests.services.newsdesk import added, fact, history, order, records, turn

TAKEN, LEFT = Decision.TAKEN, Decision.LEFT


@pytest.fixture
def newsroom(database: Database) -> Newsroom:
    return Newsroom(database)


@pytest.fixture
def clock(newsroom: Newsroom) -> Clock:
    return Clock(newsroom.at)


@pytest.fixture
def echoing(database: Database, clock: Clock) -> Changes:
    return Changes(database, clock=clock)


@pytest.fixture
def changing(database: Database, clock: Clock) -> Changes:
    return Changes(database, clock=clock)


@pytest.fixture
async def outage(database: Database) -> list[Fact]:
    """Three facts that say how long it was dark, and one that does not."""
    rows = {
        "How long was the outage?": "The outage lasted three hours.",
        "Why was the hall dark?": "The outage left the hall dark for three hours.",
        "What closed in the outage?": "The clinic, for the three hours of the outage.",
        "Who caused the outage?": "A digger caused the outage.",
    }
    return [
        await added(database, key=f"f{place}", question=question, text=text, source="Grid")
        for place, (question, text) in enumerate(rows.items())
    ]


async def corrected(changing: Changes, ada: Actor) -> Change:
    """Return the correction of the first fact, ready to be published."""
    change = await changing.edit(ada, order("1 The outage lasted four hours."))
    chosen = await changing.choose_kind(ada, *turn(change), ChangeKind.CORRECTION)
    sourced = await changing.choose_source(ada, *turn(chosen), 0)
    assert sourced is not None
    return sourced


async def test_the_desk_is_shown_where_else_the_error_stands_and_goes_through_it(
    database: Database, changing: Changes, echoing: Changes, outage: list[Fact]
) -> None:
    ada = await seat(database)
    shown = await corrected(changing, ada)
    assert [(each.fact.id, each.says) for each in shown.echoes] == [
        (2, "three hours"),
        (3, "three hours"),
    ]
    first = await echoing.go_through(ada, *turn(shown))
    assert first is not None
    assert first.step is Step.ECHOES
    assert first.current is not None
    assert first.current.text == "The outage left the hall dark for four hours."
    second = await echoing.decide(ada, *turn(first), TAKEN)
    assert await echoing.decide(ada, *turn(first), TAKEN) is None  # pressed twice
    back = await echoing.decide(ada, *turn(second), LEFT)
    assert back is not None
    assert (back.step, [each.decision for each in back.echoes]) == (Step.PREVIEW, [TAKEN, LEFT])
    assert (await fact(database, 2)).text == outage[1].text  # nothing before it is published
    done = await changing.publish(ada, *turn(back))
    assert done is not None
    assert done.proposal.state is ProposalState.DONE
    assert (await fact(database, 2)).text == "The outage left the hall dark for four hours."
    assert (await fact(database, 3)).text == outage[2].text
    newest = (await history(database, 2))[-1]
    assert (newest.kind, newest.editor) == (ChangeKind.CORRECTION, ada.person_id)
    assert [(each.action, each.fact_id) for each in await records(database)] == [
        ("fact.correct", 2),
        ("fact.correct", 1),
    ]


async def test_other_words_can_be_written_and_enough_ends_it(
    database: Database, changing: Changes, echoing: Changes, outage: list[Fact]
) -> None:
    ada = await seat(database)
    first = await echoing.go_through(ada, *turn(await corrected(changing, ada)))
    assert await echoing.say(ada, "How long was it?", None) is None
    second = await echoing.say(ada, "Dark until eleven.", None)
    back = await echoing.enough(ada, *turn(second))
    assert back is not None
    assert back.step is Step.PREVIEW
    await changing.publish(ada, *turn(back))
    assert (await fact(database, 2)).text == "Dark until eleven."
    assert (await fact(database, 3)).text == outage[2].text
    assert first is not None


async def test_nobody_else_decides(
    database: Database, changing: Changes, echoing: Changes, outage: list[Fact]
) -> None:
    ada, bob = await seat(database), await seat(database, person=78)
    shown = await corrected(changing, ada)
    assert await echoing.go_through(bob, *turn(shown)) is None
    with pytest.raises(NotAllowed):
        await echoing.go_through(actor(person=99), *turn(shown))
    assert len(outage) == 4


async def test_whoever_was_told_any_of_them_hears_once_and_their_messages_are_mended(
    database: Database,
    newsroom: Newsroom,
    changing: Changes,
    echoing: Changes,
    outage: list[Fact],
) -> None:
    ada = await seat(database)
    await newsroom.subscribe(9, level=Level.EVERY)
    length, hall, clinic, _ = outage
    await newsroom.told(101, length, message=10)
    await newsroom.told(102, hall, message=20)
    await newsroom.told(103, hall, length, message=30)
    await newsroom.told(104, clinic, message=40)
    first = await echoing.go_through(ada, *turn(await corrected(changing, ada)))
    second = await echoing.decide(ada, *turn(first), TAKEN)
    back = await echoing.decide(ada, *turn(second), LEFT)
    assert back is not None
    assert back.told == 3
    await changing.publish(ada, *turn(back))
    await newsroom.pass_time()
    await newsroom.pass_time()
    by_chat = {
        parcel.delivery.chat_id: parcel
        for parcel in newsroom.post.carried
        if parcel.alert.kind is AlertKind.CORRECTION
    }
    assert sorted(by_chat) == [101, 102, 103]
    told = by_chat[102]
    assert told.delivery.reply_to == 20
    message = plain(views.alert(told))
    assert "The outage left the hall dark for four hours." in message
    assert "We said: The outage left the hall dark for three hours." in message
    (mistaken,) = told.edits
    becomes = plain(views.corrected(mistaken.change or change_of(told), mistaken, newsroom.at))
    assert "The outage left the hall dark for four hours." in becomes
    assert "Before that we said: The outage left the hall dark for three hours." in becomes
    assert [each.message_id for each in by_chat[103].edits] == [31]
    news = [each for each in newsroom.post.carried if each.alert.kind is AlertKind.NEWS]
    assert [(each.delivery.chat_id, each.alert.fact_id) for each in news] == [(9, 1)]
    before, wrong_again = len(newsroom.post.carried), await fact(database, 2)
    await newsroom.change(wrong_again, "Dark until noon.", ChangeKind.CORRECTION)
    await newsroom.pass_time()
    assert {102, 103} <= {each.delivery.chat_id for each in newsroom.post.carried[before:]}


async def test_a_withdrawal_takes_with_it_what_says_the_same(
    database: Database,
    newsroom: Newsroom,
    clock: Clock,
    echoing: Changes,
    outage: list[Fact],
) -> None:
    ada = await seat(database)
    withdrawing = Changes(database, clock=clock)
    await newsroom.told(102, outage[1], message=20)
    asked = await withdrawing.withdraw(ada, order("1 The grid took it back."))
    first = await echoing.go_through(ada, *turn(asked))
    second = await echoing.decide(ada, *turn(first), TAKEN)
    back = await echoing.decide(ada, *turn(second), LEFT)
    assert back is not None
    assert (back.step, back.told) == (Step.CONFIRM, 1)
    await withdrawing.confirm(ada, *turn(back))
    statuses = [(await fact(database, number)).status for number in (1, 2, 3)]
    assert statuses == [Status.WITHDRAWN, Status.WITHDRAWN, Status.CONFIRMED]
    assert (await history(database, 2))[-1].reason == "The grid took it back."
    await newsroom.pass_time()
    (told,) = newsroom.post.carried
    assert "Why: The grid took it back." in plain(views.alert(told))


async def test_an_undo_takes_all_of_it_back(
    database: Database,
    clock: Clock,
    changing: Changes,
    echoing: Changes,
    outage: list[Fact],
) -> None:
    ada = await seat(database)
    first = await echoing.go_through(ada, *turn(await corrected(changing, ada)))
    second = await echoing.decide(ada, *turn(first), TAKEN)
    back = await echoing.decide(ada, *turn(second), TAKEN)
    await changing.publish(ada, *turn(back))
    await Undo(database, clock=clock).undo_last(ada)
    for number, before in enumerate(outage[:3], start=1):
        assert (await fact(database, number)).text == before.text
    async with database.reading() as session:
        left = await alerts.of_fact(
            session, 2, AlertKind.FOLLOWED, (AlertState.HELD, AlertState.DUE)
        )
    assert left == []


async def test_a_fact_that_somebody_changed_meanwhile_is_left_alone(
    database: Database,
    newsroom: Newsroom,
    changing: Changes,
    echoing: Changes,
    outage: list[Fact],
) -> None:
    ada = await seat(database)
    first = await echoing.go_through(ada, *turn(await corrected(changing, ada)))
    second = await echoing.decide(ada, *turn(first), TAKEN)
    back = await echoing.enough(ada, *turn(second))
    await newsroom.change(outage[1], "Somebody else's words.")
    done = await changing.publish(ada, *turn(back))
    assert done is not None
    assert (await fact(database, 1)).text == "The outage lasted four hours."
    assert (await fact(database, 2)).text == "Somebody else's words."
    assert {each.decision for each in done.echoes} == {Decision.OPEN}


async def test_what_cannot_be_put_in_by_rule_asks_for_words(
    database: Database, changing: Changes, echoing: Changes, outage: list[Fact]
) -> None:
    ada = await seat(database)
    text = "1 The outage lasted from six to ten."
    change = await changing.edit(ada, order(text))
    chosen = await changing.choose_kind(ada, *turn(change), ChangeKind.CORRECTION)
    first = await echoing.go_through(
        ada, *turn(await changing.choose_source(ada, *turn(chosen), 0))
    )
    assert first is not None
    assert first.current is not None
    assert first.current.text is None
    with pytest.raises(DeskError, match="Write what this fact is to say"):
        await echoing.decide(ada, *turn(first), TAKEN)
    assert len(outage) == 4
