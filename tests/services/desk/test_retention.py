"""What readers wrote and were told is kept for the set time, and then it is gone."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from bot.services.alerts.announcements import HOLD
from bot.services.answers.index_cache import IndexCache
from bot.services.desk.retention import Retention
from bot.services.questions.escalations import Escalations
from bot.services.questions.resolutions import Resolutions
from db.alerts import alerts
from db.answers import exchanges, feedback
from db.desk import cards, editors, proposals, retention
from db.engine import Database
from db.questions import questions, waiting
from db.records import ChangeKind, Outcome
from db.records.alerts import AlertState
from db.records.desk import Card, CardKind, Feedback, ProposalKind, ProposalState, Role, Wait
from tests.clocks import Clock
from tests.desk import exchanged, waiting_for
from tests.factories import draft, seat
from tests.newsroom import Newsroom
from tests.samples import AT
from tests.services.newsdesk import added

KEEP = timedelta(days=30)
WORDS = "zanzibar"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def forgetting(database: Database, clock: Clock) -> Retention:
    return Retention(database, keep=KEEP, clock=clock)


async def where(database: Database, words: str) -> set[str]:
    """Return the columns of the file, as `table.column`, in which `words` stand anywhere."""
    found = set()
    async with database.reading() as session:
        connection = await session.connection()
        columns = await connection.exec_driver_sql(
            "SELECT tables.name, columns.name FROM sqlite_master AS tables, "
            "pragma_table_info(tables.name) AS columns WHERE tables.type = 'table'"
        )
        for table, column in map(tuple, columns.fetchall()):
            query = f'SELECT count(*) FROM {table} WHERE "{column}" LIKE ?'  # noqa: S608 - ours
            rows = await connection.exec_driver_sql(query, (f"%{words}%",))
            if rows.scalar_one():
                found.add(f"{table}.{column}")
    return found


async def kept(database: Database, numbers: Iterable[int]) -> list[int]:
    async with database.reading() as session:
        return [each for each in numbers if await exchanges.by_id(session, each) is not None]


async def after(days: float, clock: Clock, forgetting: Retention) -> None:
    clock.at = AT + timedelta(days=days)
    await forgetting.tick()


async def test_nothing_of_a_readers_words_is_left_but_what_the_desk_recorded(
    database: Database, clock: Clock, forgetting: Retention
) -> None:
    ada, fact = await seat(database), await added(database)
    told = await exchanged(database, f"{WORDS} told", outcome=Outcome.ANSWER, told=((1, 1),))
    number = await waiting_for(database, f"{WORDS} waited", [501, 502])
    left = await waiting_for(database, f"{WORDS} left", [503])
    async with database.writing() as session:
        said = Feedback(exchange_id=told.id, fact_id=fact.id, words=f"{WORDS} said", at=AT)
        await feedback.give(session, said)
        card = Card(chat_id=77, message_id=5, kind=CardKind.QUESTION, about=number)
        await cards.put(session, card)
    resolving = Resolutions(database, IndexCache(database), clock=clock)
    await resolving.write(ada, left)
    await resolving.say(ada, "Ten.\nSource: TASS")
    async with database.writing() as session:
        await questions.settle(session, number, Wait.GIVEN_UP, at=AT, by=77)
        await questions.settle(session, left, Wait.ANSWERED, at=AT, by=77, fact_id=fact.id)
        for reader in range(1, 4):
            await waiting.told(session, reader, at=AT)
    full = await where(database, WORDS)
    assert {"exchanges.question", "feedback.words", "waiting_readers.words"} <= full
    assert {"desk_questions.question", "proposals.draft"} <= full
    await after(29, clock, forgetting)
    assert await where(database, WORDS) == full
    await after(31, clock, forgetting)
    assert await where(database, WORDS) == set()
    async with database.reading() as session:
        assert await cards.by_message(session, 77, 5) is None


async def test_a_correction_reaches_everybody_who_was_told_while_it_is_kept(
    database: Database,
) -> None:
    newsroom = Newsroom(database)
    fact = await newsroom.fact()
    for chat in (1, 2):
        await newsroom.told(chat, fact, message=10 * chat)
    await newsroom.subscribe(3)
    newsroom.at += HOLD
    now = await newsroom.change(fact, "Three hours.")
    await newsroom.pass_time()
    assert newsroom.post.chats == [3]
    forgetting = Retention(database, keep=KEEP, clock=lambda: newsroom.at)
    newsroom.at += KEEP - timedelta(minutes=5)
    await newsroom.told(4, now, message=40)
    await forgetting.tick()
    await newsroom.change(now, "Four hours.", ChangeKind.CORRECTION)
    await newsroom.pass_time()
    assert sorted(newsroom.post.chats[1:]) == [3, 4]
    newsroom.at += timedelta(minutes=10)
    await forgetting.tick()
    assert await kept(database, range(1, 5)) == [3]


async def test_whoever_waits_or_heard_lately_keeps_their_question(
    database: Database, clock: Clock, forgetting: Retention
) -> None:
    waits = await waiting_for(database, "Who pays?", [501])
    untold = await waiting_for(database, "Who paid?", [502])
    heard = await waiting_for(database, "Who will pay?", [503])
    gone = await exchanged(database, "And who else?")
    async with database.writing() as session:
        for number in (untold, heard):
            await questions.settle(session, number, Wait.GIVEN_UP, at=AT, by=77)
        await waiting.told(session, 3, at=AT + timedelta(days=20))
    await after(40, clock, forgetting)
    assert await kept(database, range(1, gone.id + 1)) == [1, 2, 3]
    async with database.reading() as session:
        assert set(await questions.by_numbers(session, [waits, untold, heard])) == {1, 2, 3}
        assert [reader.id for reader, _ in await waiting.due(session, limit=9)] == [2]
    await after(51, clock, forgetting)
    assert await kept(database, range(1, gone.id + 1)) == [1, 2]
    async with database.reading() as session:
        assert set(await questions.by_numbers(session, [waits, untold, heard])) == {1, 2}


async def test_many_portions_are_dropped_past_those_that_stay(
    database: Database, clock: Clock, forgetting: Retention, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "PORTION", 5)
    await waiting_for(database, "Who pays?", range(501, 508))
    for number in range(20):
        await exchanged(database, f"old {number}")
    young = await exchanged(database, "young", at=AT + timedelta(days=2))
    await after(31, clock, forgetting)
    assert await kept(database, range(1, young.id + 1)) == [*range(1, 8), young.id]


async def test_ended_alerts_go_with_their_deliveries_but_not_what_is_watched_or_was_sent_lately(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "PORTION", 3)
    newsroom = Newsroom(database)
    await newsroom.subscribe(*range(1, 9))
    facts = [await newsroom.fact(key=key) for key in "abc"]
    begun = newsroom.at
    for fact in facts:
        await newsroom.change(fact, f"{fact.key} changed.")
    await newsroom.pass_time()
    forgetting = Retention(database, keep=KEEP, clock=lambda: newsroom.at)
    async with database.writing() as session:
        await alerts.watch(session, 2, 77, 5)
        connection = await session.connection()
        await connection.exec_driver_sql(
            "UPDATE deliveries SET settled_at = ? WHERE alert_id = 3 AND chat_id = 8",
            ((begun + timedelta(days=5)).isoformat(" ")[:-6],),
        )
    newsroom.at = begun + KEEP + timedelta(days=1)
    await forgetting.tick()
    async with database.reading() as session:
        left = await alerts.in_state(session, list(AlertState))
    assert [alert.id for alert in left] == [2, 3]
    assert sum((await newsroom.states()).values()) == 8 + 1
    async with database.writing() as session:
        await alerts.seen_to_end(session, [2])
    newsroom.at += timedelta(days=5)
    await forgetting.tick()
    assert sum((await newsroom.states()).values()) == 0
    async with database.reading() as session:
        assert await alerts.in_state(session, list(AlertState)) == []


async def test_a_message_that_published_a_fact_stays_its_card(
    database: Database, clock: Clock, forgetting: Retention
) -> None:
    fact = await added(database)
    async with database.writing() as session:
        made = []
        for state in (ProposalState.DONE, ProposalState.DROPPED, ProposalState.SUBMITTED, None):
            common = {"chat_id": 77, "thread_id": None, "editor": 77, "step": "x", "at": AT}
            kind = ProposalKind.ADD
            proposal = await proposals.make(session, kind=kind, draft=draft(), **common)  # type: ignore[arg-type]
            await cards.put(
                session,
                Card(chat_id=77, message_id=proposal.id, kind=CardKind.PROPOSAL, about=proposal.id),
            )
            if state is not None:
                await proposals.advance(session, proposal, at=AT, state=state, fact_id=fact.id)
            made.append(proposal.id)
    await after(31, clock, forgetting)
    async with database.reading() as session:
        assert [n for n in made if await proposals.by_id(session, n) is not None] == made[2:]
        shown = await cards.by_message(session, 77, made[0])
        assert shown is not None
        assert (shown.kind, shown.about) == (CardKind.FACT, fact.id)
        assert await cards.by_message(session, 77, made[1]) is None
        assert await cards.by_message(session, 77, made[2]) is not None


async def test_links_that_are_over_are_forgotten(
    database: Database, clock: Clock, forgetting: Retention
) -> None:
    await seat(database, role=Role.OWNER)
    async with database.writing() as session:
        for name, ends in (("old", AT), ("new", AT + timedelta(days=2))):
            common = {"role": Role.EDITOR, "made_by": 77, "at": AT}
            await editors.invite(session, name, expires_at=ends, **common)  # type: ignore[arg-type]
    await after(31, clock, forgetting)
    async with database.reading() as session:
        assert await editors.invitation(session, "old") is None
        assert await editors.invitation(session, "new") is not None


async def test_a_button_of_a_forgotten_question_is_out_of_use(
    database: Database, clock: Clock, forgetting: Retention
) -> None:
    asked = await exchanged(database, "Who pays?")
    await after(31, clock, forgetting)
    passing = Escalations(database, IndexCache(database), clock=clock)
    assert await passing.pass_on(asked.id, chat_id=500) is None
