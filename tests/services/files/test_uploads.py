"""Files from the chat: shown before anything is stored, then taken in one transaction."""

import asyncio
import sqlite3
from datetime import timedelta

import pytest

from bot.errors import DeskError, NotAllowed, StoryFileError
from bot.services.answers.index_cache import IndexCache
from bot.services.answers.reader import ReaderAnswers
from bot.services.answers.results import Outcome
from bot.services.facts.comparison.near_duplicates import ClaimKind
from bot.services.files import upload_moves
from bot.services.files.cautions import Contradiction
from bot.services.files.dry_run import DryRun, TakenIn
from bot.services.files.exports import Exports
from bot.services.files.sent_files import SentFile
from bot.services.files.uploads import Uploads
from bot.services.rights import Actor
from bot.stories.storyfile import Format
from bot.views.files import file_notes
from db import story
from db.desk import audit, proposals
from db.engine import Database
from db.facts import facts
from db.files import uploads
from db.records import ChangeKind
from db.records.desk import ProposalState, Role
from tests import bridge
from tests.clocks import Clock
from tests.factories import actor, seat
from tests.samples import AT

FACTS = (
    "key,question,text\n"
    "length,How long is the bridge?,It is 413 metres long.\n"
    "cost,What will the repair cost?,About nine million.\n"
    "height,How high is the bridge?,It is 31 metres high.\n"
    "paint,,\n"
)


def sent(text: str | bytes = FACTS, name: str = "bridge.csv", size: int | None = None) -> SentFile:
    async def fetch() -> bytes:
        return text if isinstance(text, bytes) else text.encode()

    return SentFile(name=name, size=size, fetch=fetch)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cache(database: Database) -> IndexCache:
    return IndexCache(database)


@pytest.fixture
def receiving(database: Database, cache: IndexCache, clock: Clock) -> Uploads:
    return Uploads(database, cache, clock=clock)


@pytest.fixture
async def ada(database: Database) -> Actor:
    async with database.writing() as session:
        await facts.add_all(session, bridge.DRAFTS, editor=None, at=AT)
    return await seat(database)


async def shown(receiving: Uploads, ada: Actor, file: SentFile) -> tuple[DryRun, int, int]:
    run = await receiving.receive(ada, file)
    assert run.proposal is not None
    return run, run.proposal.id, run.proposal.turn


async def texts(database: Database) -> list[str]:
    async with database.reading() as session:
        return [fact.text for fact in await facts.all_current(session)]


async def test_a_dry_run_tells_everything_and_stores_nothing(
    receiving: Uploads, database: Database, ada: Actor
) -> None:
    before = await texts(database)
    run, _, _ = await shown(receiving, ada, sent())
    assert (run.new, run.changed, run.unchanged, run.refused) == (1, 1, 1, 1)
    assert run.faults == ("line 5: text is missing",)
    assert [draft.key for draft in run.first_new] == ["height"]
    assert [(was.id, now.text) for was, now in run.first_changed] == [(3, "It is 413 metres long.")]
    assert await texts(database) == before


async def test_what_was_shown_is_taken_in_one_go(
    receiving: Uploads, database: Database, cache: IndexCache, ada: Actor
) -> None:
    _, number, turn = await shown(receiving, ada, sent())
    await cache.current()
    done = await receiving.take_in(ada, number, turn)
    assert isinstance(done, TakenIn)
    assert (done.new, done.changed, done.refused, done.first, done.last) == (1, 1, 1, 6, 6)
    async with database.reading() as session:
        length, added = await facts.by_id(session, 3), await facts.by_key(session, "height")
        history = await facts.history(session, 3)
        assert await uploads.of_proposal(session, number) is None
        entry, _ = await audit.newest(session, limit=2)
    assert length is not None
    assert length.text == "It is 413 metres long."
    assert added is not None
    assert (added.id, added.text) == (6, "It is 31 metres high.")
    assert [(each.kind, each.editor) for each in history] == [
        (ChangeKind.NEW, None),
        (ChangeKind.UPDATE, ada.person_id),
    ]
    assert (entry.action, entry.after) == (
        "facts.import",
        "bridge.csv: 1 new, 1 changed, 1 unchanged, 1 refused (#6 to #6)",
    )


async def test_what_was_made_beforehand_is_what_a_reading_would_give(
    receiving: Uploads, database: Database, cache: IndexCache, ada: Actor
) -> None:
    file = FACTS + "cause,,\nclosed,When?,On 4 May.\n"
    withdrawn = '{"key": "opened", "text": "In 1931.", "status": "withdrawn"}\n'
    phrased = '{"key": "closed", "text": "On 4 May.", "phrasings": ["since when"]}\n'
    gone: frozenset[int] = frozenset()
    for name, text in (("a.csv", file), ("b.jsonl", withdrawn + phrased)):
        _, number, turn = await shown(receiving, ada, sent(text, name))
        await cache.current()
        await receiving.take_in(ada, number, turn)
        held = cache._indexed
        fresh = await IndexCache(database).current()
        assert held is not None
        assert held is await cache.current()
        assert (held.story, held.facts, held.withdrawn) == (
            fresh.story,
            fresh.facts,
            fresh.withdrawn,
        )
        assert held.index.documents == fresh.index.documents
        assert held.index.revision == fresh.index.revision == held.revision
        gone = held.withdrawn
    assert gone == {1}


async def test_a_second_tap_finds_nothing_to_do(
    receiving: Uploads, database: Database, ada: Actor
) -> None:
    _, number, turn = await shown(receiving, ada, sent())
    await receiving.take_in(ada, number, turn)
    before = await texts(database)
    assert await receiving.take_in(ada, number, turn) is None
    assert await receiving.drop(ada, number, turn) is None
    assert await receiving.pending(ada, number, turn) is None
    assert await texts(database) == before


async def test_a_story_that_moved_on_is_shown_again(
    receiving: Uploads, database: Database, ada: Actor
) -> None:
    _, number, turn = await shown(receiving, ada, sent())
    await bridge.revise(database, 3, "It is 413 metres long.")
    again = await receiving.take_in(ada, number, turn)
    assert isinstance(again, DryRun)
    assert again.again
    assert (again.new, again.changed, again.unchanged) == (1, 0, 2)
    assert "It is 31 metres high." not in await texts(database)
    assert again.proposal is not None
    assert await receiving.take_in(ada, number, turn) is None
    done = await receiving.take_in(ada, number, again.proposal.turn)
    assert isinstance(done, TakenIn)
    assert "It is 31 metres high." in await texts(database)


async def test_a_change_elsewhere_does_not_hold_an_import_up(
    receiving: Uploads, database: Database, ada: Actor
) -> None:
    _, number, turn = await shown(receiving, ada, sent())
    await bridge.revise(database, 2, "On 4 May.")
    assert isinstance(await receiving.take_in(ada, number, turn), TakenIn)
    assert "On 4 May." in await texts(database)


async def test_a_file_that_is_stored_already_needs_no_decision(
    receiving: Uploads, database: Database, ada: Actor
) -> None:
    exported = await Exports(database).export(Format.TOML)
    run = await receiving.receive(ada, sent(exported, "facts.toml"))
    assert (run.proposal, run.new, run.changed, run.unchanged) == (None, 0, 0, 5)
    _, number, turn = await shown(receiving, ada, sent())
    exported = "key,text\nheight,It is 31 metres high.\n"
    _, other, first = await shown(receiving, ada, sent(exported, "b.csv"))
    await receiving.take_in(ada, number, turn)
    again = await receiving.take_in(ada, other, first)
    assert isinstance(again, DryRun)
    assert again.proposal is None
    async with database.reading() as session:
        settled = await proposals.by_id(session, other)
        assert await uploads.of_proposal(session, other) is None
    assert settled is not None
    assert settled.state is ProposalState.DROPPED


async def test_only_editors_and_only_their_own_files(
    receiving: Uploads, database: Database, ada: Actor
) -> None:
    carl = await seat(database, 8, Role.CONTRIBUTOR, name="Carl")
    eve = await seat(database, 9, Role.EDITOR, name="Eve")
    _, number, turn = await shown(receiving, ada, sent())
    before = await texts(database)
    for nobody in (carl, actor(66), actor(ada.person_id, chat=-5)):
        with pytest.raises(NotAllowed):
            await receiving.receive(nobody, sent())
        with pytest.raises(NotAllowed):
            await receiving.pending(nobody, number, turn)
        with pytest.raises(NotAllowed):
            await receiving.take_in(nobody, number, turn)
        with pytest.raises(NotAllowed):
            await receiving.drop(nobody, number, turn)
    assert await receiving.take_in(eve, number, turn) is None
    assert await receiving.drop(eve, number, turn) is None
    for forged in ((number, turn + 1), (number, 0), (number + 1, turn)):
        assert await receiving.take_in(ada, *forged) is None
        assert await receiving.drop(ada, *forged) is None
    assert await texts(database) == before


async def test_one_who_may_not_makes_the_bot_fetch_nothing(
    receiving: Uploads, database: Database, ada: Actor
) -> None:
    del ada
    fetched = []

    async def fetch() -> bytes:
        fetched.append(1)
        return b"x"

    carl = await seat(database, 8, Role.CONTRIBUTOR)
    with pytest.raises(NotAllowed):
        await receiving.receive(carl, SentFile(name="a.csv", size=1, fetch=fetch))
    assert fetched == []


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (sent("x", "a.pdf"), "I cannot read a.pdf: send a spreadsheet as .xlsx or .csv"),
        (sent("x", "a"), "I cannot read a: send a spreadsheet as"),
        (sent("", "a.csv"), "a.csv is empty"),
        (sent("x", "a.csv", size=20_000_001), "a.csv has 20.0 MB, and at most 20 MB"),
        (sent(b"x" * 20_000_001, "a.csv"), "a.csv has 20.0 MB, and at most 20 MB"),
        (sent(b"\xff\xfe", "a.csv"), "line 1: the first row must name the fields"),
        (sent(b"\x00\x01\x02", "a.csv"), "this is no text and no spreadsheet that I can read"),
        (sent("{", "a.json"), "Nothing was imported from a.json. line 1"),
        (sent("[[facts]\n", "a.toml"), "Nothing was imported from a.toml"),
        (sent('key,text\na,"b', "a.csv"), "Nothing was imported from a.csv"),
        (sent("text\n" + "a\n" * 50_001, "a.csv"), "50,001 facts, and at most 50,000"),
    ],
)
async def test_what_cannot_be_read_leaves_nothing_behind(
    receiving: Uploads, database: Database, ada: Actor, file: SentFile, says: str
) -> None:
    with pytest.raises((DeskError, StoryFileError)) as refused:
        await receiving.receive(ada, file)
    assert says in str(refused.value)
    async with database.reading() as session:
        assert await uploads.count_of(session, ada.person_id) == 0
        assert await proposals.open_of(session, ada.place.chat_id, ada.person_id) == []


async def test_ten_files_may_wait(receiving: Uploads, ada: Actor) -> None:
    for number in range(upload_moves.WAITING):
        run = await receiving.receive(ada, sent(name=f"{number}.csv"))
    with pytest.raises(DeskError, match="10 of your files wait already"):
        await receiving.receive(ada, sent())
    assert run.proposal is not None
    assert await receiving.drop(ada, run.proposal.id, run.proposal.turn) == "9.csv"
    assert (await receiving.receive(ada, sent())).proposal is not None


async def test_a_file_is_forgotten_after_a_day(
    receiving: Uploads, database: Database, ada: Actor, clock: Clock
) -> None:
    _, number, turn = await shown(receiving, ada, sent())
    clock.at += timedelta(hours=23)
    assert await receiving.forget_old() == 0
    clock.at += timedelta(hours=2)
    assert await receiving.forget_old() == 1
    assert await receiving.take_in(ada, number, turn) is None
    async with database.reading() as session:
        gone = await proposals.by_id(session, number)
    assert gone is not None
    assert gone.state is ProposalState.DROPPED


async def test_an_import_that_fails_leaves_the_story_and_the_file(
    receiving: Uploads, database: Database, cache: IndexCache, ada: Actor
) -> None:
    _, number, turn = await shown(receiving, ada, sent())
    before = await cache.current()
    breaking = sqlite3.connect(database.path)
    breaking.execute(
        "CREATE TRIGGER broken BEFORE INSERT ON phrasings BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    breaking.commit()
    text = '{"key": "a", "text": "A.", "phrasings": ["b"]}\n'
    _, other, first = await shown(receiving, ada, sent(text, "a.jsonl"))
    with pytest.raises(Exception, match="no"):
        await receiving.take_in(ada, other, first)
    assert await cache.current() is before
    breaking.execute("DROP TRIGGER broken")
    breaking.commit()
    breaking.close()
    assert isinstance(await receiving.take_in(ada, other, first), TakenIn)
    assert isinstance(await receiving.take_in(ada, number, turn), TakenIn)


async def test_readers_go_on_being_answered_while_two_thousand_facts_come_in(
    receiving: Uploads, database: Database, cache: IndexCache, ada: Actor
) -> None:
    answering = ReaderAnswers(database, cache=cache)
    lines = "\n".join(f"Is door {n} of the north hall open?,Door {n} is shut." for n in range(2000))
    _, number, turn = await shown(receiving, ada, sent("question,text\n" + lines))
    reader = actor(500).place
    importing = asyncio.create_task(receiving.take_in(ada, number, turn))
    answered = 0
    while not importing.done():
        given = await answering.answer("How long is the bridge?", reader)
        assert given.outcome is Outcome.ANSWER
        assert given.told[0].fact.id == 3
        answered += 1
    assert isinstance(await importing, TakenIn)
    assert answered >= 5
    async with database.reading() as session:
        assert await facts.count(session) == 2005
        assert await story.revision(session) == (await cache.current()).revision
    given = await answering.answer("Is door 1234 of the north hall open?", reader)
    assert given.told[0].fact.text == "Door 1234 is shut."


async def test_what_is_sent_out_answers_alike_when_it_is_taken_in_elsewhere(
    database: Database,
    cache: IndexCache,
    ada: Actor,
    clock: Clock,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    empty = await Database.open(tmp_path_factory.mktemp("other") / "story.sqlite3")
    there = await seat(empty)
    given = await Exports(database, clock=clock).hand_out(ada, "toml")
    assert given.name == "facts-2025-05-20.toml"
    second = IndexCache(empty)
    receiving = Uploads(empty, second, clock=clock)
    _, number, turn = await shown(receiving, there, sent(given.data, given.name))
    assert isinstance(await receiving.take_in(there, number, turn), TakenIn)
    first, other = ReaderAnswers(database, cache=cache), ReaderAnswers(empty, cache=second)
    for fact in bridge.DRAFTS:
        for question in (fact.question or "", fact.text, " ".join(fact.text.split()[:3])):
            here, elsewhere = await first.consider(question), await other.consider(question)
            assert here.outcome is elsewhere.outcome
            assert [each.fact.text for each in here.candidates] == [
                each.fact.text for each in elsewhere.candidates
            ]
    await empty.close()


async def test_only_editors_get_the_facts_as_a_file(database: Database, ada: Actor) -> None:
    exporting = Exports(database)
    carl = await seat(database, 8, Role.CONTRIBUTOR)
    for nobody in (carl, actor(66)):
        with pytest.raises(NotAllowed):
            await exporting.hand_out(nobody, "toml")
    with pytest.raises(DeskError, match="'xlsx' is no format: write one of toml, json"):
        await exporting.hand_out(ada, "xlsx")


async def test_no_facts_are_no_file(database: Database) -> None:
    ada = await seat(database)
    with pytest.raises(DeskError, match="There are no facts yet"):
        await Exports(database).hand_out(ada, "csv")


async def test_a_fact_that_would_contradict_one_which_stands_is_named_as_add_names_it(
    receiving: Uploads, ada: Actor
) -> None:
    text = "question,text\nWhat is the bridge's length?,The bridge is 421 metres long.\n"
    run, _, _ = await shown(receiving, ada, sent(text))
    assert run.cautions == (
        Contradiction(
            text="The bridge is 421 metres long.",
            fact=3,
            stands="It is 412 metres long.",
            differs=(ClaimKind.NUMBER,),
        ),
    )
    (line,) = file_notes.warnings(run.cautions)
    assert line == (
        "“The bridge is 421 metres long.” stands against “It is 412 metres long.” (#3): "
        "they differ in a number."
    )
