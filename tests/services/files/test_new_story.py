"""Another story: the old one is put away whole, nothing of it leaks, and it can come back."""

import asyncio
import sqlite3
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import update

from bot.errors import DeskError, NotAllowed
from bot.services.answers.reader import ReaderAnswers
from bot.services.answers.results import Outcome
from bot.services.files.new_story import Founded, NewStory
from bot.services.files.story_fields import fields_of
from bot.services.rights import Actor
from db.answers import exchanges
from db.desk import audit, editors
from db.engine import Database
from db.facts import facts, phrasings
from db.files import put_away
from db.records import ChangeKind
from db.records.alerts import DeliveryState, Level
from db.records.desk import Role
from db.subscriptions import subscriptions
from db.tables.alerts import DeliveryRow
from db.tables.story import Row
from tests import bridge
from tests.clocks import Clock
from tests.desk import exchanged
from tests.factories import seat
from tests.newsroom import Newsroom
from tests.services.answers.test_reader import READER

NEW = "Title: The ferry\nAbout: the ferry at Aldermere.\nPlace: Lagos"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture
async def founding(database: Database, clock: Clock) -> NewStory:
    await bridge.name(database)
    await bridge.fill(database)
    return NewStory(database, clock=clock)


@pytest_asyncio.fixture
async def owner(database: Database) -> Actor:
    return await seat(database, 77, Role.OWNER)


async def began(founding: NewStory, owner: Actor, text: str = NEW) -> Founded:
    asked = await founding.begin(owner, text)
    done = await founding.confirm(owner, asked.proposal.id, asked.proposal.turn)
    assert done is not None
    return done


async def test_a_new_story_is_asked_for_step_by_step(founding: NewStory, owner: Actor) -> None:
    title = await founding.begin(owner, "")
    assert title.proposal.step == "title"
    about = await founding.say(owner, "The ferry")
    assert about is not None
    assert about.proposal.step == "about"
    place = await founding.say(owner, "the ferry at Aldermere")
    assert place is not None
    with pytest.raises(DeskError, match="no time zone called 'Atlantis'"):
        await founding.say(owner, "Atlantis")
    confirm = await founding.say(owner, "Lagos")
    assert confirm is not None
    assert confirm.proposal.step == "confirm"
    assert confirm.story.title == "The bridge"  # until it is confirmed
    done = await founding.confirm(owner, confirm.proposal.id, confirm.proposal.turn)
    assert done is not None
    assert (done.story.title, done.story.about) == ("The ferry", "the ferry at Aldermere")
    assert (done.story.time_zone, done.total, done.is_done) == ("Africa/Lagos", 0, True)


async def test_nothing_of_the_old_story_is_told_or_asked_for_any_more(
    founding: NewStory, database: Database, owner: Actor
) -> None:
    answering = ReaderAnswers(database)
    old = await answering.answer("How long is the bridge?", READER)
    assert old.outcome is Outcome.ANSWER
    newsroom = Newsroom(database)
    await newsroom.subscribe(1, level=Level.EVERY)
    await exchanged(database, "Who painted it?", outcome=Outcome.MISSING)
    await began(founding, owner)
    again = await answering.answer("How long is the bridge?", READER)
    assert (again.outcome, again.candidates) == (Outcome.MISSING, ())
    assert old.exchange_id is not None
    assert await answering.choose(old.exchange_id, 1, chat_id=READER.chat_id) is None
    assert (await answering.standing(3, 1)).fact is None
    async with database.reading() as session:
        assert await subscriptions.of_chat(session, 1) is None
        assert await exchanges.by_id(session, old.exchange_id) is None
        assert [each.id for each in await editors.everybody(session)] == [77]


async def test_numbers_of_the_old_story_are_never_given_again(
    founding: NewStory, database: Database, owner: Actor
) -> None:
    await began(founding, owner)
    await bridge.fill(database)
    async with database.reading() as session:
        numbers = [fact.id for fact in await facts.all_current(session)]
    assert min(numbers) > len(bridge.DRAFTS)


async def test_an_alert_on_its_way_is_not_sent_under_the_new_story(
    founding: NewStory, database: Database, owner: Actor
) -> None:
    newsroom = Newsroom(database)
    await newsroom.subscribe(1, level=Level.EVERY)
    fact = await newsroom.fact(text="Two hours.")
    await newsroom.change(fact, "Three hours.", ChangeKind.CORRECTION)
    await began(founding, owner)
    await newsroom.pass_time()
    assert newsroom.post.carried == []


async def test_the_old_story_comes_back_with_all_that_it_had(
    founding: NewStory, database: Database, owner: Actor, clock: Clock
) -> None:
    async with database.writing() as session:
        await phrasings.add(session, 3, "length of it")
    await bridge.revise(database, 3, "It is 413 metres long.")
    await Newsroom(database).subscribe(1, level=Level.EVERY)
    exchange = await exchanged(database, "how long", told=((3, 2),))
    await began(founding, owner)
    await bridge.fill(database)
    clock.at += timedelta(minutes=5)
    (kept,) = (await founding.show(owner)).kept
    assert kept.title == "The bridge"
    asked = await founding.back(owner, 0)
    assert asked is not None
    done = await founding.confirm(owner, asked.proposal.id, asked.proposal.turn)
    assert done is not None
    assert (done.story.title, done.total) == ("The bridge", len(bridge.DRAFTS))
    async with database.reading() as session:
        fact = await facts.by_id(session, 3)
        history = await facts.history(session, 3)
        back = await exchanges.by_id(session, exchange.id)
        assert await subscriptions.of_chat(session, 1) is not None
    assert fact is not None
    assert (fact.text, fact.phrasings) == ("It is 413 metres long.", ("length of it",))
    assert [each.version for each in history] == [1, 2]
    assert back is not None
    assert back.told == ((3, 2),)
    given = await ReaderAnswers(database).answer("How long is the bridge?", READER)
    assert [found.fact.id for found in given.told] == [3]
    # The story between is kept too.
    assert [each.title for each in (await founding.show(owner)).kept] == ["The ferry", "The bridge"]


async def test_versions_are_as_safe_afterwards_as_before(
    founding: NewStory, database: Database, owner: Actor
) -> None:
    await began(founding, owner)
    await bridge.fill(database)
    with sqlite3.connect(database.path) as connection, pytest.raises(sqlite3.Error, match="never"):
        connection.execute("DELETE FROM fact_versions")


def test_every_table_is_the_story_s_or_the_desk_s() -> None:
    named = {row.__tablename__ for row in (*put_away.OF_A_STORY, *put_away.STAYS)}
    assert named == set(Row.metadata.tables)


async def test_what_is_put_away_is_nobody_else_s_to_read(
    founding: NewStory, database: Database, owner: Actor
) -> None:
    done = await began(founding, owner)
    assert done.put_away is not None
    assert (database.path.parent / done.put_away).stat().st_mode & 0o077 == 0


async def test_nothing_is_put_away_while_a_message_is_under_way(
    founding: NewStory, database: Database, owner: Actor
) -> None:
    newsroom = Newsroom(database)
    await newsroom.subscribe(1, level=Level.EVERY)
    await newsroom.added("Two hours.")
    await newsroom.pass_time()
    asked = await founding.begin(owner, NEW)
    async with database.writing() as session:
        await session.execute(update(DeliveryRow).values(state=DeliveryState.LEASED))
    with pytest.raises(DeskError, match="on their way"):
        await founding.confirm(owner, asked.proposal.id, asked.proposal.turn)
    assert (await founding.show(owner)).story.title == "The bridge"


@pytest.mark.parametrize("role", [Role.EDITOR, Role.CONTRIBUTOR])
async def test_only_owners_may(founding: NewStory, database: Database, role: Role) -> None:
    other = await seat(database, 88, role)
    for refused in (
        founding.show(other),
        founding.begin(other, NEW),
        founding.rename(other, NEW),
        founding.confirm(other, 1, 1),
        founding.drop(other, 1, 1),
    ):
        with pytest.raises(NotAllowed):
            await refused


async def test_an_old_or_forged_button_does_nothing(
    founding: NewStory, database: Database, owner: Actor
) -> None:
    asked = await founding.begin(owner, NEW)
    second = await seat(database, 78, Role.OWNER)
    number, turn = asked.proposal.id, asked.proposal.turn
    assert await founding.confirm(second, number, turn) is None
    assert await founding.confirm(owner, number, turn + 1) is None
    assert await founding.confirm(owner, number + 1, turn) is None
    assert await founding.back(owner, 0) is None
    assert await founding.drop(owner, number, turn)
    assert await founding.confirm(owner, number, turn) is None
    async with database.reading() as session:
        assert await facts.count(session) == len(bridge.DRAFTS)


async def test_a_second_tap_begins_nothing_twice(founding: NewStory, owner: Actor) -> None:
    asked = await founding.begin(owner, NEW)
    taps = (founding.confirm(owner, asked.proposal.id, asked.proposal.turn) for _ in range(3))
    done = await asyncio.gather(*taps)
    assert len([each for each in done if each is not None]) == 1


async def test_it_is_renamed_in_place_and_recorded(
    founding: NewStory, database: Database, owner: Actor
) -> None:
    after = await founding.rename(owner, "About: the repaired bridge.\nPlace: Tokyo")
    assert (after.title, after.about) == ("The bridge", "the repaired bridge")
    assert after.time_zone == "Asia/Tokyo"
    async with database.reading() as session:
        entry = await audit.last_of(session, "story.rename")
        assert await facts.count(session) == len(bridge.DRAFTS)
    assert entry is not None
    with pytest.raises(DeskError, match="Nothing changed"):
        await founding.rename(owner, "something else")


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("Title: " + "x" * 201, "has 201 characters"),
        ("About: " + "x" * 301, "has 301 characters"),
        ("Place: Nowhere at all", "no time zone"),
        ("Language: Klingon", "no code of two letters"),
        ("Title:  ", "is empty"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(text: str, refusal: str) -> None:
    with pytest.raises(DeskError, match=refusal):
        fields_of(text)


KILLED = """
import asyncio, os, sys
from bot import clock
from bot.services.files import new_story
from db import story
from db.engine import Database

async def killed(*_, **__):
    os._exit(9)

async def main():
    story.begin = killed
    database = await Database.open(sys.argv[1])
    wished = {"title": "T", "about": "a", "time_zone": "UTC"}
    await new_story.from_command_line(database, wished, at=clock.now())

asyncio.run(main())
"""


async def test_a_kill_between_the_two_leaves_the_old_story(
    founding: NewStory, database: Database, owner: Actor, tmp_path: Path
) -> None:
    script = tmp_path / "killed.py"
    script.write_text(KILLED, encoding="utf-8")
    done = await asyncio.create_subprocess_exec(sys.executable, script, database.path)
    assert await done.wait() == 9
    assert (await founding.show(owner)).story.title == "The bridge"
    async with database.reading() as session:
        assert await facts.count(session) == len(bridge.DRAFTS)
        assert await facts.version(session, 3, 1) is not None
    given = await ReaderAnswers(database).answer("How long is the bridge?", READER)
    assert given.outcome is Outcome.ANSWER
