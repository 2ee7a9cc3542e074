"""An import is one alert for the subscribers; who follows or was told a fact hears of that one."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from bot.services.alerts.announcements import HOLD
from bot.services.alerts.content import NAMED
from bot.services.alerts.import_announcements import BETWEEN_WAVES, WAVE
from bot.services.alerts.parcels import Change, Summary
from bot.services.answers.index_cache import IndexCache
from bot.services.files.dry_run import DryRun, TakenIn
from bot.services.files.imports import Imports
from bot.services.files.sent_files import SentFile
from bot.services.files.uploads import Uploads
from bot.services.rights import Actor
from bot.stories.storyfile import Format
from bot.views.alerts import messages as views
from bot.views.message import plain
from db.alerts import alerts
from db.desk import audit
from db.engine import Database
from db.facts import facts
from db.records import ChangeKind, Status
from db.records.alerts import AlertKind, AlertState, Level
from db.subscriptions import subscriptions
from tests.factories import draft, seat
from tests.newsroom import Newsroom
from tests.scale import sized

SECOND = timedelta(seconds=1)


class Desk(Newsroom):
    """A newsroom whose editor sends files."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        cache = IndexCache(database)
        self.receiving = Uploads(database, cache, clock=lambda: self.at)
        self.importing = Imports(database, lambda: self.at)

    async def shown(self, ada: Actor, *rows: str) -> DryRun:
        async def fetch() -> bytes:
            return "\n".join(("key,question,text,status,weight,topics", *rows)).encode()

        sent = SentFile(name="facts.csv", size=None, fetch=fetch)
        return await self.receiving.receive(ada, sent)

    async def imported(self, ada: Actor, *rows: str, tell: bool) -> TakenIn:
        run = await self.shown(ada, *rows)
        assert run.proposal is not None
        self.at += SECOND
        done = await self.receiving.take_in(ada, run.proposal.id, run.proposal.turn, tell=tell)
        assert isinstance(done, TakenIn)
        return done

    async def follow(self, chat_id: int, *numbers: int) -> None:
        async with self.database.writing() as session:
            for number in numbers:
                await subscriptions.follow(session, chat_id, number, thread_id=None, at=self.at)

    def texts(self) -> list[tuple[int, str]]:
        """Return who heard what, in order, and forget it."""
        carried = [(each.delivery.chat_id, plain(views.alert(each))) for each in self.post.carried]
        self.post.carried.clear()
        return carried

    async def all_alerts(self) -> Counter[AlertKind]:
        async with self.database.reading() as session:
            found = await alerts.in_state(session, list(AlertState))
        return Counter(alert.kind for alert in found)


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


@pytest.fixture
async def ada(desk: Desk) -> Actor:
    """An editor of a story of three facts, with those who hear big news, all, or a summary."""
    for key, topic in (("length", "past"), ("cost", "money"), ("height", "past")):
        await desk.fact(key=key, text=f"The {key}.", topics=(topic,), phrasings=())
    await desk.subscribe(1)
    await desk.subscribe(2, level=Level.EVERY)
    await desk.subscribe(3, level=Level.SUMMARY)
    await desk.subscribe(4, level=Level.EVERY, topics=("money",))
    return await seat(desk.database)


ORDINARY = ("length,,413 metres.,,ordinary,past", "width,,12 metres.,,,past")


async def test_subscribers_hear_one_alert_of_it_after_the_hold(desk: Desk, ada: Actor) -> None:
    done = await desk.imported(ada, *ORDINARY, tell=True)
    await desk.pass_time(HOLD - SECOND)
    assert desk.texts() == []
    assert done.alert_id is not None
    progress = await desk.steering.of_import(done.alert_id)
    assert progress is not None
    assert progress.reach is not None
    assert progress.reach.subscribers == 1
    await desk.pass_time(SECOND)
    await desk.pass_time()
    # Nothing in it is big, and nothing is about money.
    assert desk.texts() == [
        (
            2,
            "2 things changed just now.\n• Update: 413 metres.\n• New: 12 metres.",
        )
    ]
    async with desk.database.reading() as session:
        entry, _ = await audit.newest(session, limit=2)
    assert entry.after == (
        "facts.csv: 1 new, 1 changed, 0 unchanged, 0 refused (#4 to #4), told to subscribers"
    )


@pytest.mark.parametrize(
    ("row", "who"),
    [("width,,12 metres.,,big,past", [1, 2]), ("width,,12 metres.,,,money", [2, 4])],
)
async def test_level_and_topics_decide_who_hears(
    desk: Desk, ada: Actor, row: str, who: list[int]
) -> None:
    await desk.imported(ada, "length,,413 metres.,,ordinary,past", row, tell=True)
    await desk.pass_time()
    assert sorted(chat for chat, _ in desk.texts()) == who


async def test_without_it_only_those_hear_who_follow_or_were_told(desk: Desk, ada: Actor) -> None:
    async with desk.database.reading() as session:
        cost = await facts.by_id(session, 2)
    assert cost is not None
    for chat in (7, 8):
        await desk.told(chat, cost, message=10 * chat)
    await desk.subscribe(5, 6)
    await desk.follow(5, 1, 3)
    await desk.follow(7, 2)
    await desk.imported(ada, *ORDINARY, "cost,,The cost.,withdrawn,,money", tell=False)
    await desk.pass_time()
    gone = "How long did the call last?\nWe no longer stand by this.\nWe said: The cost.\nWithdrawn"
    told = desk.texts()
    assert sorted(told[:2]) == [(7, gone), (8, gone)]
    (follower,) = told[2:]
    assert follower[0] == 5
    assert follower[1].startswith("413 metres.\nBefore: The length.\nUpdate")
    await desk.pass_time(timedelta(hours=1))
    assert desk.texts() == []
    assert await desk.all_alerts() == {AlertKind.CORRECTION: 1, AlertKind.FOLLOWED: 2}


async def test_who_was_told_before_an_undo_hears_of_a_withdrawal(desk: Desk, ada: Actor) -> None:
    async with desk.database.reading() as session:
        first = await facts.by_id(session, 2)
    assert first is not None
    await desk.told(7, first, message=70)
    other = await desk.change(first, "The costs.", kind=ChangeKind.UPDATE)
    await desk.undo(other, first.text)
    await desk.pass_time()
    desk.texts()
    await desk.imported(ada, "cost,,The cost.,withdrawn,,money", tell=False)
    await desk.pass_time()
    (heard,) = desk.texts()
    assert heard[0] == 7
    assert "We no longer stand by this." in heard[1]


@pytest.mark.usefixtures("ada")
async def test_the_command_line_tells_followers_alone(desk: Desk) -> None:
    await desk.subscribe(5)
    await desk.follow(5, 1)
    desk.at += SECOND
    data = b"key,text\nlength,414 metres.\n"
    await desk.importing.load(data, Format.CSV, name="facts.csv")
    await desk.pass_time()
    assert [chat for chat, _ in desk.texts()] == [5]


async def test_what_begins_a_story_is_told_to_nobody(desk: Desk) -> None:
    ada = await seat(desk.database)
    await desk.subscribe(2, level=Level.EVERY)
    run = await desk.shown(ada, *ORDINARY)
    assert not run.is_news
    done = await desk.imported(ada, *ORDINARY, tell=True)
    assert done.alert_id is None
    assert await desk.all_alerts() == {}


async def test_what_only_the_desk_sees_is_no_news(desk: Desk, ada: Actor) -> None:
    run = await desk.shown(ada, "length,,,,ordinary,past")
    assert (run.changed, run.is_news) == (0, False)  # the text is missing: refused
    run = await desk.shown(ada, "length,How long did the call last?,The length.,,ordinary,other")
    assert run.proposal is not None
    assert not run.is_news


async def test_held_back_it_tells_nobody_until_it_is_carried_on(desk: Desk, ada: Actor) -> None:
    await desk.subscribe(5)
    await desk.follow(5, 1)
    done = await desk.imported(ada, *ORDINARY, tell=True)
    assert done.alert_id is not None
    assert await desk.steering.hold(ada, done.alert_id) is not None
    await desk.pass_time(timedelta(hours=1))
    assert desk.texts() == []
    assert await desk.steering.carry_on(ada, done.alert_id) is not None
    await desk.pass_time(SECOND)
    assert sorted(chat for chat, _ in desk.texts()) == [2, 5]


async def test_sent_now_it_waits_for_nothing(desk: Desk, ada: Actor) -> None:
    await desk.subscribe(5)
    await desk.follow(5, 1)
    done = await desk.imported(ada, *ORDINARY, tell=True)
    assert done.alert_id is not None
    assert await desk.steering.send_now(ada, done.alert_id) is not None
    await desk.pass_time(SECOND)
    assert sorted(chat for chat, _ in desk.texts()) == [2, 5]


async def test_news_that_is_on_its_way_takes_the_import_up(desk: Desk, ada: Actor) -> None:
    async with desk.database.reading() as session:
        length = await facts.by_id(session, 1)
    assert length is not None
    await desk.follow(4, 1)
    await desk.change(length, "About 412 metres.")
    await desk.imported(ada, *ORDINARY, tell=False)
    await desk.pass_time()
    told = desk.texts()
    assert sorted(chat for chat, _ in told) == [2, 4]  # it is ordinary now
    assert all(text.startswith("413 metres.\nBefore: The length.") for _, text in told)


async def test_an_edit_after_an_import_tells_followers_once(desk: Desk, ada: Actor) -> None:
    await desk.subscribe(5)
    await desk.follow(5, 1)
    await desk.imported(ada, *ORDINARY, tell=False)
    async with desk.database.reading() as session:
        length = await facts.by_id(session, 1)
    assert length is not None
    await desk.change(length, "414 metres.")
    await desk.pass_time()
    assert [text.splitlines()[0] for chat, text in desk.texts() if chat == 5] == ["414 metres."]


async def test_hundreds_are_one_alert_and_their_details_come_in_waves(
    desk: Desk, database: Database
) -> None:
    waves, new = sized(1, 3), sized(50, 200)
    many = waves * WAVE + 1
    ada = await seat(database)
    drafts = [draft(key=f"k{number}", phrasings=()) for number in range(many)]
    async with database.writing() as session:
        await facts.add_all(session, drafts, editor=None, at=desk.at)
    await desk.subscribe(2, level=Level.EVERY)
    await desk.subscribe(5)
    await desk.follow(5, *range(1, many + 1))
    rows = [f"k{number},,{number} hours.,,," for number in range(many)]
    done = await desk.imported(ada, *rows, *(f"n{n},,{n} new.,,," for n in range(new)), tell=True)
    assert await desk.all_alerts() == {AlertKind.NEWS: 1, AlertKind.FOLLOWED: many}
    await desk.pass_time(HOLD)
    assert len(desk.post.carried) == 1 + WAVE
    (whole,) = [each for each in desk.post.carried if each.delivery.chat_id == 2]
    assert isinstance(whole.tells, Summary)
    assert (len(whole.tells.changes), whole.tells.more) == (NAMED, many + new - NAMED)
    text = plain(views.alert(whole))
    assert text.startswith(f"{many + new} things changed just now.\n• Update: 0 hours.\n")
    assert text.endswith(f"And {many + new - NAMED} more: ask in your own words.")
    assert done.changed == many
    for _ in range(waves):
        await desk.pass_time(BETWEEN_WAVES)
    changes = [each.tells for each in desk.post.carried if isinstance(each.tells, Change)]
    assert len({each.fact.id for each in changes}) == len(changes) == many


async def test_a_fact_that_was_withdrawn_since_is_not_told_as_new(desk: Desk, ada: Actor) -> None:
    await desk.imported(ada, *ORDINARY, tell=True)
    async with desk.database.writing() as session:
        length = await facts.by_id(session, 1)
        assert length is not None
        wished: Any = draft(key="length", text=length.text, status=Status.WITHDRAWN)
        await facts.revise(
            session,
            1,
            length.version,
            wished,
            kind=ChangeKind.WITHDRAWAL,
            reason=None,
            editor=7,
            at=desk.at + SECOND,
        )
    await desk.pass_time()
    assert desk.texts() == [(2, "One thing changed just now.\n• New: 12 metres.")]
